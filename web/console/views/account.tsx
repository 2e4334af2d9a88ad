// My account: password, passkeys, tokens for scripts, and the end of this sign-in.
import { useState } from "preact/hooks";
import { date_only, date_time } from "../../shared/i18n";
import { make_passkey, passkeys_exist } from "../../shared/passkey";
import { part, post, remove } from "../api";
import type { Me, NewToken, Passkey, PasskeyQuestion, Scope, Token } from "../contract";
import { Loading, useAct, usePages, useTitle } from "../hooks";
import { t, type Key } from "../messages/index";
import { CopyLine } from "../parts/copy";
import { Select, TextField, Tick } from "../parts/field";
import { Outcome } from "../parts/step_up";
import { is, sign_out, who } from "../who";
import { toggled } from "./ask_parts";
import { PasswordForm } from "./password";

async function add_passkey(label: string): Promise<void> {
  const { ticket, options } = await post<PasskeyQuestion>("/me/passkeys/start");
  await post("/me/passkeys/finish", { ticket, label, credential: await make_passkey(options) });
}

function Passkeys() {
  const list = usePages<Passkey>("/me/passkeys");
  const [label, set_label] = useState("");
  const act = useAct();
  const add = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (await add_passkey(label.trim()), set_label(""), list.again()));
  };
  return (
    <section class="card" aria-labelledby="passkeys">
      <h2 id="passkeys">{t("ac_passkeys")}</h2>
      <p>{t("ac_passkeys_text")}</p>
      <Loading of={list}>
        {!list.value?.length && <p class="muted">{t("ac_passkeys_none")}</p>}
        <ul class="rows">
          {list.value?.map((k) => (
            <li key={k.id}>
              <div><strong>{k.label}</strong><br /><span class="muted">{t("ac_since", { date: date_only(k.created_at) })}, {k.last_used_at ? t("ac_used", { date: date_only(k.last_used_at) }) : t("ac_never_used")}</span></div>
              <button type="button" class="button quiet" disabled={act.busy} onClick={() => void act.run(async () => (await remove(`/me/passkeys/${part(k.id)}`), list.again()))}>{t("remove")}<span class="unseen"> {k.label}</span></button>
            </li>
          ))}
        </ul>
      </Loading>
      <Outcome act={act} />
      {passkeys_exist() ? (
        <form onSubmit={add}>
          <TextField id="passkey-label" label={t("ac_passkey_label")} value={label} change={set_label} required maxLength={60} />
          <button class="button main" disabled={act.busy}>{t("ac_passkey_add")}</button>
        </form>
      ) : <p class="muted">{t("ac_passkeys_missing")}</p>}
    </section>
  );
}

// What a role may do bounds what its tokens may.
export const scopes_of = (role: Me["role"]): Scope[] => (role === "technician" ? ["read", "ask", "report"] : role === "administrator" ? ["read", "administer"] : ["read"]);
const lives = [7, 30, 90, 365];

function MakeToken({ role, made }: { role: Me["role"]; made: (token: NewToken) => void }) {
  const [label, set_label] = useState("");
  const [scopes, set_scopes] = useState<Scope[]>(["read"]);
  const [days, set_days] = useState(30);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (made(await post<NewToken>("/me/tokens", { label: label.trim(), scopes, days })), set_label("")));
  };
  return (
    <form onSubmit={submit} aria-label={t("ac_token_make")}>
      <TextField id="token-label" label={t("ac_token_label")} value={label} change={set_label} required maxLength={60} />
      <fieldset class="field">
        <legend class="legend-small">{t("ac_token_scopes")}</legend>
        <div class="ticks">{scopes_of(role).map((s) => <Tick key={s} id={`scope-${s}`} label={t(`scope_${s}` as Key)} on={scopes.includes(s)} change={(on) => set_scopes(toggled(scopes, s, on))} />)}</div>
      </fieldset>
      <Select id="token-days" label={t("ac_token_days")} value={String(days)} choices={lives.map((n) => [String(n), String(n)] as const)} change={(n) => set_days(Number(n))} />
      <Outcome act={act} />
      <button class="button main" disabled={act.busy || !scopes.length}>{t("ac_token_make")}</button>
    </form>
  );
}

function Tokens({ role }: { role: Me["role"] }) {
  const list = usePages<Token>("/me/tokens");
  const [made, set_made] = useState<NewToken | null>(null);
  const act = useAct();
  return (
    <section class="card" aria-labelledby="tokens">
      <h2 id="tokens">{t("ac_tokens")}</h2>
      <p>{t("ac_tokens_text")}</p>
      {made && (
        <div class="note note-call" role="status">
          <p><strong>{t("ac_token_once")}</strong></p>
          <CopyLine text={made.secret} label={made.label} />
          <button type="button" class="button quiet" onClick={() => set_made(null)}>{t("ac_token_kept")}</button>
        </div>
      )}
      <Loading of={list}>
        {!list.value?.length && <p class="muted">{t("ac_tokens_none")}</p>}
        <ul class="rows">
          {list.value?.map((k) => (
            <li key={k.id}>
              <div><strong>{k.label}</strong> {k.scopes.map((s) => <span key={s} class="tag">{t(`scope_${s}` as Key)}</span>)}<br /><span class="muted">{t("ac_token_until", { date: date_only(k.expires_at) })}, {k.last_used_at ? t("ac_used", { date: date_only(k.last_used_at) }) : t("ac_never_used")}</span></div>
              <button type="button" class="button quiet" disabled={act.busy} onClick={() => void act.run(async () => (await remove(`/me/tokens/${part(k.id)}`), list.again()))}>{t("ac_token_revoke")}<span class="unseen"> {k.label}</span></button>
            </li>
          ))}
        </ul>
      </Loading>
      <Outcome act={act} />
      <MakeToken role={role} made={(token) => (set_made(token), list.again())} />
    </section>
  );
}

export function AccountView() {
  const { me } = who.use();
  useTitle(t("ac_title"));
  if (!me) return null;
  const role = t(`role_${me.role}`);
  return (
    <>
      <h1>{t("ac_title")}</h1>
      <p class="big-line">{me.name} · {role}</p>
      <p class="muted">{t("ac_signed_in", { when: date_time(me.signed_in_at), until: date_time(me.expires_at) })}, {t("ac_method", { method: t(`ac_method_${me.method}`) })}.</p>
      <div class="columns columns-wide">
        <Passkeys />
        <section class="card" aria-labelledby="password"><h2 id="password">{t("pw_title")}</h2><PasswordForm /></section>
        <Tokens role={me.role} />
        <section class="card" aria-labelledby="end">
          <h2 id="end">{t("ac_end")}</h2>
          {is("technician") && <p>{t("ac_end_text")}</p>}
          <button type="button" class="button quiet" onClick={() => void sign_out().catch(() => {})}>{t("sign_out")}</button>
        </section>
      </div>
    </>
  );
}
