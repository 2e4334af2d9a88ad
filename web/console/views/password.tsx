// The password: changed at will, or because the first one was given by somebody else.
import { useState } from "preact/hooks";
import { post } from "../api";
import { useAct, useTitle } from "../hooks";
import { t } from "../messages/index";
import { PasswordField } from "../parts/secret_field";
import { Outcome } from "../parts/step_up";
import { leave_for_review, refresh_me, who } from "../who";

export function PasswordForm({ after }: { after?: () => void }) {
  const [old, set_old] = useState("");
  const [fresh, set_fresh] = useState("");
  const [done, set_done] = useState(false);
  const act = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    set_done(false);
    void act.run(async () => {
      await post("/me/password", { old, new: fresh });
      set_old("");
      set_fresh("");
      set_done(true);
      await refresh_me();
      after?.();
    });
  };
  return (
    <form onSubmit={submit} aria-label={t("pw_title")}>
      <PasswordField id="old-password" label={t("pw_old")} value={old} change={set_old} />
      <PasswordField id="new-password" label={t("pw_new")} value={fresh} change={set_fresh} fresh help={t("pw_help")} />
      <Outcome act={act} />
      {done && <p class="note note-good" role="status">{t("pw_done")}</p>}
      <button class="button main" disabled={act.busy}>{t("pw_button")}</button>
    </form>
  );
}

const go_on = (): void => {
  const { me } = who.get();
  if (me) leave_for_review(me);
};

export function MustChangePassword() {
  useTitle(t("pw_must"));
  return (
    <section class="card narrow" aria-labelledby="must">
      <h1 id="must">{t("pw_must")}</h1>
      <p>{t("pw_must_text")}</p>
      <PasswordForm after={go_on} />
    </section>
  );
}
