// The first view: what is due, what the log says of itself, what nobody has reviewed, what awaits an answer.
import { short_date_time } from "../../shared/i18n";
import { Loading, useLoad, usePages, useTitle } from "../../console/hooks";
import type { Due, Found, LogState, Mark } from "../contract";
import { word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { Card, DueDay, ListOf, type Tone } from "../parts/small";
import { Grid } from "../parts/grid";
import { stated } from "../purpose";
import { address } from "../route";
import { PurposeForm } from "./purpose";

// Where a deadline is dealt with.
export function place_of({ kind, subject }: Pick<Due, "kind" | "subject">): string {
  switch (kind) {
    case "rights_request": return address(["registers", "rights", subject]);
    case "breach": return address(["registers", "breaches", subject.replace(/\/.*/, "")]);  // "<number>/H24"
    case "processing_entry": return address(["registers", "processing", subject]);
    case "finding": return address(["interventions", subject.split("/")[0]!]);
    case "hold": return address(["retention", "holds"]);
    case "annual_review": return address(["retention", "reviews"]);
    case "contract_end": return address(["retention", "contracts"]);
    case "purge": return address(["retention"]);
    default: return address(["backups"]);
  }
}

// A breach has moments; everything else has days, and the gateway says a day by a moment within it (UTC).
export const due_of = ({ kind, due }: Pick<Due, "kind" | "due">): string => (kind === "breach" ? due : due.slice(0, 10));
// A practice, a year, a day is read; the number of a case is where the link leads.
const readable = (subject: string): boolean => subject.length <= 40 && !/[0-9a-f]{8}-[0-9a-f]{4}-/.test(subject);

function Deadlines() {
  const list = usePages<Due>("/due");
  const late = list.value?.filter((d) => d.late).length ?? 0;
  return (
    <Card title={t("hm_due")} id="due">
      <ListOf list={list} none={t("hm_due_none")}>
        {(items) => (
          <>
            {late > 0 && <p class="note note-bad"><strong>{tn("hm_late", late)}</strong></p>}
            <Grid caption={t("hm_due")} columns={[{ key: "what", head: t("hm_due_what") }, { key: "when", head: t("hm_due_when"), sorted: "ascending" }]}
              lines={items.map((d) => ({ key: `${d.kind}/${d.subject}`, tone: d.late ? "bad" : undefined, cells: { what: <><a href={place_of(d)}>{word(d.kind, "kind")}</a>{readable(d.subject) && <><br /><span class="small">{d.subject}</span></>}</>, when: <DueDay due={due_of(d)} late={d.late} /> } }))} />
          </>
        )}
      </ListOf>
    </Card>
  );
}

// One sentence: the worst there is to say.
export function log_sentence(log: LogState): { tone: Tone; text: string } {
  if (!log.healthy) return { tone: "bad", text: t("hm_log_sick") };
  if (log.alarms.length) return { tone: "bad", text: tn("hm_log_alarm", log.alarms.length) };
  if (log.behind) return { tone: "bad", text: t("hm_log_behind") };
  if (log.verification && !log.verification.verified) return { tone: "bad", text: t("hm_log_found", { n: log.verification.findings }) };
  if (!log.quorum.met) return { tone: "call", text: t("hm_log_quorum", { have: log.quorum.have, needed: log.quorum.needed }) };
  return { tone: "good", text: t(log.verification ? "hm_log_good" : "hm_log_unchecked") };
}

function LogCard() {
  const log = useLoad<LogState>("/log");
  const said = log.value && log_sentence(log.value);
  return (
    <Card title={t("hm_log")} id="log">
      <Loading of={log}>
        {said && <p class={`note note-${said.tone}`}><strong>{said.text}</strong></p>}
        <p><a href={address(["log"])}>{t("hm_log_more")}</a></p>
      </Loading>
    </Card>
  );
}

function Unseen() {
  const { value } = stated.use();
  const found = useLoad<Found>(value ? "/review/interventions?mark=UNSEEN&limit=6" : null);
  if (!value) return <PurposeForm />;
  return (
    <Card title={t("hm_unseen")} id="unseen">
      <Loading of={found}>
        {found.value?.total === 0 && <p class="muted">{t("hm_unseen_none")}</p>}
        <ul class="plain-rows">
          {found.value?.items.map((row) => <li key={row.id}><a href={address(["interventions", row.id])}>{row.system_label}, {row.practice_name}</a> <span class="muted">{short_date_time(row.requested_at)} · {row.ticket}</span></li>)}
        </ul>
        {found.value && found.value.total > 0 && <p><a href={address(["interventions"], { mark: "UNSEEN" })}>{t("hm_unseen_all", { n: found.value.total })}</a></p>}
      </Loading>
    </Card>
  );
}

function Findings() {
  const list = usePages<Mark>("/review/marks?open=true");
  return (
    <Card title={t("hm_findings")} id="findings">
      <ListOf list={list} none={t("hm_findings_none")}>
        {(items) => (
          <ul class="plain-rows">
            {items.map((m) => (
              <li key={m.id}>
                <a href={address(["interventions", m.intervention])}>{word(m.mark)}</a> {m.due && <DueDay due={m.due} late={m.late} />}
                <p class="quoted">{m.text}</p>
                <span class="small">{m.by_name || m.by} · {short_date_time(m.at)}</span>
              </li>
            ))}
          </ul>
        )}
      </ListOf>
    </Card>
  );
}

export function HomeView() {
  useTitle(t("hm_title"));
  return (
    <>
      <h1>{t("hm_title")}</h1>
      <div class="home">
        <div><Deadlines /><LogCard /></div>
        <div><Unseen /><Findings /></div>
      </div>
    </>
  );
}
