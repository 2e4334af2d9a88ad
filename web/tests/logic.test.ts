// @ts-nocheck: node's own types are not part of the pages
import assert from "node:assert/strict";
import { test } from "node:test";
import { back_off, clock, deadline_in, seconds_until, share_left, warning } from "../shared/countdown";
import { groups, spell, spoken } from "../shared/phonetic";
import { Player, read_cast, without_idle } from "../shared/asciicast";
import { PlainText } from "../shared/plain_text";
import { Mirror } from "../shared/mirror";
import { lead_of, paragraphs } from "../shared/parts/notice";
import { days_of, fullness, place_of } from "../shared/parts/year";
import { LogChangedNote, QuietNote } from "../practitioner/views/alarm";

test("a code is cut in its groups, whatever its profile", () => {
  assert.deepEqual(groups("K7QM-2RTX-9ABC"), ["K7QM", "2RTX", "9ABC"]);
  assert.deepEqual(groups("aB3-xY!z"), ["aB3-", "xY!z"]);
});
test("letters and digits are read out in both languages", () => {
  assert.equal(spoken("A", "fr"), "A comme Anatole");
  assert.equal(spoken("K", "en"), "Kilo");
  assert.equal(spoken("7", "fr"), "sept");
  assert.equal(spoken("0", "en"), "zero");
  assert.equal(spoken("a", "fr", true), "a minuscule comme Anatole");
  assert.equal(spoken("Z", "en", true), "capital Zulu");
  assert.equal(spoken("@", "fr"), "arobase");
  for (const sign of "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for (const l of ["fr", "en"]) assert.ok(!spoken(sign, l).includes("undefined"), sign + l);
  assert.deepEqual(spell("K7", "en").map((s) => s.words), ["Kilo", "seven"]);
});
test("the countdown never goes below nothing and warns at five and one minute", () => {
  const d = deadline_in(90, 1800, 1000);
  assert.equal(seconds_until(d, 1000), 90);
  assert.equal(seconds_until(d, 31_000), 60);
  assert.equal(seconds_until(d, 999_999), 0);
  assert.deepEqual([301, 300, 61, 60, 0].map(warning), ["none", "five", "five", "one", "one"]);
  assert.deepEqual([clock(75), clock(3725), clock(0)], ["1:15", "1:02:05", "0:00"]);
  assert.equal(share_left(2000, 1000), 1);
  assert.equal(share_left(5, 0), 0);
  assert.ok(back_off(0, 0.5) === 1000 && back_off(20, 1) <= 33_000);
});

const tape = '{"version":2,"width":80,"height":24}\n[0.5,"o","a"]\n[1,"i","x"]\n[10,"o","b"]\n[11,"r","100x30"]\n[12,"o","c"]\n';
const paper = () => ({ text: "", sizes: [], resets: 0, write(s) { this.text += s; }, resize(c, r) { this.sizes.push(`${c}x${r}`); }, reset() { this.text = ""; this.resets++; } });
test("a recording plays, seeks back and forth, and shortens silence", () => {
  const cast = read_cast(tape);
  assert.equal(cast.events.length, 4);
  assert.equal(cast.seconds, 12);
  assert.equal(without_idle(cast, 2).seconds, 0.5 + 2 + 1 + 1);
  const screen = paper();
  const player = new Player(cast, screen);
  player.step(1);
  assert.equal(screen.text, "a");
  player.seek(12);
  assert.equal(screen.text, "abc");
  assert.deepEqual(screen.sizes, ["100x30"]);
  assert.ok(player.over);
  player.seek(0.6);
  assert.equal(screen.text, "a");
});
test("what is not an asciicast is refused", () => {
  for (const bad of ["", "{}", '{"version":1,"width":80,"height":24}', '{"version":2,"width":0,"height":24}', '{"version":2,"width":80,"height":24}\n{"a":1}']) assert.throws(() => read_cast(bad), bad);
});

test("terminal output becomes lines of plain text, whatever way it is cut", () => {
  const whole = "\x1b[1;36malice\x1b[0m$ ls\r\nun\x1b]0;title\x07 fichier\r\nabx\bc\r\n";
  for (let cut = 0; cut <= whole.length; cut++) {
    const text = new PlainText();
    text.write(whole.slice(0, cut));
    text.write(whole.slice(cut));
    assert.deepEqual(text.lines, ["alice$ ls", "un fichier", "abc"], `cut at ${cut}`);
  }
});
test("the text log forgets its oldest lines", () => {
  const text = new PlainText(10);
  text.write("x\n".repeat(50));
  assert.equal(text.lines.length, 10);
});

function bench() {
  const world = { sent: [], visible: true, timers: [], sockets: [] };
  const screen = { painted: [], streams: [], up: [], restarts: 0, cause: null,
    restart() { this.restarts++; }, stream(s) { this.streams.push(s); }, output(stream, data, skipped, painted) { this.painted.push({ stream, bytes: data.length, skipped, painted }); }, ended(c) { this.cause = c; }, connection(u) { this.up.push(u); } };
  const mirror = new Mirror({
    connect() { const s = { send: (t) => world.sent.push(JSON.parse(t)), close() {}, onopen: null, onmessage: null, onclose: null }; world.sockets.push(s); return s; },
    token: () => "T", visible: () => world.visible, after(ms, act) { const timer = { ms, act, on: true }; world.timers.push(timer); return () => (timer.on = false); },
  }, screen);
  return { world, screen, mirror, socket: () => world.sockets.at(-1), fire() { const due = world.timers.filter((t) => t.on); world.timers = []; due.forEach((t) => t.act()); } };
}
test("the mirror says who it is, that somebody is here, and acknowledges only what was painted", () => {
  const { world, screen, socket } = bench();
  socket().onopen();
  assert.deepEqual(world.sent, [{ token: "T" }, { here: true }]);
  socket().onmessage({ data: JSON.stringify({ stream: 1, output: btoa("hello"), skipped: 7 }) });
  assert.equal(screen.painted[0].skipped, 7);
  assert.equal(world.sent.length, 2);
  screen.painted[0].painted();
  assert.deepEqual(world.sent.at(-1), { ack: 5 });
});
test("a hidden page stops saying that somebody is here, and says it at once when seen again", () => {
  const { world, socket, mirror, fire } = bench();
  socket().onopen();
  world.visible = false;
  world.sent.length = 0;
  fire();
  fire();
  assert.deepEqual(world.sent, []);
  world.visible = true;
  mirror.visibility_changed();
  assert.deepEqual(world.sent, [{ here: true }]);
});
test("a lost mirror comes back, starts anew, and never acknowledges on another socket", () => {
  const { world, screen, socket, fire } = bench();
  socket().onopen();
  socket().onmessage({ data: JSON.stringify({ stream: 1, output: btoa("x"), skipped: 0 }) });
  socket().onclose();
  fire();
  assert.equal(world.sockets.length, 2);
  socket().onopen();
  assert.equal(screen.restarts, 2);
  const before = world.sent.length;
  screen.painted[0].painted();
  assert.equal(world.sent.length, before);
});
test("an ended mirror does not come back", () => {
  const { world, screen, socket, fire } = bench();
  socket().onopen();
  const old = socket();
  old.onmessage({ data: '{"ended":true,"cause":"WITHDRAWN"}' });
  old.onclose?.();
  fire();
  assert.equal(screen.cause, "WITHDRAWN");
  assert.equal(world.sockets.length, 1);
});

test("the notice keeps its text and puts the leading question in bold", () => {
  assert.deepEqual(lead_of("Qui ? Alice, Éditeur."), ["Qui ?", " Alice, Éditeur."]);
  assert.deepEqual(lead_of("Which data may be seen? Those."), ["Which data may be seen?", " Those."]);
  assert.deepEqual(lead_of("Rien n'est ouvert. Qui ?"), ["", "Rien n'est ouvert. Qui ?"]);
  assert.deepEqual(paragraphs("a\n\nb\n\n\nc\n"), ["a", "b", "c"]);
});
test("each day of a year has its own square", () => {
  const days = days_of(2028);
  assert.equal(days.length, 366);
  assert.equal(new Set(days.map((d) => JSON.stringify(place_of(d)))).size, 366);
  assert.deepEqual(place_of("2026-01-01"), { column: 0, row: 3 });
  assert.deepEqual([0, 1, 2, 4, 9].map(fullness), [0, 1, 2, 3, 4]);
});

test("a log that asks for no cosignature is a remark on the practice's page, and no alarm", () => {
  const state = (witness) => ({ now: "2026-11-22T10:00:00.000Z", door: { alarm: false, witness: { quiet: false, log_changed: null, ...witness } } });
  assert.equal(QuietNote({ state: state({}) }), null);
  const note = QuietNote({ state: state({ quiet: true }) });
  assert.equal(note.props.class, "note");
  assert.equal(note.props.role, "status");
  assert.match(JSON.stringify(note.props.children), /plus de trois heures.*pas la preuve d'une faute|more than three hours.*proves no fault/);
});
test("a log that was replaced is told for a month", () => {
  const changed = (at) => LogChangedNote({ state: { now: "2026-11-22T10:00:00.000Z", door: { witness: { log_changed: { from: "a", to: "b", cause: "RESTORE", at } } } } });
  assert.notEqual(changed("2026-10-24T10:00:00.000Z"), null);
  assert.equal(changed("2026-10-20T10:00:00.000Z"), null);
});
