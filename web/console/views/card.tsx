// My card, the keys on it, this browser's key, and the stock SSH client.
import { date_only } from "../../shared/i18n";
import type { Card } from "../contract";
import { country_name, in_eea } from "../countries";
import { Problem, useLoad, useTitle } from "../hooks";
import { code_of } from "../messages/errors";
import { t } from "../messages/index";
import { Pairs } from "../parts/words";
import { BrowserKey } from "./browser_key";
import { SshLines } from "./native";

export function CardFacts({ card }: { card: Card }) {
  const signed = (c: Card["confidentiality"]) => t("cd_signed", { reference: c.reference, date: date_only(c.date) });
  return (
    <Pairs rows={[
      [t("cd_employer"), card.employer],
      card.subprocessor ? [t("cd_subprocessor"), card.subprocessor] : null,
      [t("cd_qualification"), card.qualification],
      [t("cd_country"), <>{country_name(card.country)} <span class={`tag ${in_eea(card.country) ? "" : "tag-strong"}`}>{t(in_eea(card.country) ? "cd_inside" : "cd_outside")}</span></>],
      [t("cd_confidentiality"), signed(card.confidentiality)],
      [t("cd_action_limit"), signed(card.action_limit)],
      [t("cd_validity"), t("cd_from_until", { from: date_only(card.issued_at), until: date_only(card.expires_at) })],
    ]} />
  );
}

export const CardTag = ({ card }: { card: Card }) => <span class={`tag ${card.valid ? "tag-good" : "tag-strong"}`}>{card.valid ? t("cd_valid") : t("cd_not_valid", { why: card.why })}</span>;

function Keys({ card }: { card: Card }) {
  return (
    <section class="card" aria-labelledby="keys">
      <h2 id="keys">{t("cd_keys")}</h2>
      {card.keys.length ? (
        <ul class="keys">{card.keys.map((k) => <li key={k.fingerprint}><span class="muted">{k.line.split(" ")[0]}</span> <span class="mono">{k.fingerprint}</span></li>)}</ul>
      ) : <p class="muted">{t("cd_keys_none")}</p>}
    </section>
  );
}

function Whole({ card }: { card: Card }) {
  return (
    <section class="card staff-card" aria-labelledby="card">
      <p class="doc-head"><span id="card">{t("cd_card")}</span> <CardTag card={card} /></p>
      <p class="staff-name">{card.name}</p>
      <CardFacts card={card} />
    </section>
  );
}

export function CardView() {
  const loaded = useLoad<Card>("/me/card");
  const none = code_of(loaded.problem) === "not_found";
  useTitle(t("cd_title"));
  return (
    <>
      <h1>{t("cd_title")}</h1>
      {none ? <p class="note note-call">{t("cd_none")}</p> : loaded.problem && !loaded.value ? <Problem problem={loaded.problem} again={loaded.again} /> : !loaded.value && <p class="loading" role="status">{t("loading")}</p>}
      <div class="columns columns-wide">
        {loaded.value && <Whole card={loaded.value} />}
        <div>
          {loaded.value && <Keys card={loaded.value} />}
          <BrowserKey card={loaded.value} />
        </div>
      </div>
      <section class="card" aria-labelledby="native">
        <h2 id="native">{t("cd_native")}</h2>
        <SshLines />
      </section>
    </>
  );
}
