// What counts right now, in this order: sessions, requests, reports to read, else the calm closed page.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Line, Person, Request, State } from "../contract";
import { t, tn } from "../messages/index";
import { news } from "../news";
import { calls } from "../planned";
import { Closed, line_link, LineList } from "./closed";
import { Live } from "./live";
import { PlannedList } from "./planned";
import { Requests } from "./request";
import { word_of } from "../messages/codes";

// Ended here; the technician still owes the report.
function Ended({ lines }: { lines: Line[] }) {
  const { cuts } = news.use();
  if (!lines.length) return null;
  return (
    <section class="card" aria-labelledby="ended">
      <h2 id="ended">{t("ended_title")}</h2>
      <ul class="lines">
        {lines.map((l) => (
          <li key={l.intervention} class="ended-line">
            <a href={line_link(l)}><strong>{l.person_in_charge}</strong> – {l.system}</a>
            <span>{l.end_cause && word_of(l.end_cause)}{cuts[l.intervention] !== undefined && ` · ${t("cut_in", { ms: cuts[l.intervention]! })}`}</span>
            <span class="muted">{t("report_awaited")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reported({ lines }: { lines: Line[] }) {
  if (!lines.length) return null;
  return (
    <section class="card call" aria-labelledby="reported">
      <h2 id="reported">{tn("reported_title", lines.length)}</h2>
      <LineList lines={lines} />
    </section>
  );
}

function Sessions({ state }: { state: State }) {
  const [chosen, set_chosen] = useState<string | null>(null);
  const calling = state.requests.filter(calls);
  const shown = state.sessions.find((s) => s.intervention === chosen) ?? state.sessions[0]!;
  return (
    <>
      {calling.length > 0 && <RequestWaiting requests={calling} person={state.person} />}
      {state.sessions.length > 1 && (
        <div class="segments">{state.sessions.map((s) => <button type="button" class="segment" key={s.intervention} aria-pressed={s === shown} onClick={() => set_chosen(s.intervention)}>{s.system.label} – {s.operators[0]?.name}</button>)}</div>
      )}
      <Live key={shown.intervention} session={shown} id={shown.intervention} person={state.person} />
    </>
  );
}

// A request that comes during a session waits beside it: the live view must not disappear from under its watcher.
function RequestWaiting({ requests, person }: { requests: Request[]; person: Person }) {
  const [open, set_open] = useState(false);
  return (
    <section class="card call" aria-labelledby="request-waiting">
      <div class="row">
        <h2 id="request-waiting">{tn("door_waiting", requests.length)}</h2>
        <button type="button" class="button quiet" aria-expanded={open} onClick={() => set_open(!open)}>{t(open ? "close" : "look")}</button>
      </div>
      {open && <Requests requests={requests} person={person} />}
    </section>
  );
}

// When what counts changes (asked, decided, ended), the reader starts at its top with the focus there: the button
// that was just pressed is gone.
function useTurn(what: string): void {
  const before = useRef(what);
  useEffect(() => {
    if (before.current === what) return;
    before.current = what;
    scrollTo(0, 0);
    document.getElementById("main")?.focus();
  }, [what]);
}

export function Now({ state }: { state: State }) {
  const calling = state.requests.filter(calls);
  useTurn(state.sessions.length ? "session" : calling.length ? "request" : "closed");
  const { cuts } = news.use();
  if (state.sessions.length) return <Sessions state={state} />;
  const cut_now = state.ended.map((l) => cuts[l.intervention]).find((ms) => ms !== undefined);
  return (
    <>
      {cut_now && <p class="note note-good" role="status"><strong>{t("said_cut_in", { ms: cut_now })}</strong> {t("cut_text")}</p>}
      {calling.length > 0 ? <><Requests requests={calling} person={state.person} /><PlannedList requests={state.requests} /></> : <Closed state={state} />}
      <Reported lines={state.reported} />
      <Ended lines={state.ended} />
    </>
  );
}
