// The purpose of this visit: asked for before the first record, shown all the time, changed at will.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { FocusHeading } from "../../console/hooks";
import { Select, TextField } from "../../console/parts/field";
import type { Purpose } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { longest_reference, purposes, state, stated } from "../purpose";

export function PurposeForm({ focus = false, done }: { focus?: boolean; done?: () => void }) {
  const before = stated.get().value;
  const [purpose, set_purpose] = useState<Purpose | "">(before?.purpose ?? "");
  const [reference, set_reference] = useState(before?.reference ?? "");
  const submit = (event: Event) => {
    event.preventDefault();
    if (purpose) state({ purpose, reference: reference.trim() }), done?.();
  };
  return (
    <form class="card call purpose-form" aria-labelledby="purpose-title" onSubmit={submit}>
      {focus ? <FocusHeading id="purpose-title">{t("pu_title")}</FocusHeading> : <h2 id="purpose-title">{t("pu_title")}</h2>}
      <p>{t("pu_text")}</p>
      <div class="two">
        <Select id="purpose" label={t("pu_choice")} required value={purpose} choices={[["", t("choose")], ...purposes.map((p) => [p, word(p, "purpose")] as const)]} change={(p) => set_purpose(p as Purpose)} />
        <TextField id="purpose-reference" label={t("pu_reference")} optional help={t("pu_reference_help")} maxLength={longest_reference} value={reference} change={set_reference} />
      </div>
      <button class="button main" disabled={!purpose}>{t("pu_button")}</button>
    </form>
  );
}

// Nothing before there is one.
export function PurposeLine() {
  const { value } = stated.use();
  const [changes, set_changes] = useState(false);
  if (!value) return null;
  if (changes) return <PurposeForm focus done={() => set_changes(false)} />;
  return (
    <p class="purpose-line no-print">
      <span><span class="muted">{t("pu_now")}</span> <strong>{word(value.purpose, "purpose")}</strong>{value.reference && <> · {value.reference}</>}</span>
      <button type="button" class="button plain" onClick={() => set_changes(true)}>{t("pu_change")}<span class="unseen"> {t("pu_change_of")}</span></button>
    </p>
  );
}

// What shows records stands inside.
export function WithPurpose({ title, children }: { title: string; children: ComponentChildren }) {
  const { value } = stated.use();
  if (value) return <>{children}</>;
  return <><h1>{title}</h1><PurposeForm /></>;
}
