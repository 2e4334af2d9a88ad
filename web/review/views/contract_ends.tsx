// The end of a contract: the practice's choice, its data returned, the deletion (requirements A17, A23).
import { useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { get_file, part, post } from "../../console/api";
import { usePages, useTitle } from "../../console/hooks";
import { Radios, TextField } from "../../console/parts/field";
import { Pairs } from "../../console/parts/words";
import { may_write } from "../access";
import type { ContractEnd } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { Deed } from "../parts/deed";
import { Card, Download, DueDay, ListOf, Tag } from "../parts/small";
import { address } from "../route";

const choices = ["RETURN_THEN_DELETE", "DELETE"] as const;

// For a practice that has no case yet, or one whose choice is still awaited.
function Choose({ practice, changed }: { practice: string | null; changed: () => void }) {
  const [of, set_of] = useState(practice ?? "");
  const [choice, set_choice] = useState<string>("");
  const [chosen_by, set_by] = useState("");
  const key = practice ?? "new";
  const send = () => post("/contract-ends", { practice: of.trim(), choice, chosen_by: chosen_by.trim() });
  return (
    <Deed label={t(practice ? "ce_record" : "ce_new")} about={practice ?? undefined} tone="main" what={<p>{t("ce_what")}</p>} yes={t("ce_yes")} ready={Boolean(of.trim() && choice && chosen_by.trim())} send={send} done={changed}>
      {!practice && <TextField id="end-practice" label={t("hd_practice_id")} required maxLength={63} value={of} change={set_of} />}
      <Radios name={`end-choice-${key}`} legend={t("ce_choice")} value={choice} change={set_choice} choices={choices.map((c) => [c, word(c)] as const)} />
      <TextField id={`end-by-${key}`} label={t("ce_chosen_by")} required maxLength={120} value={chosen_by} change={set_by} />
    </Deed>
  );
}

function Confirm({ end, changed }: { end: ContractEnd; changed: () => void }) {
  const [by, set_by] = useState("");
  return (
    <Deed label={t("ce_confirm")} about={end.practice} tone="stop" what={<p>{t("ce_confirm_what")}</p>} yes={t("ce_confirm_yes")} ready={by.trim() !== ""} send={() => post(`/contract-ends/${part(end.practice)}/confirm`, { confirmed_by: by.trim() })} done={changed}>
      <TextField id={`confirm-${end.practice}`} label={t("ce_confirm_by")} required maxLength={120} value={by} change={set_by} />
    </Deed>
  );
}

function One({ end, changed }: { end: ContractEnd; changed: () => void }) {
  const returns = end.choice === "RETURN_THEN_DELETE";
  return (
    <Card title={end.practice} id={`end-${end.practice}`}>
      <p>{t("ce_ended", { contract: end.contract, date: date_only(end.ended_on) })} {!end.deleted_at && <>· {t("ce_due")} <DueDay due={end.due} late={end.late} /></>}</p>
      <Pairs rows={[
        [t("ce_choice"), end.choice ? <>{word(end.choice)}{end.chosen_by && <span class="muted"> · {end.chosen_by}</span>}</> : t("not_yet")],
        returns ? [t("ce_confirmed"), end.confirmed_by ?? t("not_yet")] : null, [t("ce_deleted"), end.deleted_at ? date_only(end.deleted_at) : t("not_yet")],
        [t("ce_keys"), <Tag tone={end.keys_revoked ? "good" : "plain"}>{t(end.keys_revoked ? "ce_revoked" : "ce_not_revoked")}</Tag>],
        end.certificates.length ? [t("rt_certificates"), <>{end.certificates.map((c, n) => <>{n > 0 && ", "}<a key={c} href={address(["retention", "certificates", c])}>{c.slice(0, 8)}</a></>)}</>] : null,
      ]} />
      <div class="actions">
        {returns && !end.deleted_at && <Download label={t("ce_export")} about={end.practice} name={`restitution-${end.practice}.zip`} fetch_file={() => get_file(`/contract-ends/${part(end.practice)}/export`)} />}
        {may_write() && !end.choice && <Choose practice={end.practice} changed={changed} />}
        {may_write() && returns && !end.confirmed_by && <Confirm end={end} changed={changed} />}
      </div>
    </Card>
  );
}

export function ContractEnds() {
  const list = usePages<ContractEnd>("/contract-ends");
  useTitle(t("rt_contracts"));
  return (
    <>
      <h1>{t("rt_contracts")}</h1>
      <p class="lead">{t("ce_text")}</p>
      {may_write() && <div class="above"><Choose practice={null} changed={list.again} /></div>}
      <ListOf list={list} none={t("ce_none")}>{(items) => items.map((e) => <One key={e.practice} end={e} changed={list.again} />)}</ListOf>
    </>
  );
}
