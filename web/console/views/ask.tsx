// A request: what, why, how, with whom, when; beside it what the practice will read, as it is written.
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import { clock, OnceKey, post } from "../api";
import { draft_of, drop_draft, keep_draft } from "../ask_drafts";
import { ask_of, faults_of, type Faults, type Form, whole_form } from "../asking";
import type { Card, Technician, Intervention, Practice, System } from "../contract";
import { go, link_to, Loading, useAct, useLoad, usePages, useTitle } from "../hooks";
import { code_of } from "../messages/errors";
import { t, tn, type Key } from "../messages/index";
import { Outcome } from "../parts/step_up";
import { suspicions, type Suspicion } from "../screening";
import { who } from "../who";
import { People } from "./ask_people";
import { Preview } from "./ask_preview";
import { How, Timing, What, Why } from "./ask_parts";

export interface PartProps { form: Form; set: (change: Partial<Form>) => void; faults: Faults }

// What the practice reads is in the language of its vendor's gateway, whatever the technician reads.
const sent_language = () => who.get().door?.language ?? "fr";
const written_text = (form: Form): string => [form.reason, form.tasks_text, form.ticket, form.emergency, form.other_data].join("\n");

function Suspicions({ found, sure, set_sure }: { found: Suspicion[]; sure: boolean; set_sure: (sure: boolean) => void }) {
  if (!found.length) return null;
  return (
    <div class="note note-call" role="status">
      <p><strong>{t("ask_suspect_title")}</strong></p>
      <ul>{found.map((s) => <li key={s}>{t(`ask_suspect_${s}` as Key)}</li>)}</ul>
      {!found.includes("nir") && <div class="tick"><input type="checkbox" id="sure" checked={sure} onChange={(e) => set_sure(e.currentTarget.checked)} /><label for="sure">{t("ask_suspect_sure")}</label></div>}
    </div>
  );
}

function FaultList({ faults }: { faults: Faults }) {
  const rows = Object.entries(faults);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  if (!rows.length) return null;
  return (
    <div class="note note-bad" role="alert" tabIndex={-1} ref={box}>
      <p><strong>{tn("ask_mend", rows.length)}</strong></p>
      <ul>{rows.map(([field, fault]) => <li key={field}><a href={`#${field}`} onClick={(e) => (e.preventDefault(), document.getElementById(`ask-${field}`)?.focus())}>{t(`fault_${fault}` as Key)}</a></li>)}</ul>
    </div>
  );
}

interface Place { practice: Practice; system: System }

function useForm({ practice, system }: Place, login: string) {
  const kept = useRef(draft_of(login, practice.id, system.id));
  const [form, set_form] = useState<Form>(() => whole_form(kept.current?.form ?? null, system.tools));
  const set = (change: Partial<Form>) => set_form((old) => {
    const form = { ...old, ...change };
    keep_draft(login, { practice: practice.id, system: system.id, practice_name: practice.name, system_label: system.label, form });
    return form;
  });
  const restart = () => {
    drop_draft(login, practice.id, system.id);
    kept.current = null;
    set_form(whole_form(null, system.tools));
  };
  return { form, set, restart, was_kept: kept.current !== null };
}

function AskForm({ practice, system, card, colleagues }: Place & { card: Card | null; colleagues: Technician[] | null }) {
  const me = who.use().me!;
  const { form, set, restart, was_kept } = useForm({ practice, system }, me.login);
  const [tried, set_tried] = useState(0);
  const [sure, set_sure] = useState(false);
  const [once] = useState(() => new OnceKey());
  const act = useAct();
  const faults = faults_of(form, me.login, clock.now(), sent_language());
  const found = suspicions(written_text(form));
  const held = found.includes("nir") || (found.length > 0 && !sure);
  const ask = ask_of(form, practice.id, system.id, sent_language());
  const send = async () => {
    try {
      const { id } = await post<Intervention>("/interventions", ask, once.for(ask));
      drop_draft(me.login, practice.id, system.id);
      announce(t("ask_sent"));
      go("interventions", id);
    } catch (problem) {
      if (code_of(problem) !== "step_up") once.answered(problem);
      throw problem;
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    set_tried(tried + 1);
    if (!held && !Object.keys(faults).length) void act.run(send);
  };
  const parts = { form, set, faults: tried ? faults : {} };
  return (
    <form class="ask" onSubmit={submit} noValidate aria-labelledby="ask">
      {was_kept && <p class="note row kept"><span>{t("ask_kept")}</span><button type="button" class="button plain" onClick={restart}>{t("ask_restart")}</button></p>}
      {(!card || !card.valid) && <p class="note note-bad">{t("ask_no_card")} {card && <span class="detail">{card.why}</span>} <a href="#/card">{t("nav_card")}</a></p>}
      <div class="ask-parts">
        <What {...parts} offered={system.tools} />
        <Why {...parts} />
        <How {...parts} />
        <People {...parts} colleagues={colleagues} me={me.login} />
        <Timing {...parts} />
        <section class="card send" aria-label={t("ask_send")}>
          <Suspicions found={found} sure={sure} set_sure={set_sure} />
          {tried > 0 && <FaultList key={tried} faults={faults} />}
          <Outcome act={act} />
          <button class="button main big" disabled={act.busy || (tried > 0 && held)}>{t("ask_send")}</button>
        </section>
      </div>
      <Preview ask={ask} system={system.label} me={me} card={card} colleagues={colleagues} language={sent_language()} />
    </form>
  );
}

export function AskView({ practice_id, system_id }: { practice_id: string; system_id: string }) {
  const practice = useLoad<Practice>(`/practices/${encodeURIComponent(practice_id)}`);
  const card = useLoad<Card>("/me/card");
  const colleagues = usePages<Technician>("/technicians");
  const system = practice.value?.systems.find((s) => s.id === system_id);
  const title = t("ask_title", { system: system ? `${system.label}, ${practice.value!.name}` : system_id });
  useTitle(title);
  const known = card.value !== null || card.problem !== null;
  const people_known = colleagues.value !== null || colleagues.problem !== null;
  return (
    <>
      <p class="no-print"><a href={link_to("practices", practice_id)}>← {practice.value?.name ?? t("pr_back")}</a></p>
      <h1 id="ask">{title}</h1>
      <Loading of={practice}>
        {practice.value && !system && <p class="note note-bad">{t("fault_tools")}</p>}
        {practice.value && system && (known && people_known ? <AskForm practice={practice.value} system={system} card={card.value} colleagues={colleagues.value} /> : <p class="loading" role="status">{t("loading")}</p>)}
      </Loading>
    </>
  );
}
