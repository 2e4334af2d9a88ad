// Serves the built console under the gateway's own content policy and answers just what a session needs; the relay
// leads to whatever peer the test names. Everything that passes the relay is kept in `tap`.
import { createServer } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { extname, join, normalize } from "node:path";
import { from_web, web } from "./packages.mjs";

const { WebSocketServer } = from_web("ws");
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };
// The technician has the name of whoever runs this: sshd lets nobody else in.
export const alice = userInfo().username;
const login = (name) => ({ login: name, name: name === alice ? "Alice Exemple" : "Bruno Exemple" });

export const me = { ...login(alice), role: "technician", signed_in_at: "2026-11-22T08:00:00Z", expires_at: "2099-01-01T00:00:00Z", idle_seconds: 900, method: "password", step_up_until: null, must_change_password: false };
const signed = { reference: "ENG-EXEMPLE", date: "2026-01-05" };
export const card_with = (keys) => ({
  login: alice, name: "Alice Exemple", employer: "Éditeur Exemple", subprocessor: null, country: "FR", qualification: "Ingénieure support", issued_at: "2026-01-05T00:00:00Z",
  expires_at: "2099-01-01T00:00:00Z", confidentiality: signed, action_limit: signed, keys, valid: true, why: "",
});
const person = (name, role, mode = "CONNECTED") => ({ ...login(name), role, mode, qualification: "Ingénieure support", employer: "Éditeur Exemple", country: "FR" });
export const intervention = (more = {}) => ({
  id: "00000001-0f7e-4c1e-9a43-2f8f1f6f9f10", state: "OPEN", practice: "cabinet-exemple", practice_name: "Cabinet Exemple", system: "serveur", tools: ["shell", "files", "desktop", "tcp:dicom"],
  access_types: ["VIEW", "CONTROL", "TRANSFER_IN", "TRANSFER_OUT"], data_categories: [], purpose: "MAINTENANCE", reason: "Essai", planned_tasks: "Essai", ticket: "T-1", minutes: 30, granted_minutes: 30,
  criticality: "STANDARD", pair: false, emergency: null, planned: null, operators: [person(alice, "LEAD")], in_charge: alice, requested_at: new Date().toISOString(), expires_at: "2099-01-01T00:00:00Z",
  opened_at: new Date().toISOString(), ends_at: new Date(Date.now() + 1_800_000).toISOString(), ended_at: null, end_cause: null, why: "", watch: "WATCHED", recording: false, mine: true, link: "UP",
  to_do: ["connect"], host_keys: [], connected: [alice], reported_at: null, report: null, nonconformities: [], ...more,
});
export { person };

function built() {
  const folder = mkdtempSync(join(tmpdir(), "pontlevis-console-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, ["build.mjs"], { cwd: web, env: { ...process.env, PONTLEVIS_WEB_OUT: folder } });
  return join(folder, "console");
}

export async function fake_gateway() {
  const dist = built();
  const world = { card: card_with([]), intervention: intervention(), peer: null, farewell: null, meddle: (bytes) => bytes, tap: [], sockets: new Set() };
  const answers = {
    "/door": () => ({ vendor: "Éditeur Exemple", version: "0", language: "fr", oidc: null, console_sha256: "", serving: true, ssh_port: 2222 }),
    "/me": () => me, "/me/card": () => world.card, "/interventions": () => ({ items: [world.intervention], next: null }), "/practices": () => ({ items: [], next: null }),
  };
  const server = createServer((request, reply) => {
    const { pathname } = new URL(request.url, "http://x");
    if (pathname.startsWith("/api/v1/")) {
      const path = pathname.slice(7);
      const body = answers[path]?.() ?? (path.endsWith("/draft") ? { draft: null } : path.endsWith("/events") ? { items: [] } : path.startsWith("/interventions/") ? world.intervention : null);
      return void reply.writeHead(body ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
    }
    const path = normalize(join(dist, pathname === "/" ? "index.html" : pathname));
    if (!path.startsWith(dist) || !existsSync(path)) return void reply.writeHead(404).end();
    reply.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream", "content-security-policy": csp, "cross-origin-opener-policy": "same-origin" }).end(readFileSync(path));
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const news = new Set();
  server.on("upgrade", (request, socket, head) => sockets.handleUpgrade(request, socket, head, (ws) => {
    if (request.url.startsWith("/api/")) return void (news.add(ws), ws.on("close", () => news.delete(ws)));
    world.sockets.add(ws);
    if (world.farewell) return void ws.send(world.farewell, () => ws.close(1000));
    relay_to(world, ws);
  }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(world, {
    url: `http://localhost:${server.address().port}/`,
    change: (part) => (Object.assign(world.intervention, part), news.forEach((ws) => ws.send('{"changes":1}'))),
    cut: () => world.sockets.forEach((ws) => ws.terminate()),
    close: () => (sockets.clients.forEach((ws) => ws.terminate()), server.closeAllConnections(), new Promise((done) => server.close(done))),
  });
}

function relay_to(world, ws) {
  const other = connect(world.peer.port, "127.0.0.1").setNoDelay();
  ws.on("message", (data) => {
    const bytes = world.meddle(Buffer.from(data), "up");
    world.tap.push(bytes);
    if (bytes && !other.write(bytes)) (ws.pause(), other.once("drain", () => ws.resume()));
  });
  other.on("data", (data) => {
    const bytes = world.meddle(data, "down");
    world.tap.push(Buffer.from(bytes));
    other.pause();
    ws.send(bytes, () => other.resume());
  });
  ws.on("close", () => (world.sockets.delete(ws), other.destroy()));
  other.on("close", () => ws.close(1000));
  other.on("error", () => ws.terminate());
}
