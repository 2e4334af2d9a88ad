// Before anybody is known: the state of the drawbridge, whether somebody waits, and a name with a password or a passkey.
import { useEffect, useState } from "preact/hooks";
import { Drawbridge } from "../../shared/parts/mark";
import { language_was_chosen, set_language } from "../../shared/i18n";
import { passkeys_exist, use_passkey } from "../../shared/passkey";
import { get, post } from "../api";
import type { Door, Person } from "../contract";
import { Problem, useAct } from "../hooks";
import { t, tn } from "../messages/index";
import { begin, forget, refresh } from "../news";
import { title_of } from "../changes";

interface SignedIn { token: string; person: Person }

export function useDoor(): { door: Door | null; lost: boolean } {
  const [door, set_door] = useState<Door | null>(null);
  const [lost, set_lost] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const seen = await get<Door>("/api/door");
        set_door(seen);
        set_lost(false);
        if (!language_was_chosen()) set_language(seen.language, false);
        document.title = title_of(null, seen.waiting);
      } catch {
        set_lost(true);
      }
      timer = setTimeout(() => void look(), 5000);
    };
    void look();
    return () => clearTimeout(timer);
  }, []);
  return { door, lost };
}

async function with_passkey(login: string): Promise<SignedIn> {
  const { ticket, publicKey } = await post<{ ticket: string; publicKey: unknown }>("/api/passkey/start", { login });
  return post<SignedIn>("/api/passkey/finish", { ticket, credential: await use_passkey(publicKey) });
}

function PasskeyButton({ login, busy, go }: { login: string; busy: boolean; go: (act: () => Promise<unknown>) => void }) {
  if (!passkeys_exist()) return null;
  return (
    <button type="button" class="button quiet wide" disabled={busy} onClick={() => (!login ? document.getElementById("login")?.focus() : go(async () => begin((await with_passkey(login)).token)))}>
      {t("passkey_use")}
    </button>
  );
}

// A form with a password, which is forgotten once it was tried.
function usePasswordForm(send: (password: string) => Promise<unknown>) {
  const [password, set_password] = useState("");
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      try {
        await send(password);
      } finally {
        set_password("");
      }
    });
  };
  return { password, set_password, act, submit };
}

export function SignIn() {
  const { door, lost } = useDoor();
  const [login, set_login] = useState("");
  const { password, set_password, act, submit } = usePasswordForm(async (typed) =>
    begin((await post<SignedIn>("/api/sign-in", { login: login.trim(), password: typed })).token));
  return (
    <div class="sign-in">
      <section class="card welcome" aria-labelledby="welcome">
        {door && <Drawbridge down={door.drawbridge === "DOWN"} title={t(door.drawbridge === "DOWN" ? "door_down" : "door_up")} />}
        <h1 id="welcome">{door ? door.practice.name : "Pontlevis"}</h1>
        {lost && <p class="note note-bad" role="status">{t("agent_away")}</p>}
        {door && door.waiting > 0 && <p class="note note-call" role="status">{tn("door_waiting", door.waiting)}</p>}
        {door && <p class="big-line">{t(door.drawbridge === "DOWN" ? "door_down_long" : "door_up_long")}</p>}
      </section>
      <form class="card" onSubmit={submit} aria-labelledby="sign-in">
        <h2 id="sign-in">{t("sign_in")}</h2>
        <label for="login">{t("login")}</label>
        <input id="login" name="username" autocomplete="username webauthn" autocapitalize="none" spellcheck={false} required value={login} onInput={(e) => set_login(e.currentTarget.value)} />
        <label for="password">{t("password")}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required value={password} onInput={(e) => set_password(e.currentTarget.value)} />
        <Problem problem={act.problem} />
        <button class="button main wide" disabled={act.busy}>{t("sign_in_button")}</button>
        <PasskeyButton login={login.trim()} busy={act.busy} go={(a) => void act.run(a)} />
        <p class="small">{t("sign_in_help")}</p>
      </form>
    </div>
  );
}

// Locked: pause and stop stay within reach (the bar at the foot), everything else waits for its person.
export function Locked({ person }: { person: Person }) {
  const { password, set_password, act, submit } = usePasswordForm(async (typed) => {
    await post("/api/unlock", { password: typed });
    await refresh();
  });
  return (
    <form class="card narrow" onSubmit={submit} aria-labelledby="locked">
      <h1 id="locked">{t("locked_title")}</h1>
      <p>{t("locked_text", { name: person.name })}</p>
      <label for="unlock-password">{t("password")}</label>
      <input id="unlock-password" type="password" autocomplete="current-password" required value={password} onInput={(e) => set_password(e.currentTarget.value)} />
      <Problem problem={act.problem} />
      <button class="button main wide" disabled={act.busy}>{t("unlock")}</button>
      <PasskeyButton login={person.login} busy={act.busy} go={(a) => void act.run(a)} />
      <button type="button" class="button plain" onClick={forget}>{t("sign_in_other")}</button>
    </form>
  );
}
