// My data and my rights: what is kept, a copy to keep, asking, and whom to turn to.
import { useState } from "preact/hooks";
import { DataTable } from "../../shared/parts/data_table";
import { save_json } from "../../shared/save";
import { date_only, short_date_time } from "../../shared/i18n";
import { get, post } from "../api";
import { right_types, type Practice, type RightRequest, type RightType } from "../contract";
import { Loading, Problem, useAct, useLoad } from "../hooks";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { Certificates } from "./certificates";

function Export({ practice }: { practice: Practice }) {
  const act = useAct();
  return (
    <section class="card" aria-labelledby="export">
      <h2 id="export">{t("export")}</h2>
      <p>{t("export_text")}</p>
      <Problem problem={act.problem} />
      <button type="button" class="button main" disabled={act.busy} onClick={() => void act.run(async () => save_json(`pontlevis-${practice.id}.json`, await get("/api/me/export")))}>{t("export_button")}</button>
    </section>
  );
}

function Ask({ asked }: { asked: () => void }) {
  const [type, set_type] = useState<RightType | "">("");
  const [text, set_text] = useState("");
  const [due, set_due] = useState<string | null>(null);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      set_due((await post<{ due: string }>("/api/rights", { type, text: text.trim() })).due);
      set_text("");
      set_type("");
      asked();
    });
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="ask">
      <h2 id="ask">{t("ask")}</h2>
      <p>{t("ask_text")}</p>
      <label for="right">{t("right")}</label>
      <select id="right" required value={type} onChange={(e) => set_type(e.currentTarget.value as RightType)}>
        <option value="">{t("choose")}</option>
        {right_types.map((r) => <option key={r} value={r}>{word_of(r)}</option>)}
      </select>
      <label for="right-text">{t("right_text")}</label>
      <textarea id="right-text" rows={3} maxLength={2000} required value={text} onInput={(e) => set_text(e.currentTarget.value)} />
      <Problem problem={act.problem} />
      <button class="button main" disabled={act.busy}>{t("ask_button")}</button>
      {due && <p class="note note-good" role="status">{t("ask_done", { due: date_only(due) })}</p>}
    </form>
  );
}

export function RightsView({ practice }: { practice: Practice }) {
  const loaded = useLoad<{ requests: RightRequest[] }>("/api/rights");
  return (
    <>
      <h1>{t("rights_title")}</h1>
      <p class="big-line">{t("rights_text")}</p>
      <div class="columns">
        <Export practice={practice} />
        <section class="card" aria-labelledby="contacts">
          <h2 id="contacts">{t("contacts")}</h2>
          <dl class="pairs">
            <div><dt>{t("controller")}</dt><dd>{t("controller_you", { name: practice.name })}</dd></div>
            <div><dt>{t("vendor")}</dt><dd>{practice.vendor_name}<br />{practice.vendor_address}</dd></div>
            <div><dt>{t("dpo")}</dt><dd>{practice.dpo_contact}</dd></div>
            <div><dt>{t("rights_contact")}</dt><dd>{practice.rights_contact}</dd></div>
            <div><dt>{t("recipients")}</dt><dd>{practice.recipients}</dd></div>
            <div><dt>{t("transfers")}</dt><dd>{practice.transfers}</dd></div>
            <div><dt>{t("cnil")}</dt><dd>{t("cnil_text")} <a href="https://www.cnil.fr/" rel="noreferrer noopener" target="_blank">www.cnil.fr<span class="unseen"> {t("new_window")}</span></a></dd></div>
          </dl>
        </section>
      </div>
      <section class="card" aria-labelledby="kept">
        <h2 id="kept">{t("kept")}</h2>
        <DataTable caption={t("kept")} hide_caption head={[t("kept_what"), t("kept_how_long")]} rows={[[t("kept_fiche"), t("kept_fiche_time")], [t("kept_ip"), t("kept_ip_time")], [t("kept_recording"), t("kept_recording_time")], [t("kept_password"), t("kept_password_time")]]} />
      </section>
      <Certificates />
      <Ask asked={loaded.again} />
      <section class="card" aria-labelledby="asked">
        <h2 id="asked">{t("asked")}</h2>
        <Loading of={loaded}>
          {loaded.value && (loaded.value.requests.length ? (
            <DataTable caption={t("asked")} hide_caption head={[t("right"), t("asked_at"), t("right_text"), t("due")]} rows={loaded.value.requests.map((r) => [word_of(r.type), short_date_time(r.at), r.text, date_only(r.due)])} />
          ) : <p class="muted">{t("asked_none")}</p>)}
        </Loading>
      </section>
    </>
  );
}
