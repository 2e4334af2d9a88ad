// Requests of persons: what is pending with its clock, and a new one (requirements A27, B21-B24).
import { useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { post } from "../../console/api";
import { usePages, useTitle } from "../../console/hooks";
import { Select, TextArea, TextField } from "../../console/parts/field";
import { paris_wall } from "../../console/paris";
import { may_write } from "../access";
import { time_of } from "../breach_file";
import type { NewRightsRequest, RightsRequest } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, DueDay, ListOf, Tag } from "../parts/small";
import { address, go, type Route } from "../route";

const types = ["ACCESS", "RECTIFICATION", "ERASURE", "RESTRICTION", "OBJECTION", "PORTABILITY", "AFTER_DEATH"] as const;
const channels = ["EMAIL", "POST", "PHONE", "ORAL", "APP"] as const;
const statuses = ["PATIENT", "PRACTITIONER", "PRACTICE_STAFF", "TECHNICIAN", "OTHER"] as const;
const in_words = <C extends string>(codes: readonly C[]) => [["", t("choose")] as const, ...codes.map((c) => [c, word(c)] as const)];

interface Form { type: string; channel: string; requester: string; requester_status: string; contact: string; text: string; practice: string; received_at: string }
const empty = (): Form => ({ type: "", channel: "", requester: "", requester_status: "", contact: "", text: "", practice: "", received_at: paris_wall(Date.now()) });

export function request_of(form: Form): NewRightsRequest | null {
  const received_at = time_of(form.received_at);
  const [requester, contact, text] = [form.requester.trim(), form.contact.trim(), form.text.trim()];
  if (!form.type || !form.channel || !form.requester_status || !requester || received_at === null) return null;
  return { ...form, requester, contact, text, practice: form.practice.trim() || null, received_at } as NewRightsRequest;
}

function New({ made }: { made: (one: RightsRequest) => void }) {
  const [form, set_form] = useState(empty());
  const set = (name: keyof Form) => (value: string) => set_form((old) => ({ ...old, [name]: value }));
  const request = request_of(form);
  const send = async () => made(await post<RightsRequest>("/rights-requests", request));
  return (
    <Deed label={t("rr_new")} tone="main" what={<p>{t("rr_text")}</p>} yes={t("rr_send")} ready={request !== null} send={send}>
      <div class="two">
        <Select id="rr-type" label={t("rr_type")} required value={form.type} choices={in_words(types)} change={set("type")} />
        <Select id="rr-channel" label={t("rr_channel")} required value={form.channel} choices={in_words(channels)} change={set("channel")} />
        <TextField id="rr-requester" label={t("rr_requester")} required maxLength={120} value={form.requester} change={set("requester")} />
        <Select id="rr-status" label={t("rr_status")} required value={form.requester_status} choices={in_words(statuses)} change={set("requester_status")} />
        <TextField id="rr-contact" label={t("rr_contact")} help={t("rr_contact_help")} optional maxLength={200} value={form.contact} change={set("contact")} />
        <TextField id="rr-received" type="datetime-local" label={t("rr_received")} required value={form.received_at} change={set("received_at")} />
        <TextField id="rr-practice" label={t("rr_practice")} help={t("rr_practice_help")} optional maxLength={63} value={form.practice} change={set("practice")} />
      </div>
      <TextArea id="rr-text" label={t("rr_words")} help={t("rr_words_help")} optional maxLength={1000} value={form.text} change={set("text")} />
    </Deed>
  );
}

const columns = () => [{ key: "due", head: t("rr_due"), sorted: "ascending" as const }, { key: "who", head: t("rr_requester") }, { key: "type", head: t("rr_type") }, { key: "state", head: t("rr_state") }, { key: "received", head: t("rr_received") }];
const cells_of = (r: RightsRequest) => ({
  due: <DueDay due={r.extended_until ?? r.due} late={r.late} met={r.state === "ANSWERED"} />, who: <><a href={address(["registers", "rights", r.id])}>{r.requester || t("mc_gone_name")}</a><br /><span class="muted">{word(r.requester_status)}</span></>,
  type: word(r.type), state: <Tag tone={r.state === "ANSWERED" ? "good" : "plain"}>{word(r.state, "rights")}</Tag>, received: date_only(r.received_at),
});

export function RightsView({ route }: { route: Route }) {
  const all = route.query.get("all") === "true";
  const list = usePages<RightsRequest>(`/rights-requests${all ? "" : "?open=true"}`);
  useTitle(t("rg_rights"));
  return (
    <>
      <h1>{t("rg_rights")}</h1>
      <p class="lead">{t("rr_text")}</p>
      {may_write() && <div class="above"><New made={(one) => go(["registers", "rights", one.id])} /></div>}
      <Card title={t("rg_rights")} id="requests">
        <Which here={all} area="rights" />
        <ListOf list={list} none={t("rr_none")}>{(items) => <Grid caption={t("rg_rights")} columns={columns()} lines={items.map((r) => ({ key: r.id, tone: r.late && r.state !== "ANSWERED" ? "bad" as const : undefined, cells: cells_of(r) }))} />}</ListOf>
      </Card>
    </>
  );
}

export function Which({ here, area }: { here: boolean; area: string }) {
  return (
    <p class="segments" role="group" aria-label={t("rr_state")}>
      <a class="segment" aria-current={here ? undefined : "true"} href={address(["registers", area])}>{t("rr_open_only")}</a>
      <a class="segment" aria-current={here ? "true" : undefined} href={address(["registers", area], { all: "true" })}>{t("rr_all")}</a>
    </p>
  );
}
