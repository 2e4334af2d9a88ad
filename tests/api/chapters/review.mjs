// The main courante as it is reviewed: searched, read with its proof, marked and copied. Finds what the path made.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { auditor, compliance } from "../support/people.mjs";
import { real } from "../support/real.mjs";

const no_purpose = { headers: { "pontlevis-purpose": null } };

test("nothing is shown without a purpose", async () => {
  for (const path of ["/review/interventions", `/review/interventions/${real.intervention}`, `/review/interventions/${real.intervention}/evidence`, `/review/interventions/${real.intervention}/record`]) {
    await get(auditor, path, { ...no_purpose, status: 400, code: "purpose_missing" });
    await get(auditor, path, { headers: { "pontlevis-purpose": "CURIOSITY" }, status: 400, code: "purpose_missing" });
  }
});

test("filters narrow, and what is no filter is refused", async () => {
  const all = await get(auditor, "/review/interventions?limit=200");
  assert.ok(all.total >= 1 && all.items.some((row) => row.id === real.intervention));
  const one = await get(compliance, `/review/interventions?text=${real.intervention.slice(0, 13)}&practice=${real.practice}`);
  assert.deepEqual(one.items.map((row) => row.id), [real.intervention]);
  assert.equal((await get(auditor, "/review/interventions?until=2001-01-01")).total, 0);
  for (const query of ["colour=red", "from=yesterday", "emergency=no", "mark=ALL"]) await get(auditor, `/review/interventions?${query}`, { status: 400, code: "bad_input" });
  const { practices } = await get(auditor, "/review/choices");
  assert.ok(practices.some((choice) => choice.value === real.practice));
  const overview = await get(auditor, "/review/overview");
  assert.equal(overview.heat.flat().reduce((sum, n) => sum + n, 0), overview.total);
  await get(auditor, "/review/overview?from=2026-13-01", { status: 400, code: "bad_input" });
});

test("one intervention has its records, its proof, and both journals in agreement", async () => {
  const whole = await get(compliance, `/review/interventions/${real.intervention}`);
  assert.equal(whole.row.id, real.intervention);
  assert.deepEqual(whole.journals.differences, []);
  const evidence = await get(auditor, `/review/interventions/${real.intervention}/evidence`);
  assert.deepEqual(evidence.records.map((r) => r.index), whole.records.map((r) => r.index));
  const paper = await get(auditor, `/review/interventions/${real.intervention}/record?language=en`);
  assert.ok(paper.startsWith("%PDF-"));
  await get(auditor, `/review/interventions/${real.intervention}/record?format=html`, { status: 400, code: "bad_input" });
});

test("an auditor finds, compliance resolves, and the clock stops", async () => {
  const marks = `/review/interventions/${real.intervention}/marks`;
  const finding = await call(auditor, "POST", marks, { mark: "FINDING", text: "Motif trop court", about: null, due: "2030-04-01" }, { status: 201 });
  assert.ok((await get(auditor, "/due")).items.some((due) => due.kind === "finding" && due.subject.endsWith(finding.id)));
  const resolved = { mark: "RESOLVED", text: "Règle rappelée", about: finding.id, due: null };
  await call(auditor, "POST", marks, resolved, { status: 403 });
  await call(compliance, "POST", marks, resolved, { status: 201 });
  await call(compliance, "POST", marks, resolved, { status: 409, code: "conflict" });
  assert.ok(!(await get(auditor, "/due")).items.some((due) => due.subject.endsWith(finding.id)));
  await call(compliance, "POST", marks, { mark: "SEEN", text: "", about: null, due: null }, { status: 201 });
  assert.deepEqual((await get(auditor, "/review/marks?open=true")).items, []);
  await get(auditor, "/review/marks?open=1", { status: 400, code: "bad_input" });
});

test("searches are one's own", async () => {
  for (const label of ["Urgences", "Binômes"]) real.search = (await call(compliance, "POST", "/review/searches", { label, filter: { emergency: "true" } }, { status: 201 })).id;
  await call(auditor, "DELETE", `/review/searches/${real.search}`, undefined, { status: 404 });
  const gone = await call(compliance, "POST", "/review/searches", { label: "à ôter", filter: {} }, { status: 201 });
  await call(compliance, "DELETE", `/review/searches/${gone.id}`, undefined, { status: 200 });
});

test("a copy is made, is what its hash says, and is one's own", async () => {
  await call(compliance, "POST", "/review/exports", { format: "CSV", filter: { until: "2001-01-01" }, intervention: null, language: "fr" }, { status: 404 });
  await call(compliance, "POST", "/review/exports", { format: "CSV", filter: {}, intervention: null, language: "fr" }, { ...no_purpose, status: 400, code: "purpose_missing" });
  for (let n = 0; n < 2; n++) {
    let copy = await call(compliance, "POST", "/review/exports", { format: "CSV", filter: {}, intervention: null, language: "fr" }, { status: 202 });
    for (const end = Date.now() + 20_000; copy.state === "MAKING" && Date.now() < end; ) copy = await get(compliance, `/review/exports/${copy.id}`);
    assert.equal(copy.state, "READY", copy.why);
    const text = await get(compliance, `/review/exports/${copy.id}/file`);
    assert.equal(createHash("sha256").update(text).digest("hex"), copy.sha256);
    assert.equal(text.split("\r\n").length, copy.count + 2);
    await get(auditor, `/review/exports/${copy.id}/file`, { status: 404 });
    real.export = copy.id;
  }
});
