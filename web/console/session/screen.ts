// A terminal to work in: xterm.js behind the strict policy. It owns its place in the page and can be taken out
// and put back without losing a line. Links that programs print lead nowhere; the clipboard is the person's own.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { with_style_shim } from "../../shared/style_shim";
import type { Size } from "../../shared/ssh/shell";
import { is_way_out } from "./screen_keys";

const theme = {
  background: "#10181b", foreground: "#e7ecea", cursor: "#7fdbda", cursorAccent: "#10181b", selectionBackground: "#2f5b66",
  black: "#2b3538", red: "#ff8a80", green: "#8fd694", yellow: "#ffd479", blue: "#8ab8ff", magenta: "#e0a3ff", cyan: "#7fdbda", white: "#e7ecea",
  brightBlack: "#9aa7a9", brightRed: "#ffb3ab", brightGreen: "#b4e9b7", brightYellow: "#ffe3a3", brightBlue: "#b3d0ff", brightMagenta: "#edc6ff",
  brightCyan: "#aef0ee", brightWhite: "#ffffff",
};

export interface ScreenUser {
  typed(bytes: Uint8Array): void;
  resized(size: Size): void;
  leave(): void;
}
const to_bytes = new TextEncoder();

export class Screen {
  readonly place = document.createElement("div");
  readonly placed: Promise<void>;  // kept when it stands in the page for the first time
  private tell_placed!: () => void;
  private readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly watcher = new ResizeObserver(() => this.measure());

  constructor(private readonly label: string, private readonly user: ScreenUser) {
    with_style_shim();
    this.place.className = "screen";
    this.terminal = new Terminal({
      theme, cursorBlink: false, scrollback: 5000, fontSize: 14, allowProposedApi: false, macOptionIsMeta: true,
      fontFamily: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
      linkHandler: { activate: () => {} },
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.onData((text) => user.typed(to_bytes.encode(text)));
    this.terminal.onBinary((text) => user.typed(Uint8Array.from(text, (sign) => sign.charCodeAt(0))));
    this.terminal.onResize(({ cols, rows }) => user.resized({ cols, rows }));
    this.terminal.attachCustomKeyEventHandler((event) => this.key(event));
    this.placed = new Promise((done) => (this.tell_placed = done));
  }

  get size(): Size {
    return { cols: this.terminal.cols, rows: this.terminal.rows };
  }

  // Puts it into the page; the first time it is drawn.
  show(parent: HTMLElement): void {
    parent.append(this.place);
    if (!this.terminal.element) this.terminal.open(this.place);
    this.terminal.textarea?.setAttribute("aria-label", this.label);
    this.watcher.observe(parent);
    this.measure();
    this.tell_placed();
  }
  hide(): void {
    this.watcher.disconnect();
    this.place.remove();
  }
  focus(): void {
    this.terminal.focus();
  }
  write(bytes: Uint8Array | string, painted?: () => void): void {
    this.terminal.write(bytes, painted);
  }
  over(): void {
    this.terminal.options.disableStdin = true;
  }
  screen_reader(on: boolean): void {
    this.terminal.options.screenReaderMode = on;
  }
  close(): void {
    this.hide();
    this.terminal.dispose();
  }

  private measure(): void {
    const size = this.place.isConnected && this.place.clientWidth > 0 ? this.fit.proposeDimensions() : undefined;
    if (size && size.cols >= 2 && size.rows >= 2) this.terminal.resize(Math.min(size.cols, 500), Math.min(size.rows, 200));
  }
  // Left by keyboard, it is no stop of Tab any more, so that what stands before it can be reached; it is
  // entered again by its button or the mouse.
  private step_over(): void {
    const field = this.terminal.textarea;
    if (!field) return;
    field.tabIndex = -1;
    field.addEventListener("focus", () => (field.tabIndex = 0), { once: true });
  }
  // False: the key is not for the program.
  private key(event: KeyboardEvent): boolean {
    if (is_way_out(event)) {
      if (event.type === "keydown") this.step_over(), this.user.leave();
      return false;
    }
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "c" && this.terminal.hasSelection()) {
      if (event.type === "keydown") void navigator.clipboard?.writeText(this.terminal.getSelection()).catch(() => {});
      event.preventDefault();
      return false;
    }
    if (this.terminal.options.disableStdin) return event.key.startsWith("Page");  // over: Tab leaves it, pages scroll
    return !(event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "v");  // the browser pastes
  }
}
