// The tools of the consent, and each one's own pause: held, it moves nothing and runs nothing, while the others go on.
import { bytes } from "../../shared/i18n";
import { part, post } from "../api";
import type { Session } from "../contract";
import { Problem, useAct } from "../hooks";
import { t } from "../messages/index";
import { tool_name, word_of } from "../messages/codes";
import { refresh } from "../news";

// A doctor reads what would stop: every declared service is « l'accès à … ».
function hold_words(tool: string, held: boolean): string {
  const own = tool === "shell" || tool === "files" || tool === "desktop" ? tool : "service";
  return t(`${held ? "resume" : "hold"}_${own}`, { tool: tool_name(tool) });
}

function Tool({ id, tool, held, may_turn }: { id: string; tool: string; held: boolean; may_turn: boolean }) {
  const act = useAct();
  const turn = () => act.run(async () => (await post(`/api/sessions/${part(id)}/tool`, { tool, held: !held }), await refresh()));
  return (
    <li class={held ? "tool is-held" : "tool"}>
      <span class="tool-state"><span class={may_turn ? "unseen" : "tool-name"}>{tool_name(tool)} : </span>{t(held ? "tool_held" : "tool_open")}</span>
      {may_turn && <button type="button" class="button quiet small-button" aria-disabled={act.busy} onClick={() => act.busy || void turn()}>{hold_words(tool, held)}</button>}
      <Problem problem={act.problem} />
    </li>
  );
}

function Rights({ session }: { session: Session }) {
  return (
    <dl class="pairs">
      <dt>{t("rights_now")}</dt><dd>{session.access_types.map(word_of).join(", ")}</dd>
      <dt>{t("recording")}</dt><dd>{t(session.recording ? "yes" : "no")}</dd>
      <dt>{t("watching")}</dt><dd>{word_of(session.watch)}</dd>
      <dt>{t("moved")}</dt><dd>{t("moved_in_out", { in: bytes(session.bytes_in), out: bytes(session.bytes_out) })}</dd>
      {session.attempts > 0 && <><dt>{t("attempts")}</dt><dd><strong>{session.attempts}</strong></dd></>}
    </dl>
  );
}

export function Tools({ session, id, may_turn }: { session: Session; id: string; may_turn: boolean }) {
  return (
    <section class="card" aria-labelledby="tools">
      <h2 id="tools">{t("tools")}</h2>
      <ul class="tools">
        {session.tools.map((tool) => <Tool key={tool} id={id} tool={tool} held={session.paused_tools.includes(tool)} may_turn={may_turn} />)}
      </ul>
      <Rights session={session} />
    </section>
  );
}
