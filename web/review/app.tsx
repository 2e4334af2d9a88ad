// The frame around every view: skip link, header, navigation, purpose, what is wrong, the view.
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Announcer } from "../shared/parts/announce";
import { Guard } from "../shared/parts/guard";
import { Mark } from "../shared/parts/mark";
import { language, set_language, useLanguage } from "../shared/i18n";
import type { Me } from "../console/contract";
import { Problem, useTitle } from "../console/hooks";
import { SignInAgain } from "../console/views/sign_in";
import { reviews, watch_activity, who } from "../console/who";
import { post } from "../console/api";
import { begin } from "./begin";
import { t, type Key } from "./messages/index";
import { useRoute, type Route } from "./route";
import { BackupsView } from "./views/backups";
import { BookView } from "./views/book";
import { DeliveriesView } from "./views/deliveries";
import { ExportsView } from "./views/exports";
import { HomeView } from "./views/home";
import { InterventionView } from "./views/intervention";
import { LogView } from "./views/log";
import { OverviewView } from "./views/overview";
import { PurposeLine } from "./views/purpose";
import { RegistersView } from "./views/registers";
import { RetentionView } from "./views/retention";

type Place = readonly [path: string, key: Key];
const all_places: readonly Place[] = [["", "nav_home"], ["interventions", "nav_book"], ["overview", "nav_overview"], ["exports", "nav_exports"], ["log", "nav_log"], ["retention", "nav_retention"], ["registers", "nav_registers"], ["backups", "nav_backups"], ["deliveries", "nav_deliveries"]];
const for_administrators = new Set(["log", "backups", "deliveries"]);

// What each role is shown; what it may do, the gateway decides.
export const places_of = (role: Me["role"]): readonly Place[] => (role === "administrator" ? all_places.filter(([path]) => for_administrators.has(path)) : role === "technician" ? [] : all_places);

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

async function leave(): Promise<void> {
  await post("/sign-out").catch(() => {});
  location.assign("/");
}

function Header({ me }: { me: Me | null }) {
  const { door } = who.use();
  return (
    <header class="header no-print">
      <a class="brand" href="#/"><Mark /><span>{t("brand")}{door && <small>{door.vendor}</small>}</span></a>
      <div class="header-end">
        {me && <span class="signed-in">{me.name}{me.role === "auditor" && <span class="tag" title={t("reads_only_text")}>{t("reads_only")}</span>}</span>}
        <LanguageSwitch />
        {me && <button type="button" class="button plain" onClick={() => void leave()}>{t("sign_out")}</button>}
      </div>
    </header>
  );
}

function Navigation({ me, here }: { me: Me; here: string }) {
  const [open, set_open] = useState(false);
  useEffect(() => set_open(false), [here]);
  return (
    <nav class="side no-print" aria-label={t("nav")}>
      <button type="button" class="button quiet side-button" aria-expanded={open} aria-controls="places" onClick={() => set_open(!open)}>{t("nav_show")}</button>
      <ul id="places" class={open ? "is-open" : ""}>
        {places_of(me.role).map(([path, key]) => <li key={path}><a href={`#/${path}`} aria-current={path === here ? "page" : undefined}>{t(key)}</a></li>)}
        <li class="side-last"><a href="/#/account">{t("nav_console")}</a></li>
      </ul>
    </nav>
  );
}

function NotHere() {
  useTitle(t("not_here"));
  return <section class="card narrow"><h1>{t("not_here")}</h1><p>{t("not_here_text")}</p><p><a href="#/">{t("not_here_link")}</a></p></section>;
}
function NotForRole() {
  useTitle(t("brand"));
  return <section class="card narrow"><h1>{t("not_for_role")}</h1><p><a href="/">{t("to_console")}</a></p></section>;
}
function Away({ problem }: { problem: unknown }) {
  useTitle(t("gone_away"));
  return <section class="card narrow"><h1>{t("gone_away")}</h1><Problem problem={problem} again={() => void begin()} /></section>;
}

const views: Record<string, ComponentType<{ route: Route }>> = { "": HomeView, interventions: BookView, overview: OverviewView, exports: ExportsView, log: LogView, retention: RetentionView, registers: RegistersView, backups: BackupsView, deliveries: DeliveriesView };

function View({ route, me }: { route: Route; me: Me }): ComponentChildren {
  const [where = places_of(me.role)[0]?.[0] ?? "", id] = route.parts;
  if (!places_of(me.role).length) return <NotForRole />;
  if (where === "interventions" && id) return <InterventionView key={id} id={id} />;
  const Shown = places_of(me.role).some(([path]) => path === where) ? views[where] : undefined;
  return Shown ? <Shown route={route} /> : <NotHere />;
}

// A new view starts at its top, with the focus on its content: as a page load would. A new search stays where it is.
function useArrival(path: string, main: { current: HTMLElement | null }): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    scrollTo(0, 0);
    main.current?.focus();
  }, [path]);
}

export function App() {
  useLanguage();
  const { state, me, problem } = who.use();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const path = route.parts.join("/");
  useArrival(path, main);
  useEffect(watch_activity, []);
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>{t("skip")}</a>
      <Header me={me} />
      <div class={me ? "with-side" : ""}>
        {me && <Navigation me={me} here={route.parts[0] ?? ""} />}
        <main id="main" tabIndex={-1} ref={main}>
          {state === "again" && <SignInAgain />}
          {me && reviews(me) && <PurposeLine />}
          {me ? <Guard key={path} words={broken_words} caught={console.error}><View route={route} me={me} /></Guard>
            : problem ? <Away problem={problem} /> : <p class="loading" role="status">{t("loading")}</p>}
        </main>
      </div>
      <footer class="footer no-print"><p>Pontlevis · {t("footer")}</p><p>{t("what_you_read")}</p></footer>
      <Announcer />
    </>
  );
}

