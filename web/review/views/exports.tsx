// Exports: asked for here, made by the gateway, fetched with their digest checked against the log's.
import { useState } from "preact/hooks";
import { bytes, date_only, number, short_date_time } from "../../shared/i18n";
import { save_blob } from "../../shared/save";
import { sha256, to_hex } from "../../shared/verify";
import { get_file, part, post } from "../../console/api";
import { Problem, useAct, useLoad, usePages, useTitle } from "../../console/hooks";
import { Radios, Select } from "../../console/parts/field";
import { Outcome } from "../../console/parts/step_up";
import { announce } from "../../shared/parts/announce";
import type { Export, ExportFormat, Filter, Found } from "../contract";
import { is_empty, read_filter, text_of } from "../filter";
import { word } from "../messages/codes";
import { t, tn } from "../messages/index";
import { Grid } from "../parts/grid";
import { Card, ListOf, Tag, type Tone } from "../parts/small";
import { stated } from "../purpose";
import { address, type Route } from "../route";
import { language } from "../../shared/i18n";
import { filter_words } from "./filters";
import { WithPurpose } from "./purpose";

const formats: readonly ExportFormat[] = ["CSV", "JSON", "PDF", "PROOF_PACK"];

interface Wanted { filter: Filter; intervention: string | null }

function NewExport({ wanted, format: first, made }: { wanted: Wanted; format: ExportFormat; made: () => void }) {
  const [format, set_format] = useState<ExportFormat>(first);
  const [lang, set_lang] = useState<"fr" | "en">(language());
  const [done, set_done] = useState(false);
  const { value: purpose } = stated.use();
  const query = text_of(wanted.filter);
  const found = useLoad<Found>(!wanted.intervention && purpose ? `/review/interventions?${query}${query && "&"}limit=1` : null);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    set_done(false);
    void act.run(async () => {
      await post<Export>("/review/exports", { format, filter: wanted.filter, intervention: wanted.intervention, language: lang });
      set_done(true);
      announce(t("ex_made"));
      made();
    });
  };
  const what = wanted.intervention ? t("ex_one", { id: wanted.intervention.slice(0, 8) }) : is_empty(wanted.filter) ? t("ex_all") : filter_words(wanted.filter);
  return (
    <form class="card" aria-labelledby="new-export" onSubmit={submit}>
      <h2 id="new-export">{t("ex_new")}</h2>
      <p><span class="muted">{t("ex_what")}{t("colon")}</span> <strong>{what}</strong></p>
      <Radios name="format" legend={t("ex_format")} value={format} change={(f) => set_format(f as ExportFormat)} choices={formats.map((f) => [f, word(f)] as const)} help={t(`ex_format_${format}`)} />
      <Select id="export-language" label={t("ex_language")} value={lang} choices={[["fr", t("ex_fr")], ["en", t("ex_en")]]} change={(l) => set_lang(l as "fr" | "en")} />
      <p class="deed-what">{wanted.intervention ? t("ex_will_one") : t("ex_will", { count: found.value ? tn("mc_total", found.value.total, { n: number(found.value.total) }) : "…" })}</p>
      <Outcome act={act} />
      {done && <p class="note note-good">{t("ex_made")}</p>}
      <button class="button main" disabled={act.busy}>{t("ex_send")}</button>
    </form>
  );
}

const tones: Record<Export["state"], Tone> = { MAKING: "call", READY: "good", FAILED: "bad", EXPIRED: "plain" };
const most_to_check = 512 * 1024 * 1024;

// Not given to the reader unless it is the file that the log names.
async function fetch_checked(one: Export): Promise<boolean> {
  const blob = await get_file(`/review/exports/${part(one.id)}/file`);
  if (blob.size > most_to_check) return save_blob(one.file, blob), true;
  const good = to_hex(await sha256(new Uint8Array(await blob.arrayBuffer()))) === one.sha256;
  if (good) save_blob(one.file, blob);
  return good;
}

function Get({ one }: { one: Export }) {
  const act = useAct();
  const [good, set_good] = useState<boolean | null>(null);
  if (one.state !== "READY") return null;
  const fetch_it = () => void act.run(async () => {
    set_good(null);
    const right = await fetch_checked(one);
    set_good(right);
    announce(t(right ? "ex_sum_good" : "ex_sum_bad"), right ? "polite" : "assertive");
  });
  return (
    <>
      <button type="button" class="button quiet" disabled={act.busy} onClick={fetch_it}>{t("ex_get")}<span class="unseen"> {one.file}</span></button>
      {good !== null && <p class={`small ${good ? "is-good" : "is-bad"}`}>{t(good ? "ex_sum_good" : "ex_sum_bad")}</p>}
      <Problem problem={act.problem} />
    </>
  );
}

const columns = () => [
  { key: "at", head: t("ex_made_at"), sorted: "descending" as const }, { key: "format", head: t("ex_format") }, { key: "count", head: t("ex_count"), kind: "number" as const }, { key: "size", head: t("ex_size"), kind: "number" as const },
  { key: "state", head: t("ex_state") }, { key: "expires", head: t("ex_expires") }, { key: "get", head: t("acts"), kind: "act" as const },
];
const cells_of = (one: Export) => ({
  at: short_date_time(one.made_at), format: <>{word(one.format)}{one.sha256 && <details class="sum"><summary>{t("ex_sum")}</summary><code class="mono">{one.sha256}</code></details>}</>, count: number(one.count), size: one.bytes ? bytes(one.bytes) : "–",
  state: <><Tag tone={tones[one.state]}>{word(one.state, "export")}</Tag>{one.why && <><br /><span class="small">{one.why}</span></>}</>, expires: date_only(one.expires_on), get: <Get one={one} />,
});

export function ExportsView({ route }: { route: Route }) {
  const list = usePages<Export>("/review/exports");
  useTitle(t("ex_title"));
  const asked = route.query.get("new");
  const wanted: Wanted = { filter: read_filter(route.query), intervention: route.query.get("intervention") };
  return (
    <WithPurpose title={t("ex_title")}>
      <h1>{t("ex_title")}</h1>
      <p class="lead">{t("ex_text")}</p>
      {asked !== null && <NewExport wanted={wanted} format={formats.find((f) => f === asked) ?? "CSV"} made={list.again} />}
      <Card title={t("ex_title")} id="exports" actions={<span class="actions">{asked === null && <a class="button quiet" href={address(["exports"], { new: "CSV" })}>{t("ex_new")}</a>}<button type="button" class="button quiet" onClick={list.again}>{t("ex_again")}</button></span>}>
        <ListOf list={list} none={t("ex_none")}>{(items) => <Grid caption={t("ex_title")} columns={columns()} lines={items.map((one) => ({ key: one.id, cells: cells_of(one) }))} />}</ListOf>
      </Card>
    </WithPurpose>
  );
}
