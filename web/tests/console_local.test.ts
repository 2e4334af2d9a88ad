// @ts-nocheck: node's own types are not part of the pages
// The console installed on one's own machine, against a gateway that answers over TLS.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { get as http_get, request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hash_of, read_bundle, sums_of } from "../console/local/bundle.mjs";
import { host_of, read_place } from "../console/local/place.mjs";
import { serve } from "../console/local/serve.mjs";

const folder = mkdtempSync(join(tmpdir(), "pontlevis-local-"));
let gateway, server, host, files, ca, seen;
const place = { name: "abcdefghij0123456789", port: 0 };

function made_certificate() {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert]);
  return made.status === 0 ? { key: readFileSync(key), cert: readFileSync(cert) } : null;
}

function ask(path, { method = "GET", headers = {}, body = "" } = {}) {
  return new Promise((done, fail) => {
    const asking = request({ host: "127.0.0.1", port: server.address().port, path, method, headers: { host, ...headers } }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += chunk)).on("end", () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asking.on("error", fail).end(body);
  });
}

before(async () => {
  mkdirSync(join(folder, "files/assets"), { recursive: true });
  writeFileSync(join(folder, "files/index.html"), "<!doctype html>");
  writeFileSync(join(folder, "files/assets/main-A.js"), "1");
  files = read_bundle(join(folder, "files"));
  const tls = made_certificate();
  if (!tls) return;
  ca = tls.cert;
  gateway = createServer(tls, (asked, answer) => {
    seen = asked.headers;
    answer.writeHead(200, { "Content-Type": "application/json", "Set-Cookie": "__Host-session=s; Secure; HttpOnly; Path=/" });
    asked.pipe(answer);
  });
  gateway.on("upgrade", (asked, socket) => {
    seen = asked.headers;
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    socket.pipe(socket);
  });
  await new Promise((done) => gateway.listen(0, "127.0.0.1", done));
  server = await serve({ gateway: new URL(`https://localhost:${gateway.address().port}`), ca, files, place });
  host = host_of({ ...place, port: server.address().port });
});
after(() => {
  server?.close();
  server?.closeAllConnections();
  gateway?.close();
  gateway?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

test("the hash is that of the gateway's own list", () => {
  const sum = (text) => createHash("sha256").update(text).digest("hex");
  assert.equal(sums_of(files), `${sum("1")}  assets/main-A.js\n${sum("<!doctype html>")}  index.html\n`);
  assert.equal(hash_of(files), sum(sums_of(files)));
});
test("the name is made once and is its user's alone", () => {
  const file = join(folder, "kept/console.json");
  const first = read_place(file);
  assert.match(first.name, /^[a-z0-9]{20}$/);
  assert.deepEqual(read_place(file), first);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});
test("files come from this machine, under the strict policy; the gateway is not asked", async (t) => {
  if (!server) return t.skip("openssl is not here");
  seen = null;
  const page = await ask("/");
  assert.equal(page.text, "<!doctype html>");
  assert.match(page.headers["content-security-policy"], /trusted-types 'none'/);
  assert.equal((await ask("/assets/other.js")).status, 404);
  assert.equal(seen, null);
});
test("requests go on as the gateway's own origin, and answers come back whole", async (t) => {
  if (!server) return t.skip("openssl is not here");
  const done = await ask("/api/v1/sign-in", { method: "POST", headers: { origin: `http://${host}`, "content-type": "application/json", cookie: "__Host-session=s" }, body: '{"login":"alice"}' });
  assert.equal(done.text, '{"login":"alice"}');
  assert.ok(done.headers["set-cookie"][0].includes("HttpOnly"));
  assert.equal(seen.origin, `https://localhost:${gateway.address().port}`);
  assert.equal(seen.host, `localhost:${gateway.address().port}`);
  assert.equal(seen.cookie, "__Host-session=s");
});
test("another name, another origin, and an act without one get nothing", async (t) => {
  if (!server) return t.skip("openssl is not here");
  seen = null;
  assert.equal((await ask("/", { headers: { host: `localhost:${server.address().port}` } })).status, 421);
  assert.equal((await ask("/api/v1/me", { headers: { origin: "https://evil.example" } })).status, 421);
  assert.equal((await ask("/api/v1/sign-out", { method: "POST" })).status, 421);
  assert.equal(seen, null);
});
test("a WebSocket is passed on byte by byte; a foreign one is dropped", async (t) => {
  if (!server) return t.skip("openssl is not here");
  const upgrade = (origin) => new Promise((done) => {
    const asking = http_get({ host: "127.0.0.1", port: server.address().port, path: "/relay/1", headers: { host, origin, connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-version": "13" } });
    asking.on("error", () => done(null)).on("upgrade", (_, socket) => (socket.write("sealed"), socket.once("data", (data) => (done(String(data)), socket.destroy()))));
  });
  assert.equal(await upgrade(`http://${host}`), "sealed");
  assert.equal(seen["sec-websocket-key"], "AAAAAAAAAAAAAAAAAAAAAA==");
  assert.equal(await upgrade("https://evil.example"), null);
});
test("a gateway whose certificate does not verify is not spoken to", async (t) => {
  if (!server) return t.skip("openssl is not here");
  const unsure = await serve({ gateway: new URL(`https://localhost:${gateway.address().port}`), ca: undefined, files, place: { ...place, port: 0 } });
  const answer = await new Promise((done) => http_get({ host: "127.0.0.1", port: unsure.address().port, path: "/api/v1/door", headers: { host: host_of({ ...place, port: unsure.address().port }) } }, (a) => (a.resume(), done(a.statusCode))));
  assert.equal(answer, 502);
  unsure.close();
  unsure.closeAllConnections();
});
