// What compliance may do about one intervention: hold it, set one of its values aside, erase.
import { useState } from "preact/hooks";
import { post } from "../../console/api";
import { Select, TextArea, TextField } from "../../console/parts/field";
import type { Erasure, Field, LogRecord, Reviewed } from "../contract";
import { day_of } from "../filter";
import { word } from "../messages/codes";
import { t, type Key } from "../messages/index";
import { field_name, type_name } from "../messages/records";
import { Deed } from "../parts/deed";
import { Card, says_why } from "../parts/small";

export const in_months = (n: number, now: number): string => {
  const day = new Date(`${day_of(now)}T12:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + n);
  return day.toISOString().slice(0, 10);
};

function Hold({ id, changed }: { id: string; changed: () => void }) {
  const [reason, set_reason] = useState("");
  const [review_on, set_review] = useState(in_months(6, Date.now()));
  const send = () => post("/holds", { practice: null, intervention: id, from: null, until: null, reason: reason.trim(), review_on });
  return (
    <Deed label={t("act_hold")} what={<p>{t("act_hold_what")}</p>} yes={t("act_hold_yes")} ready={says_why(reason) && review_on !== ""} send={send} done={() => (set_reason(""), changed())}>
      <TextArea id="hold-reason" label={t("reason")} help={t("reason_help")} required maxLength={500} rows={2} value={reason} change={set_reason} />
      <TextField id="hold-review" type="date" label={t("act_hold_review")} required min={day_of(Date.now())} value={review_on} change={set_review} />
    </Deed>
  );
}

// A value of one record: "12/tasks_summary".
const open_values = (records: LogRecord[], of: (f: Field) => boolean): [string, string][] =>
  records.flatMap((r) => r.fields.filter((f) => f.state !== "DESTROYED" && f.class !== "open" && f.value !== null && of(f)).map((f) => [`${r.index}/${f.name}`, `${r.index} – ${type_name(r.type)} – ${field_name(f.name)}`] as [string, string]));
const split = (chosen: string): { record: number; field: string } => ({ record: Number(chosen.split("/")[0]), field: chosen.slice(chosen.indexOf("/") + 1) });

function Quarantine({ records, changed }: { records: LogRecord[]; changed: () => void }) {
  const [chosen, set_chosen] = useState("");
  const [words, set_words] = useState("");
  const send = () => post("/spontaneous-data", { ...split(chosen), words: words.trim() });
  const values = open_values(records, (f) => f.class === "text" && f.state === "OPEN");
  return (
    <Deed label={t("act_quarantine")} what={<p>{t("act_quarantine_what")}</p>} yes={t("act_quarantine_yes")} ready={chosen !== "" && says_why(words)} send={send} done={() => (set_chosen(""), set_words(""), changed())}>
      <Select id="quarantine-value" label={t("act_value")} required value={chosen} choices={[["", t("choose")], ...values]} change={set_chosen} />
      <TextArea id="quarantine-words" label={t("reason")} help={t("reason_help")} required maxLength={500} rows={2} value={words} change={set_words} />
    </Deed>
  );
}

const scopes = ["all", "person", "text", "ip", "one"] as const;
type Scope = (typeof scopes)[number];

export function erasure_of(scope: Scope, intervention: string, chosen: string, reason: Erasure["reason"], words: string): Erasure {
  const whole = { practice: null, whole_record: false, reason, words: words.trim() };
  if (scope === "one") return { ...whole, intervention: null, ...split(chosen), class: null };
  return { ...whole, intervention, record: null, field: null, class: scope === "all" ? null : scope };
}

function Erase({ id, records, changed }: { id: string; records: LogRecord[]; changed: () => void }) {
  const [scope, set_scope] = useState<Scope>("one");
  const [chosen, set_chosen] = useState("");
  const [reason, set_reason] = useState<Erasure["reason"]>("ERASURE_REQUEST");
  const [words, set_words] = useState("");
  const send = () => post("/erasures", erasure_of(scope, id, chosen, reason, words));
  return (
    <Deed label={t("act_erase")} tone="stop" what={<p><strong>{t(`act_erase_${scope}` as Key)}.</strong> {t("act_erase_what")}</p>} yes={t("act_erase_yes")} ready={says_why(words) && (scope !== "one" || chosen !== "")} send={send} said={t("act_started")} done={() => (set_words(""), set_chosen(""), changed())}>
      <Select id="erase-scope" label={t("act_erase_scope")} value={scope} choices={scopes.map((s) => [s, t(`act_erase_${s}` as Key)] as const)} change={(s) => set_scope(s as Scope)} />
      {scope === "one" && <Select id="erase-value" label={t("act_value")} required value={chosen} choices={[["", t("choose")], ...open_values(records, () => true)]} change={set_chosen} />}
      <Select id="erase-reason" label={t("act_erase_reason")} value={reason} choices={(["ERASURE_REQUEST", "SPONTANEOUS_HEALTH_DATA"] as const).map((r) => [r, word(r)] as const)} change={(r) => set_reason(r as Erasure["reason"])} />
      <TextArea id="erase-words" label={t("reason")} help={t("reason_help")} required maxLength={500} rows={2} value={words} change={set_words} />
    </Deed>
  );
}

export function Acts({ reviewed, changed }: { reviewed: Reviewed; changed: () => void }) {
  const { records, row, hold } = reviewed;
  return (
    <Card title={t("act_title")} id="acts">
      <p>{t("act_text")}</p>
      <div class="actions deeds">
        {!hold && <Hold id={row.id} changed={changed} />}
        <Quarantine records={records} changed={changed} />
        <Erase id={row.id} records={records} changed={changed} />
      </div>
    </Card>
  );
}
