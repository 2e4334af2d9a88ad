// What the vendor says of itself in every notice: without a DPO's contact the gateway takes no request (A26).
import { useEffect, useState } from "preact/hooks";
import { put } from "../api";
import type { Settings } from "../contract";
import { Loading, type Loaded, useAct, useLoad, useTitle } from "../hooks";
import { code_of } from "../messages/errors";
import { t } from "../messages/index";
import { TextArea, TextField } from "../parts/field";
import { Outcome } from "../parts/step_up";
import { Conflict } from "./admin_practice";

const settings_of = ({ dpo_contact, recipients, notice_version, vendor_address }: Settings): Settings =>
  ({ dpo_contact: dpo_contact.trim(), recipients: recipients.map((r) => r.trim()).filter(Boolean), notice_version: notice_version.trim(), vendor_address: vendor_address.trim() });

function Form({ loaded }: { loaded: Loaded<Settings> }) {
  const [form, set_form] = useState<Settings>(loaded.value!);
  const [written, set_written] = useState(false);
  const [done, set_done] = useState(false);
  const act = useAct();
  useEffect(() => void (!written && loaded.value && set_form(loaded.value)), [loaded.value]);
  const set = (change: Partial<Settings>) => (set_written(true), set_done(false), set_form({ ...form, ...change }));
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (await put("/settings", settings_of(form), "/settings"), set_written(false), set_done(true), loaded.again()));
  };
  const load = () => (act.clear(), set_written(false), set_form(loaded.value!), loaded.again());
  return (
    <form class="card" onSubmit={submit} aria-label={t("ad_settings")}>
      {!loaded.value?.dpo_contact && <p class="note note-bad">{t("dpo_missing")}</p>}
      <TextField id="dpo" label={t("ad_dpo")} help={t("ad_dpo_help")} required maxLength={300} value={form.dpo_contact} change={(dpo_contact) => set({ dpo_contact })} />
      <TextField id="address" label={t("ad_vendor_address")} maxLength={300} value={form.vendor_address} change={(vendor_address) => set({ vendor_address })} />
      <TextArea id="recipients" label={t("ad_recipients")} help={t("ad_recipients_help")} rows={4} value={form.recipients.join("\n")} change={(text) => set({ recipients: text.split("\n") })} />
      <TextField id="notice-version" label={t("ad_notice_version")} maxLength={40} value={form.notice_version} change={(notice_version) => set({ notice_version })} />
      <p class="small">{t("recorded")}</p>
      {code_of(act.problem) === "changed_meanwhile" ? <Conflict problem={act.problem} load={load} /> : <Outcome act={act} />}
      {done && <p class="note note-good" role="status">{t("ad_changed")}</p>}
      <button class="button main" disabled={act.busy}>{t("ad_settings_save")}</button>
    </form>
  );
}

export function AdminSettings() {
  const loaded = useLoad<Settings>("/settings");
  useTitle(t("ad_settings"));
  return <><h1>{t("ad_settings")}</h1><Loading of={loaded}>{loaded.value && <Form loaded={loaded} />}</Loading></>;
}
