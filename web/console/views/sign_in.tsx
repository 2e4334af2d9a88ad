// Signing in: one form with name, password and code; a passkey; the provider of the house. The same form stands
// in a banner above the view when a session ended while somebody was at work.
import { useState } from "preact/hooks";
import { Drawbridge } from "../../shared/parts/mark";
import { passkeys_exist, use_passkey } from "../../shared/passkey";
import { oidc_address, post } from "../api";
import type { PasskeyQuestion, SignedIn } from "../contract";
import { Problem, useAct, useTitle } from "../hooks";
import { t } from "../messages/index";
import { TextField } from "../parts/field";
import { CodeField, digits, PasswordField } from "../parts/secret_field";
import { leave_for_provider, signed_in, sign_out, who } from "../who";

async function by_passkey(login: string): Promise<SignedIn> {
  const { ticket, options } = await post<PasskeyQuestion>("/sign-in/passkey/start", { login });
  return post<SignedIn>("/sign-in/passkey/finish", { ticket, credential: await use_passkey(options) });
}

function Other({ login, busy, run }: { login: string; busy: boolean; run: (act: () => Promise<unknown>) => void }) {
  const { door } = who.use();
  const [asked, set_asked] = useState(false);
  const start = () => (login ? run(async () => signed_in(await by_passkey(login))) : (set_asked(true), document.getElementById("login")?.focus()));
  if (!passkeys_exist() && !door?.oidc) return null;
  return (
    <div class="other-ways">
      <p class="or"><span>{t("si_or")}</span></p>
      {passkeys_exist() && <button type="button" class="button quiet wide" disabled={busy} onClick={start}>{t("si_passkey")}</button>}
      {asked && !login && <p class="fault" role="status">{t("si_passkey_login")}</p>}
      {door?.oidc && <a class="button quiet wide" href={oidc_address} onClick={leave_for_provider}>{t("si_oidc", { name: door.oidc.name })}</a>}
    </div>
  );
}

// `again`: whose session ended; the name is known then.
function Form({ again }: { again: string | null }) {
  const [login, set_login] = useState("");
  const [password, set_password] = useState("");
  const [code, set_code] = useState("");
  const act = useAct();
  const name = again ?? login.trim();
  const submit = (event: Event) => {
    event.preventDefault();
    const body = { login: name, password, code: digits(code) };
    void act.run(async () => {
      try {
        signed_in(await post<SignedIn>("/sign-in", body));
      } finally {
        set_code("");
      }
    }).then((done) => done && set_password(""));
  };
  return (
    <form class={again ? "in-place" : undefined} onSubmit={submit} aria-label={t("si_title")}>
      {!again && <TextField id="login" label={t("si_login")} value={login} change={set_login} required maxLength={63} autocomplete="username webauthn" />}
      <PasswordField id="password" label={t("si_password")} value={password} change={set_password} />
      <CodeField id="code" value={code} change={set_code} />
      <Problem problem={act.problem} />
      <button class="button main wide" disabled={act.busy}>{t("si_button")}</button>
      <Other login={name} busy={act.busy} run={(a) => void act.run(a)} />
    </form>
  );
}

export function SignIn() {
  const { door, problem } = who.use();
  useTitle(t("si_title"));
  return (
    <div class="sign-in">
      <section class="card welcome" aria-labelledby="welcome">
        <Drawbridge down={false} title="Pontlevis" />
        <h1 id="welcome">{t("si_welcome")}</h1>
        {door && <p class="big-line">{door.vendor}</p>}
        <p class="muted">{t("si_promise")}</p>
      </section>
      <section class="card" aria-labelledby="sign-in">
        <h2 id="sign-in">{t("si_title")}</h2>
        <Problem problem={problem} />
        <Form again={null} />
      </section>
    </div>
  );
}

// In place: the view below stays as it is.
export function SignInAgain() {
  const { me } = who.use();
  if (!me) return null;
  return (
    <section class="card call again" aria-labelledby="again">
      <div role="status"><h2 id="again">{t("si_again")}</h2><p>{t("si_again_text", { name: me.name })}</p></div>
      <Form again={me.login} />
      <button type="button" class="button plain" onClick={() => void sign_out().catch(() => {})}>{t("si_other")}</button>
    </section>
  );
}
