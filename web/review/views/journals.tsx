// Both sides' journals compared, differences named one by one.
import type { Difference, Reviewed } from "../contract";
import { word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { field_name, type_name } from "../messages/records";
import { Grid } from "../parts/grid";
import { Card } from "../parts/small";
import { Value } from "../parts/value";

const columns = () => [{ key: "what", head: t("jr_what") }, { key: "fact", head: t("jr_fact") }, { key: "field", head: t("jr_field") }, { key: "practice", head: t("jr_practice") }, { key: "gateway", head: t("jr_gateway") }, { key: "record", head: t("jr_record") }];

const cells_of = (d: Difference) => ({
  what: word(d.what, "difference"), fact: type_name(d.fact), field: d.field ? field_name(d.field) : "–",
  practice: <Value name={d.field} value={d.practice} />, gateway: <Value name={d.field} value={d.gateway} />, record: d.index === null ? "–" : String(d.index),
});

export function Journals({ journals }: { journals: Reviewed["journals"] }) {
  return (
    <Card title={t("jr_title")} id="journals">
      <p>{t("jr_text")}</p>
      {journals.agree
        ? <p class="note note-good"><strong>{tn("jr_agree", journals.facts)}</strong></p>
        : <p class="note note-bad"><strong>{t("jr_differ")}</strong> {journals.missing.length > 0 && t("jr_missing", { list: journals.missing.join(", ") })}</p>}
      {journals.differences.length > 0 && <Grid caption={t("jr_title")} columns={columns()} lines={journals.differences.map((d, n) => ({ key: String(n), tone: "bad", cells: cells_of(d) }))} />}
    </Card>
  );
}
