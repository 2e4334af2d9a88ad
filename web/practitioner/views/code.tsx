// The one-time password, made to be read out on the phone: large groups, a word for each sign, the words that
// prove it is the same door on both sides, and how long the code lives. It is shown once and kept nowhere.
import { clock, seconds_to } from "../../shared/countdown";
import { groups, spell } from "../../shared/phonetic";
import { useLanguage } from "../../shared/i18n";
import { part, post } from "../api";
import type { Operator, Password, Session } from "../contract";
import { Problem, useAct, useSecond } from "../hooks";
import { t } from "../messages/index";
import { news } from "../news";
import { only_looks } from "./request_parts";

export function BigCode({ password }: { password: Password }) {
  const language = useLanguage();
  const cased = /[a-z]/.test(password.password);
  const parts = groups(password.password);
  return (
    <>
      <p class="code" aria-label={t("code_of", { name: password.name })}>{parts.map((g, i) => <span key={i} class="code-group">{g}</span>)}</p>
      <ol class="spelling" aria-label={t("spelling")}>
        {parts.map((group, i) => (
          <li key={i}>
            <ol>{spell(group, language, cased).map((s, j) => <li key={j}><b>{s.sign}</b> {s.words.startsWith(`${s.sign} `) ? s.words.slice(2) : s.words}</li>)}</ol>
          </li>
        ))}
      </ol>
    </>
  );
}

// A dead code is not shown: nobody should read it out.
function LivingCode({ password }: { password: Password }) {
  useSecond();
  const left = seconds_to(password.unused_after, news.get().offset, Date.now());
  return left > 0
    ? <><BigCode password={password} /><p class="code-life" role="timer" aria-label={t("code_life", { left: clock(left) })}>{t("code_life", { left: clock(left) })}</p></>
    : <p class="note note-bad" role="status">{t("code_dead")}</p>;
}

async function renew(id: string, login: string): Promise<void> {
  const fresh = await post<Password>(`/api/sessions/${part(id)}/code`, { login });
  const known = news.get().passwords[id] ?? { passwords: [], host_words: "" };
  const passwords = [...known.passwords.filter((p) => p.login !== login), fresh];
  news.set({ passwords: { ...news.get().passwords, [id]: { ...known, passwords } } });
}

// Came in, and is no longer there.
export const was_here = (session: Session, login: string): boolean =>
  !session.connected.includes(login) && session.activity.some((a) => a.type === "connection" && a.login === login && (a.what === "JOINED" || a.what === "REJOINED"));

function OperatorCode({ id, operator, connected, left, password, may_renew }: { id: string; operator: Operator; connected: boolean; left: boolean; password: Password | undefined; may_renew: boolean }) {
  const act = useAct();
  return (
    <section class={`card code-card ${connected ? "is-in" : ""}`} aria-label={t("code_for", { name: operator.name })}>
      <h3>{t("code_for", { name: operator.name })}{only_looks(operator) && <> <span class="tag">{t("only_looks")}</span></>}</h3>
      {connected ? (
        <p class="note note-good" role="status">{t("is_connected", { name: operator.name })}</p>
      ) : password ? (
        <LivingCode password={password} />
      ) : (
        <p>{t(left ? "code_used_left" : "code_gone")}</p>
      )}
      <Problem problem={act.problem} />
      {may_renew && <button type="button" class="button quiet" disabled={act.busy} onClick={() => void act.run(() => renew(id, operator.login))}>{t("code_new")}</button>}
    </section>
  );
}

export function Codes({ session, id, may_renew }: { session: Session; id: string; may_renew: boolean }) {
  const known = news.use().passwords[id];
  const operators = session.operators.filter((o) => o.mode === "CONNECTED");
  const connected = id === "rehearsal" ? [] : session.connected;  // the sample code stays, to be looked at
  const waiting = operators.some((o) => !connected.includes(o.login) && !(was_here(session, o.login) && !known?.passwords.some((p) => p.login === o.login)));
  const body = (
    <>
      {waiting && <p>{t("code_how")}</p>}
      {known?.host_words && waiting && <p class="host-words"><span>{t("host_words")}</span> <strong>{known.host_words}</strong></p>}
      <div class="code-cards">
        {operators.map((o) => (
          <OperatorCode key={o.login} id={id} operator={o} may_renew={may_renew} connected={connected.includes(o.login)} left={was_here(session, o.login)}
            password={known?.passwords.find((p) => p.login === o.login)} />
        ))}
      </div>
    </>
  );
  if (!waiting) return <details class="card codes-done"><summary>{t("codes")}</summary>{body}</details>;
  return <section class="codes" aria-labelledby="codes"><h2 id="codes">{t("code_title")}</h2>{body}</section>;
}
