// Stands in until the session in the browser is built: the stock client's lines.
import { t } from "../messages/index";
import type { SessionProps } from "../views/session_frame";
import { SshLines } from "../views/native";

export function SessionView({ intervention }: SessionProps) {
  return <section class="card" aria-label={t("ss_title")}><p>{t("ss_missing")}</p><SshLines intervention={intervention} /></section>;
}
