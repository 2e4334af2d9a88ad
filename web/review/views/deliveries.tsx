// What went out, what waits, and what a person must decide about.
import { useState } from "preact/hooks";
import { number, short_date_time } from "../../shared/i18n";
import { part, post } from "../../console/api";
import { Problem, useAct, usePages, useTitle } from "../../console/hooks";
import { Select, TextArea } from "../../console/parts/field";
import { announce } from "../../shared/parts/announce";
import { may_deliver } from "../access";
import type { Delivery } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, ListOf, says_why, Tag, type Tone } from "../parts/small";
import { address, go, type Route } from "../route";
import { reviews, who } from "../../console/who";

const states = ["WAITING", "REFUSED", "GIVEN_UP", "ACKNOWLEDGED", "DROPPED"] as const;
const tones: Record<Delivery["state"], Tone> = { WAITING: "call", ACKNOWLEDGED: "good", REFUSED: "bad", GIVEN_UP: "bad", DROPPED: "plain" };
const stuck = (d: Delivery): boolean => d.state === "REFUSED" || d.state === "GIVEN_UP";

function Decide({ one, changed }: { one: Delivery; changed: () => void }) {
  const [reason, set_reason] = useState("");
  const act = useAct();
  const about = `${word(one.channel, "channel")}, ${short_date_time(one.created_at)}`;
  if (!may_deliver() || !(stuck(one) || one.state === "WAITING")) return null;
  const retry = () => void act.run(async () => (await post(`/deliveries/${part(one.id)}/retry`), announce(t("dl_retried")), changed()));
  return (
    <div class="actions">
      <button type="button" class="button quiet" disabled={act.busy} onClick={retry}>{t("dl_retry")}<span class="unseen"> {about}</span></button>
      <Deed label={t("dl_drop")} about={about} what={<p>{t("dl_drop_what")}</p>} yes={t("dl_drop_yes")} ready={says_why(reason)} send={() => post(`/deliveries/${part(one.id)}/drop`, { reason: reason.trim() })} done={changed}>
        <TextArea id={`drop-${one.id}`} label={t("reason")} help={t("reason_help")} required rows={2} maxLength={500} value={reason} change={set_reason} />
      </Deed>
      <Problem problem={act.problem} />
    </div>
  );
}

const columns = () => [{ key: "made", head: t("dl_made"), sorted: "descending" as const }, { key: "what", head: t("dl_what") }, { key: "state", head: t("dl_state") }, { key: "tries", head: t("dl_tries"), kind: "number" as const }, { key: "error", head: t("dl_error") }, { key: "acts", head: t("acts"), kind: "act" as const }];

function subject_of(one: Delivery) {
  const me = who.get().me;
  const words = word(one.subject, "subject");
  return one.intervention && me && reviews(me) ? <a href={address(["interventions", one.intervention])}>{words}</a> : words;
}
const cells_of = (one: Delivery, changed: () => void) => ({
  made: short_date_time(one.created_at), what: <>{subject_of(one)}<br /><span class="muted">{word(one.channel, "channel")}</span></>,
  state: <><Tag tone={tones[one.state]}>{word(one.state, "delivery")}</Tag>{one.crm_ref && <><br /><span class="small">{t("dl_ref")} {one.crm_ref}</span></>}</>,
  tries: number(one.tries), error: <>{one.last_error || "–"}{one.next_try && <><br /><span class="small">{t("dl_next")} {short_date_time(one.next_try)}</span></>}</>, acts: <Decide one={one} changed={changed} />,
});

export function DeliveriesView({ route }: { route: Route }) {
  const state = states.find((s) => s === route.query.get("state")) ?? "";
  const list = usePages<Delivery>(`/deliveries${state && `?state=${state}`}`);
  useTitle(t("dl_title"));
  return (
    <>
      <h1>{t("dl_title")}</h1>
      <p class="lead">{t("dl_text")}</p>
      <Card title={t("dl_title")} id="deliveries">
        <div class="one-filter"><Select id="delivery-state" label={t("dl_state")} value={state} choices={[["", t("mc_any")], ...states.map((s) => [s, word(s, "delivery")] as const)]} change={(s) => go(["deliveries"], { state: s })} /></div>
        <ListOf list={list} none={t("dl_none")}>{(items) => <Grid caption={t("dl_title")} columns={columns()} lines={items.map((one) => ({ key: one.id, tone: stuck(one) ? "bad" as const : undefined, cells: cells_of(one, list.again) }))} />}</ListOf>
      </Card>
    </>
  );
}
