// The proof, done again in front of the reader by this browser: nothing is taken on trust but the log's key.
import { useState } from "preact/hooks";
import { check_evidence, read_checkpoint, type Checked, type Verdict } from "../../shared/verify";
import { DataTable } from "../../shared/parts/data_table";
import { number } from "../../shared/i18n";
import type { Intervention } from "../contract";
import { t, tn } from "../messages/index";
import { word_of } from "../messages/codes";

const sign = { ok: "✓", wrong: "✗", impossible: "?" };

function Step({ verdict, text, wait }: { verdict: Verdict | null; text: string; wait?: string }) {
  return (
    <li class={`step step-${verdict ?? "wait"}`}>
      <span class="step-sign" aria-hidden="true">{verdict ? sign[verdict] : "…"}</span>
      <span>{text} <span class="muted">{verdict ? t(`verdict_${verdict}`) : (wait ?? t("verdict_wait"))}</span></span>
    </li>
  );
}

const all = (checked: Checked, of: "disclosures" | "inclusion" | "shown"): Verdict => (checked.records.length && checked.records.every((r) => r[of] === "ok") ? "ok" : "wrong");
const pause = () => new Promise<void>((done) => setTimeout(done, matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 60));

function size_of(note: string): string {
  try {
    return number(read_checkpoint(note).size);
  } catch {
    return "–";
  }
}

export function Proof({ intervention }: { intervention: Intervention }) {
  const [checked, set_checked] = useState<Checked | null>(null);
  const [done, set_done] = useState(false);
  const { evidence, records } = intervention;
  const verify = async () => {
    set_done(false);
    set_checked(await check_evidence(evidence, records, async (so_far) => (set_checked({ ...so_far, records: [...so_far.records] }), await pause())));
    set_done(true);
  };
  const closed = checked?.records.reduce((n, r) => n + r.closed, 0) ?? 0;
  return (
    <section class="card" aria-labelledby="proof">
      <h2 id="proof">{t("proof")}</h2>
      <p>{t("proof_text")}</p>
      <button type="button" class="button main no-print" onClick={() => void verify()}>{t(checked ? "proof_again" : "proof_check")}</button>
      {checked && (
        <>
          <ol class="steps">
            <Step verdict={checked.signature} text={t("proof_signature", { size: size_of(evidence.checkpoint) })} />
            <Step verdict={done ? all(checked, "disclosures") : null} text={t("proof_disclosures")} wait={`${checked.records.length}/${evidence.records.length}`} />
            <Step verdict={done ? all(checked, "inclusion") : null} text={t("proof_inclusion")} wait={`${checked.records.length}/${evidence.records.length}`} />
            <Step verdict={done ? all(checked, "shown") : null} text={t("proof_shown")} wait={`${checked.records.length}/${evidence.records.length}`} />
          </ol>
          <div role="status" aria-live="polite">
            {done && <p class={`note note-${checked.verdict === "ok" ? "good" : checked.verdict === "wrong" ? "bad" : "call"}`}><strong>{t(`proof_${checked.verdict}`)}</strong></p>}
          </div>
          {closed > 0 && <p class="small">{tn("proof_closed", closed)}</p>}
          <details>
            <summary>{t("proof_each", { n: checked.records.length })}</summary>
            <DataTable caption={t("proof_records")} hide_caption head={[t("record_number"), t("what"), t("values"), t("place"), t("page")]}
              rows={checked.records.map((r) => [number(r.index), word_of(r.type), ...[r.disclosures, r.inclusion, r.shown].map((v) => `${sign[v]} ${t(`verdict_${v}`)}`)])} />
          </details>
        </>
      )}
      <p class="small">{evidence.cosigned_by?.length ? t("proof_cosigned", { names: evidence.cosigned_by.join(", ") }) : t("proof_not_cosigned")} {t("proof_offline")}</p>
    </section>
  );
}
