// The consent receipt (ISO/IEC TS 27560): a paper a doctor would file, and the JSON-LD it stands for.
import { save_json } from "../../shared/save";
import { date_time } from "../../shared/i18n";
import { part } from "../api";
import { Loading, useLoad } from "../hooks";
import { t } from "../messages/index";
import { news } from "../news";
import { Value } from "./document";
import { label_of } from "../messages/labels";

const technical = new Set(["@context", "@type", "@id"]);
const empty = (v: unknown): boolean => v === null || v === undefined || v === "" || (Array.isArray(v) && v.length === 0);
const for_programs = new Set(["evidence", "seal"]);  // in the file; a reader needs to know only that they are there
const is_group = (v: unknown): boolean => typeof v === "object" && v !== null;

export function ReceiptView({ id }: { id: string }) {
  const loaded = useLoad<Record<string, unknown>>(`/api/interventions/${part(id)}/receipt`);
  const receipt = loaded.value;
  const names = receipt ? Object.keys(receipt).filter((n) => !technical.has(n) && !for_programs.has(n) && !empty(receipt[n])) : [];
  return (
    <Loading of={loaded}>
      {receipt && (
        <article class="paper receipt" aria-labelledby="receipt">
          <p class="no-print"><a href={`#/interventions/${encodeURIComponent(id)}`}>← {t("back_to_intervention")}</a></p>
          <p class="doc-head">{news.get().state?.practice.name}</p>
          <h1 id="receipt">{t("receipt_title")}</h1>
          <p>{t("receipt_text")}</p>
          <p class="actions no-print">
            <button type="button" class="button main" onClick={() => print()}>{t("print")}</button>
            <button type="button" class="button quiet" onClick={() => save_json(`recu-${id}.jsonld`, receipt, "exact")}>{t("download_json")}</button>
          </p>
          <div class="card">
            <dl class="pairs">
              {names.filter((n) => !is_group(receipt[n])).map((n) => <div key={n}><dt>{label_of(n)}</dt><dd><Value name={n} value={receipt[n]} /></dd></div>)}
            </dl>
            {names.filter((n) => is_group(receipt[n])).map((n) => <section key={n}><h2>{label_of(n)}</h2><Value name={n} value={receipt[n]} /></section>)}
          </div>
          <p class="small">{t("receipt_evidence")}</p>
          <p class="small">{t("receipt_foot", { when: date_time(Date.now()) })}</p>
        </article>
      )}
    </Loading>
  );
}
