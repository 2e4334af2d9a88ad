// Passes what the page asks on to the gateway, over TLS that is always checked: /api/ and /relay/ and nothing else.
// Host and Origin become the gateway's own, as they would be had the page come from there. Nothing is kept.
import { request } from "node:https";

const passed_on = (path) => path.startsWith("/api/") || path.startsWith("/relay/");
const hop = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te", "trailer", "host", "origin"]);
const kept = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !hop.has(name)));

const asked = (gateway, ca, incoming, more = {}) =>
  request({ host: gateway.hostname, port: gateway.port || 443, path: incoming.url, method: incoming.method, ca, servername: /^[\d.]+$|:/.test(gateway.hostname) ? "" : gateway.hostname,
    headers: { ...kept(incoming.headers), host: gateway.host, ...(incoming.headers.origin ? { origin: gateway.origin } : {}), ...more } });

const silent = { type: "urn:pontlevis:problem:unavailable", title: "Bad Gateway", status: 502, code: "unavailable", detail: "the gateway does not answer" };

export function pass_request(gateway, ca, incoming, outgoing) {
  const asking = asked(gateway, ca, incoming);
  asking.on("response", (answer) => {
    outgoing.writeHead(answer.statusCode, kept(answer.headers));
    answer.pipe(outgoing);
  });
  asking.on("error", (problem) => outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ ...silent, hint: problem.code ?? "" })));
  outgoing.on("close", () => asking.destroy());
  incoming.pipe(asking);
}

const head_of = (answer) => `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n` + Array.from({ length: answer.rawHeaders.length / 2 }, (_, i) => `${answer.rawHeaders[2 * i]}: ${answer.rawHeaders[2 * i + 1]}\r\n`).join("") + "\r\n";

export function pass_socket(gateway, ca, incoming, socket, first) {
  const asking = asked(gateway, ca, incoming, { connection: "Upgrade", upgrade: "websocket" });
  socket.on("error", () => asking.destroy());
  asking.on("error", () => socket.destroy());
  asking.on("response", (answer) => (socket.write(head_of(answer)), answer.pipe(socket)));  // refused
  asking.on("upgrade", (answer, far, early) => {
    socket.write(head_of(answer));
    if (early.length) socket.write(early);
    if (first.length) far.write(first);
    far.pipe(socket).pipe(far);
    far.on("error", () => socket.destroy());
    far.on("close", () => socket.destroy());
    socket.on("close", () => far.destroy());
  });
  asking.end();
}
export { passed_on };
