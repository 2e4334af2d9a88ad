// The browser's SSH client against real servers, through a relay. Each test says what it promises.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { end_all, product_server, sshd } from "./peers.mjs";
import { farewell } from "./farewell.mjs";
import { relay } from "./relay.mjs";
import { sources } from "./bundle.mjs";

const ssh = await sources("shared/ssh/index", "shared/ssh/public_key", "console/keys/browser_key");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const code = "SAMPLE-CODE";
let key, other_key, ours, theirs, through_ours, through_theirs;

before(async () => {
  const made = async (comment) => ssh.BrowserKey.of(await ssh.BrowserKey.make(), comment, "");
  [key, other_key] = [await made("sample"), await made("stranger")];
  [ours, theirs] = [await product_server({ keys: [key.line] }), await sshd({ keys: [key.line] })];
  [through_ours, through_theirs] = [await relay(ours.port), await relay(theirs.port)];
});
after(async () => {
  await Promise.all([through_ours.close(), through_theirs.close()]);
  end_all();
});

const to = (peer, way, more = {}) =>
  ssh.connect({ pipe: way.pipe(), host_key_line: peer.host_key_line, user: peer.user, key, password: async () => code, ...more });
const to_ours = (more) => to(ours, through_ours, more);
const to_theirs = (more) => to(theirs, through_theirs, more);
const kind = (wanted, detail) => (problem) => {
  assert.equal(problem.name, "Trouble", problem.stack);
  assert.equal(problem.kind, wanted, String(problem));
  if (detail) assert.match(problem.detail, detail);
  return true;
};

// All that a channel says until it ends.
async function said(channel) {
  const [data, words] = [[], []];
  channel.read_with({ data: (b, done) => (data.push(b), done()), words: (b, done) => (words.push(b), done()) });
  const exit = await channel.closed;
  return { out: Buffer.concat(data), words: Buffer.concat(words).toString(), exit };
}
const run = async (connection, command) => said(await ssh.run_command(connection, command));

for (const [name, connect] of [["the product's server", to_ours], ["OpenSSH", to_theirs]]) {
  test(`${name}: signs in, runs a command, says how it ended`, async () => {
    const connection = await connect();
    const { out, exit } = await run(connection, name === "OpenSSH" ? "printf 'une é clé'; exit 3" : "say une é clé");
    assert.equal(out.toString().trim(), "une é clé");
    assert.equal(exit.status, name === "OpenSSH" ? 3 : 0);
    await connection.close();
    assert.equal((await connection.ended).kind, "cancelled");
  });
}

// ---- who is who ----
test("a wrong host key ends it before a word of signing in, with either server", async () => {
  const [, other] = await Promise.all([product_server({ keys: [key.line] }), sshd({ keys: [key.line] })]);
  const before = theirs.child.text().length;
  const refused = theirs.child.line("Connection closed by .* port|Received disconnect|Disconnected from|Connection reset", 1 + [...theirs.child.text().matchAll(/Connection closed by .* port|Received disconnect|Disconnected from|Connection reset/g)].length);
  let asked = 0;
  await assert.rejects(to_theirs({ host_key_line: other.host_key_line, password: async () => (asked++, code) }), kind("wrong_host_key"));
  await refused;
  const log = theirs.child.text().slice(before);
  assert.doesNotMatch(log, /userauth-request|SSH2_MSG_NEWKEYS received/);
  await assert.rejects(to_ours({ host_key_line: other.host_key_line, password: async () => (asked++, code) }), kind("wrong_host_key"));
  assert.equal(asked, 0);
});
test("a practice without an ECDSA P-256 key is refused here", async () => {
  await assert.rejects(to_ours({ host_key_line: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAZbu4 sample" }), kind("bad_answer", /no host key/));
});
test("a key that is not the card's is refused, and the password is not asked for", async () => {
  let asked = 0;
  await assert.rejects(to_ours({ key: other_key, password: async () => (asked++, code) }), kind("key_refused"));
  await assert.rejects(to_theirs({ key: other_key, password: async () => (asked++, code) }), kind("key_refused"));
  assert.equal(asked, 0);
});
test("a wrong password may be tried again; too many end it with the practice's words", async () => {
  const asks = [];
  const connection = await to_ours({ password: async (ask) => (asks.push(ask.wrong), ask.wrong === 0 ? "WRONG" : code) });
  assert.deepEqual(asks, [0, 1]);
  await connection.close();
  await assert.rejects(to_ours({ password: async () => "WRONG" }), kind("closed_by_practice", /wrong too often/));
  await assert.rejects(to_ours({ user: "locked" }), kind("closed_by_practice", /No tries are left/));
});
test("back within a minute of a drop: the key alone", async () => {
  let asked = 0;
  const connection = await to_ours({ user: "waived", password: async () => (asked++, code) });
  assert.deepEqual([asked, connection.rejoined], [0, true]);
  await connection.close();
});
test("keyboard-interactive as RFC 4256 has it, prompts interleaved", async () => {
  const words = [];
  const connection = await to_ours({ password: async (ask) => (words.push(ask.instruction), code), ways: ["keyboard-interactive"] });
  assert.match(words[0], /Sample gateway, for alice/);
  await connection.close();
});
test("who waits for a password learns that the link is gone", async () => {
  const way = await relay(ours.port);
  let typing;
  const asked = new Promise((done) => (typing = done));
  const connecting = to(ours, way, { password: () => (typing(), new Promise(() => {})) });
  await asked;
  way.cut();
  await assert.rejects(connecting, kind("gone"));
  await way.close();
});

// ---- terminals and commands ----
async function shell(connection, size = { cols: 80, rows: 24 }) {
  const channel = await ssh.open_shell(connection, size, "fr_FR.UTF-8");
  let text = "";
  const waiting = new Set();
  const decoder = new TextDecoder();
  channel.read_with({ data: (b, done) => ((text += decoder.decode(b, { stream: true })), done(), waiting.forEach((look) => look())) });
  return {
    channel,
    type: (words) => channel.send(new TextEncoder().encode(words)),
    until: (pattern) => new Promise((done) => {
      const look = () => pattern.test(text) && (waiting.delete(look), done(text));
      waiting.add(look);
      look();
    }),
  };
}
test("a terminal: its size, a new size, the language, accents, an interrupt, its end", async () => {
  const connection = await to_theirs();
  const { channel, type, until } = await shell(connection, { cols: 91, rows: 31 });
  await type("PS1='> '; stty size; echo lang=$LANG; echo 'dé''jà 😀'\n");
  await until(/31 91[\s\S]*lang=fr_FR.UTF-8[\s\S]*déjà 😀/);
  ssh.resize(channel, { cols: 120, rows: 40 });
  await type("stty size\n");
  await until(/40 120/);
  await type("sh -c 'echo st''arted; exec sleep 600'\n");
  await until(/started\r/);  // in the foreground: an interrupt before that would be the shell's
  await type("\x03");
  await type("echo int''errupted; exit 7\n");
  await until(/interrupted/);
  assert.equal((await channel.closed).status, 7);
  await connection.close();
});
test("two terminals at once, and a command beside them", async () => {
  const connection = await to_theirs();
  const [one, two] = await Promise.all([shell(connection), shell(connection)]);
  await one.type("echo o''ne; exit\n");
  await two.type("echo t''wo; exit\n");
  assert.equal((await run(connection, "echo three")).out.toString(), "three\n");
  await Promise.all([one.until(/\bone\r/), two.until(/\btwo\r/)]);
  await connection.close();
});
test("what a refused tool says is heard; the connection goes on", async () => {
  const connection = await to_ours();
  const { words } = await run(connection, "refuse the practice did not consent to this tool");
  assert.match(words, /did not consent/);
  await assert.rejects(ssh.open_subsystem(connection, "other"), kind("not_offered")).catch(async () => {
    // accepted, told and closed: also a refusal
  });
  assert.equal((await run(connection, "exit 5")).exit.status, 5);
  assert.equal((await run(connection, "die KILL")).exit.signal, "KILL");
  await connection.close();
});
test("the practice's goodbye is told in its own words", async () => {
  const connection = await to_ours();
  void run(connection, "disconnect The practice stopped the session.").catch(() => {});
  const why = await connection.ended;
  assert.deepEqual([why.kind, why.detail], ["closed_by_practice", "The practice stopped the session."]);
  await assert.rejects(ssh.run_command(connection, "say x"), kind("closed_by_practice"));
});
test("what the gateway says instead of a practice is told", async () => {
  const { createServer } = await import("node:net");
  const gateway = createServer((socket) => socket.end(farewell("The practice is not connected."))).listen(0, "127.0.0.1");
  await new Promise((done) => gateway.on("listening", done));
  const way = await relay(gateway.address().port);
  await assert.rejects(to(ours, way), kind("not_relayed", /practice is not connected/));
  await way.close();
  gateway.close();
  const in_words = await relay(0, { on_text: JSON.stringify({ error: { code: "agent_gone", detail: "No such intervention." } }) });
  await assert.rejects(to(ours, in_words), kind("not_relayed", /No such intervention/));
  await in_words.close();
});

// ---- many bytes ----
const twenty = 20_000_000;
const block = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 31 + (i >> 8) * 7) & 255));
for (const [name, connect] of [["the product's server", to_ours], ["OpenSSH", to_theirs]])
  for (const [how, limits] of [["one key", {}], ["a new key for each megabyte", { rekey_bytes: 1 << 20 }]])
    test(`${name}: 20 MB down and up arrive as they were sent, ${how}`, async () => {
      const connection = await connect({ limits });
      const wanted = sha256(Buffer.alloc(twenty, block));
      const ours_now = name !== "OpenSSH";
      const down = await ssh.run_command(connection, ours_now ? `source ${twenty}` : `node -e 'const b=Buffer.from(Array.from({length:65536},(_, i)=>(i*31+(i>>8)*7)&255));process.stdout.write(Buffer.alloc(${twenty},b))'`);
      const hash = createHash("sha256");
      let count = 0;
      down.read_with({ data: (bytes, done) => (hash.update(bytes), (count += bytes.length), done()) });
      await down.closed;
      assert.deepEqual([count, hash.digest("hex")], [twenty, wanted]);
      const up = await ssh.run_command(connection, ours_now ? "sink" : "sha256sum");
      const answer = said(up);
      const all = Buffer.alloc(twenty, block);
      for (let at = 0; at < twenty; at += 100_000) await up.send(all.subarray(at, at + 100_000));
      await up.send_end();
      assert.match((await answer).out.toString(), new RegExp(`^${wanted}`));
      await connection.close();
    });
test("a server that begins a new key exchange is joined in it", async () => {
  const peer = await sshd({ keys: [key.line], settings: ["RekeyLimit 1M"] });
  const way = await relay(peer.port);
  const connection = await to(peer, way);
  const { out } = await run(connection, "head -c 5000000 /dev/zero | tr '\\0' x");
  assert.equal(out.length, 5_000_000);
  assert.ok([...peer.child.text().matchAll(/SSH2_MSG_NEWKEYS received/g)].length > 3);
  await connection.close();
  await way.close();
  peer.child.kill();
});
test("100 MB through one channel, and the memory stays as it was", async () => {
  const connection = await to_ours();
  const once = async () => {
    const channel = await ssh.run_command(connection, "source 50000000");
    let count = 0;
    channel.read_with({ data: (bytes, done) => ((count += bytes.length), done()) });
    await channel.closed;
    assert.equal(count, 50_000_000);
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const first = await once();
  const second = await once();
  assert.ok(second - first < 8e6, `${first} → ${second}`);
  await connection.close();
});

// ---- files ----
const files_of = async (connection) => ssh.Sftp.start(await ssh.open_subsystem(connection, "sftp"));
const watcher = (told = []) => ({ progress: (done, of) => told.push([done, of]), signal: new AbortController().signal, told });
function memory_place() {
  const parts = [];
  return { write: async (bytes) => void parts.push(Buffer.from(bytes)), all: () => Buffer.concat(parts) };
}
for (const [name, connect, peer] of [["the product's server", to_ours, () => ours], ["OpenSSH", to_theirs, () => theirs]])
  test(`${name}: files are listed, put and got as they are; folders, names, removal`, async () => {
    const connection = await connect();
    const sftp = await files_of(connection);
    const base = `${peer().home}/dépôt ${name === "OpenSSH" ? 1 : 2}`;
    await sftp.make_folder(base);
    const content = randomBytes(3_000_017);
    const up = watcher();
    assert.equal(await ssh.upload(sftp, new Blob([content]), `${base}/été.bin`, false, up), content.length);
    assert.deepEqual(up.told.at(-1), [content.length, content.length]);
    assert.deepEqual(up.told.map(([done]) => done), [...up.told.map(([done]) => done)].sort((a, b) => a - b));
    const [entry] = await sftp.list(base);
    assert.deepEqual([entry.name, entry.attributes.size, ssh.is_file(entry.attributes)], ["été.bin", content.length, true]);
    const [place, down] = [memory_place(), watcher()];
    assert.equal(await ssh.download(sftp, `${base}/été.bin`, entry.attributes.size, place, down), content.length);
    assert.equal(sha256(place.all()), sha256(content));
    assert.deepEqual(down.told.at(-1), [content.length, content.length]);
    await assert.rejects(ssh.upload(sftp, new Blob(["x"]), `${base}/été.bin`, false, watcher()), (e) => e.why === "failure");
    await assert.rejects(sftp.stat(`${base}/none`), (e) => e.why === "not_found");
    await sftp.rename(`${base}/été.bin`, `${base}/hiver.bin`);
    await ssh.upload(sftp, new Blob([]), `${base}/empty`, false, watcher());
    assert.equal(await ssh.download(sftp, `${base}/empty`, 0, memory_place(), watcher()), 0);
    assert.deepEqual((await sftp.list(base)).map((e) => e.name).sort(), ["empty", "hiver.bin"]);
    await sftp.remove(`${base}/hiver.bin`, false);
    await sftp.remove(`${base}/empty`, false);
    await sftp.remove(base, true);
    assert.equal((await sftp.stat(await sftp.real_path("."))).size !== null, true);
    sftp.close();
    assert.equal((await sftp.ended).kind, "cancelled");
    await connection.close();
  });
test("a transfer that is cancelled stops, and others go on", async () => {
  const connection = await to_theirs();
  const sftp = await files_of(connection);
  const stop = new AbortController();
  const path = `${theirs.home}/cancelled`;
  const big = new Blob([Buffer.alloc(8_000_000, 1)]);
  await assert.rejects(ssh.upload(sftp, big, path, true, { signal: stop.signal, progress: (done) => done > 1_000_000 && stop.abort() }), kind("cancelled"));
  assert.ok((await sftp.stat(path)).size < 8_000_000);
  await sftp.remove(path, false);
  await connection.close();
});

// ---- ways through ----
test("a tunnel carries bytes to an echo port and back, and ends with it", async () => {
  const { createServer } = await import("node:net");
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await new Promise((done) => echo.on("listening", done));
  const connection = await to_theirs();
  const channel = await ssh.open_tunnel(connection, "127.0.0.1", echo.address().port);
  const answer = said(channel);
  const content = randomBytes(1_000_000);
  await channel.send(content);
  await channel.send_end();
  assert.equal(sha256((await answer).out), sha256(content));
  await assert.rejects(ssh.open_tunnel(connection, "127.0.0.1", 1), kind("not_offered"));
  await connection.close();
  echo.close();
  const there = await to_ours();
  await assert.rejects(ssh.open_tunnel(there, "refused.sample", 22), kind("not_offered", /Not on the list|./));
  const socket = new ssh.TunnelSocket(await ssh.open_tunnel(there, "echo.sample", 5900));
  const heard = new Promise((done) => (socket.onmessage = ({ data }) => done(Buffer.from(data).toString())));
  socket.send(new TextEncoder().encode("RFB 003.008\n"));
  assert.equal(await heard, "RFB 003.008\n");
  const closed = new Promise((done) => (socket.onclose = done));
  socket.close();
  await closed;
  await there.close();
});

// ---- what a hostile or broken relay can do ----
test("nothing readable passes the relay", async () => {
  const seen = [];
  const way = await relay(ours.port, { meddle: (bytes) => (seen.push(Buffer.from(bytes)), bytes) });
  const connection = await to(ours, way);
  await run(connection, "say written-in-the-clear");
  const sftp = await files_of(connection);
  await sftp.list("/");
  await connection.close();
  await way.close();
  const all = Buffer.concat(seen).toString("latin1");
  assert.match(all, /SSH-2.0-PontlevisConsole_1/);
  for (const word of [code, "written-in-the-clear", "sftp", "alice"]) assert.ok(!all.includes(word), word);
});
test("a bit that is flipped on the way never arrives: what came before is whole, then it ends", async () => {
  const wanted = Buffer.alloc(300_000, block);
  const kinds = {};
  for (let i = 0; i < 40; i++) {
    const [way_of, at] = [i % 2 ? "up" : "down", i < 20 ? 1500 + i * 37 : 5_000 + i * 997];
    const way = await relay(ours.port, { meddle: (bytes, where, from) => {
      if (where === way_of && from <= at && at < from + bytes.length) bytes[at - from] ^= 1 << (i % 8);
      return bytes;
    } });
    let got = Buffer.alloc(0);
    try {
      const connection = await to(ours, way, { limits: { step_ms: 2000, alive_ms: 150, silences: 2 } });
      const channel = await ssh.run_command(connection, "echo");
      channel.read_with({ data: (bytes, done) => ((got = Buffer.concat([got, bytes])), done()) });
      await channel.send(wanted).catch(() => {});
      await channel.send_end().catch(() => {});
      await Promise.race([channel.closed, connection.ended]);
      const why = connection.is_over ? (await connection.ended).kind : "whole";
      kinds[why] = (kinds[why] ?? 0) + 1;
      if (why === "whole") assert.equal(got.length, wanted.length);
      await connection.close();
    } catch (problem) {
      assert.equal(problem.name, "Trouble", problem.stack);
      kinds[problem.kind] = (kinds[problem.kind] ?? 0) + 1;
    }
    assert.deepEqual(got, wanted.subarray(0, got.length), `flip ${i}`);
    await way.close();
  }
  assert.ok(!kinds.whole, JSON.stringify(kinds));
  console.log(`# flips ended as ${JSON.stringify(kinds)}`);
});
test("a practice that says nothing is given up: at the start, and in the middle", async () => {
  const mute = await relay(ours.port, { meddle: (bytes, where) => (where === "down" ? null : bytes) });
  await assert.rejects(to(ours, mute, { limits: { step_ms: 200 } }), kind("slow"));
  await mute.close();
  let silent = false;
  const way = await relay(ours.port, { meddle: (bytes, where) => (silent && where === "down" ? null : bytes) });
  const connection = await to(ours, way, { limits: { alive_ms: 60, silences: 3 } });
  assert.equal((await run(connection, "exit 2")).exit.status, 2);
  silent = true;
  assert.equal((await connection.ended).kind, "silent");
  await way.close();
});
test("a link that breaks is gone; whoever waits is told", async () => {
  const way = await relay(ours.port);
  const connection = await to(ours, way);
  const channel = await ssh.run_command(connection, "stall");
  const sending = channel.send(Buffer.alloc(50_000_000)).then(() => "sent", (why) => why.kind);
  const sftp = await files_of(connection);
  const [listing] = [sftp.list("/proc").then(() => "listed", (why) => why.kind)];
  way.cut();
  assert.equal((await connection.ended).kind, "gone");
  assert.ok(["ended", "gone"].includes(await sending));
  assert.ok(["ended", "gone", "not_offered", "listed"].includes(await listing));
  assert.equal((await channel.closed).status, null);
  await way.close();
});
