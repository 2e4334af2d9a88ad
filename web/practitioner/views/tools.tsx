// The tools of the consent, and each one's own pause: held, it moves nothing and runs nothing, while the others go on.
import { part, post } from "../api";
import type { Session } from "../contract";
import { Problem, useAct } from "../hooks";
import { t } from "../messages/index";
import { hold_words, tool_name } from "../messages/codes";
import { refresh } from "../news";

function Tool({ id, tool, held, may_hold, may_resume }: { id: string; tool: string; held: boolean; may_hold: boolean; may_resume: boolean }) {
  const act = useAct();
  const turn = () => act.run(async () => (await post(`/api/sessions/${part(id)}/tool`, { tool, held: !held }), await refresh()));
  return (
    <li class={held ? "tool is-held" : "tool"}>
      <div class="row">
        <span><strong>{tool_name(tool)}</strong> <span class="tool-state">{t(held ? "tool_held" : "tool_open")}</span></span>
        {(held ? may_resume : may_hold) && <button type="button" class="button quiet small-button" aria-disabled={act.busy} onClick={() => act.busy || void turn()}>{hold_words(tool, held)}</button>}
      </div>
      <Problem problem={act.problem} />
    </li>
  );
}

export function Tools({ session, id, may_hold, may_resume }: { session: Session; id: string; may_hold: boolean; may_resume: boolean }) {
  return (
    <section class="card" aria-labelledby="tools">
      <h2 id="tools">{t("tools")}</h2>
      <ul class="tools">
        {session.tools.map((tool) => <Tool key={tool} id={id} tool={tool} held={session.paused_tools.includes(tool)} may_hold={may_hold} may_resume={may_resume} />)}
      </ul>
    </section>
  );
}
