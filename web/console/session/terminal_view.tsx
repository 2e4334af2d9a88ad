// The terminals on the page: tabs, the one that is chosen, the ways in and out by keyboard.
import { useEffect, useRef } from "preact/hooks";
import { t } from "./messages";
import { Tabs } from "./tabs";
import type { Tab, Terminals } from "./terminals";

function Pane({ tab, seen, terminals }: { tab: Tab; seen: boolean; terminals: Terminals }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!seen || !place.current) return;
    tab.screen.show(place.current);
    terminals.stands(tab);
    return () => tab.screen.hide();
  }, [seen, tab]);
  return <div class="screen-place" hidden={!seen} ref={place} />;
}

export function TerminalView({ terminals, shared, may_open = true }: { terminals: Terminals; shared: boolean; may_open?: boolean }) {
  const { tabs, chosen, starting, reader } = terminals.shown.use();
  const [back, way_out] = [useRef<HTMLButtonElement>(null), useRef<HTMLButtonElement>(null)];
  useEffect(() => {
    terminals.leave = () => (back.current ?? way_out.current)?.focus();
    if (!tabs.length && may_open) void terminals.open();
  }, [terminals]);
  const current = tabs.find((tab) => tab.n === chosen);
  const name = (tab: Tab) => t(tab.over ? "terminal_over" : "terminal_n", { n: tab.n });
  return (
    <div class="terminals">
      {shared && <p class="small">{t("terminal_shared")}</p>}
      {tabs.length > 1 && <Tabs label={t("terminal")} prefix="terminal" tabs={tabs.map((tab) => ({ id: String(tab.n), name: name(tab) }))} chosen={String(chosen)} choose={(id) => terminals.choose(Number(id))} enter={(id) => terminals.focus(Number(id))} />}
      <div class="screens" id="terminal-panel" role={tabs.length > 1 ? "tabpanel" : undefined} aria-labelledby={tabs.length > 1 && current ? `terminal-tab-${current.n}` : undefined}>
        {!tabs.length && <p class="screen-empty" role="status">{starting ? t("terminal_starts") : t("terminal_ended_plain")}</p>}
        {tabs.map((tab) => <Pane key={tab.n} tab={tab} seen={tab.n === chosen} terminals={terminals} />)}
      </div>
      <p class="small" id="terminal-keys">{t("terminal_keys")}</p>
      <div class="actions">
        {current && !current.over && <button type="button" class="button quiet" ref={back} onClick={() => current.screen.focus()}>{t("terminal_back")}</button>}
        <button type="button" class="button quiet" ref={way_out} aria-describedby="terminal-keys" aria-disabled={!terminals.may_open} onClick={() => void terminals.open()}>{t("terminal_new")}</button>
        {current && <button type="button" class="button quiet" onClick={() => terminals.close(current)}>{t("terminal_close", { n: current.n })}</button>}
        <button type="button" class="button quiet" aria-pressed={reader} onClick={() => terminals.screen_reader(!reader)}>{t("terminal_reader")}</button>
      </div>
      {!terminals.may_open && tabs.length >= 5 && <p class="small">{t("terminal_most")}</p>}
    </div>
  );
}
