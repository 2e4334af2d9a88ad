// The `tcp` tools: what a browser cannot carry, with the line for a stock client.
import type { Intervention } from "../contract";
import { CopyLine } from "../parts/copy";
import { t } from "./messages";

const local_port = 10_104;

export function ServicesView({ intervention, names }: { intervention: Intervention; names: string[] }) {
  const target = `${intervention.system}.${intervention.practice}`;
  return (
    <div class="services">
      <p>{t("service_text")}</p>
      {names.map((name, i) => (
        <section key={name} aria-label={name}>
          <h2>{name}</h2>
          <CopyLine text={`ssh -N -L ${local_port + i}:${name}:PORT ${target}`} label={t("service_line", { name })} />
        </section>
      ))}
      <p class="small">{t("service_port")}</p>
    </div>
  );
}
