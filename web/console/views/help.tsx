// What the console protects, what it does not, and the ways around it.
import { t } from "../messages/index";
import { useTitle } from "../hooks";
import { CopyLine } from "../parts/copy";
import { who } from "../who";
import { ssh_lines } from "./native";

const yes = ["hp_yes_1", "hp_yes_2", "hp_yes_3", "hp_yes_4"] as const;
const no = ["hp_no_1", "hp_no_2", "hp_no_3"] as const;

const install_lines = (origin: string, hash: string): string => `cd web && npm ci --ignore-scripts && npm run build && node console/local/pack.mjs /tmp\nnpm install --global /tmp/pontlevis-console-0.1.0.tgz\npontlevis-console ${origin} --expect ${hash}`;
const check_lines = (origin: string): string => `curl -s ${origin}/console.sha256 | sha256sum\ncurl -s ${origin}/console.sha256 | while read sum file; do\n  curl -s "${origin}/\${file#index.html}" | sha256sum | sed "s#-#$file#"\ndone | diff - <(curl -s ${origin}/console.sha256) && echo OK`;

export function HelpView() {
  const { door, me } = who.use();
  const lines = ssh_lines(me?.login ?? "login", door?.ssh_host || location.hostname, door?.ssh_port ?? 2222, "system.practice");
  useTitle(t("help"));
  return (
    <article class="help">
      <h1>{t("hp_title")}</h1>
      <div class="columns columns-wide">
        <section class="card" aria-labelledby="yes"><h2 id="yes">{t("hp_yes")}</h2><ul>{yes.map((k) => <li key={k}>{t(k)}</li>)}</ul></section>
        <section class="card" aria-labelledby="no"><h2 id="no">{t("hp_no")}</h2><ul>{no.map((k) => <li key={k}>{t(k)}</li>)}</ul></section>
      </div>
      <section class="card" aria-labelledby="ways">
        <h2 id="ways">{t("hp_ways")}</h2>
        <h3>1. {t("hp_native")}</h3>
        <p>{t("hp_native_text")}</p>
        <CopyLine text={lines.help} label={t("hp_native")} />
        <h3>2. {t("hp_hash")}</h3>
        <p>{t("hp_hash_text")}</p>
        {door && <CopyLine text={door.console_sha256} label={t("hp_hash")} />}
        <p>{t("hp_check")}</p>
        <CopyLine text={check_lines(location.origin)} label={t("hp_check")} />
        <h3>3. {t("hp_local")}</h3>
        <p>{t("hp_local_text")}</p>
        <CopyLine text={install_lines(location.origin, door?.console_sha256 ?? "SHA256")} label={t("hp_local")} />
      </section>
      <section class="card" aria-labelledby="keyboard"><h2 id="keyboard">{t("hp_keyboard")}</h2><p>{t("hp_keyboard_text")}</p></section>
      {door && <p class="small">{t("hp_version", { version: door.version, vendor: door.vendor })}</p>}
    </article>
  );
}
