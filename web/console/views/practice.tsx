// One practice: its link, its contract, its systems and tools, the identity of its end of every session.
import { useEffect, useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import type { Practice } from "../contract";
import { link_to, Loading, type Loaded, useLoad, useTitle } from "../hooks";
import { t } from "../messages/index";
import { tool_name, word_of } from "../messages/codes";
import { LinkTag, Pairs } from "../parts/words";
import { is } from "../who";
import { ContractForm, RevokeAgent } from "./admin_practice";
import { contract_words } from "./practices";

function Systems({ practice }: { practice: Practice }) {
  const can_ask = is("technician") && practice.contract.valid && practice.enrolled_at !== null;
  return (
    <section class="card" aria-labelledby="systems">
      <h2 id="systems">{t("pr_systems")}</h2>
      {!practice.systems.length && <p class="muted">{t(practice.enrolled_at ? "pr_systems_none" : "pr_not_enrolled")}</p>}
      <ul class="systems">
        {practice.systems.map((s) => (
          <li key={s.id}>
            <div>
              <strong>{s.label}</strong> <span class="small mono">{s.id}.{practice.id}</span>
              <p class="tags">{s.tools.map((tool) => <span key={tool} class="tag">{tool_name(tool)}</span>)} <span class="small">{word_of(s.hosting)}</span></p>
            </div>
            {can_ask && <a class="button main" href={link_to("ask", practice.id, s.id)}>{t("pr_ask")}<span class="unseen"> {t("pr_ask_on", { system: s.label, practice: practice.name })}</span></a>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Identity({ practice }: { practice: Practice }) {
  const prints = practice.host_keys.map((k) => k.fingerprint);
  const [words, set_words] = useState("");
  useEffect(() => {
    let current = true;
    void import("../../shared/ssh/public_key").then(({ host_words }) => host_words(prints)).then((w) => current && set_words(w.join(" ")));
    return () => void (current = false);
  }, [prints.join()]);
  if (!prints.length) return null;
  return (
    <section class="card" aria-labelledby="keys">
      <h2 id="keys">{t("pr_keys")}</h2>
      <p>{t("pr_keys_text")}</p>
      {words && <p class="host-words"><strong>{words}</strong></p>}
      <ul class="keys">{practice.host_keys.map((k) => <li key={k.fingerprint}><span class="muted">{k.line.split(" ")[0]}</span> <span class="mono">{k.fingerprint}</span></li>)}</ul>
    </section>
  );
}

function Whole({ practice, loaded }: { practice: Practice; loaded: Loaded<Practice> }) {
  return (
    <>
      <div class="row title-row"><h1>{practice.name}</h1>{practice.enrolled_at ? <LinkTag link={practice.link} /> : <span class="tag tag-strong">{t("pr_not_enrolled_tag")}</span>}</div>
      {practice.enrolled_at && practice.link === "DOWN" && <p class="note note-call">{t("pr_link_help")}</p>}
      {!practice.contract.valid && <p class="note note-bad">{t("pr_contract", { reference: practice.contract.reference })}, {contract_words(practice)}. {t("pr_contract_help")}</p>}
      <div class="columns columns-wide">
        <Systems practice={practice} />
        <section class="card" aria-labelledby="contract">
          <h2 id="contract">{t("ad_contract")}</h2>
          <Pairs rows={[
            [t("ad_contract_reference"), practice.contract.reference],
            [t("cd_validity"), contract_words(practice)],
            [t("pr_hosting"), word_of(practice.hosting)],
            [t("pr_agent"), practice.enrolled_at ? t("pr_enrolled", { date: date_only(practice.enrolled_at) }) : t("pr_not_enrolled_tag")],
          ]} />
          {is("administrator") && <ContractForm practice={practice} loaded={loaded} />}
          {is("administrator") && practice.enrolled_at && <RevokeAgent practice={practice} changed={loaded.again} />}
        </section>
      </div>
      <Identity practice={practice} />
    </>
  );
}

export function PracticeView({ id }: { id: string }) {
  const loaded = useLoad<Practice>(`/practices/${encodeURIComponent(id)}`);
  useTitle(loaded.value?.name ?? t("title_home"));
  return (
    <>
      <p class="no-print"><a href="#/">← {t("pr_back")}</a></p>
      <Loading of={loaded}>{loaded.value && <Whole practice={loaded.value} loaded={loaded} />}</Loading>
    </>
  );
}
