// The log, its witnesses, its alarms, and when it was last verified as a whole.
import { date_time, number, short_date_time } from "../../shared/i18n";
import { CopyLine } from "../../console/parts/copy";
import { Pairs } from "../../console/parts/words";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import type { LogState } from "../contract";
import { word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { Grid } from "../parts/grid";
import { Card, Tag } from "../parts/small";
import { log_sentence } from "./home";

function State({ log }: { log: LogState }) {
  const said = log_sentence(log);
  return (
    <Card title={t("lg_state")} id="state">
      <p class={`note note-${said.tone}`}><strong>{said.text}</strong></p>
      <Pairs rows={[
        [t("lg_state"), <Tag tone={log.healthy && !log.behind ? "good" : "bad"}>{t(!log.healthy ? "lg_sick" : log.behind ? "lg_behind" : "lg_good")}</Tag>],
        [t("lg_size"), number(log.size)], [t("lg_origin"), <code class="mono">{log.origin}</code>], [t("lg_root"), <code class="mono">{log.root}</code>], [t("lg_key"), <code class="mono">{log.verifier_key}</code>],
      ]} />
      <h3>{t("lg_checkpoint")}</h3>
      <CopyLine text={log.checkpoint} label={t("lg_copy_checkpoint")} />
    </Card>
  );
}

function Checks({ log }: { log: LogState }) {
  const { verification: v, timestamp: s } = log;
  return (
    <Card title={t("lg_checks")} id="checks">
      <Pairs rows={[
        [t("lg_verified"), v ? <>{date_time(v.at)} <Tag tone={v.verified ? "good" : "bad"}>{v.verified ? t("lg_verified_good") : t("lg_verified_bad", { n: v.findings })}</Tag></> : t("not_yet")],
        v?.what ? [t("lg_first_finding"), <span class="mono">{v.what}</span>] : null,
        [t("lg_stamp"), s ? t("lg_stamp_words", { date: date_time(s.at), authority: s.authority, size: number(s.size) }) : t("lg_stamp_none")],
      ]} />
    </Card>
  );
}

function Witnesses({ log }: { log: LogState }) {
  const { needed, have, met } = log.quorum;
  const columns = [{ key: "name", head: t("lg_witness") }, { key: "size", head: t("lg_last_size"), kind: "number" as const }, { key: "at", head: t("lg_last_at") }, { key: "state", head: t("lg_state") }];
  return (
    <Card title={t("lg_witnesses")} id="witnesses">
      <p class={`note note-${met ? "good" : "call"}`}>{tn(met ? "lg_quorum_met" : "lg_quorum_not", have, { needed })}</p>
      {!log.witnesses.length ? <p class="muted">{t("lg_no_witness")}</p> : (
        <Grid caption={t("lg_witnesses")} columns={columns} lines={log.witnesses.map((w) => ({ key: w.name, tone: w.alarm ? "bad" : undefined, cells: {
          name: <>{w.practice}<br /><span class="small mono">{w.name}</span></>, size: number(w.size), at: w.at ? short_date_time(w.at) : t("never"),
          state: w.alarm ? <Tag tone="bad">{t("lg_alarm")}</Tag> : <Tag tone={w.current ? "good" : "plain"}>{t(w.current ? "lg_current" : "lg_not_current")}</Tag>,
        } }))} />
      )}
    </Card>
  );
}

function Alarms({ log }: { log: LogState }) {
  const columns = [{ key: "at", head: t("lg_last_at") }, { key: "witness", head: t("lg_witness") }, { key: "cause", head: t("lg_cause") }, { key: "index", head: t("jr_record"), kind: "number" as const }];
  return (
    <Card title={t("lg_alarms")} id="alarms">
      {!log.alarms.length ? <p class="muted">{t("lg_no_alarm")}</p> : (
        <>
          <p>{t("lg_alarm_text")}</p>
          <Grid caption={t("lg_alarms")} columns={columns} lines={log.alarms.map((a) => ({ key: `${a.index}`, tone: "bad" as const, cells: { at: date_time(a.at), witness: a.witness, cause: word(a.cause, "alarm"), index: number(a.index) } }))} />
        </>
      )}
    </Card>
  );
}

export function LogView() {
  const loaded = useLoad<LogState>("/log");
  useTitle(t("lg_title"));
  return (
    <>
      <h1>{t("lg_title")}</h1>
      <p class="lead">{t("lg_text")}</p>
      <Loading of={loaded}>{loaded.value && <><State log={loaded.value} /><Alarms log={loaded.value} /><Witnesses log={loaded.value} /><Checks log={loaded.value} /></>}</Loading>
    </>
  );
}
