// The breach file, to be completed as more becomes known (requirements §4.6). Somebody else's change is not
// overwritten: the file is sent with the version it was read at.
import { useState } from "preact/hooks";
import { part, put } from "../../console/api";
import { useAct } from "../../console/hooks";
import { code_of } from "../../console/messages/errors";
import { Select, TextArea, TextField, Tick } from "../../console/parts/field";
import { Outcome } from "../../console/parts/step_up";
import { Conflict } from "../../console/views/admin_practice";
import { announce } from "../../shared/parts/announce";
import { count_of, count_text, file_of, lines_of, list_of, time_of, wall_of } from "../breach_file";
import type { Breach, BreachFile } from "../contract";
import { word } from "../messages/codes";
import { t, type Key } from "../messages/index";

type Set = (change: Partial<BreachFile>) => void;
interface Part { file: BreachFile; set: Set }

const types = ["CONFIDENTIALITE", "INTEGRITE", "DISPONIBILITE"] as const;
const severities = ["LOW", "MEDIUM", "HIGH", "SEVERE"] as const;
const causes = ["INTERNAL_ACCIDENTAL", "INTERNAL_MALICIOUS", "EXTERNAL_ACCIDENTAL", "EXTERNAL_MALICIOUS"] as const;

type Text = "description" | "likely_consequences" | "advice_to_controller" | "subjects_informed" | "authority_not_notified";
const Words = ({ name, label, help, file, set, rows = 3 }: Part & { name: Text; label: Key; help?: Key; rows?: number }) => <TextArea id={`br-${name}`} label={t(label)} help={help && t(help)} rows={rows} maxLength={4000} value={file[name]} change={(v) => set({ [name]: v })} />;

type List = "data_categories" | "subjects_categories" | "measures_taken" | "measures_planned" | "other_authorities";
// What is typed stays as typed until it is sent: an empty line is where the next one goes.
function Lines({ name, label, file, set }: Part & { name: List; label: Key }) {
  const [text, set_text] = useState(lines_of(file[name]));
  return <TextArea id={`br-${name}`} label={t(label)} help={t("br_one_a_line")} rows={2} maxLength={4000} value={text} change={(v) => (set_text(v), set({ [name]: list_of(v) }))} />;
}
function Moment({ name, label, file, set }: Part & { name: "occurred_from" | "occurred_to"; label: Key }) {
  return <TextField id={`br-${name}`} type="datetime-local" label={t(label)} value={wall_of(file[name])} change={(v) => set({ [name]: time_of(v) })} />;
}
function Count({ name, label, file, set }: Part & { name: "subjects_count_approx" | "records_count_approx"; label: Key }) {
  return <TextField id={`br-${name}`} label={t(label)} inputMode="numeric" pattern="[0-9]{0,9}" maxLength={9} value={count_text(file[name])} change={(v) => set({ [name]: count_of(v) })} />;
}

function Happened(props: Part) {
  const { file, set } = props;
  const known_cause = !file.cause || causes.some((c) => c === file.cause);
  const toggle = (type: (typeof types)[number], on: boolean) => set({ breach_types: on ? [...file.breach_types, type] : file.breach_types.filter((x) => x !== type) });
  return (
    <>
      <Words name="description" label="br_description" rows={4} {...props} />
      <div class="two"><Moment name="occurred_from" label="br_from" {...props} /><Moment name="occurred_to" label="br_to" {...props} /></div>
      <fieldset class="field"><legend class="legend-small">{t("br_types")}</legend><div class="ticks">{types.map((type) => <Tick key={type} id={`br-${type}`} label={word(type)} on={file.breach_types.includes(type)} change={(on) => toggle(type, on)} />)}</div></fieldset>
      <Select id="br-cause" label={t("br_cause")} value={file.cause} choices={[["", t("br_not_known")], ...causes.map((c) => [c, word(c)] as const), ...(known_cause ? [] : [[file.cause, word(file.cause)] as const])]} change={(cause) => set({ cause })} />
    </>
  );
}
function Concerned(props: Part) {
  const { file, set } = props;
  return (
    <>
      <div class="two"><Lines name="data_categories" label="br_categories" {...props} /><Lines name="subjects_categories" label="br_subjects" {...props} /><Count name="subjects_count_approx" label="br_subjects_count" {...props} /><Count name="records_count_approx" label="br_records_count" {...props} /></div>
      <Tick id="br-special" label={t("br_special")} on={file.special_categories} change={(special_categories) => set({ special_categories })} />
      <Tick id="br-unintelligible" label={t("br_unintelligible")} on={file.data_unintelligible} change={(data_unintelligible) => set({ data_unintelligible })} />
    </>
  );
}
function Done(props: Part) {
  const { file, set } = props;
  return (
    <>
      <Words name="likely_consequences" label="br_consequences" {...props} />
      <Select id="br-severity" label={t("br_severity")} value={file.severity} choices={[["", t("br_not_known")], ...severities.map((s) => [s, word(s)] as const)]} change={(s) => set({ severity: s as BreachFile["severity"] })} />
      <div class="two"><Lines name="measures_taken" label="br_taken" {...props} /><Lines name="measures_planned" label="br_planned" {...props} /></div>
      <Words name="advice_to_controller" label="br_advice" {...props} />
      <Words name="subjects_informed" label="br_informed" rows={2} {...props} />
      <Lines name="other_authorities" label="br_authorities" {...props} />
      <Words name="authority_not_notified" label="br_not_notified" help="br_not_notified_help" rows={2} {...props} />
    </>
  );
}

export function BreachForm({ breach, saved, leave }: { breach: Breach; saved: () => void; leave: () => void }) {
  const [file, set_file] = useState(file_of(breach));
  const set: Set = (change) => set_file((old) => ({ ...old, ...change }));
  const act = useAct();
  const address = `/breaches/${part(breach.id)}`;
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (await put(address, file, address), announce(t("saved")), saved()));
  };
  return (
    <form onSubmit={submit} aria-label={t("br_change")}>
      <Happened file={file} set={set} />
      <Concerned file={file} set={set} />
      <Done file={file} set={set} />
      {code_of(act.problem) === "changed_meanwhile" ? <Conflict problem={act.problem} load={saved} /> : <Outcome act={act} />}
      <div class="actions"><button class="button main" disabled={act.busy}>{t("br_save")}</button><button type="button" class="button quiet" onClick={leave}>{t("cancel")}</button></div>
    </form>
  );
}
