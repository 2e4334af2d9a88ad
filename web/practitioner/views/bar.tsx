// Pause, resume and stop, always in sight: a bar that sticks to the foot of the window in every view, on a
// phone and while the page is locked. Stop is one act: no question, no reason.
import { Ring } from "../../shared/parts/ring";
import { seconds_until, warning } from "../../shared/countdown";
import type { Session } from "../contract";
import { Problem, useAct, useSecond } from "../hooks";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";
import { news } from "../news";
import { acts_of } from "../session_acts";

export function useSecondsLeft(id: string): { left: number; total: number } {
  useSecond();
  const deadline = news.get().deadlines[id];
  return deadline ? { left: seconds_until(deadline, performance.now()), total: deadline.total } : { left: 0, total: 1 };
}

export function SessionBar({ session, id, locked, elsewhere }: { session: Session; id: string; locked: boolean; elsewhere: boolean }) {
  const { left, total } = useSecondsLeft(id);
  const stop = useAct();
  const pause = useAct();
  const acts = acts_of(id);
  const paused = session.hold === "PAUSED";
  const who = session.operators?.find((o) => o.login === session.in_charge)?.name;
  const hint = warning(left) === "one" ? "bar_one_minute" : warning(left) === "five" ? "bar_five_minutes" : null;
  return (
    <section class={`bar bar-${session.hold === "NONE" ? "open" : "held"}`} aria-label={t("bar", { name: who ?? "" })}>
      <Problem problem={stop.problem ?? pause.problem} />
      <div class="bar-inside">
        {session.phase === "OPEN" && <Ring small seconds={left} total={total} label={t("time_left")} />}
        <p class="bar-words">
          <strong>{session.hold === "NONE" ? t(session.phase === "OPEN" ? "bar_open" : "bar_opening") : word_of(`HOLD_${session.hold}`)}</strong>
          {(who || hint) && <span>{hint ? t(hint) : `${who} · ${session.system?.label}`}</span>}
          {elsewhere && <a href="#/">{t("bar_back")}</a>}
        </p>
        <div class="bar-buttons">
          {paused && !locked ? (
            <button type="button" class="button pause" disabled={pause.busy} onClick={() => void pause.run(acts.resume)}>{t("resume")}</button>
          ) : (
            <button type="button" class="button pause" disabled={pause.busy || paused} onClick={() => void pause.run(acts.pause)}>{t("pause")}</button>
          )}
          <button type="button" class="button stop" disabled={stop.busy} onClick={() => void stop.run(acts.stop)}>{t("stop")}</button>
        </div>
      </div>
    </section>
  );
}
