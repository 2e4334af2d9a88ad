// The frame around every view: skip link, header, navigation, what is wrong, the view, the bar of open sessions.
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Announcer } from "../shared/parts/announce";
import { Guard } from "../shared/parts/guard";
import { Mark } from "../shared/parts/mark";
import { language, set_language, useLanguage } from "../shared/i18n";
import { identity, post } from "./api";
import { title_of } from "./changes";
import type { Session, State } from "./contract";
import { useRoute, useSecond } from "./hooks";
import { t } from "./messages/index";
import { forget, listen, news, say_active } from "./news";
import { awaits_word, calls } from "./planned";
import { AlarmNote, LogChangedNote, QuietNote } from "./views/alarm";
import { AccountView } from "./views/account";
import { SessionBar } from "./views/bar";
import { CalendarView } from "./views/calendar";
import { HelpView } from "./views/help";
import { InterventionView } from "./views/intervention";
import { Interventions } from "./views/interventions";
import { Now } from "./views/now";
import { NoLongerPlanned, planned_at, PlannedView } from "./views/planned";
import { ReceiptView } from "./views/receipt";
import { RehearsalView } from "./views/rehearsal";
import { RightsView } from "./views/rights";
import { Locked, SignIn } from "./views/sign_in";
import { TeamView } from "./views/team";

const places = [["", "nav_now"], ["interventions", "nav_interventions"], ["rights", "nav_rights"], ["team", "nav_team"], ["account", "nav_account"]] as const;

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

async function sign_out(): Promise<void> {
  try {
    await post("/api/sign-out");
  } finally {
    forget();
  }
}

function Header({ state, here }: { state: State | null; here: string }) {
  const waiting = state?.requests.filter((r) => calls(r) || awaits_word(r)).length ?? 0;
  return (
    <header class="header no-print">
      <a class="brand" href="#/"><Mark /><span>Pontlevis{state && <small>{state.practice?.name}</small>}</span></a>
      {state && !state.locked && (
        <nav aria-label={t("nav")}>
          <ul>
            {places.map(([path, key]) => (
              <li key={path}><a href={`#/${path}`} aria-current={here === path || (path === "interventions" && here === "calendar") || (path === "" && here === "planned") ? "page" : undefined}>{t(key)}{path === "" && waiting > 0 && <span class="badge" aria-label={t("waiting_n", { n: waiting })}>{waiting}</span>}</a></li>
            ))}
          </ul>
        </nav>
      )}
      <div class="header-end">
        <LanguageSwitch />
        {state && <button type="button" class="button plain" onClick={() => void sign_out()}>{t("sign_out")}</button>}
      </div>
    </header>
  );
}

// The agent is silent: say so, say what that means, and when the next try is.
function Lost() {
  useSecond();
  const { lost_since, retry_at } = news.use();
  if (lost_since === null || Date.now() - lost_since < 1500) return null;
  const seconds = Math.max(1, Math.ceil(((retry_at ?? 0) - Date.now()) / 1000));
  return (
    <div class="note note-bad lost" role="status">
      <p><strong>{t("lost")}</strong> {t("lost_text")}</p>
      <p class="row"><span>{t("lost_retry", { n: seconds })}</span><button type="button" class="button quiet" onClick={() => void listen()}>{t("try_now")}</button></p>
    </div>
  );
}

function Troubles({ state }: { state: State }) {
  const { door } = state;
  return (
    <>
      <AlarmNote state={state} />
      <QuietNote state={state} />
      <LogChangedNote state={state} />
      {door.journal === "FAILED" && <div class="note note-bad" role="status"><p><strong>{t("journal_failed")}</strong> {t("journal_failed_text")}</p></div>}
      {door.link === "DOWN" && !state.locked && <div class="note" role="status"><p><strong>{t("link_down")}</strong> {t("link_down_text")}</p></div>}
    </>
  );
}

function View({ state, route }: { state: State; route: string[] }): ComponentChildren {
  const [where, id, sub] = route;
  if (where === "interventions" && id && sub === "receipt") return <ReceiptView id={id} />;
  if (where === "interventions" && id) return <InterventionView key={id} id={id} person={state.person} />;
  if (where === "interventions") return <Interventions />;
  if (where === "planned") {
    const request = planned_at(state, id);
    return request ? <PlannedView key={id} request={request} person={state.person} /> : <NoLongerPlanned />;
  }
  if (where === "calendar") return <CalendarView />;
  if (where === "rights") return <RightsView practice={state.practice} />;
  if (where === "team") return <TeamView person={state.person} />;
  if (where === "account") return <AccountView />;
  if (where === "help") return <HelpView />;
  if (where === "rehearsal") return <RehearsalView rehearsal={state.rehearsal} person={state.person} />;
  return <Now state={state} />;
}

function Bars({ state, route }: { state: State; route: string[] }) {
  const rehearsing = state.rehearsal?.step === "OPEN" ? state.rehearsal.session : null;
  const bars: { id: string; session: Session }[] = state.sessions.map((session) => ({ id: session.intervention, session }));
  if (rehearsing) bars.push({ id: "rehearsal", session: rehearsing });
  if (!bars.length) return null;
  const elsewhere = (id: string) => !state.locked && (id === "rehearsal" ? route[0] !== "rehearsal" : Boolean(route[0]));
  return <div class="bars no-print">{bars.map(({ id, session }) => <SessionBar key={id} id={id} session={session} locked={state.locked} elsewhere={elsewhere(id)} />)}</div>;
}

function useActivity(): void {
  useEffect(() => {
    const acted = () => say_active();
    for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, acted, { passive: true });
    return () => {
      for (const kind of ["pointerdown", "keydown", "wheel"]) removeEventListener(kind, acted);
    };
  }, []);
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
  useActivity();
  const { token } = identity.use();
  const { state } = news.use();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  useArrival(route, main);
  useEffect(() => void (token ? listen() : forget()), [token]);
  useEffect(() => void (token && (document.title = title_of(state))));
  const known = token ? state : null;
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>{t("skip")}</a>
      <Header state={known} here={route[0] ?? ""} />
      {token && <Lost />}
      <main id="main" tabIndex={-1} ref={main}>
        {!token ? <SignIn /> : !known ? <p class="loading" role="status">{t("loading")}</p> : (
          <>
            <Troubles state={known} />
            {known.locked ? <Locked person={known.person} /> : <Guard key={route.join("/")} words={broken_words}><View state={known} route={route} /></Guard>}
          </>
        )}
      </main>
      {known && <Bars state={known} route={route} />}
      <footer class="footer no-print"><p>Pontlevis · {t("footer")}</p>{known && !known.locked && <p><a href="#/calendar">{t("calendar")}</a> · <a href="#/rehearsal">{t("nav_rehearsal")}</a> · <a href="#/help">{t("help")}</a></p>}</footer>
      <Announcer />
    </>
  );
}
