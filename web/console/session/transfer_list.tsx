// Transfers with bars and numbers that mean what they say.
import { bytes as size_words, number } from "../../shared/i18n";
import { harmless } from "../../shared/ssh/index";
import { t } from "./messages";
import type { Transfer, Transfers } from "./transfers";

function so_far({ done, of, began }: Transfer): string {
  const seconds = Math.max(0.5, (performance.now() - began) / 1000);
  return t("transfer_so_far", { done: size_words(done), of: size_words(of), percent: number(of ? Math.floor((done / of) * 100) : 0), rate: size_words(Math.round(done / seconds)) });
}
function words_of(one: Transfer): string {
  if (one.state === "waiting") return t("transfer_waits");
  if (one.state === "running") return so_far(one);
  if (one.state === "done") return t("transfer_done", { size: size_words(one.done) });
  if (one.state === "exists") return t("transfer_exists");
  if (one.state === "cancelled") return t("transfer_cancelled", { done: size_words(one.done) });
  return t("transfer_failed", { why: one.why });
}

function Row({ one, transfers }: { one: Transfer; transfers: Transfers }) {
  const name = harmless(one.name, 200);
  const running = one.state === "running" || one.state === "waiting";
  return (
    <li class={`transfer transfer-${one.state}`}>
      <p><strong>{name}</strong> <span class="muted">{t(one.way === "in" ? "transfer_in" : "transfer_out")}</span></p>
      {running && <progress max={one.of || 1} value={one.done} aria-label={name} />}
      <p class={one.state === "failed" ? "bad" : "muted"}>{words_of(one)}</p>
      {one.through && one.through !== "chosen" && <p class="small">{t("transfer_through_browser")}</p>}
      {running && <button type="button" class="button plain" onClick={() => transfers.cancel(one)} aria-label={t("transfer_cancel", { name })}>{t("cancel")}</button>}
      {one.state === "exists" && <div class="actions"><button type="button" class="button quiet" onClick={() => transfers.replace(one)}>{t("transfer_replace")}</button><button type="button" class="button plain" onClick={() => transfers.forget(one)}>{t("cancel")}</button></div>}
    </li>
  );
}

export function TransferList({ transfers }: { transfers: Transfers }) {
  const { list } = transfers.shown.use();
  return (
    <section class="transfers" aria-labelledby="transfers">
      <h2 id="transfers">{t("transfers")}</h2>
      {list.length ? <ul>{list.map((one) => <Row key={one.n} one={one} transfers={transfers} />)}</ul> : <p class="muted">{t("transfers_none")}</p>}
      <p class="small">{t("files_recorded")}</p>
    </section>
  );
}
