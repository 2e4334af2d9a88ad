// From the request to the report, over the API; the practice answers with its own command line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { alice, auditor, bruno, compliance, tech3 } from "../support/people.mjs";
import { approve, practice, system_id, until } from "../support/lab.mjs";
import { ask, at, in_state, sent, wanted } from "../support/path.mjs";
import { real } from "../support/real.mjs";

test("a technician asks, and everyone who may sees it", async () => {
  const asked = await ask(alice, { pair: "bruno", additional: ["tech3"] });
  real.intervention = asked.id;
  assert.equal(asked.state, "REQUESTED");
  assert.deepEqual(asked.to_do, ["wait"]);
  assert.deepEqual(asked.operators.map((o) => [o.login, o.role]), [["alice", "LEAD"], ["bruno", "PAIR"], ["tech3", "ADDITIONAL"]]);
  for (const who of [alice, bruno, tech3, auditor, compliance]) assert.equal((await get(who, at(asked.id))).mine, !who.role.match(/auditor|compliance/));
  await until("the practice's link", async () => (await get(alice, `/practices/${practice}`)).link === "UP");
});

test("a rule that says no is named", async () => {
  const no = (more, code, who = tech3) => call(who, "POST", "/interventions", wanted(more), { status: 403, code });
  await no({ reason: "Dossier de la personne 1 84 12 76 451 089 46" }, "NIR_IN_TEXT");
  await no({ practice: "nulle-part" }, "PRACTICE_UNKNOWN");
  await no({ system: "autre" }, "SYSTEM_NOT_OFFERED");
  await no({ tools: ["desktop"] }, "TOOL_NOT_OFFERED");
  await no({ pair: "tech3" }, "SAME_PERSON");
  await no({ consulted: ["nobody-here"] }, "CARD_NOT_VALID");
  await no({ criticality: "CRITICAL" }, "CRITICAL_NEEDS_PAIR");
  await no({}, "ALREADY_OPEN", alice);
});

test("every word of a request is in bounds", async () => {
  const bad = (more) => call(tech3, "POST", "/interventions", wanted(more), { status: 400, code: "bad_input" });
  for (const more of [{ minutes: 0 }, { minutes: 481 }, { minutes: "30" }, { minutes: 30.5 }, { tools: [] }, { tools: ["shell", "shell"] }, { tools: ["shovel"] },
    { access_types: ["LOOK"] }, { access_types: [] }, { data_categories: [] }, { reason: "court" }, { reason: "x".repeat(501) }, { planned_tasks: "x" }, { ticket: "" },
    { purpose: "FUN" }, { criticality: "standard" }, { pair: "Bruno" }, { additional: Array(9).fill("bruno") }, { emergency: "x" }, { practice: "../x" },
    { planned: { from: "2020-01-01T00:00:00.000Z", until: "2020-01-01T02:00:00.000Z" } }, { planned: { from: "tomorrow", until: "later" } }, { planned: {} }, { reason: "avec un\u0007 signe" }])
    await bad(more);
});

test("who is not named in a request does not see it", async () => {
  const own = await ask(alice, { system: system_id, ticket: "DOS-2" }, { status: undefined });
  assert.equal(own.code, "ALREADY_OPEN");
  for (const tail of ["", "/events", "/draft"]) await get(tech3, at("6f1c2b7e-0f7e-4c1e-9a43-2f8f1f6f9f10", tail), { status: 404 });
});

test("a draft is kept for its author until the report is sent", async () => {
  const draft = { tasks: "Relance", outcome: "", cleanup: "", consulted: [], none_consulted: null };
  assert.equal((await get(alice, at(real.intervention, "/draft"))).draft, null);
  await call(alice, "PUT", at(real.intervention, "/draft"), { draft }, { status: 200 });
  assert.deepEqual((await get(alice, at(real.intervention, "/draft"))).draft, draft);
  assert.equal((await get(bruno, at(real.intervention, "/draft"))).draft, null);
  await call(alice, "PUT", at(real.intervention, "/draft"), { draft: { ...draft, outcome: "MAYBE" } }, { status: 400 });
  await call(alice, "PUT", at(real.intervention, "/draft"), { draft: { ...draft, tasks: "x".repeat(4001) } }, { status: 400 });
});

test("what is out of order is refused", async () => {
  await call(alice, "POST", at(real.intervention, "/finish"), {}, { status: 409 });
  await call(alice, "POST", at(real.intervention, "/report"), sent, { status: 409 });
  await call(bruno, "POST", at(real.intervention, "/hand-over"), { to: "alice" }, { status: 403 });
  await call(alice, "POST", at(real.intervention, "/hand-over"), { to: "bruno" }, { status: 409 });
});

test("the practice consents, and what it signed can be read", async () => {
  await approve(real.intervention);
  await in_state(real.intervention, "OPEN");
  const open = await get(alice, at(real.intervention));
  assert.equal(open.granted_minutes, 30);
  assert.equal(open.watch, "NOT_WATCHED");
  assert.ok(open.host_keys.length > 0 && open.ends_at > open.opened_at);
  assert.deepEqual(open.to_do, ["connect"]);
  const { items } = await get(auditor, at(real.intervention, "/events"));
  assert.deepEqual(items.slice(0, 1).map((e) => e.type), ["consent"]);
  assert.ok(items.every((e) => !("intervention" in e)));
  await call(alice, "POST", at(real.intervention, "/cancel"), {}, { status: 409 });
});

test("the person in charge hands over, to the other operator alone", async () => {
  await call(alice, "POST", at(real.intervention, "/hand-over"), { to: "tech3" }, { code: "not_allowed" });
  await call(alice, "POST", at(real.intervention, "/hand-over"), { to: "bruno" }, { status: 200 });
  await until("bruno to be in charge", async () => (await get(alice, at(real.intervention))).in_charge === "bruno");
});
