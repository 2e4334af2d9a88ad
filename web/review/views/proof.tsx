// The proof, done here by the reader's browser. Nothing is shown as verified before it was; what is wrong is said
// in words, with what it means and what to do.
import { useEffect, useState } from "preact/hooks";
import { date_only, number } from "../../shared/i18n";
import { read_checkpoint, type Checked, type Evidence, type RecordCheck, type Verdict } from "../../shared/verify";
import { get, part } from "../../console/api";
import { useAct, Problem } from "../../console/hooks";
import { announce } from "../../shared/parts/announce";
import type { LogRecord } from "../contract";
import { t, tn, type Key } from "../messages/index";
import { check, type Outcome } from "../proof";
import { Card } from "../parts/small";
import { address } from "../route";

const sign: Record<Verdict, string> = { ok: "✓", wrong: "✗", impossible: "?" };
const tones: Record<Outcome["verdict"], string> = { ok: "good", wrong: "bad", impossible: "call", pending: "call" };

function Step({ verdict, text }: { verdict: Verdict | null; text: string }) {
  return (
    <li class={`step step-${verdict ?? "wait"}`}>
      <span class="step-sign" aria-hidden="true">{verdict ? sign[verdict] : "…"}</span>
      <span>{text} <span class="muted">– {t(`pf_verdict_${verdict ?? "wait"}`)}</span></span>
    </li>
  );
}

type Part = keyof Pick<RecordCheck, "disclosures" | "inclusion" | "shown">;
const every = (checked: Checked, of: Part): Verdict => (checked.records.length && checked.records.every((r) => r[of] === "ok") ? "ok" : "wrong");
const parts: readonly Part[] = ["disclosures", "inclusion", "shown"];

function size_of(note: string): string {
  try {
    return number(read_checkpoint(note).size);
  } catch {
    return "–";
  }
}

function TrustWords({ outcome, evidence }: { outcome: Outcome; evidence: Evidence }) {
  const { trust, since } = outcome.trust;
  return (
    <>
      <p class="small">{t(`pf_trust_${trust}`, { date: date_only(since || null) })}</p>
      <p class="small">{t("pf_the_key")}{t("colon")} <code class="mono">{evidence.log_key}</code></p>
      <p class="small">{evidence.cosigned_by?.length ? t("pf_cosigned", { names: evidence.cosigned_by.join(", ") }) : <>{t("pf_not_cosigned")} <a href={address(["log"])}>{t("lg_title")}</a>.</>}</p>
    </>
  );
}

function Verdicts({ checked, outcome, evidence }: { checked: Checked; outcome: Outcome | null; evidence: Evidence }) {
  const key: Verdict | null = !outcome ? null : outcome.trust.trust === "other_key" || outcome.trust.trust === "split" ? "wrong" : "ok";
  const closed = checked.records.reduce((n, r) => n + r.closed, 0);
  return (
    <>
      {outcome && <div class={`note verdict note-${tones[outcome.verdict]}`}><p><strong>{t(`pf_${outcome.verdict}`)}</strong></p><p>{t(`pf_${outcome.verdict}_means` as Key)}</p></div>}
      <ol class="steps">
        <Step verdict={checked.signature} text={t("pf_signature", { size: size_of(evidence.checkpoint) })} />
        {key === "wrong" || outcome?.trust.trust === "same" ? <Step verdict={key} text={t("pf_key")} /> : null}
        {parts.map((of) => <Step key={of} verdict={outcome ? every(checked, of) : null} text={t(`pf_${of}`)} />)}
      </ol>
      {closed > 0 && <p class="small">{tn("pf_closed", closed)}</p>}
      {outcome && <TrustWords outcome={outcome} evidence={evidence} />}
    </>
  );
}

interface Shown { checked: Checked; outcome: Outcome | null; evidence: Evidence }

export function Proof({ id, records }: { id: string; records: LogRecord[] }) {
  const [shown, set_shown] = useState<Shown | null>(null);
  const act = useAct();
  useEffect(() => set_shown(null), [records]);  // what was verified is what was shown then
  const verify = () => act.run(async () => {
    set_shown(null);
    const evidence = await get<Evidence>(`/review/interventions/${part(id)}/evidence`);
    const outcome = await check(localStorage, evidence, records, (so_far) => set_shown({ checked: { ...so_far, records: [...so_far.records] }, outcome: null, evidence }));
    set_shown({ checked: outcome.checked, outcome, evidence });
    announce(t(`pf_${outcome.verdict}`), outcome.verdict === "wrong" ? "assertive" : "polite");
  });
  return (
    <Card title={t("pf_title")} id="proof">
      <p>{t("pf_text")}</p>
      {!records.length ? <p class="muted">{t("pf_none")}</p> : (
        <>
          <p class="actions no-print"><button type="button" class="button main" disabled={act.busy} onClick={() => void verify()}>{t(shown?.outcome ? "pf_again" : "pf_check")}</button></p>
          {!shown && !act.busy && <p class="muted">{t("pf_not_yet")}</p>}
          {act.busy && <p class="muted">{t("pf_checking")}</p>}
        </>
      )}
      {shown && <Verdicts {...shown} />}
      <Problem problem={act.problem} />
    </Card>
  );
}
