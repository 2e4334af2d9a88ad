// A relay as the gateway's: WebSocket messages on one side, a TCP connection on the other. `meddle` may look at
// the bytes and change them; `tap` keeps them.
import { connect } from "node:net";
import { once } from "node:events";
import { from_web } from "./packages.mjs";

const { WebSocketServer, WebSocket } = from_web("ws");

export async function relay(port, { meddle = (bytes) => bytes, on_text } = {}) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await once(server, "listening");
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    if (on_text) return void socket.send(on_text, () => socket.close(1008));
    const other = connect(port, "127.0.0.1").setNoDelay();
    let [up, down] = [0, 0];
    socket.on("message", (data) => {
      const bytes = meddle(Buffer.from(data), "up", up);
      up += data.length;
      if (bytes && !other.write(bytes)) (socket.pause(), other.once("drain", () => socket.resume()));
    });
    other.on("data", (data) => {
      const bytes = meddle(data, "down", down);
      down += data.length;
      if (!bytes) return;
      other.pause();
      socket.send(bytes, () => other.resume());
    });
    socket.on("close", () => other.destroy());
    other.on("close", () => socket.close(1000, "the practice's end closed"));
    other.on("error", () => socket.terminate());
  });
  const url = `ws://127.0.0.1:${server.address().port}/relay/sample`;
  return {
    url,
    pipe: () => new WebSocket(url, ["pontlevis-ssh"], { perMessageDeflate: false }),
    cut: () => sockets.forEach((s) => s.terminate()),
    close: () => (sockets.forEach((s) => s.terminate()), new Promise((done) => server.close(done))),
  };
}
