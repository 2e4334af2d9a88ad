// A session in the browser: the gate, then the tools that were consented, all on one sealed connection. Who is
// there, the clock and the acts of who is in charge stand in the frame around it (views/session_frame.tsx).
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import { warning } from "../../shared/countdown";
import { clock } from "../api";
import type { Intervention, Me } from "../contract";
import { useSecond } from "../hooks";
import type { SessionProps } from "../views/session_frame";
import { DesktopView } from "./desktop_view";
import { FilesView } from "./files_view";
import { Gate } from "./gate";
import { link_of, type SessionLink } from "./link";
import { type MessageKey, t } from "./messages";
import { sweep } from "./saving";
import { ServicesView } from "./services_view";
import { Tabs } from "./tabs";
import { TerminalView } from "./terminal_view";

type Tool = "shell" | "files" | "desktop" | "services";
const names: Record<Tool, MessageKey> = { shell: "terminal", files: "files", desktop: "desktop", services: "services" };

export interface Rights { tools: Tool[]; looks_on: boolean; view_only: boolean; put: boolean; get: boolean }
// What this person may do with what was consented; the agent decides all the same.
export function rights_of(intervention: Intervention, login: string): Rights {
  const mine = intervention.operators.find((o) => o.login === login);
  const looks_on = mine?.role === "ADDITIONAL";
  const has = (type: string) => intervention.access_types.includes(type);
  const given = (tool: string) => intervention.tools.includes(tool);
  const all: Tool[] = ["shell", "files", "desktop", "services"];
  const offered: Record<Tool, boolean> = {
    shell: given("shell") && has("CONTROL"), files: given("files") && !looks_on, desktop: given("desktop"),
    services: !looks_on && intervention.tools.some((tool) => tool.startsWith("tcp:")),
  };
  return { tools: all.filter((tool) => offered[tool]), looks_on, view_only: looks_on || !has("CONTROL"), put: has("TRANSFER_IN"), get: has("TRANSFER_OUT") };
}

// The pair's people who are not here, of the two that it takes.
export function missing_of(intervention: Intervention): string[] {
  if (!intervention.pair) return [];
  return intervention.operators.filter((o) => o.role !== "ADDITIONAL" && o.mode === "CONNECTED" && !intervention.connected.includes(o.login)).map((o) => o.name);
}

function Notices({ intervention, link }: { intervention: Intervention; link: SessionLink }) {
  useSecond();
  const { notice } = link.state.use();
  const left = intervention.ends_at ? Math.ceil((Date.parse(intervention.ends_at) - clock.now()) / 1000) : Infinity;
  const near = warning(left);
  const missing = missing_of(intervention);
  useEffect(() => void (near !== "none" && announce(t(near === "one" ? "one_minute" : "five_minutes"), "assertive")), [near]);
  return (
    <>
      {intervention.state === "PAUSED" && <p class="note note-hold" role="status">{t(missing.length ? "paused_pair" : "paused")}</p>}
      {intervention.pair && intervention.state !== "PAUSED" && <p class={`pair-state ${missing.length ? "note note-call" : "small"}`} role="status">{missing.length ? t("pair_waits", { names: missing.join(", ") }) : t("pair_together")}</p>}
      {near !== "none" && <p class="note note-call">{t(near === "one" ? "one_minute" : "five_minutes")}</p>}
      {notice && <p class="note notice-of-practice"><strong>{t("last_notice")}</strong> <span>{notice}</span></p>}
    </>
  );
}

function Tools({ intervention, me, link }: { intervention: Intervention; me: Me; link: SessionLink }) {
  const rights = rights_of(intervention, me.login);
  const [chosen, set_chosen] = useState<Tool>(rights.tools[0] ?? "shell");
  const [seen, set_seen] = useState<Tool[]>([chosen]);
  const choose = (tool: Tool) => (set_chosen(tool), set_seen((old) => (old.includes(tool) ? old : [...old, tool])));
  const services = intervention.tools.filter((tool) => tool.startsWith("tcp:")).map((tool) => tool.slice(4));
  // What was opened stays: a desktop does not end because somebody looks at a file.
  const of: Record<Tool, () => preact.JSX.Element> = {
    shell: () => <TerminalView terminals={link.terminals} shared={intervention.pair} />,
    files: () => <FilesView transfers={link.transfers} rights={rights} />,
    desktop: () => <DesktopView connection={link.connection!} view_only={rights.view_only} />,
    services: () => <ServicesView intervention={intervention} names={services} />,
  };
  return (
    <section class="card tools" aria-label={t("tools")}>
      {rights.looks_on && <p class="note">{t("only_looks")}</p>}
      <Tabs label={t("tools")} prefix="tool" tabs={rights.tools.map((tool) => ({ id: tool, name: t(names[tool]) }))} chosen={chosen} choose={(id) => choose(id as Tool)} />
      <div id="tool-panel" role="tabpanel" aria-labelledby={`tool-tab-${chosen}`}>
        {rights.tools.filter((tool) => seen.includes(tool)).map((tool) => <div key={tool} hidden={tool !== chosen}>{of[tool]()}</div>)}
      </div>
      <div class="actions leave"><button type="button" class="button quiet" aria-describedby="leave-hint" onClick={() => void link.leave()}>{t("leave")}</button><span class="small" id="leave-hint">{t("leave_hint")} {t("sealed")}</span></div>
    </section>
  );
}

export function SessionView({ intervention, me, refresh }: SessionProps) {
  const link = link_of(intervention.id);
  const { step, trouble } = link.state.use();
  useEffect(() => void (link.busy || sweep()), []);
  // The gateway may know by now why it ended.
  useEffect(() => void (trouble && refresh()), [trouble]);
  const mine = intervention.operators.some((o) => o.login === me.login && o.mode === "CONNECTED");
  if (!mine) return <p class="note">{t("not_operator")}</p>;
  return (
    <div class="session-view">
      <Notices intervention={intervention} link={link} />
      {step === "in" && link.connection ? <Tools key={link.turns} intervention={intervention} me={me} link={link} /> : <Gate intervention={intervention} me={me} link={link} />}
    </div>
  );
}
