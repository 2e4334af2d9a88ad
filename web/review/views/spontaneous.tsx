// Health data that came without being asked for: set aside, then destroyed with a certificate (requirements B33).
import { date_only } from "../../shared/i18n";
import { part, post } from "../../console/api";
import { usePages, useTitle } from "../../console/hooks";
import { may_write } from "../access";
import type { SpontaneousData } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { field_name } from "../messages/records";
import { Deed } from "../parts/deed";
import { Card, ListOf, Tag } from "../parts/small";
import { address } from "../route";

function One({ one, changed }: { one: SpontaneousData; changed: () => void }) {
  const where = t("sd_where", { record: one.record, field: field_name(one.field) });
  return (
    <li class="entry">
      <p class="entry-head"><strong>{where}</strong> <Tag tone={one.state === "DESTROYED" ? "good" : "call"}>{word(one.state, "spontaneous")}</Tag></p>
      <p class="small">{t("sd_found", { who: word(one.found_by), date: date_only(one.at) })}{one.rule && ` · ${word(one.rule, "rule")}`}</p>
      <p>{one.intervention && <a href={address(["interventions", one.intervention])}>{t("hd_of_intervention", { id: one.intervention.slice(0, 8) })}</a>} {one.certificate && <a href={address(["retention", "certificates", one.certificate])}>{t("rc_certificate")}</a>}</p>
      {one.state === "QUARANTINED" && may_write() && <Deed label={t("sd_destroy")} about={where} tone="stop" what={<p>{t("sd_destroy_what")}</p>} yes={t("sd_destroy_yes")} send={() => post(`/spontaneous-data/${part(one.id)}/destroy`)} done={changed} />}
    </li>
  );
}

export function Spontaneous() {
  const list = usePages<SpontaneousData>("/spontaneous-data");
  useTitle(t("rt_spontaneous"));
  return (
    <>
      <h1>{t("rt_spontaneous")}</h1>
      <p class="lead">{t("sd_text")}</p>
      <Card title={t("rt_spontaneous")} id="cases"><ListOf list={list} none={t("sd_none")}>{(items) => <ul class="entries">{items.map((one) => <One key={one.id} one={one} changed={list.again} />)}</ul>}</ListOf></Card>
    </>
  );
}
