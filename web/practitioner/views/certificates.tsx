// What the practice's memory has forgotten on its day, and the certificate of it: of one intervention, and all.
import { useState } from "preact/hooks";
import { DataTable } from "../../shared/parts/data_table";
import { date_time, language, short_date_time } from "../../shared/i18n";
import { save_json } from "../../shared/save";
import { get, part } from "../api";
import type { Certificate, CertificateList, Intervention } from "../contract";
import { Loading, Problem, useAct, useLoad } from "../hooks";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { label_of } from "../messages/labels";

function Open({ id }: { id: string }) {
  const [shown, set_shown] = useState<Certificate | null>(null);
  const act = useAct();
  const open = () => act.run(async () => set_shown(await get<Certificate>(`/api/certificates/${part(id)}?language=${language()}`)));
  return (
    <>
      <Problem problem={act.problem} />
      {shown ? (
        <>
          <pre class="certificate" tabIndex={0} aria-label={t("certificate")}>{shown.text}</pre>
          <button type="button" class="button quiet no-print" onClick={() => save_json(`certificat-${id}.json`, shown)}>{t("certificate_save")}</button>
        </>
      ) : <button type="button" class="button quiet no-print" disabled={act.busy} onClick={() => void open()}>{t("certificate_open")}</button>}
    </>
  );
}

export function Destroyed({ intervention }: { intervention: Intervention }) {
  const { destroyed } = intervention;
  if (destroyed.length === 0) return null;
  return (
    <section class="card" aria-labelledby="destroyed">
      <h2 id="destroyed">{t("destroyed")}</h2>
      <p>{t("destroyed_text")}</p>
      <DataTable caption={t("destroyed")} hide_caption head={[t("destroyed_record"), t("destroyed_fields"), t("destroyed_on"), t("certificate")]}
        rows={destroyed.map((d) => [`${t("record_number")} ${d.index}`, d.fields.map(label_of).join(", "), d.at ? date_time(d.at) : "–", d.certificate ? <Open id={d.certificate} /> : "–"])} />
    </section>
  );
}

export function Certificates() {
  const loaded = useLoad<CertificateList>("/api/certificates");
  return (
    <section class="card" aria-labelledby="certificates">
      <h2 id="certificates">{t("certificates")}</h2>
      <p>{t("certificates_text")}</p>
      <Loading of={loaded}>
        {loaded.value && (loaded.value.certificates.length ? (
          <DataTable caption={t("certificates")} hide_caption head={[t("destroyed_on"), t("certificate_reason"), t("certificate_items"), t("certificate")]}
            rows={loaded.value.certificates.map((c) => [short_date_time(c.at), word_of(c.reason), String(c.items), <Open id={c.id} />])} />
        ) : <p class="muted">{t("certificates_none")}</p>)}
      </Loading>
    </section>
  );
}
