// The frame around every view: skip link, header, navigation, what is wrong, the view.
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Announcer } from "../shared/parts/announce";
import { Guard } from "../shared/parts/guard";
import { Mark } from "../shared/parts/mark";
import { language, set_language, useLanguage } from "../shared/i18n";
import type { Me, Settings } from "./contract";
import { Loading, useLoad, useRoute, useSecond, useTitle } from "./hooks";
import { t, type Key } from "./messages/index";
import { listen, news } from "./news";
import { AskView } from "./views/ask";
import { HelpView } from "./views/help";
import { InterventionView } from "./views/intervention";
import { InterventionsView } from "./views/interventions";
import { MustChangePassword } from "./views/password";
import { PracticesView } from "./views/practices";
import { PracticeView } from "./views/practice";
import { SignIn, SignInAgain } from "./views/sign_in";
import { is, reviews, sign_out, watch_activity, who } from "./who";

type Place = readonly [path: string, key: Key];
const card: Place = ["card", "nav_card"];
const account: Place = ["account", "nav_account"];

// What each role is shown; what it may do, the gateway decides.
export function places_of(role: Me["role"]): Place[] {
  if (role === "technician") return [["", "nav_practices"], ["interventions", "nav_mine"], card, account];
  if (role === "administrator") return [["", "nav_practices"], ["interventions", "nav_all"], ["admin", "nav_admin"], account];
  return [["interventions", "nav_all"], ["", "nav_practices"], account];
}
const home_of = (role: Me["role"]): string => places_of(role)[0]![0];

const broken_words = () => ({ broken: t("broken"), broken_text: t("broken_text"), reload: t("reload") });

function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={t("language")}>
      {(["fr", "en"] as const).map((l) => (
        <button type="button" key={l} lang={l} aria-pressed={language() === l} onClick={() => set_language(l)}>{l.toUpperCase()}<span class="unseen"> {l === "fr" ? "Français" : "English"}</span></button>
      ))}
    </div>
  );
}

const current = (path: string, here: string): boolean => here === path || (path === "" && (here === "practices" || here === "ask"));

function Header({ me, here }: { me: Me | null; here: string }) {
  const { door } = who.use();
  return (
    <header class="header no-print">
      <a class="brand" href="#/"><Mark /><span>Pontlevis{door && <small>{door.vendor}</small>}</span></a>
      {me && (
        <nav aria-label={t("nav")}>
          <ul>{reviews(me) && <li><a href="/review/">{t("nav_review")}</a></li>}{places_of(me.role).map(([path, key]) => <li key={path}><a href={`#/${path}`} aria-current={current(path, here) ? "page" : undefined}>{t(key)}</a></li>)}</ul>
        </nav>
      )}
      <div class="header-end">
        <LanguageSwitch />
        {me && <button type="button" class="button plain" onClick={() => void sign_out().catch(() => {})}>{t("sign_out")}</button>}
      </div>
    </header>
  );
}

// The gateway is silent: say so quietly, say what that means, and when the next try is.
function Lost() {
  useSecond();
  const { lost_since, retry_at } = news.use();
  if (lost_since === null || Date.now() - lost_since < 1500) return null;
  const seconds = Math.max(1, Math.ceil(((retry_at ?? 0) - Date.now()) / 1000));
  return (
    <div class="note note-call lost" role="status">
      <p><strong>{t("lost")}</strong> {t("lost_text")}</p>
      <p class="row"><span aria-hidden="true">{t("lost_retry", { n: seconds })}</span><button type="button" class="button quiet" onClick={listen}>{t("try_now")}</button></p>
    </div>
  );
}

function Troubles() {
  const { door } = who.use();
  const settings = useLoad<Settings>(is("administrator") ? "/settings" : null);
  const dpo_missing = settings.value && !settings.value.dpo_contact;
  if (dpo_missing) return <div class="note note-bad" role="status"><p><strong>{t("dpo_missing")}</strong> <a href="#/admin/settings">{t("dpo_missing_link")}</a></p></div>;
  if (door && !door.serving) return <div class="note note-call" role="status"><p><strong>{t("not_serving")}</strong> {t("not_serving_text")}</p></div>;
  return null;
}

// A view of its own part, fetched when it is first looked at.
function useLater(load: () => Promise<ComponentType<{ place: string | undefined }>>) {
  const [View, set_view] = useState<ComponentType<{ place: string | undefined }> | null>(null);
  const [problem, set_problem] = useState<unknown>(null);
  useEffect(() => void load().then((v) => set_view(() => v), set_problem), []);
  return { View, problem };
}
type Parts = Record<string, () => Promise<ComponentType<{ place: string | undefined }>>>;
const later: Parts = {
  admin: async () => (await import("./views/admin")).AdminView,
  card: async () => (await import("./views/card")).CardView,
  account: async () => (await import("./views/account")).AccountView,
};

function Later({ part, place }: { part: keyof typeof later; place: string | undefined }) {
  const { View, problem } = useLater(later[part]!);
  return <Loading of={{ value: View, problem, again: () => location.reload() }}>{View && <View place={place} />}</Loading>;
}

function NotHere() {
  useTitle(t("not_here"));
  return <section class="card narrow"><h1>{t("not_here")}</h1><p>{t("not_here_text")}</p><p><a href="#/">{t("not_here_link")}</a></p></section>;
}

function View({ route, me }: { route: string[]; me: Me }): ComponentChildren {
  const [where = home_of(me.role), id, sub] = route;
  if (me.must_change_password) return <MustChangePassword />;
  if (where === "" || (where === "practices" && !id)) return <PracticesView />;
  if (where === "practices") return <PracticeView key={id} id={id!} />;
  if (where === "ask" && id && sub && is("technician")) return <AskView key={`${id}/${sub}`} practice_id={id} system_id={sub} />;
  if (where === "interventions" && id) return <InterventionView key={id} id={id} asked={sub} />;
  if (where === "interventions") return <InterventionsView />;
  if (where === "card" && is("technician")) return <Later key="card" part="card" place={id} />;
  if (where === "account") return <Later key="account" part="account" place={id} />;
  if (where === "admin" && is("administrator")) return <Later key="admin" part="admin" place={id} />;
  if (where === "help") return <HelpView />;
  return <NotHere />;
}

// A new view starts at its top, with the focus on its content: as a page load would.
function useArrival(route: string[], main: { current: HTMLElement | null }): void {
  const before = useRef(route.join("/"));
  useEffect(() => {
    if (before.current === route.join("/")) return;
    before.current = route.join("/");
    scrollTo(0, 0);
    main.current?.focus();
  }, [route.join("/")]);
}

export function App() {
  useLanguage();
  const { state, me } = who.use();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  useArrival(route, main);
  useEffect(watch_activity, []);
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>{t("skip")}</a>
      <Header me={me} here={route[0] ?? (me ? home_of(me.role) : "")} />
      {state === "in" && <Lost />}
      <main id="main" tabIndex={-1} ref={main}>
        {state === "again" && <SignInAgain />}
        {state === "asking" ? <p class="loading" role="status">{t("loading")}</p> : !me ? <SignIn /> : (
          <>
            <Troubles />
            <Guard key={route.slice(0, 2).join("/")} words={broken_words} caught={console.error}><View route={route} me={me} /></Guard>
          </>
        )}
      </main>
      <footer class="footer no-print"><p>Pontlevis · {t("footer")}</p><p><a href="#/help">{t("help")}</a></p></footer>
      <Announcer />
    </>
  );
}
