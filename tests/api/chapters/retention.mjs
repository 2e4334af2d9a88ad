// What is kept and for how long, what must wait, how it goes: each act once, on things of this chapter alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { admin, auditor, compliance } from "../support/people.mjs";
import { later, practice, sh, until } from "../support/lab.mjs";
import { add, real } from "../support/real.mjs";

const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);
const act = (path, body, status = 200) => call(compliance, "POST", path, body, { status });
const indexes = async (type) => (await sh(`sqlite3 "$lab/gateway/log/log.db" "SELECT idx FROM records WHERE type='$1' ORDER BY idx LIMIT 8"`, type)).split("\n").map(Number);

test("the day's destruction runs when it is asked for, and says when it ran", async () => {
  await act("/retention/run", {}, 202);
  const state = await until("a run", async () => { const s = await get(auditor, "/retention?language=en"); return s.last_run && s; });
  assert.ok(state.classes.some((c) => c.id === "ip-150-days" && c.ceiling_days === 180));
  const validated = await act("/retention/validate", {});
  assert.equal(validated.policy.validated_by, "conformite");
});

test("a hold is placed, looked at again and lifted", async () => {
  for (const n of [1, 2]) await act("/holds", { practice, intervention: null, from: null, until: null, reason: `Contentieux Exemple ${n}`, review_on: day(30) }, 201);
  await act("/holds", { practice: "nulle-part", reason: "Contentieux Exemple", review_on: day(30) }, 404);
  const { items } = await get(auditor, "/holds");
  real.hold = items[0].id;
  assert.equal((await act(`/holds/${items[0].id}/review`, { review_on: day(60) })).review_on, day(60));
  const other = await act("/holds", { practice: null, intervention: null, from: "2020-01-01", until: "2020-01-02", reason: "Contentieux Exemple ancien", review_on: day(30) }, 201);
  assert.ok((await act(`/holds/${other.id}/lift`, { reason: "Contentieux Exemple terminé" })).lifted_at);
  await act(`/holds/${other.id}/lift`, { reason: "Contentieux Exemple terminé" }, 409);
  assert.equal((await get(auditor, "/holds?lifted=true")).items.length, items.length + 1);
});

test("an erasure has a certificate that can be read and proved", async () => {
  const [first, second] = await indexes("account");
  for (const record of [first, second]) await act("/erasures", { record, class: "person", reason: "ERASURE_REQUEST", words: "essai" }, 202);
  const { items } = await get(auditor, "/certificates");
  real.certificate = items[0].id;
  assert.ok((await get(compliance, `/certificates/${items[0].id}`)).proof.startsWith("c2sp.org/tlog-proof@v1"));
  await act("/erasures", { record: first, class: "person", reason: "ERASURE_REQUEST", words: "essai" }, 404);
});

test("a field in quarantine is destroyed", async () => {
  const records = (await indexes("account")).slice(2);
  await act("/spontaneous-data", { record: records[0], field: "nulle_part", words: "" }, 404);
  const found = [];
  for (const record of records.slice(0, 2)) found.push(await act("/spontaneous-data", { record, field: "login", words: "" }, 201));
  assert.equal((await act(`/spontaneous-data/${found[0].id}/destroy`, {})).state, "DESTROYED");
  await act(`/spontaneous-data/${found[0].id}/destroy`, {}, 409);
  real.case = found[1].id;
});

test("the year is decided on", async () => {
  await until("the year's review", async () => (await get(auditor, "/annual-reviews")).items.length, 60);
  await later("INSERT INTO annual_reviews(year, opened_at, due, classes, signed_by, report, report_sha256) VALUES(2025, 1735693200000, 1740877200000, '[]', '', '', '')");
  const [{ year }] = (await get(auditor, "/annual-reviews")).items;
  real.year = year;
  await call(compliance, "PUT", `/annual-reviews/${year}`, { decisions: { "ip-150-days": "KEEP" } }, { status: 200 });
  await act(`/annual-reviews/${year}/sign`, {}, 409);
  assert.equal((await act("/annual-reviews/2025/sign", {})).signed_by, "conformite");
});

test("a contract that ended: its records go back, and then nothing is left", async () => {
  await add("/practices", { id: "cabinet-trois", name: "Cabinet Trois Exemple", hosting: "LOCAL", contract: { reference: "C-3", valid_from: "2020-01-01", valid_until: "2020-12-31" } });
  await act("/contract-ends", { practice: "nulle-part", choice: "DELETE", chosen_by: "Docteur Exemple" }, 404);
  const returned = await act("/contract-ends", { practice: "cabinet-trois", choice: "RETURN_THEN_DELETE", chosen_by: "Docteur Exemple" }, 201);
  assert.match(returned.export_sha256, /^[0-9a-f]{64}$/);
  assert.ok((await act("/contract-ends/cabinet-trois/confirm", { confirmed_by: "Docteur Exemple" })).deleted_at);
  // One that stands for the chapters that come.
  await later(`INSERT INTO contract_ends(practice, contract, ended_on, due, choice, chosen_by, export_sha256, confirmed_by, keys_revoked, deleted_at, certificates)
    VALUES('${practice}', 'C-0', '2020-12-31', '2021-01-30', 'RETURN_THEN_DELETE', '', '${"0".repeat(64)}', '', 1, 1612000000000, '[]')`);
  await sh(`mkdir -p "$lab/gateway/returns" && printf 'PK' >"$lab/gateway/returns/$1.zip"`, practice);
});

test("backups are listed, and a restore that was tried is said", async () => {
  await later(`INSERT INTO backups(id, at, kind, file, sha256, bytes, log_size, expires_on, state, why) VALUES('essai', 1772440200000, 'DATA', 'essai', '${"a".repeat(64)}', 1, 1, '2026-04-01', 'EXPIRED', '')`);
  assert.equal((await get(admin, "/backups")).items.length, 1);
  assert.ok((await act("/backups/restore-test", { sha256: "a".repeat(64) })).restore_tested_at);
  await act("/backups/restore-test", { sha256: "b".repeat(64) }, 404);
});
