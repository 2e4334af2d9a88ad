// A way through the connection to one place at the practice (RFC 4254 §7.2), as `ssh -L` has it; shaped like a
// WebSocket, since that is what a VNC client in a browser takes.
import { Writer } from "./bytes";
import type { Channel } from "./channel";
import type { Connection } from "./connection";

const window = 4 << 20;

export const open_tunnel = (connection: Connection, host: string, port: number): Promise<Channel> =>
  connection.open("direct-tcpip", window, new Writer().string(host).u32(port).string("127.0.0.1").u32(0).bytes());

// Each member stands for one of a WebSocket's; `take` may slow the sender down by answering later.
export class TunnelSocket {
  binaryType = "arraybuffer";
  protocol = "";
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;

  constructor(private readonly channel: Channel) {
    // In the next turn: the client sets its handlers first.
    setTimeout(() => {
      channel.read_with({
        data: (bytes, done) => (this.onmessage?.({ data: bytes.buffer }), done()),
        end: () => channel.close(),
      });
    });
    void channel.closed.then((exit) => this.finish(exit.detail));
  }
  send(data: Uint8Array | ArrayBuffer): void {
    this.channel.send(new Uint8Array(data instanceof Uint8Array ? data : new Uint8Array(data))).catch(() => {});
  }
  close(): void {
    this.readyState = 2;
    this.channel.close();
  }
  private finish(reason: string): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code: 1000, reason, wasClean: true });
  }
}
