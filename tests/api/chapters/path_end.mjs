// The end of the path, and an act that is done once however often it is asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { alice, auditor, bruno, tech3 } from "../support/people.mjs";
import { practice, sh, until } from "../support/lab.mjs";
import { at, in_state, sent, wanted } from "../support/path.mjs";
import { real } from "../support/real.mjs";

test("it is finished and reported by who is in charge, and closed", async () => {
  await call(bruno, "POST", at(real.intervention, "/finish"), {}, { status: 200 });
  await in_state(real.intervention, "ENDED");
  assert.deepEqual((await get(bruno, at(real.intervention))).to_do, ["report"]);
  await call(bruno, "POST", at(real.intervention, "/report"), { ...sent, outcome: "" }, { status: 400 });
  await call(bruno, "POST", at(real.intervention, "/report"), { ...sent, tasks: "court" }, { status: 400 });
  await call(alice, "POST", at(real.intervention, "/report"), sent, { status: 403 });
  const closed = await call(bruno, "POST", at(real.intervention, "/report"), sent, { status: 200 });
  assert.deepEqual(closed.report, { ...sent, consulted: [{ name: "Technicien Exemple 3", qualification: "Technicien de maintenance" }] });
  await in_state(real.intervention, "CLOSED");
  await call(bruno, "POST", at(real.intervention, "/report"), sent, { status: 409 });
  await call(bruno, "PUT", at(real.intervention, "/draft"), { draft: sent }, { status: 409 });
  assert.equal((await get(bruno, at(real.intervention, "/draft"))).draft, null);
});

test("an act with a key is done once", async () => {
  const key = { "idempotency-key": "9b2f-essai-1" };
  const [one, two] = await Promise.all([1, 2].map(() => call(alice, "POST", "/interventions", wanted({ ticket: "DOS-3" }), { headers: key, whole: true })));
  const first = [one, two].find((a) => a.status === 201);
  assert.ok(first, `${one.text} ${two.text}`);
  for (const other of [one, two].filter((a) => a.status !== 201)) assert.equal(other.body.code, "under_way");
  const again = await call(alice, "POST", "/interventions", wanted({ ticket: "DOS-3" }), { status: 201, headers: key, whole: true });
  assert.equal(again.headers["idempotent-replayed"], "true");
  assert.equal(again.text, first.text);
  await call(alice, "POST", "/interventions", wanted({ ticket: "DOS-4" }), { status: 422, code: "key_reused", headers: key });
  await call(tech3, "POST", "/interventions", wanted({ practice: "nulle-part" }), { status: 403, code: "PRACTICE_UNKNOWN", headers: key });
  for (const bad of ["a".repeat(129), "two words"])
    await call(alice, "POST", "/interventions", wanted(), { status: 400, code: "bad_input", headers: { "idempotency-key": bad } });
  const cancelled = await call(alice, "POST", at(first.body.id, "/cancel"), {}, { status: 200, headers: { "idempotency-key": "9b2f-essai-2" } });
  assert.equal(cancelled.state, "CANCELLED");
  const replay = await call(alice, "POST", at(first.body.id, "/cancel"), {}, { status: 200, headers: { "idempotency-key": "9b2f-essai-2" }, whole: true });
  assert.equal(replay.headers["idempotent-replayed"], "true");
  await call(alice, "POST", at(first.body.id, "/cancel"), {}, { status: 404 });
  real.cancelled = first.body.id;
});

test("a practice that is away is said to be", async () => {
  await sh("stop_daemon agent");
  await until("the link to be down", async () => (await get(alice, `/practices/${practice}`)).link === "DOWN");
  await call(alice, "POST", "/interventions", wanted(), { status: 403, code: "AGENT_AWAY" });
});

test("the list is the newest first, and everybody's own", async () => {
  const all = await get(auditor, "/interventions");
  assert.deepEqual(all.items.map((i) => i.id), [real.cancelled, real.intervention]);
  assert.deepEqual((await get(tech3, "/interventions")).items.map((i) => i.id), [real.intervention]);
  assert.deepEqual((await get(auditor, "/interventions?mine=true")).items, []);
  assert.deepEqual((await get(auditor, "/interventions?live=true")).items, []);
});
