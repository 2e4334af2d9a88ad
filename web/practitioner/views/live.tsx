// A session: codes to read out, the technician's screen, who is there, which tools are open, what moves, how long.
import { BehindFigure, DataTable } from "../../shared/parts/data_table";
import { Ring } from "../../shared/parts/ring";
import { bytes, clock_time_exact } from "../../shared/i18n";
import { warning } from "../../shared/countdown";
import type { Person, Session } from "../contract";
import { activity_words } from "../messages/activity";
import { t, tn } from "../messages/index";
import { tool_name, word_of } from "../messages/codes";
import { useSecondsLeft } from "./bar";
import { Codes } from "./code";
import { Extension } from "./extension";
import { MirrorView } from "./mirror_view";
import { missing, People, person_in_charge } from "./people";
import { Tools } from "./tools";

function Hold({ session }: { session: Session }) {
  if (session.hold === "PAIR_INCOMPLETE") {
    const absent = missing(session);
    return <div class="note note-hold" role="status"><p><strong>{tn("pair_waits", absent.length || 1)}</strong> {t("hold_PAIR_INCOMPLETE", { names: absent.map((o) => o.name).join(", ") })}</p></div>;
  }
  if (session.hold !== "PAUSED" && session.hold !== "NOBODY_WATCHES") return null;
  return <div class="note note-hold" role="status"><p><strong>{word_of(`HOLD_${session.hold}`)}</strong> {t(`hold_${session.hold}`)}</p></div>;
}

function TimeLeft({ session, id, may_extend }: { session: Session; id: string; may_extend: boolean }) {
  const { left, total } = useSecondsLeft(id);
  const soon = warning(left);
  return (
    <section class="card time-left" aria-labelledby="time-left">
      <h2 id="time-left">{t("time_left")}</h2>
      <Ring seconds={left} total={total} label={t("time_left")} />
      {soon !== "none" && session.phase === "OPEN" && <p class="note note-call">{t(soon === "one" ? "said_one_minute" : "said_five_minutes")}</p>}
      <p class="small">{t("granted", { n: session.granted_minutes, name: session.approver?.name ?? "" })}</p>
      {may_extend && <Extension id={id} />}
    </section>
  );
}

const base_name = (path: string): string => path.slice(path.lastIndexOf("/") + 1) || path;
const folder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function Files({ session }: { session: Session }) {
  const files = session.activity.filter((a) => a.type === "transfer").reverse();
  return (
    <section class="card" aria-labelledby="files">
      <h2 id="files">{t("files")}</h2>
      {files.length ? (
        <ul class="moves">
          {files.map((f, i) => (
            <li key={i}>
              <span class={`arrow arrow-${f.direction === "IN" ? "in" : "out"}`} aria-hidden="true">{f.direction === "IN" ? "↓" : "↑"}</span>
              <span><strong class="file-name">{base_name(f.name ?? "")}</strong>{folder(f.name ?? "") && <><br /><span class="muted file-folder">{folder(f.name ?? "")}</span></>}<br /><span class="muted">{word_of(f.direction ?? "")} · {bytes(f.bytes ?? 0)}{f.complete === false && ` · ${t("not_whole")}`} · {clock_time_exact(f.at)}</span></span>
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t("files_none")}</p>}
    </section>
  );
}

function Forwards({ session }: { session: Session }) {
  if (!session.forwards.length) return null;
  return (
    <section class="card" aria-labelledby="forwards">
      <h2 id="forwards">{t("forwards")}</h2>
      <DataTable caption={t("forwards")} hide_caption head={[t("tool"), t("target"), t("in_short"), t("out_short")]}
        rows={session.forwards.map((f) => [`${tool_name(f.tool)} · ${f.login}`, f.target, bytes(f.bytes_in), bytes(f.bytes_out)])} />
    </section>
  );
}

function Log({ session }: { session: Session }) {
  const latest = [...session.activity].reverse();
  return (
    <section class="card" aria-labelledby="activity">
      <h2 id="activity">{t("activity")}</h2>
      {latest.length ? (
        <>
          <ul class="activity">
            {latest.slice(0, 6).map((a, i) => <li key={i} class={`act act-${a.type}`}><time dateTime={a.at}>{clock_time_exact(a.at)}</time> {activity_words(a, session.operators)}</li>)}
          </ul>
          {latest.length > 6 && (
            <BehindFigure label={t("activity_all", { n: latest.length })} caption={t("activity")} head={[t("time"), t("what")]}
              rows={latest.map((a) => [clock_time_exact(a.at), activity_words(a, session.operators)])} />
          )}
        </>
      ) : <p class="muted">{t("activity_none")}</p>}
    </section>
  );
}

export function Live({ session, id, person, codes = true }: { session: Session; id: string; person: Person; codes?: boolean }) {
  const lead = person_in_charge(session);
  const real = id !== "rehearsal" && session.phase === "OPEN";
  const decides = person.role !== "OBSERVER";
  return (
    <article aria-labelledby="live">
      <h1 id="live">{t(session.phase !== "OPEN" ? "live_opening" : session.connected.length ? "live_title" : "live_open", { name: lead?.name ?? "", system: session.system.label })}</h1>
      <p class="muted">{session.reason} · {t("ticket")} {session.ticket}</p>
      <Hold session={session} />
      {codes && decides && <Codes session={session} id={id} may_renew={id !== "rehearsal"} />}
      <div class="live">
        {session.phase === "OPEN" && <MirrorView key={id} id={id} />}
        <div class="side">
          <People session={session} id={id} may_choose={decides && real} />
          <TimeLeft session={session} id={id} may_extend={decides && real} />
          <Tools session={session} id={id} may_turn={real} />
        </div>
        <div class="below">
          <Log session={session} />
          <div>
            <Files session={session} />
            <Forwards session={session} />
          </div>
        </div>
      </div>
    </article>
  );
}
