// Stands in until a browser can make and enrol its key.
import { t } from "../messages/index";
import type { KeyPanelProps } from "../views/browser_key";

export function KeyPanel(_: KeyPanelProps) {
  return <p class="muted">{t("cd_browser_missing")}</p>;
}
