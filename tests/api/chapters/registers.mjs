// The registers: processing, requests of persons, breaches. Each clock, each refusal that a person can meet.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { auditor, compliance, of_role } from "../support/people.mjs";
import { practice } from "../support/lab.mjs";
import { real } from "../support/real.mjs";

const today = new Date().toISOString().slice(0, 10);
const day_after = (days) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
const act = (path, body, options = {}) => call(compliance, "POST", path, body, { status: 200, ...options });
const request = (more = {}) => ({ type: "ACCESS", channel: "POST", requester: "Personne Exemple", requester_status: "OTHER", contact: "", text: "Que détenez-vous sur moi ?", practice: null, received_at: today, ...more });
const receive = (more) => call(compliance, "POST", "/rights-requests", request(more), { status: 201 });
const words = { occurred_from: null, occurred_to: null, breach_types: ["INTEGRITE"], cause: "essai", description: "Un fichier a été modifié.", data_categories: [], special_categories: false, subjects_categories: [],
  subjects_count_approx: null, records_count_approx: null, likely_consequences: "", severity: "", measures_taken: [], measures_planned: [], advice_to_controller: "", data_unintelligible: false, subjects_informed: "",
  other_authorities: [], authority_not_notified: "" };
const open = () => call(compliance, "POST", "/breaches", words, { status: 201 });

test("the register of processing says what runs, in both languages, and is validated by hand", async () => {
  const { items } = await get(auditor, "/processing-entries");
  assert.deepEqual(items.map((e) => e.kind).sort(), ["RESPONSABLE", "SOUS_TRAITANT"]);
  real.entry = "practice-systems";
  const whole = await get(auditor, "/processing-entries/practice-systems");
  assert.ok(whole.controllers.some((c) => c.id === practice));
  assert.match(whole.fields.find((f) => f.name === "security_measures").value.join(), /TLS 1\.3/);
  for (const [language, words_of] of [["fr", /Mesures de sécurité/], ["en", /Security measures/]])
    assert.match(await get(compliance, `/processing-entries/practice-systems/text?language=${language}`), words_of);
  const next = await call(compliance, "PUT", "/processing-entries/practice-systems/dpia", { required: true, date: today, reference: "AIPD-1" }, { status: 200 });
  await act("/processing-entries/practice-systems/validate", { version: next.version + 1 }, { status: 409 });
  const valid = await act("/processing-entries/practice-systems/validate", { version: next.version });
  assert.equal(valid.validated_by, of_role("compliance").login);
  await get(compliance, "/processing-entries/practice-systems?version=0", { status: 400 });
  await get(compliance, "/processing-entries/practice-systems?version=900", { status: 404 });
  assert.match(await get(auditor, `/practices/${practice}/processing-entry?language=en`), /Remote maintenance of our software/);
});

test("a request of a person has a clock, a route, an answer with its files", async () => {
  const asked = await receive({});
  assert.ok(asked.due <= day_after(30) && asked.due >= day_after(28));
  assert.equal(asked.route, "VENDOR");
  await act(`/rights-requests/${asked.id}/answer`, { outcome: "GRANTED", words: "", language: "fr" }, { status: 409 });
  await act(`/rights-requests/${asked.id}/identity`, { method: "LETTER", result: "CONFIRMED" });
  const longer = await act(`/rights-requests/${asked.id}/extend`, { reason: "Beaucoup d'enregistrements à relire." });
  assert.equal(longer.due, day_after(60));
  await act(`/rights-requests/${asked.id}/search`, { login: "alice", name: "" }, { status: 400, code: "purpose_missing", headers: { "pontlevis-purpose": null } });
  await act(`/rights-requests/${asked.id}/search`, { login: "alice", name: "" }, { headers: { "pontlevis-purpose": "RIGHTS_REQUEST" } });
  let found;
  for (let tries = 0; tries < 100 && found?.state !== "SEARCHED"; ++tries) found = await get(compliance, `/rights-requests/${asked.id}`);
  assert.equal(found.state, "SEARCHED");
  const answered = await act(`/rights-requests/${asked.id}/answer`, { outcome: "GRANTED", words: "Voici vos données.", language: "fr" });
  assert.ok(answered.files.some((f) => f.name === "answer.fr.html"));
  assert.match(await get(compliance, `/rights-requests/${asked.id}/file?name=answer.fr.html`), /www\.cnil\.fr/);
  await get(compliance, `/rights-requests/${asked.id}/file?name=nothing`, { status: 404 });
  real.request = asked.id;
  real.query = { ...real.query, readAnswerFile: "?name=answer.fr.html", printNotice: "?recipient=CNIL" };
  await act(`/rights-requests/${asked.id}/identity`, { method: "LETTER", result: "CONFIRMED" }, { status: 409 });
});

test("a patient's request goes to the practice at once", async () => {
  const asked = await receive({ requester_status: "PATIENT", practice });
  assert.equal(asked.forwarded_to, practice);
  assert.equal(asked.route, "PRACTICE");
  await act(`/rights-requests/${asked.id}/answer`, { outcome: "FORWARDED", words: "", language: "en" });
  const other = await receive({ requester_status: "PRACTITIONER" });
  await act(`/rights-requests/${other.id}/forward`, { to: "nulle-part" }, { status: 404 });
  await act(`/rights-requests/${other.id}/forward`, { to: practice });
  assert.ok((await get(auditor, "/rights-requests?open=true")).items.every((r) => r.state !== "ANSWERED"));
  await get(auditor, "/rights-requests?open=yes", { status: 400 });
});

test("a breach file: who is touched, who is told, what the late say", async () => {
  const { id } = await open();
  const long_ago = new Date(Date.now() - 80 * 3_600_000).toISOString();
  await act(`/breaches/${id}/notify`, { recipient: "CNIL", kind: "INITIALE", delay_reason: "" }, { status: 409 });
  const confirmed = await act(`/breaches/${id}/confirm`, { aware_at: long_ago });
  assert.ok(confirmed.clocks.find((c) => c.name === "H72").late);
  const scoped = await act(`/breaches/${id}/scope`, { from: long_ago, until: new Date().toISOString(), person: "", system: "" });
  assert.ok(Array.isArray(scoped.affected_practices));
  await act(`/breaches/${id}/notify`, { recipient: "CNIL", kind: "INITIALE", delay_reason: "" }, { status: 400 });
  await act(`/breaches/${id}/notify`, { recipient: "CNIL", kind: "INITIALE", delay_reason: "Les faits n'étaient pas établis." });
  await act(`/breaches/${id}/notify`, { recipient: practice, kind: "INITIALE", delay_reason: "" });
  for (const other of scoped.affected_practices.filter((p) => p !== practice)) await act(`/breaches/${id}/notify`, { recipient: other, kind: "INITIALE", delay_reason: "" });
  const told = await act(`/breaches/${id}/delivered`, { recipient: "CNIL", proof: "N-2026-1" });
  assert.equal(told.notices.find((n) => n.recipient === "CNIL").delivered, "N-2026-1");
  await act(`/breaches/${id}/delivered`, { recipient: "CNIL", proof: "N-2026-1" }, { status: 404 });
  assert.match(await get(auditor, `/breaches/${id}/notice?recipient=${practice}&language=en`), /You are the controller/);
  assert.match(await get(auditor, `/breaches/${id}/file`), /N-2026-1/);
  await get(auditor, `/breaches/${id}/file?format=pdf`, { status: 400 });
  await get(auditor, `/breaches/${id}/notice?recipient=CNIL&kind=AUTRE`, { status: 400 });
  const closed = await act(`/breaches/${id}/close`, { lessons: "Fermer plus vite." });
  assert.equal(closed.state, "CLOSED");
});

test("a file is changed as it was read, and dismissed only with a reason", async () => {
  const dismissed = await open();
  await act(`/breaches/${dismissed.id}/dismiss`, { reason: "non" }, { status: 400 });
  await act(`/breaches/${dismissed.id}/dismiss`, { reason: "Essai annoncé du service informatique." });
  await act(`/breaches/${dismissed.id}/close`, { lessons: "Rien à retenir ici." }, { status: 409 });
  real.breach = (await open()).id;
});
