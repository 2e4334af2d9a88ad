// The terminals of a session: five at most, each a shell on a channel of its own (in a pair the practice joins
// them into one). They outlive the view that shows them.
import { language, number } from "../../shared/i18n";
import { announce } from "../../shared/parts/announce";
import { Store } from "../../shared/store";
import { type Channel, type Connection, open_shell, resize, type Trouble } from "../../shared/ssh/index";
import { t } from "./messages";
import type { Screen } from "./screen";
import { told } from "./troubles";

export const most_terminals = 5;
export interface Tab { readonly n: number; readonly screen: Screen; channel: Channel | null; over: boolean }

export class Terminals {
  readonly shown = new Store<{ tabs: readonly Tab[]; chosen: number | null; starting: boolean; reader: boolean }>({ tabs: [], chosen: null, starting: false, reader: false });
  leave: () => void = () => {};   // where the keyboard goes when it leaves a terminal
  private connection: Connection | null = null;
  private count = 0;
  private wanted: number | null = null;  // whose turn the keyboard is, once it is there

  constructor(private readonly notice: (words: string) => void) {}

  use(connection: Connection | null): void {
    this.connection = connection;
    this.count = connection ? 0 : this.count;
    if (connection) for (const tab of this.shown.get().tabs) this.close(tab);
  }
  get may_open(): boolean {
    return this.connection !== null && this.shown.get().tabs.filter((tab) => !tab.over).length < most_terminals;
  }

  async open(): Promise<void> {
    const { connection } = this;
    if (!connection || !this.may_open || this.shown.get().starting) return;
    this.shown.set({ starting: true });
    try {
      const { Screen } = await import("./screen");
      const n = ++this.count;
      const tab: Tab = { n, channel: null, over: false, screen: new Screen(t("terminal_label", { n }), {
        typed: (bytes) => void tab.channel?.send(bytes).catch(() => {}),
        resized: (size) => tab.channel && resize(tab.channel, size),
        leave: () => this.leave(),
      }) };
      tab.screen.screen_reader(this.shown.get().reader);
      this.wanted = n;
      this.shown.set({ tabs: [...this.shown.get().tabs, tab], chosen: n });
      await this.start(connection, tab);
    } finally {
      this.shown.set({ starting: false });
    }
  }
  choose(n: number): void {
    this.shown.set({ chosen: n });
  }
  // The keyboard goes into it: now, or as soon as it stands on the page.
  focus(n: number): void {
    this.wanted = n;
    const tab = this.shown.get().tabs.find((one) => one.n === n);
    if (tab?.screen.place.isConnected) this.stands(tab);
  }
  stands(tab: Tab): void {
    if (this.wanted !== tab.n) return;
    this.wanted = null;
    tab.screen.focus();
  }
  close(tab: Tab): void {
    tab.channel?.close();
    tab.screen.close();
    const tabs = this.shown.get().tabs.filter((other) => other !== tab);
    this.shown.set({ tabs, chosen: tabs.at(-1)?.n ?? null });
  }
  screen_reader(on: boolean): void {
    for (const { screen } of this.shown.get().tabs) screen.screen_reader(on);
    this.shown.set({ reader: on });
  }

  // The view has placed the screen by the time the practice answers: the size is the real one.
  private async start(connection: Connection, tab: Tab): Promise<void> {
    try {
      await tab.screen.placed;
      const channel = await open_shell(connection, tab.screen.size, language() === "fr" ? "fr_FR.UTF-8" : "en_GB.UTF-8");
      tab.channel = channel;
      const words = new TextDecoder();
      channel.read_with({
        data: (bytes, done) => tab.screen.write(bytes, done),
        words: (bytes, done) => (tab.screen.write(bytes, done), this.hear(words.decode(bytes, { stream: true }))),
      });
      resize(channel, tab.screen.size);
      void channel.closed.then(({ status }) => this.ended(tab, status === null ? t("terminal_ended_plain") : t("terminal_ended", { status: number(status) })));
    } catch (problem) {
      const { title, detail } = told(problem as Trouble);
      this.ended(tab, detail ? `${title} ${detail}` : title);
    }
  }
  private ended(tab: Tab, words: string): void {
    if (tab.over) return;
    tab.over = true;
    tab.screen.over();
    tab.screen.write(`\r\n\x1b[2m── ${words} ──\x1b[0m\r\n`);
    this.shown.set({ tabs: [...this.shown.get().tabs] });
    announce(words);
  }
  // What the agent says to people, among what a terminal shows.
  private hear(text: string): void {
    for (const [, said] of text.matchAll(/\[pontlevis\] ([^\r\n]{1,300})/g)) {
      this.notice(said!);
      announce(said!, "assertive");
    }
  }
}
