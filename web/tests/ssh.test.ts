// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { test } from "node:test";
import { holes } from "../shared/i18n";
import { Reader, to_base64, from_base64, utf8, Writer } from "../shared/ssh/bytes";
import { harmless, Trouble } from "../shared/ssh/errors";
import { in_time, KeepAlive } from "../shared/ssh/keep_alive";
import { read_prompts } from "../shared/ssh/messages";
import { fingerprint_of_line, host_words, is_p256_blob, line_of, p256_of_line, proquint } from "../shared/ssh/public_key";
import { sign_in } from "../shared/ssh/sign_in";
import { BrowserKey } from "../console/keys/browser_key";
import { keys } from "../console/keys/messages";
import { grouped, heard, is_long } from "../console/session/code";
import { session } from "../console/session/messages";
import { safe_name } from "../console/session/saving";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bad_answer = (problem) => problem instanceof Trouble && problem.kind === "bad_answer";

test("SSH's data types both ways; numbers without leading zeros but the one that keeps them positive", () => {
  assert.equal(hex(new Writer().byte(7).yes(true).u32(0xdeadbeef).u64(2 ** 40 + 5).string("é").bytes()), "0701deadbeef0000010000000005" + "00000002c3a9");
  // RFC 4251 §5: the examples of mpint
  assert.equal(hex(new Writer().mpint(Uint8Array.of(0)).bytes()), "00000000");
  assert.equal(hex(new Writer().mpint(Uint8Array.from([0x09, 0xa3, 0x78, 0xf9, 0xb2, 0xe3, 0x32, 0xa7])).bytes()), "0000000809a378f9b2e332a7");
  assert.equal(hex(new Writer().mpint(Uint8Array.of(0, 0, 0x80)).bytes()), "000000020080");
});
test("a reader never reads past its end, takes no length on trust, leaves nothing over", () => {
  assert.throws(() => new Reader(Uint8Array.of(1)).u32(), bad_answer);
  assert.throws(() => new Reader(Uint8Array.of(0, 0, 0, 9, 1)).string(), bad_answer);
  assert.throws(() => new Reader(Uint8Array.of(0xff, 0xff, 0xff, 0xff)).string(), bad_answer);
  assert.throws(() => new Reader(new Writer().string("longer").bytes()).string(3), bad_answer);
  assert.throws(() => new Reader(new Writer().string(Uint8Array.of(0xff)).bytes()).text(), bad_answer);
  assert.throws(() => new Reader(Uint8Array.from({ length: 8 }, () => 255)).u64(), bad_answer);
  const reader = new Reader(Uint8Array.of(1, 2));
  reader.byte();
  assert.throws(() => reader.end(), bad_answer);
});
test("base64 of others is taken only when it is base64", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(from_base64(to_base64(all)), all);
  for (const text of ["a", "a$==", "====", "ab=c", "a b="]) assert.equal(from_base64(text)?.length ? text : null, null, text);
});

const line = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDlgNjfbFkjcnuGNYVgOvbwK/zKd2YmpFRJ7gAmVsfeI0vAAVVfWFY1e+7QCW0s0gRc9dipvO/Z5hRxSyiMilCY= sample";
test("of a host key line only a whole ECDSA P-256 key is taken", async () => {
  const blob = p256_of_line(line);
  assert.ok(is_p256_blob(blob));
  assert.equal(line_of(blob, "sample"), line);
  assert.equal(p256_of_line("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHKtSc+h5Syt+y6nr3WwOtybuJoA56erp8+kS947AOP4"), null);
  assert.equal(p256_of_line(line.replace("ecdsa-sha2-nistp256 ", "ssh-ed25519 ")), null);
  for (let cut = 1; cut < blob.length; cut += 7) assert.equal(is_p256_blob(blob.subarray(0, cut)), false);
  assert.equal(is_p256_blob(Uint8Array.from([...blob, 0])), false);
  assert.match(await fingerprint_of_line(line), /^SHA256:[A-Za-z0-9+/]{43}$/);
  assert.equal(await fingerprint_of_line("nothing"), null);
});
test("words of host keys: the agent's own examples, in any order of the keys", async () => {
  assert.equal(proquint(0x7f00), "lusab");
  const [a, b] = ["SHA256:aaa", "SHA256:bbb"];
  assert.equal((await host_words([a, b])).join(" "), "hamaz mahip molos rihil");
  assert.deepEqual(await host_words([a, b]), await host_words([b, a]));
  assert.equal((await host_words([a])).join(" ").replace(/[^ ]/g, "x"), "xxxxx xxxxx xxxxx xxxxx");
  assert.notDeepEqual(await host_words([a]), await host_words([b]));
});

test("a browser's key signs as SSH has it, and cannot be taken out", async () => {
  const pair = await BrowserKey.make();
  assert.equal(pair.privateKey.extractable, false);
  const key = await BrowserKey.of(pair, "sample", "");
  assert.ok(is_p256_blob(key.blob));
  for (let i = 0; i < 40; i++) {  // often enough for numbers with a high bit, and with a leading zero now and then
    const bytes = utf8(`session ${i}`);
    const outer = new Reader(await key.sign(bytes));
    assert.equal(outer.text(), "ecdsa-sha2-nistp256");
    const numbers = new Reader(outer.string());
    outer.end();
    const [r, s] = [numbers.string(33), numbers.string(33)];
    numbers.end();
    for (const n of [r, s]) assert.ok(n.length > 0 && !(n[0] & 0x80) && !(n[0] === 0 && !(n[1] & 0x80)), hex(n));
    const fixed = (n) => { const out = new Uint8Array(32); const m = n[0] === 0 ? n.subarray(1) : n; out.set(m, 32 - m.length); return out; };
    assert.ok(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, Uint8Array.from([...fixed(r), ...fixed(s)]), bytes));
  }
});

// ---- signing in, against answers made here ----
import { AuthenticationFailureMessage, AuthenticationSuccessMessage } from "../shared/ssh/library";
import { Question } from "../shared/ssh/messages";
const failure = (methods, partial = false) => Object.assign(new AuthenticationFailureMessage(), { methodNames: methods, partialSuccess: partial });
const question = (writer) => Object.assign(new Question(), { payload: writer.bytes() });
async function signing_in(answers, password = async () => "code", ways) {
  const key = await BrowserKey.of(await BrowserKey.make(), "", "");
  let sent = 0;
  const link = { session_id: utf8("id"), send: async () => void sent++, answer: async () => answers.shift() ?? new Promise(() => {}) };
  return { how: await sign_in(link, { user: "alice", key, password }, ways), sent };
}
test("signing in: key then password; the key alone; nothing without the key", async () => {
  const yes = new AuthenticationSuccessMessage();
  assert.deepEqual(await signing_in([failure(["password"], true), yes]), { how: "password", sent: 2 });
  assert.deepEqual(await signing_in([yes]), { how: "key_alone", sent: 1 });
  let asked = 0;
  await assert.rejects(signing_in([failure(["publickey"])], async () => (asked++, "code")), (e) => e.kind === "key_refused");
  await assert.rejects(signing_in([failure(["hostbased"], true)], async () => (asked++, "code")), bad_answer);
  assert.equal(asked, 0);
});
test("signing in: prompts interleaved; only one, and a hidden one, is answered with the password", async () => {
  const yes = new AuthenticationSuccessMessage();
  const first = failure(["keyboard-interactive"], true);
  const prompts = (...list) => list.reduce((w, [text, echo]) => w.string(text).yes(echo), new Writer().string("n").string("i").string("").u32(list.length));
  assert.deepEqual(read_prompts(prompts(["Password: ", false]).bytes()).prompts, [{ text: "Password: ", echo: false }]);
  assert.deepEqual(await signing_in([first, question(prompts(["Password: ", false])), question(prompts()), yes]), { how: "password", sent: 4 });
  await assert.rejects(signing_in([first, question(prompts(["Name: ", true]))]), bad_answer);
  await assert.rejects(signing_in([first, question(prompts(["Password: ", false], ["Password: ", false]))]), bad_answer);
  await assert.rejects(signing_in([first, question(new Writer().string("n").u32(5))]), bad_answer);
});

// ---- silence, on a clock of our own ----
function clock() {
  let now = 0;
  let due = [];
  return {
    after(ms, act) { const one = { at: now + ms, act }; due.push(one); return () => (due = due.filter((d) => d !== one)); },
    pass(ms) { for (const end = now + ms; ; ) { const next = due.sort((a, b) => a.at - b.at)[0]; if (!next || next.at > end) return void (now = end); now = next.at; due.shift(); next.act(); } },
  };
}
test("three questions without an answer, fifteen seconds apart, and the line is given up; anything heard is an answer", () => {
  const timers = clock();
  const seen = { asked: 0, given_up: 0, bytes: 0 };
  const line = { heard: () => seen.bytes, ask: () => void seen.asked++, given_up: () => void seen.given_up++ };
  new KeepAlive(line, timers, 15_000, 3);
  for (let i = 0; i < 20; i++) (seen.bytes++, timers.pass(15_000));
  assert.equal(seen.given_up, 0);
  timers.pass(45_000);
  assert.equal(seen.given_up, 0);
  timers.pass(15_000);
  assert.equal(seen.given_up, 1);
  timers.pass(600_000);
  assert.equal(seen.given_up, 1);
  const quiet = { asked: 0, given_up: 0 };
  new KeepAlive({ heard: () => 0, ask: () => void quiet.asked++, given_up: () => void quiet.given_up++ }, timers, 10, 1).stop();
  timers.pass(1000);
  assert.deepEqual(quiet, { asked: 0, given_up: 0 });
});
test("an answer in time is the answer; a late one is not", async () => {
  const timers = clock();
  assert.equal(await in_time(Promise.resolve(5), 10, timers, () => new Trouble("slow")), 5);
  const late = in_time(new Promise(() => {}), 10, timers, () => new Trouble("slow"));
  timers.pass(11);
  await assert.rejects(late, (e) => e.kind === "slow");
});

// ---- what people read and type ----
test("a dictated code: case, spaces, dashes, O, I and L are forgiven, other signs are named", () => {
  assert.deepEqual(heard("k7qm 2rtx-9abc"), { signs: "K7QM2RTX9ABC", strange: "" });
  assert.deepEqual(heard("oil u!"), { signs: "011", strange: "U !" });
  assert.equal(grouped("K7QM2RTX9ABC"), "K7QM-2RTX-9ABC");
  assert.equal(grouped("K7QM2"), "K7QM-2");
  assert.equal(is_long("aB3#xY!zaB3#xY!zaB3#xY!z"), true);
  assert.equal(is_long("K7QM-2RTX-9ABC"), false);
});
test("words of another machine become one harmless line", () => {
  assert.equal(harmless("a\r\n\x1b[31mb\u202ec\u0000"), "a [31mb c");
  assert.equal(harmless("x".repeat(1000)).length, 301);
});
test("names of another machine become names for this one", () => {
  assert.equal(safe_name("../../etc/passwd"), "_.._etc_passwd");
  assert.equal(safe_name("été 2026.pdf"), "été 2026.pdf");
  assert.equal(safe_name(".."), "file");
  assert.equal(safe_name("a\u202egpj.exe"), "a_gpj.exe");
  assert.equal(safe_name("x".repeat(500)).length, 180);
});
test("every sentence of a session and of keys stands in both languages with the same holes", () => {
  for (const [table, rows] of Object.entries({ session, keys }))
    for (const [key, pair] of Object.entries(rows)) {
      assert.ok(pair.length === 2 && pair[0].trim() && pair[1].trim(), `${table}.${key}`);
      assert.deepEqual(holes(pair[0]), holes(pair[1]), `${table}.${key}`);
    }
});
