// What an administrator keeps: practices, people, sub-processors, settings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { admin, alice, anyone, code, compliance, cookie_of, people } from "../support/people.mjs";
import { paper } from "../support/lab.mjs";
import { add, real } from "../support/real.mjs";

test("a practice is added with its contract, and a code for it is taken", async () => {
  const contract = { reference: "CONTRAT-2026-002", valid_from: "2026-01-01", valid_until: "2026-12-31" };
  await add("/enrolment-codes", { note: paper("code.note") }, { status: 404 });
  const practice = await add("/practices", { id: "cabinet-deux", name: "Cabinet Deux Exemple", contract, hosting: "HDS" });
  assert.deepEqual(practice, { id: "cabinet-deux", name: "Cabinet Deux Exemple", link: "DOWN", hosting: "HDS", contract: { ...contract, valid: true }, enrolled_at: null, systems: [], host_keys: [] });
  assert.deepEqual(await get(alice, "/practices/cabinet-deux"), practice);
  assert.deepEqual((await get(alice, "/practices?search=DEUX")).items, [practice]);
  await add("/practices", { id: "cabinet-deux", name: "Cabinet Deux Exemple", contract, hosting: "HDS" }, { status: 409 });
  for (const more of [{ id: "Cabinet" }, { hosting: "CLOUD" }, { contract: { ...contract, valid_until: "2025-01-01" } }, { contract: { ...contract, valid_from: "2026-02-30" } }, { name: "" }])
    await add("/practices", { id: "cabinet-trois", name: "Cabinet", contract, hosting: "LOCAL", ...more }, { status: 400 });
  const permit = await add("/enrolment-codes", { note: paper("code.note") });
  assert.equal(permit.practice, "cabinet-deux");
  await add("/enrolment-codes", { note: "no note" }, { status: 400 });
  await call(admin, "POST", "/practices/cabinet-deux/revoke-agent", {}, { status: 200 });
});

test("a technician is who the signed card says", async () => {
  const added = await add("/technicians", { card: paper("card.note"), trained_on: "2026-01-12" });
  assert.equal(added.login, "tech4");
  assert.match(added.totp_secret, /^[A-Z2-7]+$/);
  assert.equal(added.trained_on, "2026-01-12");
  await add("/technicians", { card: paper("card.note").replace("tech4", "tech5") }, { status: 403, code: "bad_signature" });
  const renewed = await add("/technicians", { card: paper("card.note"), trained_on: null });
  assert.equal(renewed.totp_secret, undefined);
  await add("/technicians", { card: paper("card.note"), trained_on: "12/01/2026" }, { status: 400 });
  const colleagues = (await get(alice, "/technicians")).items;
  assert.ok(colleagues.every((c) => !("keys" in c) && !("locked" in c)));
  assert.deepEqual((await get(compliance, "/technicians")).items.map((t) => [t.login, t.account, t.valid]),
    [["alice", true, true], ["bruno", true, true], ["tech3", true, true], ["tech4", false, true]]);
});

test("an account is made, reset and removed; its secrets are shown once", async () => {
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const made = await add("/accounts", { login: "essai", name: "Essai Exemple", role: "auditor", until });
  Object.assign(people, { essai: { login: "essai", role: "auditor", last_step: 0, password: made.password, totp_secret: made.totp_secret } });
  await add("/accounts", { login: "essai", name: "Essai Exemple", role: "auditor", until }, { status: 409 });
  await add("/accounts", { login: "essai2", name: "Essai Exemple", role: "auditor", until: null }, { status: 400 });
  await add("/accounts", { login: "essai2", name: "Essai Exemple", role: "boss", until }, { status: 400 });
  await add("/accounts", { login: "nobody-here", name: "Essai Exemple", role: "technician", until: null }, { status: 404 });
  const tech = await add("/accounts", { login: "tech4", name: "Technicien Exemple 4", role: "technician", until: null });
  assert.equal(tech.totp_secret, null);
  const reset = await call(admin, "POST", "/accounts/essai/reset", {}, { status: 200 });
  assert.notEqual(reset.password, made.password);
  Object.assign(people.essai, { password: reset.password, totp_secret: reset.totp_secret });
  real.login = "essai";
  await call(admin, "DELETE", `/accounts/${admin.login}`, undefined, { status: 409 });
  assert.ok((await get(admin, "/accounts")).items.some((a) => a.login === "essai" && a.until));
});

test("a password that somebody else made is changed before anything else", async () => {
  const { essai } = people;
  const answer = await call(anyone, "POST", "/sign-in", { login: "essai", password: essai.password, code: await code(essai) }, { status: 200, whole: true });
  essai.cookie = cookie_of(answer);
  assert.equal(answer.body.me.must_change_password, true);
  await get(essai, "/practices", { status: 403, code: "must_change_password" });
  await call(essai, "POST", "/me/password", { old: "un autre mot de passe", new: "pont levis essai 2" }, { status: 403, code: "wrong_password" });
  await call(essai, "POST", "/me/password", { old: essai.password, new: "court" }, { status: 400 });
  await call(essai, "POST", "/me/password", { old: essai.password, new: "le mot essai deux" }, { status: 400 });
  await call(essai, "POST", "/me/password", { old: essai.password, new: "pont levis exemple 2" }, { status: 200 });
  await get(essai, "/practices", { status: 200 });
  await call(essai, "POST", "/sign-out", {}, { status: 200 });
  await get(essai, "/me", { status: 401 });
});

test("sub-processors are registered, with a guarantee outside the EEA", async () => {
  const one = { id: "support-exemple", name: "Support Exemple", country: "FR", guarantee: "", task: "Astreinte", state: "PROPOSED" };
  const made = await add("/subprocessors", one);
  real.subprocessor = one.id;
  assert.deepEqual(made, { ...one, since: made.since });
  assert.deepEqual(await get(compliance, "/subprocessors/support-exemple"), made);
  await add("/subprocessors", one, { status: 409 });
  for (const more of [{ country: "US" }, { country: "France" }, { state: "YES" }, { id: "Support" }, { task: "" }]) await add("/subprocessors", { ...one, id: "autre", ...more }, { status: 400 });
  await add("/subprocessors", { ...one, id: "autre", country: "US", guarantee: "clauses contractuelles types" });
  assert.equal((await get(compliance, "/subprocessors")).items.length, 2);
});

test("what the vendor says of itself names a contact for data protection", async () => {
  const settings = await get(admin, "/settings");
  assert.equal(settings.dpo_contact, "dpo@vendor.example");
  const { etag } = (await call(admin, "GET", "/settings", undefined, { whole: true })).headers;
  for (const more of [{ dpo_contact: "" }, { recipients: [""] }, { notice_version: "x".repeat(41) }])
    await call(admin, "PUT", "/settings", { ...settings, ...more }, { status: 400, headers: { "if-match": etag } });
});
