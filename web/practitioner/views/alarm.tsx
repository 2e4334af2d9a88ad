// The gateway's log was caught: what it did, what that means, what is kept, and how to go on; and, for a month, that it was
// replaced. The vendor is not who is trusted to judge this, so nothing here sends people to the vendor alone.
import { useState } from "preact/hooks";
import { date_time } from "../../shared/i18n";
import { save_json } from "../../shared/save";
import { get, Refusal } from "../api";
import type { State } from "../contract";
import { t } from "../messages/index";

const shown_for = 30 * 24 * 3600 * 1000;

function Evidence({ practice }: { practice: string }) {
  const [failed, set_failed] = useState("");
  const save = async (): Promise<void> => {
    try {
      set_failed("");
      save_json(`pontlevis-${practice}.evidence.json`, await get<object>("/api/evidence"), "exact");
    } catch (e) {
      set_failed(e instanceof Refusal ? e.what : String(e));
    }
  };
  return (
    <p>
      <button type="button" class="button quiet" onClick={() => void save()}>{t("alarm_download")}</button>
      {failed && <span role="alert"> {t("alarm_failed", { what: failed })}</span>}
    </p>
  );
}

export function AlarmNote({ state }: { state: State }) {
  if (!state.door.alarm) return null;
  const kind = state.door.witness.newest_evidence?.kind;
  return (
    <div class="note note-bad" role="status">
      <p><strong>{t("alarm")}</strong>{kind && <> {t(`alarm_${kind}`)}</>}</p>
      <p>{t("alarm_text")}</p>
      {!state.locked && <Evidence practice={state.practice.id} />}
      <p>{t("alarm_next")}</p>
    </div>
  );
}

// Silence proves nothing by itself (docs/decisions/0018), so it is a remark: the practice may ask why.
export function QuietNote({ state }: { state: State }) {
  if (!state.door.witness.quiet) return null;
  return <div class="note" role="status"><p><strong>{t("log_quiet")}</strong> {t("log_quiet_text")}</p></div>;
}

export function LogChangedNote({ state }: { state: State }) {
  const changed = state.door.witness.log_changed;
  if (!changed || Date.parse(state.now) - Date.parse(changed.at) > shown_for) return null;
  return <div class="note" role="status"><p><strong>{t("log_changed", { when: date_time(changed.at) })}</strong> {t(`log_changed_${changed.cause}`)}</p></div>;
}
