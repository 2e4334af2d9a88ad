// Before a session is joined: whose key it is, in words to compare; the password; what went wrong last time.
import { useEffect, useState } from "preact/hooks";
import { fingerprint_of_line, host_words, p256_of_line } from "../../shared/ssh/public_key";
import type { Card, Intervention, Me } from "../contract";
import { code_of } from "../messages/errors";
import { useLoad, useSecond } from "../hooks";
import type { BrowserKey } from "../keys/browser_key";
import { kept_key } from "../keys/store";
import { SshLines } from "../views/native";
import { CodeField } from "./code_field";
import type { SessionLink } from "./link";
import { t } from "./messages";
import { told } from "./troubles";

interface HostKey { line: string; fingerprint: string; words: string[] }
// Of the keys that the practice's consent names: the one that a browser can check, and the words of all, made here.
function useHostKey(intervention: Intervention): HostKey | "none" | null {
  const [key, set_key] = useState<HostKey | "none" | null>(null);
  const lines = intervention.host_keys.map((k) => k.line).join("\n");
  useEffect(() => {
    void (async () => {
      const all = lines.split("\n");
      const line = all.find((one) => p256_of_line(one));
      const prints = (await Promise.all(all.map(fingerprint_of_line))).filter((p) => p !== null);
      set_key(line ? { line, fingerprint: (await fingerprint_of_line(line))!, words: await host_words(prints) } : "none");
    })();
  }, [lines]);
  return key;
}

function useKey(login: string): BrowserKey | "none" | null {
  const [key, set_key] = useState<BrowserKey | "none" | null>(null);
  useEffect(() => void kept_key(login).then((found) => set_key(found ?? "none"), () => set_key("none")), [login]);
  return key;
}

function HostWords({ host }: { host: HostKey }) {
  return (
    <div class="host-words">
      <p id="host-words-why">{t("join_words")}</p>
      <p class="words" aria-label={t("join_words_label")}>{host.words.map((word, i) => <span key={i}>{word}</span>)}</p>
      <p class="small">{t("join_words_why")}</p>
      <details class="small"><summary>SHA256</summary><p class="mono">{t("join_fingerprint", { print: host.fingerprint })}</p></details>
    </div>
  );
}

export function Ended({ link }: { link: SessionLink }) {
  const { trouble } = link.state.use();
  if (!trouble) return null;
  const { title, detail, forward, way, bad } = told(trouble);
  return (
    <div class={`note ${way === "warn" ? "note-bad" : bad ? "note-call" : ""}`} role="alert">
      <p><strong>{title}</strong></p>
      {detail && <p>{t("said_by_practice", { words: detail })}</p>}
      <p>{forward}</p>
      {way === "key" && <p><a href="#/card">{t("key_go")}</a></p>}
    </div>
  );
}

function Joining({ link }: { link: SessionLink }) {
  const { step } = link.state.use();
  return (
    <div class="joining">
      <p role="status">{t(step === "password" ? "joining_password" : step === "key" ? "joining_key" : "joining_reaching")}</p>
      <button type="button" class="button quiet" onClick={() => void link.leave()}>{t("cancel")}</button>
    </div>
  );
}

function Rejoin({ link, go }: { link: SessionLink; go: () => void }) {
  useSecond();
  if (Date.now() >= link.state.get().rejoinable_until) return null;
  return <div class="actions"><button type="button" class="button main" onClick={go}>{t("rejoin")}</button><span class="small">{t("rejoin_hint")}</span></div>;
}

// Why this browser cannot join, if it cannot.
function Hindrance({ host, mine, card }: { host: HostKey | "none"; mine: BrowserKey | "none"; card: Card | null | "none" }) {
  if (host === "none") return <p class="note note-call">{t("no_host_key")}</p>;
  const listed = mine !== "none" && card !== null && card !== "none" && card.keys.some((k) => k.fingerprint === mine.fingerprint);
  if (listed || card === null) return null;
  return <p class="note note-call">{t(mine === "none" ? "no_key" : "key_not_on_card")} <a href="#/card">{t("key_go")}</a></p>;
}

export function Gate({ intervention, me, link }: { intervention: Intervention; me: Me; link: SessionLink }) {
  const card = useLoad<Card>("/me/card");
  const host = useHostKey(intervention);
  const key = useKey(me.login);
  const { step, asks } = link.state.use();
  if (!host || !key) return <p class="loading" role="status">…</p>;
  const ready = host !== "none" && key !== "none";
  const join = (code: string | null) => ready && void link.join({ host_key_line: host.line, user: me.login, key }, code);
  const no_card = code_of(card.problem) === "not_found" ? "none" : card.value;
  return (
    <section class="card gate" aria-labelledby="gate">
      <h2 id="gate">{t("join_title")}</h2>
      <Ended link={link} />
      <Hindrance host={host} mine={key} card={no_card} />
      {host !== "none" && <HostWords host={host} />}
      {ready && step === "out" && <><Rejoin link={link} go={() => join(null)} /><CodeField label={t("code_label")} busy={false} wrong={0} done={join} /></>}
      {step !== "out" && asks && <CodeField key="asked" label={t("code_label")} busy={false} wrong={asks.wrong} done={(code) => link.give(code)} />}
      {step !== "out" && !asks && <Joining link={link} />}
      <p class="small">{t("sealed")}</p>
      <details><summary>{t("native")}</summary><SshLines intervention={intervention} /></details>
    </section>
  );
}
