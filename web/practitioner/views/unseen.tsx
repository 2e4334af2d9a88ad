// What no record can show: an operator who may type can leave something for later. Said after every session, with
// what to ask; no alarm, and no claim that nothing was left.
import type { Intervention } from "../contract";
import { t } from "../messages/index";
import { cleanup_words } from "../messages/codes";

type Fields = Record<string, unknown>;

// A record counts what was left, or names it.
export function count_of(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return typeof value === "number" ? value : null;
}

function Ended({ fiche }: { fiche: Fields }) {
  const [ended, left] = [count_of(fiche["processes_ended"]), count_of(fiche["processes_left"])];
  if (ended === null) return <p>{t("unseen_ended")}</p>;
  return <p>{t("unseen_ended")} {t("unseen_ended_count", { ended, left: left ?? 0 })}</p>;
}

export function Unseen({ intervention, fiche }: { intervention: Intervention; fiche: Fields }) {
  if (!intervention.line.ended_at) return null;
  const cleanup = fiche["residual_cleanup"];
  return (
    <section class="card not-seen" aria-labelledby="unseen">
      <h2 id="unseen">{t("unseen")}</h2>
      <Ended fiche={fiche} />
      <p>{t("unseen_but")}</p>
      <ul>{(["unseen_cron", "unseen_service", "unseen_files"] as const).map((k) => <li key={k}>{t(k)}</li>)}</ul>
      <p><strong>{t("unseen_ask")}</strong> {t("unseen_ask_what")}</p>
      {typeof cleanup === "string" && cleanup && <p class="muted">{t("unseen_report_says", { cleanup: cleanup_words(cleanup) })}</p>}
    </section>
  );
}
