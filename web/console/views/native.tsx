// The exact lines for a stock SSH client: the reference path, which owes nothing to this page's code.
import type { Intervention } from "../contract";
import { t } from "../messages/index";
import { CopyLine } from "../parts/copy";
import { who } from "../who";

export function ssh_lines(login: string, host: string, port: number, target: string): { config: string; connect: string; help: string } {
  const front = `ssh -p ${port} ${login}@${host}`;
  return { config: `${front} config`, connect: `ssh ${target}`, help: `${front} help` };
}

export function SshLines({ intervention }: { intervention?: Intervention }) {
  const { me, door } = who.use();
  const target = intervention ? `${intervention.system}.${intervention.practice}` : "system.practice";
  const lines = ssh_lines(me?.login ?? "login", door?.ssh_host || location.hostname, door?.ssh_port ?? 2222, target);
  return (
    <>
      <p>{t("cd_native_text")}</p>
      <CopyLine text={lines.config} label={t("cd_native")} />
      <p>{t("cd_native_then")}</p>
      <CopyLine text={lines.connect} label={t("cd_native")} />
    </>
  );
}
