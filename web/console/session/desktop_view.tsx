// The desktop on the page: shown when asked for, looking only where the consent says so, and a way out by keyboard.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection, Trouble } from "../../shared/ssh/index";
import type { Desktop } from "./desktop";
import { t } from "./messages";
import { told } from "./troubles";

type Phase = "out" | "starting" | "shown" | "over";

export function DesktopView({ connection, view_only }: { connection: Connection; view_only: boolean }) {
  const [phase, set_phase] = useState<Phase>("out");
  const [why, set_why] = useState("");
  const [fit, set_fit] = useState(true);
  const place = useRef<HTMLDivElement>(null);
  const way_out = useRef<HTMLButtonElement>(null);
  const desktop = useRef<Desktop | null>(null);
  const over = (words: string) => (set_why(words), set_phase("over"));
  useEffect(() => () => desktop.current?.close(), []);
  const start = async () => {
    set_phase("starting");
    try {
      const part = await import("./desktop");
      desktop.current = await part.Desktop.open(connection, place.current!, view_only, { shown: () => set_phase("shown"), over, leave: () => way_out.current?.focus() });
    } catch (problem) {
      const { title, detail } = told(problem as Trouble);
      over([title, detail].filter(Boolean).join(" "));
    }
  };
  const stop = () => (desktop.current?.close(), (desktop.current = null), over(""));
  const running = phase === "starting" || phase === "shown";
  return (
    <div class="desktop">
      <p class="small" id="desktop-keys">{t(view_only ? "desktop_view_only" : "desktop_control")}</p>
      {phase === "over" && <p class="note" role="status">{why ? t("desktop_over_why", { why }) : t("desktop_over")}</p>}
      {phase === "starting" && <p class="note" role="status">{t("desktop_starts")}</p>}
      <div class="desktop-place" ref={place} hidden={!running} role="group" aria-label={t("desktop_label")} aria-describedby="desktop-keys" />
      <div class="actions">
        {!running && <button type="button" class="button main" onClick={() => void start()}>{t("desktop_start")}</button>}
        {running && <button type="button" ref={way_out} class="button quiet" onClick={stop}>{t("desktop_stop")}</button>}
        {phase === "shown" && <button type="button" class="button quiet" aria-pressed={fit} onClick={() => (set_fit(!fit), desktop.current && (desktop.current.fit = !fit))}>{t("desktop_fit")}</button>}
        {phase === "shown" && !view_only && <button type="button" class="button quiet" onClick={() => desktop.current?.ctrl_alt_del()}>{t("desktop_keys")}</button>}
      </div>
    </div>
  );
}
