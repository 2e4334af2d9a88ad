// The register of breaches: drafts that opened by themselves, files under way, and a new one.
import { useState } from "preact/hooks";
import { date_time } from "../../shared/i18n";
import { post } from "../../console/api";
import { usePages, useTitle } from "../../console/hooks";
import { TextArea } from "../../console/parts/field";
import { may_write } from "../access";
import { empty_file } from "../breach_file";
import type { Breach } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, DueDay, ListOf, Tag, type Tone } from "../parts/small";
import { address, go, type Route } from "../route";
import { Which } from "./rights";

export const breach_tones: Record<Breach["state"], Tone> = { DRAFT: "call", CONFIRMED: "bad", DISMISSED: "plain", CLOSED: "good" };
export const next_clock = (b: Breach) => b.clocks.filter((c) => !c.met_at).sort((x, y) => x.due.localeCompare(y.due))[0];

function New({ made }: { made: (one: Breach) => void }) {
  const [description, set_description] = useState("");
  const send = async () => made(await post<Breach>("/breaches", { ...empty_file, description: description.trim() }));
  return (
    <Deed label={t("br_new")} tone="main" what={<p>{t("br_new_what")}</p>} yes={t("br_new")} ready={description.trim() !== ""} send={send}>
      <TextArea id="breach-description" label={t("br_description")} required maxLength={4000} value={description} change={set_description} />
    </Deed>
  );
}

const columns = () => [{ key: "detected", head: t("br_detected"), sorted: "descending" as const }, { key: "what", head: t("br_description") }, { key: "state", head: t("rr_state") }, { key: "clock", head: t("br_clock") }];
function cells_of(b: Breach) {
  const clock = next_clock(b);
  return {
    detected: <a href={address(["registers", "breaches", b.id])}>{date_time(b.detected_at)}</a>, what: <>{b.description.slice(0, 140)}{b.description.length > 140 && "…"}<br /><span class="small">{b.opened_by ?? t("br_opened_by_itself")}</span></>,
    state: <Tag tone={breach_tones[b.state]}>{word(b.state, "breach")}</Tag>, clock: clock && b.state === "CONFIRMED" ? <><DueDay due={clock.due} late={clock.late} /><br /><span class="small">{word(clock.name)}</span></> : "–",
  };
}

export function BreachesView({ route }: { route: Route }) {
  const all = route.query.get("all") === "true";
  const list = usePages<Breach>(`/breaches${all ? "" : "?open=true"}`);
  useTitle(t("rg_breaches"));
  return (
    <>
      <h1>{t("rg_breaches")}</h1>
      <p class="lead">{t("br_text")}</p>
      {may_write() && <div class="above"><New made={(one) => go(["registers", "breaches", one.id])} /></div>}
      <Card title={t("rg_breaches")} id="breaches">
        <Which here={all} area="breaches" />
        <ListOf list={list} none={t("br_none")}>{(items) => <Grid caption={t("rg_breaches")} columns={columns()} lines={items.map((b) => ({ key: b.id, tone: next_clock(b)?.late ? "bad" as const : undefined, cells: cells_of(b) }))} />}</ListOf>
      </Card>
    </>
  );
}
