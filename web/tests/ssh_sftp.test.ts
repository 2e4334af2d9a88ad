// @ts-nocheck: node's own types are not part of the pages
// SFTP as a hostile server would answer it: strictly read, and the channel ends on the first thing that is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Writer } from "../shared/ssh/bytes";
import { Trouble } from "../shared/ssh/errors";
import { Sftp } from "../shared/ssh/sftp/client";
import { download, upload } from "../shared/ssh/sftp/transfer";
import { Cutter, most_packet, packet, read_answer } from "../shared/ssh/sftp/words";

const bad_answer = (problem) => problem instanceof Trouble && problem.kind === "bad_answer";
const status = (id, code, words = "") => new Writer().byte(101).u32(id).u32(code).string(words).string("en").bytes();
const attrs = (writer, size) => writer.u32(1 | 4 | 8).u64(size).u32(0o100644).u32(0).u32(1_700_000_000);

// A channel whose other end is a function of each request.
class Peer {
  sent = [];
  constructor(answer) {
    this.answer = answer;
    this.closed = new Promise((done) => (this.end = () => done({ status: null, signal: null, detail: "" })));
  }
  read_with(reader) { this.reader = reader; }
  push(bytes) { let told = false; this.reader.data(Uint8Array.from(bytes), () => (told = true)); assert.ok(told); }
  reply(inside) { this.push(new Writer().string(inside).bytes()); }
  close() { this.is_closed = true; this.end(); }
  async send(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const type = bytes[4];
    if (type === 1) return queueMicrotask(() => this.reply(new Writer().byte(2).u32(3).bytes()));
    this.sent.push({ type, id: view.getUint32(5), bytes });
    queueMicrotask(() => this.answer(type, view.getUint32(5), bytes.subarray(9), this));
  }
}
const start = async (answer) => { const peer = new Peer(answer); return { peer, sftp: await Sftp.start(peer) }; };

test("answers are read strictly: cut short, too long, left over, of unknown kind or flags", () => {
  const good = [status(7, 2, "no"), new Writer().byte(102).u32(1).string("h").bytes(), new Writer().byte(103).u32(1).string("data").bytes(), attrs(new Writer().byte(105).u32(1), 5).bytes(),
    attrs(new Writer().byte(104).u32(1).u32(1).string("name").string("long"), 5).bytes()];
  assert.deepEqual(good.map((g) => read_answer(g).kind), ["status", "handle", "data", "attributes", "names"]);
  for (const one of good) {
    for (let cut = 0; cut < one.length; cut++) {
      if (one[0] === 101 && cut === 9) continue;  // a status without words is one of old servers
      if (one[0] === 101 && cut === 15) continue;
      assert.throws(() => read_answer(one.subarray(0, cut)), bad_answer, `${one[0]} cut at ${cut}`);
    }
    assert.throws(() => read_answer(Uint8Array.from([...one, 0])), bad_answer, `${one[0]} and one more`);
  }
  for (const type of [0, 1, 2, 3, 99, 106, 200, 201, 255]) assert.throws(() => read_answer(new Writer().byte(type).u32(1).bytes()), bad_answer);
  assert.throws(() => read_answer(new Writer().byte(105).u32(1).u32(0x10).bytes()), bad_answer);
  assert.throws(() => read_answer(new Writer().byte(105).u32(1).u32(0x8000_0000).u32(0xffffffff).bytes()), bad_answer);
  assert.throws(() => read_answer(new Writer().byte(104).u32(1).u32(0xffffffff).bytes()), bad_answer);
  assert.throws(() => read_answer(new Writer().byte(102).u32(1).string(new Uint8Array(257)).bytes()), bad_answer);
});
test("random bytes never do more than be refused", () => {
  let seed = 1;
  const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >>> 8;
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from({ length: random() % 60 }, () => random() & 255);
    if (bytes.length) bytes[0] = [101, 102, 103, 104, 105][random() % 5];
    try { read_answer(bytes); } catch (problem) { assert.ok(bad_answer(problem), problem.stack); }
  }
});
test("packets are cut out of any pieces, and an impossible length ends it", () => {
  const cutter = new Cutter();
  const whole = new Writer().string("one").string("two and more").string(new Uint8Array(100_000)).bytes();
  const got = [];
  for (let at = 0; at < whole.length; at += 7) {
    cutter.push(whole.subarray(at, at + 7));
    for (let next = cutter.next(); next; next = cutter.next()) got.push(next.length);
  }
  assert.deepEqual(got, [3, 12, 100_000]);
  for (const length of [0, most_packet + 1, 0xffffffff]) {
    const bad = new Cutter();
    bad.push(new Writer().u32(length).bytes());
    assert.throws(() => bad.next(), bad_answer);
  }
  assert.equal(packet(3, 5, new Writer().string("x")).length, 4 + 1 + 4 + 5);
});
test("an answer that nobody asked for, or of another kind, ends the channel and all that waits on it", async () => {
  for (const wrong of [(id) => new Writer().byte(102).u32(id + 99).string("h").bytes(), (id) => new Writer().byte(103).u32(id).string("data").bytes(), (id) => status(id, 0)]) {
    const { peer, sftp } = await start((type, id, _, p) => type === 17 && p.reply(wrong(id)));
    const other = sftp.real_path(".").catch((why) => why.kind);
    await assert.rejects(sftp.stat("x"), bad_answer);
    assert.equal(await other, "bad_answer");
    assert.ok(peer.is_closed && sftp.is_over);
    await assert.rejects(sftp.stat("x"), bad_answer);
  }
});
test("another version of SFTP, or words instead of it, is refused", async () => {
  const peer = new Peer(() => {});
  peer.send = async () => queueMicrotask(() => peer.reply(new Writer().byte(2).u32(6).bytes()));
  await assert.rejects(Sftp.start(peer), bad_answer);
  const refused = new Peer(() => {});
  refused.send = async () => queueMicrotask(() => (refused.reader.words(new TextEncoder().encode("pontlevis: not consented"), () => {}), refused.end()));
  await assert.rejects(Sftp.start(refused), (e) => e.kind === "not_offered" && /not consented/.test(e.detail));
});

const watcher = () => { const told = []; return { told, stop: new AbortController(), progress: (done) => told.push(done), get signal() { return this.stop.signal; } }; };
const file = (content, short) => (type, id, body, p) => {
  const view = new DataView(body.buffer, body.byteOffset);
  if (type === 3) return p.reply(new Writer().byte(102).u32(id).string("h").bytes());
  if (type === 4) return p.reply(status(id, 0));
  const [from, count] = [Number(view.getBigUint64(5)), view.getUint32(13)];
  const part = content.subarray(from, Math.min(from + count, from + (short ?? count)));
  p.reply(part.length ? new Writer().byte(103).u32(id).string(part).bytes() : status(id, 1));
};
test("a download is the file, whatever size was told, also from a server that answers with less than asked", async () => {
  const content = Uint8Array.from({ length: 200_001 }, (_, i) => i * 7);
  for (const [told, short] of [[200_001], [0], [10_000_000], [5], [200_001, 1000], [31 * 1024 * 3]]) {
    const { sftp } = await start(file(content, short));
    const parts = [];
    const seen = watcher();
    assert.equal(await download(sftp, "f", told, { write: async (bytes) => void parts.push(Buffer.from(bytes)) }, seen), content.length);
    assert.ok(Buffer.concat(parts).equals(Buffer.from(content)));
    assert.equal(seen.told.at(-1), content.length);
  }
});
test("more data than was asked for ends the channel", async () => {
  const { sftp } = await start((type, id, _, p) => p.reply(type === 3 ? new Writer().byte(102).u32(id).string("h").bytes() : new Writer().byte(103).u32(id).string(new Uint8Array(40_000)).bytes()));
  await assert.rejects(download(sftp, "f", 100_000, { write: async () => {} }, watcher()), bad_answer);
});
test("a disk that is full ends the download, with its own error", async () => {
  const { sftp } = await start(file(new Uint8Array(500_000)));
  await assert.rejects(download(sftp, "f", 500_000, { write: async () => { throw new RangeError("full"); } }, watcher()), RangeError);
  assert.equal(sftp.is_over, false);
});
test("upload: done is what was acknowledged, never more than 64 pieces wait, the first problem is told", async () => {
  const held = [];
  let got = 0;
  const { peer, sftp } = await start((type, id, body, p) => {
    if (type === 3) return p.reply(new Writer().byte(102).u32(id).string("h").bytes());
    if (type === 6) return held.push(() => ((got += new DataView(body.buffer, body.byteOffset).getUint32(13)), p.reply(status(id, 0))));
    p.reply(status(id, 0));
  });
  const seen = watcher();
  const done = upload(sftp, new Blob([new Uint8Array(4_000_000)]), "f", true, seen);
  const turn = () => new Promise((next) => setImmediate(next));
  for (let i = 0; i < 50 && held.length < 64; i++) await turn();
  assert.equal(held.length, 64);
  assert.deepEqual(seen.told, []);
  while (got < 4_000_000) { held.shift()?.(); await turn(); }
  assert.equal(await done, 4_000_000);
  assert.equal(seen.told.at(-1), 4_000_000);
  assert.ok(peer.sent.some((s) => s.type === 4));
  const full = await start((type, id, _, p) => p.reply(type === 3 ? new Writer().byte(102).u32(id).string("h").bytes() : status(id, type === 6 ? 4 : 0, "No space left")));
  await assert.rejects(upload(full.sftp, new Blob([new Uint8Array(4_000_000)]), "f", true, watcher()), (e) => e.why === "failure" && /No space/.test(e.detail));
});
test("cancelled, either way: it stops at once and the handle is closed", async () => {
  const { peer, sftp } = await start(file(new Uint8Array(5_000_000)));
  const seen = watcher();
  await assert.rejects(download(sftp, "f", 5_000_000, { write: async () => seen.stop.abort() }, seen), (e) => e.kind === "cancelled");
  assert.equal(peer.sent.filter((s) => s.type === 4).length, 1);
});
