// What a terminal's output says, as lines of text: for screen readers and for people who cannot read a
// terminal. Escape sequences are left out, a carriage return starts the line anew, a backspace takes back.
const escapes =
  // CSI, OSC (ended by BEL or ST), DCS and its kin, charset choices, then two-byte escapes
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[()*+][0-9A-Za-z]|\x1b(?![[\]PX^_()*+])[ -~]/g;

export class PlainText {
  lines: string[] = [];
  private line = "";
  private held = "";     // an escape sequence that is not whole yet
  private returned = false;

  constructor(private readonly most_lines = 400) {}

  // Answers the lines that became whole.
  write(text: string): string[] {
    const plain = (this.held + text).replace(escapes, "");
    const start = plain.indexOf("\x1b");
    const whole = start >= 0 && plain.length - start < 512 ? plain.slice(0, start) : plain;
    this.held = plain.slice(whole.length);
    const done: string[] = [];
    for (const sign of whole) this.take(sign, done);
    if (done.length) this.lines = [...this.lines, ...done].slice(-this.most_lines);
    return done;
  }

  get open_line(): string {
    return this.line;
  }

  private take(sign: string, done: string[]): void {
    if (sign === "\n") {
      done.push(this.line.trimEnd());
      this.line = "";
      this.returned = false;
    } else if (sign === "\r") {
      this.returned = true;
    } else if (sign === "\b") {
      this.line = this.line.slice(0, -1);
    } else if (sign === "\t" || sign >= " ") {
      if (this.returned) (this.line = ""), (this.returned = false);
      if (this.line.length < 2000) this.line += sign;
    }
  }
}
