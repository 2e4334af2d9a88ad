// This browser's key: make it, hand its public half over, see whether the card has it, remove it.
import { useEffect, useState } from "preact/hooks";
import { date_time } from "../../shared/i18n";
import { announce } from "../../shared/parts/announce";
import type { Card } from "../contract";
import { CopyLine } from "../parts/copy";
import { Pairs } from "../parts/words";
import type { KeyPanelProps } from "../views/browser_key";
import { who } from "../who";
import type { BrowserKey } from "./browser_key";
import { t } from "./messages";
import { kept_key, make_key, remove_key } from "./store";

export const is_on_card = (key: BrowserKey, card: Card | null): boolean => card?.keys.some((k) => k.fingerprint === key.fingerprint) ?? false;
const comment_of = (login: string): string => `${login}@pontlevis-console-${new Date().toISOString().slice(0, 10)}`;

function save_request(login: string, key: BrowserKey): void {
  const url = URL.createObjectURL(new Blob([`${key.line}\n`], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: `${login}-console.pub` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Remove({ done }: { done: () => void }) {
  const [asks, set_asks] = useState(false);
  if (!asks) return <button type="button" class="button plain" onClick={() => set_asks(true)}>{t("remove")}</button>;
  return (
    <div class="confirm-here" role="group" aria-label={t("remove")}>
      <p>{t("remove_sure")}</p>
      <div class="actions">
        <button type="button" class="button stop" onClick={done}>{t("remove_yes")}</button>
        <button type="button" class="button quiet" onClick={() => set_asks(false)}>{t("back")}</button>
      </div>
    </div>
  );
}

function Kept({ entry, card, login, removed }: { entry: BrowserKey; card: Card | null; login: string; removed: () => void }) {
  const listed = is_on_card(entry, card);
  return (
    <>
      <Pairs rows={[[t("state"), <span class={listed ? "tag tag-good" : "tag tag-strong"}>{t(listed ? "on_card" : "not_on_card")}</span>], [t("fingerprint"), <span class="mono">{entry.fingerprint}</span>], [t("made_at"), date_time(entry.made_at)]]} />
      <CopyLine text={entry.line} label={t("line")} />
      <div class="actions">
        <button type="button" class={`button ${listed ? "quiet" : "main"}`} onClick={() => save_request(login, entry)}>{t("request")}</button>
        <Remove done={removed} />
      </div>
      <p class="small">{t("request_why")}</p>
    </>
  );
}

export function KeyPanel({ card, login }: KeyPanelProps) {
  const { me } = who.use();
  const name = login || me?.login || "";
  const [key, set_key] = useState<BrowserKey | null | undefined>(undefined);
  const [said, set_said] = useState<{ good: boolean; words: string } | null>(null);
  const tell = (good: boolean, words: string) => (set_said({ good, words }), announce(words, good ? "polite" : "assertive"));
  const try_to = (work: () => Promise<void>) => void work().catch((problem: unknown) => tell(false, t("failed", { why: problem instanceof Error ? problem.name : "" })));
  useEffect(() => try_to(async () => set_key(name ? await kept_key(name).catch((problem) => (set_key(null), Promise.reject(problem))) : null)), [name]);
  const make = () => try_to(async () => (set_key(await make_key(name, comment_of(name))), tell(true, t("made"))));
  const remove = () => try_to(async () => (await remove_key(name), set_key(null), tell(true, t("removed"))));
  if (key === undefined) return <p class="loading" role="status">{t("looking")}</p>;
  return (
    <>
      {said && <p class={`note ${said.good ? "note-good" : "note-bad"}`}>{said.words}</p>}
      <p>{t("what")}</p>
      {key ? <Kept entry={key} card={card} login={name} removed={remove} /> : <><p class="muted">{t("none")}</p><button type="button" class="button main" disabled={!name} onClick={make}>{t("make")}</button></>}
    </>
  );
}
