// A terminal to look at, never to type into: xterm.js behind a strict content policy. Tab and Escape
// always leave it (no keyboard trap); the arrow and page keys scroll it. One a stream on the screen.
import { Terminal } from "@xterm/xterm";
import { with_style_shim } from "./style_shim";

const theme = {
  background: "#10181b", foreground: "#e7ecea", cursor: "#10181b", cursorAccent: "#10181b", selectionBackground: "#2f5b66",
  black: "#2b3538", red: "#ff8a80", green: "#8fd694", yellow: "#ffd479", blue: "#8ab8ff", magenta: "#e0a3ff", cyan: "#7fdbda", white: "#e7ecea",
  brightBlack: "#9aa7a9", brightRed: "#ffb3ab", brightGreen: "#b4e9b7", brightYellow: "#ffe3a3", brightBlue: "#b3d0ff", brightMagenta: "#edc6ff",
  brightCyan: "#aef0ee", brightWhite: "#ffffff",
};

export class Glass {
  private readonly terminal: Terminal;
  private readonly watcher: ResizeObserver;

  constructor(private readonly place: HTMLElement, cols: number, rows: number, label: string, private readonly leave: () => void) {
    with_style_shim();
    this.terminal = new Terminal({
      cols, rows, theme, disableStdin: true, cursorBlink: false, cursorInactiveStyle: "none", scrollback: 5000, fontSize: 13,
      fontFamily: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace", screenReaderMode: false, allowProposedApi: false,
    });
    this.terminal.open(place);
    this.terminal.textarea?.setAttribute("aria-label", label);
    this.terminal.textarea?.setAttribute("aria-readonly", "true");
    this.terminal.attachCustomKeyEventHandler((event) => this.key(event));
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(place);
    this.fit();
  }

  write(data: Uint8Array | string, painted?: () => void): void {
    this.terminal.write(data, painted);
  }
  reset(): void {
    this.terminal.reset();
  }
  resize(cols: number, rows: number): void {
    if (cols > 0 && rows > 0 && cols <= 1000 && rows <= 1000) this.terminal.resize(cols, rows);
    this.fit();
  }
  screen_reader(on: boolean): void {
    this.terminal.options.screenReaderMode = on;
  }
  close(): void {
    this.watcher.disconnect();
    this.terminal.dispose();
  }

  // The technician's terminal keeps its own size; the letters get as large as the place allows.
  private fit(): void {
    const width = this.place.clientWidth - 16;
    if (width <= 0) return;
    const size = Math.max(9, Math.min(16, Math.floor((width / this.terminal.cols / 0.605) * 2) / 2));
    if (this.terminal.options.fontSize !== size) this.terminal.options.fontSize = size;
  }

  // False leaves the key to the browser: Tab goes on to the next control, whatever the terminal shows.
  private key(event: KeyboardEvent): boolean {
    if (event.type === "keydown" && event.key === "Escape") this.leave();
    if (event.type === "keydown" && event.key === "ArrowUp") this.terminal.scrollLines(-1);
    if (event.type === "keydown" && event.key === "ArrowDown") this.terminal.scrollLines(1);
    return event.key === "PageUp" || event.key === "PageDown";
  }
}
