// Sub-processors: proposed, notified to practices, objected to or authorised (requirements A19).
import { useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { get, part, post, put } from "../api";
import type { Authorisation, Subprocessor } from "../contract";
import { country_name, in_eea } from "../countries";
import { Loading, useAct, usePages, useTitle } from "../hooks";
import { code_of } from "../messages/errors";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { Select, TextArea, TextField } from "../parts/field";
import { Outcome } from "../parts/step_up";
import { Pairs } from "../parts/words";
import { Conflict } from "./admin_practice";

type Words = Pick<Subprocessor, "name" | "country" | "guarantee" | "task" | "state">;
const states: readonly Authorisation[] = ["PROPOSED", "NOTIFIED", "OBJECTED", "AUTHORISED"];
const words_of = ({ name, country, guarantee, task, state }: Words): Words => ({ name: name.trim(), country: country.trim().toUpperCase(), guarantee: guarantee.trim(), task: task.trim(), state });

function Fields({ id, form, set }: { id: string; form: Words; set: (change: Partial<Words>) => void }) {
  const outside = form.country.length === 2 && !in_eea(form.country.toUpperCase());
  return (
    <>
      <div class="two">
        <TextField id={`${id}-name`} label={t("ad_sub_name")} required maxLength={200} value={form.name} change={(name) => set({ name })} />
        <TextField id={`${id}-country`} label={t("ad_sub_country")} help="FR, DE, BE…" required pattern="[A-Za-z]{2}" maxLength={2} value={form.country} change={(country) => set({ country })} />
        <TextField id={`${id}-task`} label={t("ad_sub_task")} required maxLength={500} value={form.task} change={(task) => set({ task })} />
        <Select id={`${id}-state`} label={t("ad_sub_state")} value={form.state} choices={states.map((s) => [s, word_of(s)] as const)} change={(state) => set({ state: state as Authorisation })} />
      </div>
      <TextArea id={`${id}-guarantee`} label={t("ad_sub_guarantee")} help={t("ad_sub_guarantee_help")} optional={!outside} required={outside} rows={2} maxLength={500} value={form.guarantee} change={(guarantee) => set({ guarantee })} />
    </>
  );
}

function Add({ changed }: { changed: () => void }) {
  const empty: Words = { name: "", country: "FR", guarantee: "", task: "", state: "PROPOSED" };
  const [id, set_id] = useState("");
  const [form, set_form] = useState(empty);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (await post("/subprocessors", { id: id.trim(), ...words_of(form) }), set_form(empty), set_id(""), changed()));
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="add-sub">
      <h2 id="add-sub">{t("ad_sub_add")}</h2>
      <TextField id="sub-id" label={t("ad_sub_id")} help={t("ad_name_help")} required pattern="[a-z0-9]([a-z0-9\-]{0,38}[a-z0-9])?" value={id} change={set_id} />
      <Fields id="new-sub" form={form} set={(change) => set_form({ ...form, ...change })} />
      <Outcome act={act} />
      <button class="button main" disabled={act.busy}>{t("ad_sub_button")}</button>
    </form>
  );
}

function Change({ one, changed }: { one: Subprocessor; changed: () => void }) {
  const address = `/subprocessors/${part(one.id)}`;
  const [form, set_form] = useState<Words | null>(null);
  const act = useAct();
  // Read as it stands now: its ETag is what the change must still find.
  const open = () => void act.run(async () => set_form(words_of(await get<Subprocessor>(address))));
  const submit = (event: Event) => {
    event.preventDefault();
    if (form) void act.run(async () => (await put(address, words_of(form), address), set_form(null), changed()));
  };
  if (!form) return <><Outcome act={act} /><button type="button" class="button quiet" disabled={act.busy} onClick={open}>{t("ad_sub_change")}<span class="unseen"> {one.name}</span></button></>;
  return (
    <form onSubmit={submit} aria-label={`${t("ad_sub_change")} ${one.name}`}>
      <Fields id={`sub-${one.id}`} form={form} set={(change) => set_form({ ...form, ...change })} />
      {code_of(act.problem) === "changed_meanwhile" ? <Conflict problem={act.problem} load={open} /> : <Outcome act={act} />}
      <div class="actions"><button class="button main" disabled={act.busy}>{t("save")}</button><button type="button" class="button quiet" onClick={() => (act.clear(), set_form(null))}>{t("cancel")}</button></div>
    </form>
  );
}

export function AdminSubprocessors() {
  const list = usePages<Subprocessor>("/subprocessors");
  useTitle(t("ad_subprocessors"));
  return (
    <>
      <h1>{t("ad_subprocessors")}</h1>
      <p class="muted">{t("ad_sub_help")} {t("recorded")}</p>
      <Loading of={list}>
        {!list.value?.length && <p class="muted">{t("ad_sub_none")}</p>}
        {list.value?.map((one) => (
          <section class="card" key={one.id} aria-labelledby={`s-${one.id}`}>
            <div class="row title-row"><h2 id={`s-${one.id}`}>{one.name}</h2><span class={`tag ${one.state === "AUTHORISED" ? "tag-good" : "tag-strong"}`}>{word_of(one.state)}, {t("ad_sub_since", { date: date_only(one.since) })}</span></div>
            <Pairs rows={[[t("ad_sub_task"), one.task], [t("ad_sub_country"), <>{country_name(one.country)} <span class={`tag ${in_eea(one.country) ? "" : "tag-strong"}`}>{t(in_eea(one.country) ? "cd_inside" : "cd_outside")}</span></>], [t("ad_sub_guarantee"), one.guarantee]]} />
            <Change one={one} changed={list.again} />
          </section>
        ))}
      </Loading>
      <Add changed={list.again} />
    </>
  );
}
