// Destruction certificates: the list, one whole, its text to file.
import { date_only, date_time, number, short_date } from "../../shared/i18n";
import { get_file, part } from "../../console/api";
import { Loading, useLoad, usePages, useTitle } from "../../console/hooks";
import { Pairs } from "../../console/parts/words";
import { useState } from "preact/hooks";
import type { CertificateRow, CertificateWhole } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Grid } from "../parts/grid";
import { TextOf } from "../parts/text_of";
import { Card, ListOf, Tag } from "../parts/small";
import { Members } from "../parts/value";
import { address } from "../route";
import { class_name } from "./retention_words";

const short = (id: string): string => (id.length > 20 ? `${id.slice(0, 8)}…` : id);

const columns = () => [
  { key: "id", head: t("ct_number") }, { key: "issued", head: t("ct_issued"), sorted: "descending" as const }, { key: "reason", head: t("ct_reason") }, { key: "class", head: t("ct_class") },
  { key: "count", head: t("ct_count"), kind: "number" as const }, { key: "period", head: t("ct_period") }, { key: "state", head: t("ct_state") },
];
const period = (c: CertificateRow): string => (c.oldest_at ? `${short_date(c.oldest_at)} – ${short_date(c.newest_at)}` : "–");

const StateOf = ({ of }: { of: CertificateRow }) => <><Tag tone={of.state === "FINAL" ? "good" : "call"}>{word(of.state, "certificate")}</Tag>{of.state === "PARTIAL" && of.backup_expiry_at && <><br /><span class="small">{t("ct_until", { date: date_only(of.backup_expiry_at) })}</span></>}</>;

export function CertificateTable({ items }: { items: CertificateRow[] }) {
  return (
    <Grid caption={t("rt_certificates")} columns={columns()} lines={items.map((c) => ({ key: c.id, cells: {
      id: <a href={address(["retention", "certificates", c.id])} title={c.id}>{short(c.id)}</a>, issued: short_date(c.issued_at), reason: word(c.reason), class: class_name(c.retention_class), count: number(c.record_count), period: period(c), state: <StateOf of={c} />,
    } }))} />
  );
}

export function CertificatesView() {
  const list = usePages<CertificateRow>("/certificates");
  useTitle(t("rt_certificates"));
  return (
    <>
      <h1>{t("rt_certificates")}</h1>
      <p class="lead">{t("ct_text")}</p>
      <Card title={t("rt_certificates")} id="certificates"><ListOf list={list} none={t("ct_none")}>{(items) => <CertificateTable items={items} />}</ListOf></Card>
    </>
  );
}

function ProofText({ proof }: { proof: string }) {
  const [open, set_open] = useState(false);
  return <details onToggle={(e) => set_open(e.currentTarget.open)}><summary>{t("ct_proof")}</summary>{open && <pre class="paper-text" tabIndex={0}>{proof}</pre>}</details>;
}

export function CertificateView({ id }: { id: string }) {
  const loaded = useLoad<CertificateWhole>(`/certificates/${part(id)}`);
  const c = loaded.value;
  useTitle(t("ct_whole", { id: short(id) }));
  return (
    <>
      <p class="no-print"><a href={address(["retention", "certificates"])}>← {t("ct_all")}</a></p>
      <h1>{t("ct_whole", { id: short(id) })}</h1>
      <Loading of={loaded}>
        {c && (
          <>
            <Card title={t("ct_state")} id="certificate">
              <Pairs rows={[[t("ct_number"), <code class="mono">{c.id}</code>], [t("ct_state"), <StateOf of={c} />], [t("ct_issued"), date_time(c.issued_at)], [t("ct_reason"), word(c.reason)], [t("ct_class"), class_name(c.retention_class)], [t("ct_count"), number(c.record_count)], [t("ct_period"), period(c)], [t("ct_practice"), c.practice], [t("ct_operator"), word(c.operator)], [t("hm_log"), t("record_n", { n: c.index })]]} />
            </Card>
            <Card title={t("ct_text_of")} id="text"><TextOf name={`certificat-${c.id}`} fetch_text={(lang) => get_file(`/certificates/${part(id)}/text?language=${lang}`)} /></Card>
            <Card title={t("ct_fields")} id="fields"><Members values={c.fields} /><ProofText proof={c.proof} /></Card>
          </>
        )}
      </Loading>
    </>
  );
}
