// The page's own server: the console's files, and everything else passed on. It answers one name alone.
import { createServer } from "node:http";
import { host_of } from "./place.mjs";
import { pass_request, pass_socket, passed_on } from "./relay.mjs";

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const guards = { "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store" };

// Only the name it was given: a page that leads another name here (DNS rebinding), or another origin, gets nothing.
function is_ours(request, host, acts) {
  const origin = request.headers.origin;
  return request.headers.host === host && (origin === `http://${host}` || (!acts && origin === undefined));
}

export function serve({ gateway, ca, files, place }) {
  const server = createServer((request, answer) => {
    const host = host_of({ ...place, port: server.address().port });
    const path = request.url.split("?")[0];
    if (!is_ours(request, host, request.method !== "GET")) return void answer.writeHead(421, guards).end(`http://${host}/\n`);
    if (passed_on(path)) return pass_request(gateway, ca, request, answer);
    const file = request.method === "GET" ? files.get(path) : undefined;
    if (!file) return void answer.writeHead(404, guards).end();
    answer.writeHead(200, { ...guards, "Content-Type": file.type, "Content-Length": file.bytes.length }).end(file.bytes);
  });
  server.on("upgrade", (request, socket, first) => {
    const host = host_of({ ...place, port: server.address().port });
    if (!is_ours(request, host, true) || !passed_on(request.url)) return void socket.destroy();
    pass_socket(gateway, ca, request, socket, first);
  });
  return new Promise((done, fail) => server.once("error", fail).listen(place.port, "127.0.0.1", () => done(server)));
}
