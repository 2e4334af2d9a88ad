// Technicians and their cards: imported and revoked by notes that were signed offline.
import { useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { post } from "../api";
import type { Technician } from "../contract";
import { Loading, usePages, useAct, useTitle } from "../hooks";
import { t } from "../messages/index";
import { TextField } from "../parts/field";
import { NoteInput } from "../parts/note_input";
import { type Once, SecretOnce } from "../parts/secret_once";
import { Outcome } from "../parts/step_up";
import { CardFacts, CardTag } from "./card";

type Imported = Technician & { totp_secret?: string; otpauth?: string };

function Import({ changed }: { changed: () => void }) {
  const [card, set_card] = useState("");
  const [trained_on, set_trained_on] = useState("");
  const [done, set_done] = useState<Imported | null>(null);
  const [once, set_once] = useState<Once | null>(null);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    set_done(null);
    void act.run(async () => {
      const made = await post<Imported>("/technicians", { card, trained_on: trained_on || null });
      set_done(made);
      if (made.totp_secret) set_once({ name: made.name, password: null, totp_secret: made.totp_secret, otpauth: made.otpauth ?? null });
      set_card("");
      changed();
    });
  };
  return (
    <div>
      {once && <SecretOnce once={once} hide={() => set_once(null)} />}
      <form class="card" onSubmit={submit} aria-labelledby="import">
        <h2 id="import">{t("ad_card_import")}</h2>
        <p>{t("ad_card_import_text")}</p>
        <NoteInput id="card-note" label={t("ad_card_note")} value={card} change={set_card} />
        <TextField id="trained-on" type="date" label={t("ad_trained_on")} optional value={trained_on} change={set_trained_on} />
        <Outcome act={act} />
        {done && <p class="note note-good" role="status">{t("ad_card_done", { name: done.name, date: date_only(done.expires_at) })}</p>}
        <button class="button main" disabled={act.busy}>{t("ad_card_button")}</button>
      </form>
    </div>
  );
}

function Revoke({ changed }: { changed: () => void }) {
  const [note, set_note] = useState("");
  const [login, set_login] = useState<string | null>(null);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    set_login(null);
    void act.run(async () => (set_login((await post<{ login: string }>("/card-revocations", { note })).login), set_note(""), changed()));
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="revoke">
      <h2 id="revoke">{t("ad_card_revoke")}</h2>
      <p>{t("ad_card_revoke_text")}</p>
      <NoteInput id="revocation" label={t("ad_card_revoke_note")} value={note} change={set_note} />
      <Outcome act={act} />
      {login && <p class="note note-good" role="status">{t("ad_card_revoke_done", { login })}</p>}
      <button class="button stop" disabled={act.busy}>{t("ad_card_revoke_button")}</button>
    </form>
  );
}

function TechnicianCard({ person }: { person: Technician }) {
  return (
    <section class="card staff-card" aria-labelledby={`t-${person.login}`}>
      <p class="tags"><CardTag card={person} />{person.locked && <span class="tag tag-strong">{t("ad_locked")}</span>}{!person.account && <span class="tag">{t("ad_no_account")}</span>}<span class="tag">{person.trained_on ? t("ad_trained", { date: date_only(person.trained_on) }) : t("ad_trained_none")}</span></p>
      <h2 id={`t-${person.login}`} class="staff-name">{person.name} <span class="small mono">{person.login}</span></h2>
      <CardFacts card={person} />
    </section>
  );
}

export function AdminTechnicians() {
  const list = usePages<Technician>("/technicians");
  useTitle(t("ad_technicians"));
  return (
    <>
      <h1>{t("ad_technicians")}</h1>
      <p class="muted">{t("recorded")}</p>
      <Loading of={list}>
        {!list.value?.length && <p class="muted">{t("ad_tech_none")}</p>}
        <div class="columns columns-wide">{list.value?.map((p) => <TechnicianCard key={p.login} person={p} />)}</div>
        {list.more && <button type="button" class="button quiet" onClick={list.more}>{t("more")}</button>}
      </Loading>
      <div class="columns columns-wide"><Import changed={list.again} /><Revoke changed={list.again} /></div>
    </>
  );
}
