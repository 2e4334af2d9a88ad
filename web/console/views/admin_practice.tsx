// Practices as administrators keep them: added, their contract changed, their agent enrolled and revoked.
import { useState } from "preact/hooks";
import { date_time } from "../../shared/i18n";
import { get, post, put } from "../api";
import type { Practice } from "../contract";
import { go, type Loaded, useAct, useTitle } from "../hooks";
import { code_of } from "../messages/errors";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { Confirm } from "../parts/confirm";
import { Select, TextField } from "../parts/field";
import { NoteInput } from "../parts/note_input";
import { Outcome } from "../parts/step_up";

type Contract = Pick<Practice["contract"], "reference" | "valid_from" | "valid_until">;

function ContractFields({ id, contract, set }: { id: string; contract: Contract; set: (change: Partial<Contract>) => void }) {
  return (
    <>
      <TextField id={`${id}-reference`} label={t("ad_contract_reference")} required maxLength={64} value={contract.reference} change={(reference) => set({ reference })} />
      <div class="two">
        <TextField id={`${id}-from`} type="date" label={t("ad_contract_from")} required value={contract.valid_from} change={(valid_from) => set({ valid_from })} />
        <TextField id={`${id}-until`} type="date" label={t("ad_contract_until")} required min={contract.valid_from} value={contract.valid_until} change={(valid_until) => set({ valid_until })} />
      </div>
    </>
  );
}

const contract_of = ({ reference, valid_from, valid_until }: Contract): Contract => ({ reference, valid_from: valid_from.slice(0, 10), valid_until: valid_until.slice(0, 10) });

// Somebody else changed it: what they wrote is loaded on request, and never overwritten unseen.
export function Conflict({ problem, load }: { problem: unknown; load: () => void }) {
  if (code_of(problem) !== "changed_meanwhile") return null;
  return <div class="note note-call" role="alert"><p>{t("ad_conflict")}</p><button type="button" class="button quiet" onClick={load}>{t("ad_conflict_load")}</button></div>;
}

export function ContractForm({ practice, loaded }: { practice: Practice; loaded: Loaded<Practice> }) {
  const [contract, set_contract] = useState(contract_of(practice.contract));
  const [done, set_done] = useState(false);
  const act = useAct();
  const address = `/practices/${encodeURIComponent(practice.id)}`;
  const submit = (event: Event) => {
    event.preventDefault();
    set_done(false);
    void act.run(async () => (await put(`${address}/contract`, contract_of(contract), address), set_done(true), loaded.again()));
  };
  const load = () => void act.run(async () => (set_contract(contract_of((await get<Practice>(address)).contract)), loaded.again()));
  const conflict = code_of(act.problem) === "changed_meanwhile";
  return (
    <details class="unfold">
      <summary>{t("ad_contract_change")}</summary>
      <form onSubmit={submit} aria-label={t("ad_contract_change")}>
        <ContractFields id="contract-field" contract={contract} set={(change) => set_contract({ ...contract, ...change })} />
        <p class="small">{t("recorded")}</p>
        {conflict ? <Conflict problem={act.problem} load={load} /> : <Outcome act={act} />}
        {done && <p class="note note-good" role="status">{t("ad_changed")}</p>}
        <button class="button main" disabled={act.busy}>{t("ad_contract_save")}</button>
      </form>
    </details>
  );
}

export function RevokeAgent({ practice, changed }: { practice: Practice; changed: () => void }) {
  const act = useAct();
  const [count, set_count] = useState<number | null>(null);
  const run = async () => {
    const { certificates } = await post<{ certificates: number }>(`/practices/${encodeURIComponent(practice.id)}/revoke-agent`);
    set_count(certificates);
    changed();
  };
  return (
    <p class="unfold">
      <Confirm tone="stop" label={t("ad_revoke_agent")} question={t("ad_revoke_agent_sure", { name: practice.name })} yes={t("ad_revoke_agent_yes")} act={act} run={run} />
      {count !== null && <span role="status"> {t("ad_revoke_agent_done", { n: count })}</span>}
    </p>
  );
}

const next_year = (): Contract => {
  const today = new Date();
  const day = (years: number) => `${today.getFullYear() + years}${today.toISOString().slice(4, 10)}`;
  return { reference: "", valid_from: day(0), valid_until: day(1) };
};

function AddPractice() {
  const [form, set_form] = useState({ id: "", name: "", hosting: "LOCAL" });
  const [contract, set_contract] = useState(next_year);
  const act = useAct();
  const set = (change: Partial<typeof form>) => set_form({ ...form, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      const made = await post<Practice>("/practices", { id: form.id.trim(), name: form.name.trim(), hosting: form.hosting, contract: contract_of(contract) });
      go("practices", made.id);
    });
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="add-practice">
      <h2 id="add-practice">{t("ad_practice_add")}</h2>
      <TextField id="practice-name" label={t("ad_practice_name")} required maxLength={200} value={form.name} change={(name) => set({ name })} />
      <TextField id="practice-id" label={t("ad_practice_id")} help={t("ad_name_help")} required pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?" value={form.id} change={(id) => set({ id })} />
      <Select id="practice-hosting" label={t("pr_hosting")} value={form.hosting} choices={[["LOCAL", word_of("LOCAL")], ["HDS", word_of("HDS")]]} change={(hosting) => set({ hosting })} />
      <ContractFields id="new-contract" contract={contract} set={(change) => set_contract({ ...contract, ...change })} />
      <p class="small">{t("recorded")}</p>
      <Outcome act={act} />
      <button class="button main" disabled={act.busy}>{t("ad_practice_add")}</button>
    </form>
  );
}

function Enrol() {
  const [note, set_note] = useState("");
  const [taken, set_taken] = useState<{ practice: string; expires_at: string } | null>(null);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (set_taken(await post("/enrolment-codes", { note })), set_note("")));
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="enrol">
      <h2 id="enrol">{t("ad_enrol")}</h2>
      <p>{t("ad_enrol_text")}</p>
      <NoteInput id="permit" label={t("ad_enrol_note")} value={note} change={set_note} />
      <p class="small">{t("recorded")}</p>
      <Outcome act={act} />
      {taken && <p class="note note-good" role="status">{t("ad_enrol_done", { practice: taken.practice, when: date_time(taken.expires_at) })}</p>}
      <button class="button main" disabled={act.busy}>{t("ad_enrol_button")}</button>
    </form>
  );
}

export function AdminPractices() {
  useTitle(t("ad_practices"));
  return (
    <>
      <h1>{t("ad_practices")}</h1>
      <p class="muted">{t("recorded")} <a href="#/">{t("pr_back")}</a></p>
      <div class="columns columns-wide"><AddPractice /><Enrol /></div>
    </>
  );
}
