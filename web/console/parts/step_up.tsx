// What an act led to: its problem, or the question "is it still you?", after which the act is done at once.
import { useId, useState } from "preact/hooks";
import { passkeys_exist, use_passkey } from "../../shared/passkey";
import { post } from "../api";
import type { Me, PasskeyQuestion } from "../contract";
import { type Act, FocusHeading, Problem, useAct } from "../hooks";
import { t } from "../messages/index";
import { take_me, who } from "../who";
import { CodeField, digits } from "./secret_field";

async function prove_by_passkey(login: string): Promise<Me> {
  const { ticket, options } = await post<PasskeyQuestion>("/sign-in/passkey/start", { login });
  return post<Me>("/step-up", { ticket, credential: await use_passkey(options) });
}

function StepUp({ done, leave }: { done: () => void; leave: () => void }) {
  const id = useId();
  const [code, set_code] = useState("");
  const act = useAct();
  const login = who.get().me?.login ?? "";
  const prove = (proof: () => Promise<Me>) => void act.run(async () => take_me(await proof())).then((proved) => proved && done());
  const by_code = () => prove(async () => {
    const typed = digits(code);
    set_code("");
    return post<Me>("/step-up", { code: typed });
  });
  return (
    <section class="step-up" aria-labelledby={id}>
      <FocusHeading level={3} id={id}>{t("su_title")}</FocusHeading>
      <p>{t("su_text")}</p>
      <div onKeyDown={(e) => e.key === "Enter" && (e.target as HTMLElement).tagName === "INPUT" && (e.preventDefault(), by_code())}>
        <CodeField id={`${id}-code`} value={code} change={set_code} />
      </div>
      <Problem problem={act.problem} />
      <div class="actions">
        <button type="button" class="button main" disabled={act.busy || digits(code).length !== 6} onClick={by_code}>{t("su_button")}</button>
        {passkeys_exist() && <button type="button" class="button quiet" disabled={act.busy} onClick={() => prove(() => prove_by_passkey(login))}>{t("si_passkey")}</button>}
        <button type="button" class="button plain" onClick={leave}>{t("cancel")}</button>
      </div>
    </section>
  );
}

export function Outcome({ act }: { act: Act }) {
  const { waits } = act;
  if (waits) return <StepUp done={() => void act.run(waits)} leave={act.clear} />;
  return <Problem problem={act.problem} />;
}
