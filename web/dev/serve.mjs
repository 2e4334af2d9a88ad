// Development only: serves web/dist/practitioner under the production policy and plays the agent of docs/page.md
// from sample data, so that every view can be looked at. It decides nothing and protects nothing.
//   node dev/serve.mjs [PORT]      any name, password "exemple";  POST /dev/scene {"scene":"request"} changes the scene
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as sample from "./sample.mjs";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist/practitioner");
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };
const owner = { login: "claire", name: "Dr Claire Exemple", role: "OWNER" };

const world = { person: owner, locked: false, requests: [], sessions: [], ended: [], reported: [], rehearsal: null, rehearsed_at: null, link: "UP", alarm: false, journal: "OK", flood: false, deleted: false, since: sample.iso(Date.now() - 7_200_000) };
const listeners = new Set();
const mirrors = new Set();

function state() {
  const open = world.sessions.length > 0;
  const base = {
    now: sample.iso(Date.now()), person: world.person, locked: world.locked,
    door: { drawbridge: open ? "DOWN" : "UP", since: world.since, link: world.link, link_problem: world.link === "DOWN" ? "connection refused" : null, journal: world.journal, alarm: world.alarm,
      witness: { log: "audit.vendor.example/main", cosigned: 41, cosigned_at: sample.iso(Date.now() - 600_000), not_shown_yet: 0, quiet: false, evidence: world.alarm ? 1 : 0,
        newest_evidence: world.alarm ? { kind: "ROLLED_BACK", seen: sample.iso(Date.now() - 60_000), size: 37 } : null, log_changed: null } },
  };
  for (const r of world.requests) if (r.planned) r.can_open = Date.now() >= Date.parse(r.planned.from);
  for (const s of world.sessions) s.seconds_left = Math.max(0, Math.round((s.ends - Date.now()) / 1000));
  if (world.rehearsal?.session) world.rehearsal.session.seconds_left = Math.max(0, Math.round((world.rehearsal.session.ends - Date.now()) / 1000));
  if (world.locked)
    return { ...base, practice: sample.practice, requests: [], ended: [], reported: [], recent: [], rehearsed_at: null, rehearsal: null, sessions: world.sessions.map(({ intervention, phase, seconds_left, hold }) => ({ intervention, phase, seconds_left, hold })) };
  return { ...base, practice: sample.practice, requests: world.requests, sessions: world.sessions, ended: world.ended, reported: world.reported, recent: sample.lines(), rehearsed_at: world.rehearsed_at, rehearsal: world.rehearsal };
}
const tell = () => listeners.forEach((send) => send({ state: state() }));

const timed = (s, minutes = s.granted_minutes) => ({ ...s, ends: Date.now() + minutes * 60_000 });
const scenes = {
  closed() { Object.assign(world, { requests: [], sessions: [], ended: [], reported: [], rehearsal: null, locked: false, link: "UP", alarm: false, journal: "OK", flood: false, deleted: false }); },
  request() { scenes.closed(); world.requests = [sample.request()]; },
  requests() { scenes.closed(); world.requests = [sample.request(), { ...sample.request("7f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10"), operators: [sample.bruno], pair: false, criticality: "CRITICAL", emergency: "Poste d'accueil bloqué" }]; },
  planned() { scenes.closed(); world.requests = [sample.planned("8f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10", 4), sample.planned("9f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10", 1, { accepted: sample.said_yes(), pair: false, operators: [sample.bruno], in_charge: "bruno" })]; },
  begun() { scenes.closed(); world.requests = [sample.planned("8f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10", 0, { accepted: sample.said_yes() })]; },
  soon() { scenes.closed(); const id = "8f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10"; world.requests = [sample.planned(id, 1, { planned: { from: sample.iso(Date.now() + 8000), until: sample.iso(Date.now() + 3_600_000) } })]; },
  code() { scenes.closed(); world.sessions = [timed(sample.session(sample.request()))]; },
  live() { scenes.closed(); world.sessions = [timed(sample.at_work(sample.session(sample.request())), 22)]; },
  last() { scenes.closed(); world.sessions = [timed(sample.at_work(sample.session(sample.request())), 0.8)]; },
  pair() { scenes.closed(); world.sessions = [timed(sample.pair_at_work(sample.session(sample.request())), 22)]; },
  pair_waits() { scenes.pair(); Object.assign(world.sessions[0], { connected: ["alice", "denis"], hold: "PAIR_INCOMPLETE", in_charge: "alice", typist: null, paused_tools: [] }); },
  paused() { scenes.live(); world.sessions[0].hold = "PAUSED"; },
  unwatched() { scenes.live(); world.sessions[0].hold = "NOBODY_WATCHES"; },
  flood() { scenes.live(); world.flood = true; },
  locked() { scenes.live(); world.locked = true; },
  reported() { scenes.closed(); world.reported = [sample.lines()[0]]; },
  troubles() { scenes.closed(); Object.assign(world, { link: "DOWN", alarm: true, journal: "FAILED" }); },
};

function password(login) {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const signs = [...randomBytes(12)].map((b) => alphabet[b & 31]).join("");
  const name = [sample.alice, sample.bruno, sample.chloe].find((o) => o.login === login)?.name ?? login;
  return { login, name, password: signs.match(/.{4}/g).join("-"), unused_after: sample.iso(Date.now() + 600_000) };
}
function end(session, cause) {
  world.sessions = world.sessions.filter((s) => s !== session);
  world.ended = [{ ...sample.lines()[0], intervention: session.intervention, end_cause: cause, reported: false }];
  world.since = sample.iso(Date.now());
  mirrors.forEach((send) => send({ ended: true, cause }));
}
const words = "lusab babad gutih tugad";
const refusal = (status, key, what) => ({ status, body: { error: { code: key, what, where: "page", hint: "", key } } });

const rehearse = {
  begin: () => (world.rehearsal = { step: "REQUEST", request: { ...sample.request("rehearsal"), tools: ["shell"], pair: false, operators: [{ ...sample.alice, name: "Camille Essai" }] }, session: null, cut_ms: null, stopped: false }),
  approve() {
    world.rehearsal.step = "OPEN";
    world.rehearsal.session = timed({ ...sample.session(world.rehearsal.request, 10), recording: false });
    return { passwords: [{ ...password("alice"), name: "Camille Essai" }] };
  },
  refuse: () => Object.assign(world.rehearsal, { step: "ENDED" }),
  pause: () => (world.rehearsal.session.hold = "PAUSED"),
  resume: () => (world.rehearsal.session.hold = "NONE"),
  stop: () => Object.assign(world.rehearsal, { step: "ENDED", stopped: true, cut_ms: 41 }),
  leave: () => ((world.rehearsal = null), (world.rehearsed_at = sample.iso(Date.now()))),
};

const routes = [
  ["GET", /^\/api\/door$/, () => ({ drawbridge: world.sessions.length ? "DOWN" : "UP", since: world.since, waiting: world.requests.length, open: world.sessions.length, language: "fr", practice: sample.practice, version: "0.1.0" })],
  ["POST", /^\/api\/(sign-in|passkey\/finish)$/, (_, b) => (b.password === "exemple" || b.ticket ? { token: "t".repeat(43), person: world.person } : refusal(401, "sign_in_wrong", "wrong user name or password"))],
  ["POST", /^\/api\/unlock$/, (_, b) => (b.password === "exemple" ? ((world.locked = false), { person: world.person }) : refusal(401, "sign_in_wrong", "wrong password"))],
  ["GET", /^\/api\/state$/, () => state()],
  ["GET", /^\/api\/requests\/([^/]+)$/, (m, _, q) => {
    const request = world.requests.find((r) => r.intervention === m[1]);
    return request ? { request, request_sha256: "00".repeat(32), notice: sample.notice(q.get("language") === "en" ? "en" : "fr"), host_words: words, host_keys: ["SHA256:" + "A".repeat(43)], form: randomBytes(16).toString("hex"), recording_days: 30 } : refusal(409, "request_gone", "no such request");
  }],
  ["POST", /^\/api\/requests\/([^/]+)\/approve$/, (m, b) => {
    const request = world.requests.find((r) => r.intervention === m[1]);
    world.requests = world.requests.filter((r) => r !== request);
    world.sessions = [timed({ ...sample.session(request, b.minutes), watch: b.watch, recording: b.record, tools: request.tools.filter((x) => !b.without.includes(x)) })];
    return { intervention: m[1], minutes: b.minutes, passwords: request.operators.filter((o) => o.mode === "CONNECTED").map((o) => password(o.login)), host_words: words };
  }],
  ["POST", /^\/api\/requests\/([^/]+)\/refuse$/, (m) => ((world.requests = world.requests.filter((r) => r.intervention !== m[1])), {})],
  ["POST", /^\/api\/requests\/([^/]+)\/accept$/, (m) => ((world.requests.find((r) => r.intervention === m[1]).accepted = sample.said_yes()), {})],
  ["POST", /^\/api\/sessions\/([^/]+)\/typist$/, (_, b) => ((world.sessions[0].typist = b.login), {})],
  ["POST", /^\/api\/sessions\/([^/]+)\/tool$/, (_, b) => {
    const others = world.sessions[0].paused_tools.filter((tool) => tool !== b.tool);
    world.sessions[0].paused_tools = b.held ? [...others, b.tool] : others;
    return {};
  }],
  ["POST", /^\/api\/sessions\/([^/]+)\/code$/, (_, b) => password(b.login)],
  ["POST", /^\/api\/sessions\/([^/]+)\/pause$/, () => ((world.sessions[0].hold = "PAUSED"), {})],
  ["POST", /^\/api\/sessions\/([^/]+)\/resume$/, () => ((world.sessions[0].hold = "NONE"), {})],
  ["POST", /^\/api\/sessions\/([^/]+)\/stop$/, () => (end(world.sessions[0], "WITHDRAWN"), { cut_ms: 87 })],
  ["GET", /^\/api\/sessions\/([^/]+)\/extension$/, (_, __, q) => ({ notice: { version: "1", language: "fr", sha256: "11".repeat(32), level1: `Prolongation de la session.\n\nCombien de temps ? ${q.get("minutes")} minutes de plus, aux mêmes conditions.\n\nVotre accord vaut instruction documentée (RGPD, art. 28).` }, form: "f", most_minutes: 30 })],
  ["POST", /^\/api\/sessions\/([^/]+)\/extend$/, (_, b) => ((world.sessions[0].ends += b.minutes * 60_000), (world.sessions[0].granted_minutes += b.minutes), { seconds_left: 60 * b.minutes })],
  ["GET", /^\/api\/interventions$/, (_, __, q) => {
    const lines = sample.lines().filter((l) => (!q.get("state") || l.state === q.get("state")) && JSON.stringify(l).toLowerCase().includes((q.get("text") ?? "").toLowerCase()));
    return { total: q.get("text") ? lines.length : 120, lines };
  }],
  ["GET", /^\/api\/interventions\/([^/]+)$/, (m) => sample.intervention({ ...(sample.lines().find((l) => l.intervention === m[1]) ?? sample.lines()[0]), ...(world.deleted ? { recording: false } : {}) })],
  ["GET", /^\/api\/interventions\/([^/]+)\/receipt$/, (m) => sample.receipt(m[1])],
  ["POST", /^\/api\/interventions\/([^/]+)\/read$/, () => ((world.reported = []), {})],
  ["POST", /^\/api\/interventions\/([^/]+)\/comment$/, () => ({})],
  ["GET", /^\/api\/interventions\/([^/]+)\/recording$/, () => ({ casts: [{ stream: 1, kind: "shell", login: "alice", cast: sample.cast() }] })],
  ["POST", /^\/api\/interventions\/([^/]+)\/recording\/delete$/, () => ((world.deleted = true), { certificate: {} })],
  ["GET", /^\/api\/calendar$/, (_, __, q) => ({ days: Array.from({ length: 70 }, (_, i) => ({ date: new Date(Date.UTC(Number(q.get("year")), 0, 4 + ((i * 37) % 320))).toISOString().slice(0, 10), count: 1 + ((i * 7) % 5), minutes: 20 + i })).sort((a, b) => (a.date < b.date ? -1 : 1)) })],
  ["GET", /^\/api\/team$/, () => ({ members: [
    { ...owner, added_at: "2026-01-05T09:00:00.000Z", added_by: "init", until: null, removed_at: null, removed_by: null },
    { login: "paul", name: "Paul Exemple", role: "DELEGATE", added_at: "2026-02-01T09:00:00.000Z", added_by: "claire", until: "2026-12-31", removed_at: null, removed_by: null },
    { login: "lea", name: "Léa Exemple", role: "OBSERVER", added_at: "2026-02-01T09:00:00.000Z", added_by: "claire", until: null, removed_at: null, removed_by: null },
    { login: "marc", name: "Marc Exemple", role: "DELEGATE", added_at: "2026-01-06T09:00:00.000Z", added_by: "claire", until: null, removed_at: "2026-06-30T18:00:00.000Z", removed_by: "claire" }] })],
  ["GET", /^\/api\/me(\/export)?$/, () => ({ person: world.person, passkeys: [{ id: "k1", label: "Ordinateur du bureau", added_at: "2026-03-01T09:00:00.000Z" }], acts: [{ at: sample.iso(Date.now() - 9_000_000), type: "consent", intervention: sample.lines()[0].intervention, text: "Serveur du cabinet, 30 minutes" }, { at: sample.iso(Date.now() - 9_100_000), type: "sign_in", intervention: null, text: "" }] })],
  ["GET", /^\/api\/rights$/, () => ({ requests: [{ at: "2026-11-02T10:00:00.000Z", type: "ACCESS", text: "Copie de mes données", due: "2026-12-02" }] })],
  ["POST", /^\/api\/rights$/, () => ({ due: "2026-12-22" })],
  ["POST", /^\/api\/rehearsal$/, (_, b) => { const done = rehearse[b.act](); return done?.passwords ? done : {}; }],
  ["POST", /^\/dev\/scene$/, (_, b) => (b.role && (world.person = { ...owner, role: b.role }), (scenes[b.scene] ?? scenes.closed)(), {})],
  ["POST", /^\/api\//, () => ({})],
];

function asset(path, answer) {
  const file = normalize(join(dist, path === "/" ? "index.html" : path));
  try {
    const data = readFileSync(file.startsWith(dist) ? file : "");
    answer.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store" });
    answer.end(data);
  } catch {
    answer.writeHead(404).end();
  }
}

async function handle(ask, answer) {
  const url = new URL(ask.url, "http://localhost");
  let text = "";
  for await (const chunk of ask) text += chunk;
  const route = routes.find(([method, pattern]) => method === ask.method && pattern.test(url.pathname));
  if (!route) return url.pathname.startsWith("/api/") ? answer.writeHead(404).end("{}") : asset(url.pathname, answer);
  const done = route[2](route[1].exec(url.pathname).map((p) => decodeURIComponent(p ?? "")), text ? JSON.parse(text) : {}, url.searchParams);
  answer.writeHead(done?.status && done.body ? done.status : 200, { "Content-Type": "application/json", "Cache-Control": "no-store" }).end(JSON.stringify(done?.body && done.status ? done.body : done));
  if (ask.method === "POST") tell();
}

// ---- just enough WebSocket: text frames both ways ----
function frame(text) {
  const data = Buffer.from(text);
  const head = data.length < 126 ? Buffer.from([0x81, data.length]) : data.length < 65536 ? Buffer.from([0x81, 126, data.length >> 8, data.length & 255]) : Buffer.concat([Buffer.from([0x81, 127, 0, 0, 0, 0]), Buffer.from(Uint32Array.of(data.length).buffer).reverse()]);
  return Buffer.concat([head, data]);
}
function read_frames(socket, take) {
  let held = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      if (held.length < 6) return;
      let [length, at] = [held[1] & 127, 2];
      if (length === 126) (length = held.readUInt16BE(2)), (at = 4);
      if (held.length < at + 4 + length) return;
      const mask = held.subarray(at, at + 4);
      const data = Buffer.from(held.subarray(at + 4, at + 4 + length).map((b, i) => b ^ mask[i % 4]));
      const kind = held[0] & 15;
      held = held.subarray(at + 4 + length);
      if (kind === 8) return socket.end(Buffer.from([0x88, 0]));
      if (kind === 1) take(JSON.parse(data.toString()));
    }
  });
}

function play_mirror(send, rehearsal) {
  send({ stream: 1, kind: "shell", login: rehearsal ? "essai" : "alice", cols: 80, rows: 24, open: true });
  if (!rehearsal) send({ stream: 2, kind: "command", login: "bruno", cols: 100, rows: 30, open: true });
  if (!rehearsal) send({ stream: 2, output: Buffer.from("base=> \\dt ordonnances\r\n").toString("base64"), skipped: 0 });
  const text = rehearsal ? ["essai$ ", "whoami\r\n", "essai\r\n", "essai$ "] : sample.shell_text;
  send({ stream: 1, output: Buffer.from(text.join("")).toString("base64"), skipped: world.flood ? 2_400_000 : 0 });
}

const server = createServer((ask, answer) => void handle(ask, answer).catch((problem) => answer.writeHead(500).end(String(problem))));
server.on("upgrade", (ask, socket) => {
  const accept = createHash("sha1").update(ask.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const send = (value) => socket.writable && socket.write(frame(JSON.stringify(value)));
  const news = ask.url.startsWith("/api/news");
  read_frames(socket, (said) => {
    if (!said.token) return;
    (news ? listeners : mirrors).add(send);
    if (news) send({ state: state() });
    else play_mirror(send, ask.url.includes("rehearsal"));
  });
  socket.on("error", () => {}).on("close", () => (listeners.delete(send), mirrors.delete(send)));
});
server.listen(Number(process.argv[2] ?? 7070), "127.0.0.1", () => console.log(`http://localhost:${server.address().port}/`));
