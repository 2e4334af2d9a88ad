// What the log holds of one intervention, record by record: each field with its kind, its state and its last day.
import { useState } from "preact/hooks";
import { date_time_exact, short_date } from "../../shared/i18n";
import type { Field, LogRecord } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { field_name, type_name } from "../messages/records";
import { Grid } from "../parts/grid";
import { Card, Tag, type Tone } from "../parts/small";
import { is_empty_value, Value } from "../parts/value";
import { address } from "../route";

const tones: Record<Field["state"], Tone> = { OPEN: "plain", DESTROYED: "plain", QUARANTINED: "call", UNREADABLE: "bad" };
const gone = { DESTROYED: "rc_destroyed", QUARANTINED: "rc_quarantined", UNREADABLE: "rc_unreadable" } as const;

const columns = () => [{ key: "field", head: t("rc_field") }, { key: "value", head: t("rc_value") }, { key: "class", head: t("rc_class") }, { key: "state", head: t("rc_state") }, { key: "until", head: t("rc_until") }];

function cells_of(f: Field) {
  return {
    field: field_name(f.name),
    value: f.state === "OPEN" ? <Value name={f.name} value={f.value} /> : <em class="muted">{t(gone[f.state])}</em>,
    class: word(f.class, "class"),
    state: <><Tag tone={tones[f.state]}>{word(f.state, "field")}</Tag>{f.certificate && <> <a href={address(["retention", "certificates", f.certificate])}>{t("rc_certificate")}<span class="unseen"> {field_name(f.name)}</span></a></>}</>,
    until: f.class === "open" ? <span class="muted">{t("rc_kept")}</span> : f.expires_on ? short_date(f.expires_on) : "–",
  };
}

// Fields without a value are told in a line, not in rows.
function Fields({ record }: { record: LogRecord }) {
  const filled = record.fields.filter((f) => f.state !== "OPEN" || !is_empty_value(f.value));
  const empty = record.fields.filter((f) => !filled.includes(f));
  return (
    <>
      <Grid caption={type_name(record.type)} columns={columns()} lines={filled.map((f) => ({ key: f.name, cells: cells_of(f) }))} />
      {empty.length > 0 && <p class="small">{t("rc_empty")}{t("colon")} {empty.map((f) => field_name(f.name)).join(", ")}</p>}
    </>
  );
}

// Opened when looked at: twelve tables at once would be read by nobody.
function Record({ record }: { record: LogRecord }) {
  const [open, set_open] = useState(false);
  const lost = record.fields.filter((f) => f.state !== "OPEN").length;
  return (
    <details class="record" onToggle={(e) => set_open(e.currentTarget.open)}>
      <summary>{t("rc_head", { n: record.index, type: type_name(record.type) })} <span class="muted">{date_time_exact(record.time)}</span>{lost > 0 && <> <Tag>{lost} × {word("DESTROYED", "field")}</Tag></>}</summary>
      {open && <Fields record={record} />}
    </details>
  );
}

export function Records({ records }: { records: LogRecord[] }) {
  return (
    <Card title={t("rc_title")} id="records">
      <p>{t("rc_text")}</p>
      {records.map((r) => <Record key={r.index} record={r} />)}
    </Card>
  );
}
