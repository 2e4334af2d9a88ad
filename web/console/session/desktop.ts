// The practice's screen: noVNC on a way through the sealed connection. A part of its own, fetched when asked for.
import RFB from "@novnc/novnc";
import { type Connection, open_tunnel, TunnelSocket } from "../../shared/ssh/index";
import { is_way_out } from "./screen_keys";

export interface DesktopUser {
  shown(): void;
  over(why: string): void;
  leave(): void;
}
const modifiers: [number, string][] = [[0xffe3, "ControlLeft"], [0xffe4, "ControlRight"], [0xffe1, "ShiftLeft"], [0xffe2, "ShiftRight"]];

export class Desktop {
  private readonly rfb: RFB;
  private over = false;

  private constructor(private readonly place: HTMLElement, socket: TunnelSocket, view_only: boolean, private readonly user: DesktopUser) {
    this.rfb = new RFB(place, socket, { shared: true });
    Object.assign(this.rfb, { viewOnly: view_only, scaleViewport: true, resizeSession: false, background: "transparent" });
    this.rfb.addEventListener("connect", () => user.shown());
    this.rfb.addEventListener("disconnect", () => this.end(""));
    this.rfb.addEventListener("securityfailure", () => this.end("VNC"));
    this.rfb.addEventListener("credentialsrequired", () => (this.end("VNC"), this.rfb.disconnect()));  // the agent signs in itself
    place.addEventListener("keydown", this.key, true);
  }
  // The agent makes the way: its own name and port, as `ssh -L …:desktop:5900` has them.
  static async open(connection: Connection, place: HTMLElement, view_only: boolean, user: DesktopUser): Promise<Desktop> {
    const channel = await open_tunnel(connection, "desktop", 5900);
    return new Desktop(place, new TunnelSocket(channel), view_only, user);
  }
  set fit(on: boolean) {
    this.rfb.scaleViewport = on;
    this.rfb.clipViewport = !on;
  }
  ctrl_alt_del(): void {
    this.rfb.sendCtrlAltDel();
  }
  close(): void {
    this.place.removeEventListener("keydown", this.key, true);
    if (!this.over) this.rfb.disconnect();
    this.over = true;
  }

  private readonly key = (event: KeyboardEvent) => {
    if (!is_way_out(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // They are down at the practice, and their release will go elsewhere.
    if (!this.rfb.viewOnly) for (const [keysym, code] of modifiers) this.rfb.sendKey(keysym, code, false);
    this.rfb.blur();
    this.user.leave();
  };
  private end(why: string): void {
    if (this.over) return;
    this.over = true;
    this.user.over(why);
  }
}
