// With whom: the pair, additional qualified staff who look on, and those who are only consulted.
import { useState } from "preact/hooks";
import type { Technician } from "../contract";
import { t } from "../messages/index";
import { Select, TextField, Tick } from "../parts/field";
import type { PartProps } from "./ask";
import { fault_text, logins_in, toggled } from "./ask_parts";

const named = (c: Technician): string => `${c.name}, ${c.qualification}, ${c.employer}${c.valid ? "" : ` (${t("ask_card_invalid")})`}`;

function Several({ id, legend, chosen, change, colleagues, taken }: { id: string; legend: string; chosen: string[]; change: (chosen: string[]) => void; colleagues: Technician[]; taken: string[] }) {
  return (
    <details class="field" open={chosen.length > 0} id={id} tabIndex={-1}>
      <summary>{legend}{chosen.length > 0 && <span class="badge">{chosen.length}</span>}</summary>
      <fieldset>
        <legend class="unseen">{legend}</legend>
        {colleagues.map((c) => <Tick key={c.login} id={`${id}-${c.login}`} label={named(c)} on={chosen.includes(c.login)} disabled={!chosen.includes(c.login) && (taken.includes(c.login) || !c.valid)} change={(on) => change(toggled(chosen, c.login, on))} />)}
      </fieldset>
    </details>
  );
}

function Typed({ form, set, faults }: PartProps) {
  const [additional, set_additional] = useState(form.additional.join(", "));
  const [consulted, set_consulted] = useState(form.consulted.join(", "));
  return (
    <>
      <TextField id="ask-pair" label={t("ask_pair")} optional help={t("ask_pair_help")} value={form.pair} fault={fault_text(faults.pair)} change={(pair) => set({ pair: pair.trim() })} />
      <TextField id="ask-additional" label={t("ask_additional")} optional help={t("ask_people_typed")} value={additional} fault={fault_text(faults.additional)} change={(text) => (set_additional(text), set({ additional: logins_in(text) }))} />
      <TextField id="ask-consulted" label={t("ask_consulted")} optional help={t("ask_people_typed")} value={consulted} change={(text) => (set_consulted(text), set({ consulted: logins_in(text) }))} />
    </>
  );
}

export function People({ form, set, faults, colleagues, me }: PartProps & { colleagues: Technician[] | null; me: string }) {
  const others = colleagues?.filter((c) => c.login !== me) ?? [];
  return (
    <section class="card" aria-labelledby="who">
      <h2 id="who">{t("ask_who")}</h2>
      {!colleagues ? <Typed {...{ form, set, faults }} /> : !others.length ? <p class="muted">{t("ask_nobody")}</p> : (
        <>
          <Select id="ask-pair" label={t("ask_pair")} help={t("ask_pair_help")} value={form.pair} fault={fault_text(faults.pair)} change={(pair) => set({ pair })} choices={[["", t("ask_pair_none")], ...others.filter((c) => c.valid || c.login === form.pair).map((c) => [c.login, named(c)] as const)]} />
          <Several id="ask-additional" legend={t("ask_additional")} chosen={form.additional} change={(additional) => set({ additional })} colleagues={others} taken={[form.pair, ...form.consulted]} />
          <Several id="ask-consulted" legend={t("ask_consulted")} chosen={form.consulted} change={(consulted) => set({ consulted })} colleagues={others} taken={[form.pair, ...form.additional]} />
          {faults.additional && <p class="fault">{fault_text(faults.additional)}</p>}
        </>
      )}
    </section>
  );
}
