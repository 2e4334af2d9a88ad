// The register of processing (Article 30): written by the gateway, read and validated here.
import { useState } from "preact/hooks";
import { date_only, language } from "../../shared/i18n";
import { get_file, part, post } from "../../console/api";
import { Loading, useLoad, usePages, useTitle } from "../../console/hooks";
import { Select } from "../../console/parts/field";
import { may_write } from "../access";
import type { Choices, ProcessingEntry, ProcessingEntryWhole } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, DueDay, ListOf, Tag } from "../parts/small";
import { TextOf } from "../parts/text_of";
import { address, query_of } from "../route";

const validation = (e: Pick<ProcessingEntry, "validated_by" | "validated_at">) => (e.validated_by ? <Tag tone="good">{t("a30_validated", { name: e.validated_by, date: date_only(e.validated_at) })}</Tag> : <Tag tone="call">{t("a30_not_validated")}</Tag>);

export function ProcessingView() {
  const list = usePages<ProcessingEntry>("/processing-entries");
  useTitle(t("rg_processing"));
  const columns = [{ key: "name", head: t("a30_name") }, { key: "kind", head: t("a30_kind") }, { key: "version", head: t("a30_version"), kind: "number" as const }, { key: "updated", head: t("a30_updated") }, { key: "valid", head: t("a30_validation") }, { key: "review", head: t("a30_review") }];
  return (
    <>
      <h1>{t("rg_processing")}</h1>
      <p class="lead">{t("a30_text")}</p>
      <Card title={t("rg_processing")} id="entries">
        <ListOf list={list} none={t("a30_none")}>
          {(items) => <Grid caption={t("rg_processing")} columns={columns} lines={items.map((e) => ({ key: e.id, cells: { name: <a href={address(["registers", "processing", e.id])}>{e.name}</a>, kind: word(e.kind), version: String(e.version), updated: date_only(e.updated_at), valid: validation(e), review: e.next_review_on ? <DueDay due={e.next_review_on} late={e.late} /> : "–" } }))} />}
        </ListOf>
      </Card>
      <PracticeEntry />
    </>
  );
}

// What a practice owes its own register (Article 30(1)): the vendor fills in what it knows, the practice takes it over.
function PracticeEntry() {
  const choices = useLoad<Choices>("/review/choices");
  const [practice, choose] = useState("");
  const text = (lang: string) => get_file(`/practices/${part(practice)}/processing-entry${query_of({ language: lang, format: "html" })}`);
  return (
    <Card title={t("a30_practice")} id="practice-entry">
      <p>{t("a30_practice_text")}</p>
      <Loading of={choices}>
        {choices.value && <div class="above"><Select id="a30-practice" label={t("mc_practice")} value={practice} change={choose} choices={[["", t("a30_practice_choose")], ...choices.value.practices.map((c) => [c.value, c.label || c.value] as const)]} /></div>}
      </Loading>
      {practice && <TextOf name={`registre-${practice}`} about={practice} extension="html" fetch_text={text} />}
    </Card>
  );
}

function Versions({ entry }: { entry: ProcessingEntryWhole }) {
  const columns = [{ key: "version", head: t("a30_version"), sorted: "descending" as const }, { key: "made", head: t("a30_made") }, { key: "valid", head: t("a30_validation") }, { key: "sum", head: t("a30_sum") }];
  return (
    <Card title={t("a30_versions")} id="versions">
      <Grid caption={t("a30_versions")} columns={columns} lines={entry.versions.map((v) => ({ key: String(v.version), cells: {
        version: <a href={address(["registers", "processing", entry.id], { version: v.version })} aria-label={t("a30_see", { version: v.version })}>{v.version}</a>, made: date_only(v.created_at), valid: v.validated_by ?? t("a30_not_validated"), sum: <span class="mono">{v.sha256.slice(0, 16)}…</span>,
      } }))} />
    </Card>
  );
}

function Values({ values }: { values: string[] }) {
  if (!values.length) return <span class="muted">–</span>;
  if (values.length === 1) return <>{values[0]}</>;
  return <ul class="values">{values.map((v, n) => <li key={n}>{v}</li>)}</ul>;
}
const value_of = (f: ProcessingEntryWhole["fields"][number]): string[] => (language() === "en" && f.value_en?.length ? f.value_en : f.value);

export function ProcessingEntryView({ id, version }: { id: string; version: string | null }) {
  const query = query_of({ version });
  const loaded = useLoad<ProcessingEntryWhole>(`/processing-entries/${part(id)}${query}`);
  const entry = loaded.value;
  const newest = entry ? Math.max(entry.version, ...entry.versions.map((v) => v.version)) : 0;
  useTitle(entry?.name ?? t("rg_processing"));
  const text = (lang: string) => get_file(`/processing-entries/${part(id)}/text${query_of({ language: lang, version })}`);
  return (
    <>
      <p class="no-print"><a href={address(["registers", "processing"])}>← {t("a30_all")}</a></p>
      <Loading of={loaded}>
        {entry && (
          <>
            <h1>{entry.name}</h1>
            <p class="muted">{t("a30_entry", { id: entry.id })} · {word(entry.kind)} · {t("rt_version", { version: String(entry.version) })} · {date_only(entry.updated_at)} {validation(entry)}</p>
            {entry.version < newest && <p class="note note-call">{t("a30_older", { version: entry.version })}</p>}
            {!entry.validated_by && entry.version === newest && may_write() && (
              <div class="above"><Deed label={t("a30_validate")} tone="main" what={<p>{t("a30_validate_what", { version: entry.version, name: entry.name })}</p>} yes={t("a30_validate_yes")} send={() => post(`/processing-entries/${part(id)}/validate`, { version: entry.version })} done={loaded.again} /></div>
            )}
            <Card title={entry.name} id="entry">
              <dl class="pairs entry-fields verbatim">{entry.fields.map((f) => <div key={f.name}><dt>{language() === "fr" ? f.label_fr : f.label_en}</dt><dd><Values values={value_of(f)} /></dd></div>)}</dl>
            </Card>
            <Card title={t("a30_save")} id="text"><TextOf name={`registre-${entry.id}-v${entry.version}`} extension="html" fetch_text={text} /></Card>
            <Versions entry={entry} />
          </>
        )}
      </Loading>
    </>
  );
}
