// Help in a page: how it works, the keyboard, and the statement of accessibility (RGAA).
import { t } from "../messages/index";

export function HelpView() {
  return (
    <>
      <h1>{t("help")}</h1>
      <section class="card" aria-labelledby="how"><h2 id="how">{t("help_how")}</h2><ol class="how">{(["help_1", "help_2", "help_3", "help_4", "help_5"] as const).map((k) => <li key={k}>{t(k)}</li>)}</ol></section>
      <section class="card" aria-labelledby="keys"><h2 id="keys">{t("help_keys")}</h2><p>{t("help_keys_text")}</p><p>{t("mirror_keys")}</p></section>
      <section class="card" aria-labelledby="accessibility"><h2 id="accessibility">{t("accessibility")}</h2><p>{t("accessibility_text")}</p><p>{t("accessibility_contact")}</p></section>
    </>
  );
}
