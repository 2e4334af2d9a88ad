// Development only: serves web/dist/console under the production policy and plays the gateway of console/contract.ts
// from sample data, so that every view can be looked at. It decides nothing and protects nothing.
//   node dev/console_serve.mjs [PORT]   alice, admin or dpo; password "exemple exemple"; code 123456
//   POST /dev/world {…} changes the world: as, settings, fail, step_up, answer
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as sample from "./console_sample.mjs";
import { fresh_review, needs_presence, needs_purpose, review_routes } from "./review_play.mjs";

const built = process.env.PONTLEVIS_WEB_OUT ?? join(dirname(fileURLToPath(import.meta.url)), "../dist");
const dist = join(built, "console"), review_dist = join(built, "review");
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

const fresh = () => ({ as: null, step_up: false, must_change: false, dead: false, serving: true, refuse: null, conflict: false, card: true, interventions: sample.interventions(), settings: { ...sample.settings }, drafts: {}, seen: [], review: fresh_review() });
let world = fresh();
const listeners = new Set();
let changes = 0;
const tell = () => (changes++, listeners.forEach((send) => send({ changes })));

const problem = (status, code, detail = "", hint = "") => ({ status, type: "application/problem+json", body: { type: `urn:pontlevis:problem:${code}`, title: code, status, detail, code, where: "", hint } });
const page = (items) => ({ items, next: null });
const found = (list, test, give = (x) => x) => { const one = list.find(test); return one ? give(one) : problem(404, "not_found"); };
const me = () => ({ ...sample.me(world.as), must_change_password: world.must_change });
const at = (id) => world.interventions.find((i) => i.id === id);
const change = (id, part) => (Object.assign(at(id), part), tell(), at(id));
const sign_in = (login, right) => (right && sample.people[login] ? ((world.as = login), { me: me() }) : problem(401, "not_signed_in", "wrong login, password or code"));
const ask_passkey = { ticket: "t", options: { challenge: "AAAA", rpId: "localhost", allowCredentials: [], userVerification: "required" } };
const needs_step_up = new Set(["POST /interventions", "POST /practices", "PUT /settings", "POST /accounts"]);

function ask(body) {
  if (world.refuse) return problem(403, world.refuse, "sample refusal", "sample hint");
  const made = sample.intervention(900 + world.interventions.length, "REQUESTED", { ...body, practice_name: "Cabinet Exemple", pair: body.pair !== null, to_do: ["wait"] });
  world.interventions.unshift(made);
  tell();
  return { status: 201, body: made };
}

const routes = [
  ["GET", /^\/door$/, () => ({ ...sample.door, serving: world.serving })],
  ["POST", /^\/sign-in$/, (_, b) => (b.code === "000000" ? problem(423, "locked") : sign_in(b.login, b.password === "exemple exemple" && b.code === "123456"))],
  ["POST", /^\/sign-in\/passkey\/start$/, () => ask_passkey],
  ["POST", /^\/sign-out$/, () => ((world.as = null), {})],
  ["POST", /^\/step-up$/, (_, b) => (b.code === "123456" || b.ticket ? ((world.step_up = false), me()) : problem(401, "wrong_code"))],
  ["GET", /^\/me$/, () => me()],
  ["GET", /^\/me\/card$/, () => (world.card && world.as === "alice" ? sample.card : problem(404, "not_found"))],
  ["POST", /^\/me\/password$/, (_, b) => (b.old === "faux" ? problem(401, "not_signed_in") : ((world.must_change = false), {}))],
  ["GET", /^\/me\/passkeys$/, () => page(sample.passkeys)],
  ["GET", /^\/me\/tokens$/, () => page(sample.tokens)],
  ["POST", /^\/me\/tokens$/, (_, b) => ({ status: 201, body: { id: "t2", ...b, created_at: sample.iso(Date.now()), expires_at: sample.iso(Date.now() + b.days * 86_400_000), last_used_at: null, secret: "plt_" + "Exemple0".repeat(5) } })],
  ["GET", /^\/practices$/, (_, __, q) => page(sample.practices.filter((p) => JSON.stringify(p).toLowerCase().includes((q.get("search") ?? "").toLowerCase())))],
  ["GET", /^\/practices\/([^/]+)$/, (m) => found(sample.practices, (p) => p.id === m[1])],
  ["PUT", /^\/practices\/([^/]+)\/contract$/, (m) => (world.conflict ? problem(412, "changed_meanwhile") : found(sample.practices, (p) => p.id === m[1]))],
  ["POST", /^\/practices\/([^/]+)\/revoke-agent$/, () => ({ certificates: 1 })],
  ["POST", /^\/enrolment-codes$/, (_, b) => (b.note.includes("faux") ? problem(400, "bad_signature", "does not verify") : { status: 201, body: { practice: "nouveau-exemple", expires_at: sample.iso(Date.now() + 86_400_000) } })],
  ["GET", /^\/interventions$/, (_, __, q) => page(world.interventions.filter((i) => !q.get("live") || ["REQUESTED", "APPROVED", "OPEN", "PAUSED", "ENDED"].includes(i.state)))],
  ["POST", /^\/interventions$/, (_, b) => ask(b)],
  ["GET", /^\/interventions\/([^/]+)$/, (m) => found(world.interventions, (i) => i.id === m[1])],
  ["GET", /^\/interventions\/([^/]+)\/events$/, (m) => found(world.interventions, (i) => i.id === m[1], (i) => ({ items: sample.events(i) }))],
  ["GET", /^\/interventions\/([^/]+)\/draft$/, (m) => ({ draft: world.drafts[m[1]] ?? null })],
  ["PUT", /^\/interventions\/([^/]+)\/draft$/, (m, b) => ((world.drafts[m[1]] = b.draft), {})],
  ["POST", /^\/interventions\/([^/]+)\/cancel$/, (m) => change(m[1], { state: "CANCELLED", ended_at: sample.iso(Date.now()), to_do: [] })],
  ["POST", /^\/interventions\/([^/]+)\/finish$/, (m) => change(m[1], { state: "ENDED", ended_at: sample.iso(Date.now()), end_cause: "DONE", to_do: ["report"] })],
  ["POST", /^\/interventions\/([^/]+)\/hand-over$/, (m, b) => change(m[1], { in_charge: b.to })],
  ["POST", /^\/interventions\/([^/]+)\/report$/, (m, b) => change(m[1], { state: "CLOSED", report: b, reported_at: sample.iso(Date.now()), to_do: [] })],
  ["GET", /^\/technicians$/, () => page(sample.technicians)],
  ["POST", /^\/technicians$/, () => ({ status: 201, body: { ...sample.technicians[1], totp_secret: "JBSWY3DPEHPK3PXP", otpauth: "otpauth://totp/Pontlevis:bruno?secret=JBSWY3DPEHPK3PXP&issuer=Pontlevis" } })],
  ["POST", /^\/card-revocations$/, () => ({ status: 201, body: { card: "c", login: "denis" } })],
  ["GET", /^\/accounts$/, () => page(sample.accounts)],
  ["POST", /^\/accounts(\/[^/]+\/reset)?$/, (m, b) => ({ status: 201, body: { ...sample.accounts[0], ...b, password: "corail-notice-abeille-12", totp_secret: "JBSWY3DPEHPK3PXP", otpauth: "otpauth://totp/Pontlevis:eva?secret=JBSWY3DPEHPK3PXP&issuer=Pontlevis" } })],
  ["DELETE", /^\/(accounts|me\/tokens|me\/passkeys)\/([^/]+)$/, () => ({})],
  ["GET", /^\/subprocessors$/, () => page(sample.subprocessors)],
  ["GET", /^\/subprocessors\/([^/]+)$/, (m) => found(sample.subprocessors, (s) => s.id === m[1])],
  ["PUT", /^\/subprocessors\/([^/]+)$/, (m) => (world.conflict ? problem(412, "changed_meanwhile") : found(sample.subprocessors, (s) => s.id === m[1]))],
  ["POST", /^\/subprocessors$/, (_, b) => ({ status: 201, body: b })],
  ["GET", /^\/settings$/, () => world.settings],
  ["PUT", /^\/settings$/, (_, b) => (world.conflict ? problem(412, "changed_meanwhile") : (Object.assign(world.settings, b), tell(), world.settings))],
];

routes.push(...review_routes({ review: () => world.review, problem, me: () => sample.people[world.as] }));

const open_to_all = (path) => path === "/door" || path.startsWith("/sign-in");

function answer_to(method, path, body, query, headers) {
  const route = routes.find(([m, pattern]) => m === method && pattern.test(path));
  if (!route) return problem(404, "not_found");
  if (!world.as && !open_to_all(path)) return problem(401, "not_signed_in");
  if (needs_purpose(method, path, headers)) return problem(400, "purpose_missing", "no purpose", "say what you read for");
  if (world.step_up && (needs_step_up.has(`${method} ${path}`) || needs_presence(method, path))) return problem(403, "step_up");
  return route[2](route[1].exec(path).map((p) => decodeURIComponent(p ?? "")), body, query);
}

function dev(path, body) {
  if (path === "/dev/world") {
    world = { ...fresh(), ...body, review: { ...fresh_review(), ...body.review } };
    if (body.as === null) world.as = null;
    tell();
  }
  if (path === "/dev/change") Object.assign(world, body), tell();
  if (path === "/dev/state") change(body.id, body.change);
  return path === "/dev/seen" ? { seen: world.seen, drafts: world.drafts } : {};
}

function asset(path, answer) {
  const [folder, name] = path.startsWith("/review/") ? [review_dist, path.slice(7)] : [dist, path];
  const file = normalize(join(folder, name === "/" ? "index.html" : name));
  try {
    const data = readFileSync(file.startsWith(folder) ? file : "");
    answer.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store" }).end(data);
  } catch {
    answer.writeHead(404).end();
  }
}

async function handle(request, answer) {
  const url = new URL(request.url, "http://localhost");
  let text = "";
  for await (const chunk of request) text += chunk;
  const body = text ? JSON.parse(text) : {};
  const api = url.pathname.startsWith("/api/v1");
  if (!api && !url.pathname.startsWith("/dev/")) return asset(url.pathname, answer);
  if (api && world.dead) return void request.socket.destroy();
  if (api && request.method !== "GET") world.seen.push({ method: request.method, path: url.pathname.slice(7), body, key: request.headers["idempotency-key"] ?? null, purpose: request.headers["pontlevis-purpose"] ?? null, match: request.headers["if-match"] ?? null });
  const done = api ? answer_to(request.method, url.pathname.slice(7), body, url.searchParams, request.headers) : dev(url.pathname, body);
  const whole = (done.body !== undefined || done.raw !== undefined) && typeof done.status === "number";
  const sent = done.raw ?? JSON.stringify(whole ? done.body : done);
  answer.writeHead(whole ? done.status : 200, { "Content-Type": (whole && done.type) || "application/json", "Cache-Control": "no-store", ETag: `"${createHash("sha256").update(sent).digest("base64url")}"` }).end(sent);
}

// ---- just enough WebSocket: the gateway speaks, the page only closes ----
const frame = (text) => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
const server = createServer((request, answer) => void handle(request, answer).catch((p) => answer.writeHead(500).end(String(p.stack))));
server.on("upgrade", (request, socket) => {
  socket.on("error", () => {});
  if (world.dead || !world.as || request.url !== "/api/v1/news") return void socket.destroy();
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const send = (value) => (world.dead ? socket.destroy() : socket.writable && socket.write(frame(JSON.stringify(value))));
  listeners.add(send);
  socket.on("data", (data) => (data[0] & 15) === 8 && socket.end(Buffer.from([0x88, 0])));
  socket.on("close", () => listeners.delete(send));
});
server.listen(Number(process.argv[2] ?? 7080), "127.0.0.1", () => console.log(`http://localhost:${server.address().port}/`));
