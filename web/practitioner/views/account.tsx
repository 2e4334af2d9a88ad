// My account: password, passkeys, sound, language, and what I did.
import { useState } from "preact/hooks";
import { DataTable } from "../../shared/parts/data_table";
import { chime, set_sound, sound_is_on } from "../../shared/sound";
import { date_only, language, set_language, short_date_time } from "../../shared/i18n";
import { make_passkey, passkeys_exist } from "../../shared/passkey";
import { part, post } from "../api";
import type { Me } from "../contract";
import { Loading, Problem, useAct, useLoad } from "../hooks";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";

function NewPassword() {
  const [old, set_old] = useState("");
  const [fresh, set_fresh] = useState("");
  const [done, set_done] = useState(false);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    set_done(false);
    void act.run(async () => (await post("/api/me/password", { old, new: fresh }), set_old(""), set_fresh(""), set_done(true)));
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="new-password-title">
      <h2 id="new-password-title">{t("password_change")}</h2>
      <label for="old-password">{t("password_old")}</label>
      <input id="old-password" type="password" required autocomplete="current-password" value={old} onInput={(e) => set_old(e.currentTarget.value)} />
      <label for="new-password">{t("password_new")}</label>
      <input id="new-password" type="password" required minLength={12} autocomplete="new-password" aria-describedby="new-password-help" value={fresh} onInput={(e) => set_fresh(e.currentTarget.value)} />
      <p class="small" id="new-password-help">{t("password_help")}</p>
      <Problem problem={act.problem} />
      {done && <p class="note note-good" role="status">{t("password_done")}</p>}
      <button class="button main" disabled={act.busy}>{t("password_button")}</button>
    </form>
  );
}

async function add_passkey(label: string): Promise<void> {
  const { ticket, publicKey } = await post<{ ticket: string; publicKey: unknown }>("/api/me/passkeys/start");
  await post("/api/me/passkeys/finish", { ticket, label, credential: await make_passkey(publicKey) });
}

function Passkeys({ me, changed }: { me: Me; changed: () => void }) {
  const [label, set_label] = useState("");
  const act = useAct();
  const add = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (await add_passkey(label.trim()), set_label(""), changed()));
  };
  return (
    <section class="card" aria-labelledby="passkeys">
      <h2 id="passkeys">{t("passkeys")}</h2>
      <p>{t("passkeys_text")}</p>
      {me.passkeys.length > 0 && (
        <ul class="members">
          {me.passkeys.map((k) => (
            <li key={k.id}>
              <div><strong>{k.label}</strong><br /><span class="muted">{date_only(k.added_at)}</span></div>
              <button type="button" class="button quiet" disabled={act.busy} onClick={() => void act.run(async () => (await post(`/api/me/passkeys/${part(k.id)}/remove`), changed()))}>{t("remove")}<span class="unseen"> {k.label}</span></button>
            </li>
          ))}
        </ul>
      )}
      <Problem problem={act.problem} />
      {passkeys_exist() ? (
        <form onSubmit={add}>
          <label for="passkey-label">{t("passkey_label")}</label>
          <input id="passkey-label" required maxLength={60} autocomplete="off" value={label} onInput={(e) => set_label(e.currentTarget.value)} />
          <button class="button main" disabled={act.busy}>{t("passkey_add")}</button>
        </form>
      ) : <p class="muted">{t("passkeys_missing")}</p>}
    </section>
  );
}

function Preferences() {
  const [sound, set] = useState(sound_is_on());
  const change = (on: boolean) => (set_sound(on), set(on), on && chime());
  return (
    <section class="card" aria-labelledby="preferences">
      <h2 id="preferences">{t("preferences")}</h2>
      <div class="box"><input type="checkbox" id="sound" checked={sound} onChange={(e) => change(e.currentTarget.checked)} /><div><label for="sound">{t("sound")}</label><p class="small">{t("sound_help")}</p></div></div>
      <label for="language">{t("language")}</label>
      <select id="language" value={language()} onChange={(e) => set_language(e.currentTarget.value === "en" ? "en" : "fr")}>
        <option value="fr" lang="fr">Français</option>
        <option value="en" lang="en">English</option>
      </select>
      <p><a href="#/rehearsal">{t("try_again_rehearsal")}</a></p>
    </section>
  );
}

export function AccountView() {
  const loaded = useLoad<Me>("/api/me");
  const me = loaded.value;
  return (
    <>
      <h1>{t("account")}</h1>
      <Loading of={loaded}>
        {me && (
          <>
            <p class="big-line">{me.person.name} · {word_of(me.person.role)} – {t(`role_${me.person.role}`)}</p>
            <div class="columns"><NewPassword /><Passkeys me={me} changed={loaded.again} /><Preferences /></div>
            <section class="card" aria-labelledby="acts">
              <h2 id="acts">{t("acts")}</h2>
              {me.acts.length ? <DataTable caption={t("acts")} hide_caption head={[t("time"), t("what"), t("detail")]} rows={me.acts.map((a) => [short_date_time(a.at), word_of(a.type), a.intervention ? <a href={`#/interventions/${encodeURIComponent(a.intervention)}`}>{a.text || t("intervention")}</a> : a.text])} /> : <p class="muted">{t("acts_none")}</p>}
            </section>
          </>
        )}
      </Loading>
    </>
  );
}
