// The first page: what is under way and waits for somebody, then every practice with its systems.
import { useEffect, useState } from "preact/hooks";
import { date_only, short_date_time } from "../../shared/i18n";
import type { Intervention, Practice } from "../contract";
import { link_to, Loading, usePages, useTitle } from "../hooks";
import { drafts_of } from "../ask_drafts";
import { t, tn, type Key } from "../messages/index";
import { tool_list, word_of } from "../messages/codes";
import { LinkTag, StateTag } from "../parts/words";
import { is, who } from "../who";

const todo_words = (codes: string[]): string => codes.map((code) => (["wait", "connect", "report", "name_additional_staff"].includes(code) ? t(`todo_${code}` as Key) : code)).join(", ");

export function LiveList({ items }: { items: Intervention[] }) {
  return (
    <ul class="lines">
      {items.map((i) => (
        <li key={i.id}>
          <a class="line" href={link_to("interventions", i.id)}>
            <strong>{i.system_label}, {i.practice_name}</strong>
            <span class="muted">{i.ticket} · {tool_list(i.tools)}</span>
            <span class="muted">{i.to_do.length ? todo_words(i.to_do) : short_date_time(i.opened_at ?? i.requested_at)}</span>
            <StateTag state={i.state} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Live() {
  const list = usePages<Intervention>("/interventions?mine=true&live=true");
  const drafts = drafts_of(who.use().me?.login ?? "");
  return (
    <section class="card call" aria-labelledby="live">
      <h2 id="live">{t("live_title")}</h2>
      <Loading of={list}>{list.value && (list.value.length ? <LiveList items={list.value} /> : <p class="muted">{t("live_none")}</p>)}</Loading>
      {drafts.map((d) => <p key={d.practice + d.system}><a href={link_to("ask", d.practice, d.system)}>{t("live_draft", { system: d.system_label, practice: d.practice_name })}</a></p>)}
    </section>
  );
}

export function contract_words({ contract }: Practice): string {
  const today = new Date().toISOString().slice(0, 10);
  if (contract.valid) return t("pr_contract_valid", { date: date_only(contract.valid_until) });
  return today < contract.valid_from ? t("pr_contract_early", { date: date_only(contract.valid_from) }) : t("pr_contract_over", { date: date_only(contract.valid_until) });
}

function PracticeCard({ practice }: { practice: Practice }) {
  const can_ask = is("technician") && practice.contract.valid && practice.enrolled_at !== null;
  return (
    <article class="card practice" aria-labelledby={`p-${practice.id}`}>
      <div class="practice-head">
        <div>
          <h2 id={`p-${practice.id}`}><a href={link_to("practices", practice.id)}>{practice.name}</a></h2>
          <p class="muted">{word_of(practice.hosting)}</p>
        </div>
        <p class="tags">
          {practice.enrolled_at ? <LinkTag link={practice.link} /> : <span class="tag tag-strong">{t("pr_not_enrolled_tag")}</span>}
          <span class={`tag ${practice.contract.valid ? "" : "tag-strong"}`}>{t("pr_contract", { reference: practice.contract.reference })}, {contract_words(practice)}</span>
        </p>
      </div>
      <ul class="systems">
        {practice.systems.map((s) => (
          <li key={s.id}>
            <div><strong>{s.label}</strong><br /><span class="muted">{tool_list(s.tools)} · {word_of(s.hosting)}</span></div>
            {can_ask && <a class="button quiet" href={link_to("ask", practice.id, s.id)}>{t("pr_ask")}<span class="unseen"> {t("pr_ask_on", { system: s.label, practice: practice.name })}</span></a>}
          </li>
        ))}
      </ul>
      {practice.enrolled_at && !practice.systems.length && <p class="muted">{t("pr_systems_none")}</p>}
    </article>
  );
}

// What is typed is looked for a moment later, so that each letter is not a request.
function useSettled(text: string): string {
  const [settled, set_settled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => set_settled(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function PracticesView() {
  const [search, set_search] = useState("");
  const asked = useSettled(search.trim());
  const list = usePages<Practice>(`/practices${asked ? `?search=${encodeURIComponent(asked)}` : ""}`);
  useTitle(t("title_home"));
  return (
    <>
      <h1>{t("pr_title")}</h1>
      {is("technician") && <Live />}
      <form class="card search-line" role="search" onSubmit={(e) => e.preventDefault()}>
        <label for="search">{t("pr_search")}</label>
        <input id="search" type="search" autocomplete="off" value={search} onInput={(e) => set_search(e.currentTarget.value)} />
      </form>
      <Loading of={list}>
        <p class="muted" role="status">{list.value && (list.value.length ? tn("pr_found", list.value.length) : t(asked ? "pr_none" : "pr_none_yet"))}</p>
        {list.value?.map((p) => <PracticeCard key={p.id} practice={p} />)}
        {list.more && <button type="button" class="button quiet" onClick={list.more}>{t("more")}</button>}
      </Loading>
    </>
  );
}
