// One's own card, passkeys and tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { admin, alice, anyone, auditor, bruno, cookie_of } from "../support/people.mjs";
import { Authenticator } from "../support/authenticator.mjs";
import { real } from "../support/real.mjs";

test("a technician reads their card, others have none", async () => {
  const card = await get(alice, "/me/card");
  assert.equal(card.login, "alice");
  assert.equal(card.valid, true);
  await get(admin, "/me/card", { status: 404 });
});

const key = new Authenticator();
test("a passkey is kept, signs in and proves presence", async () => {
  const question = await call(alice, "POST", "/me/passkeys/start", {}, { status: 200 });
  const kept = { ticket: question.ticket, label: "clé d'essai", credential: key.register(question) };
  await call(bruno, "POST", "/me/passkeys/finish", kept, { status: 400, code: "passkey_failed" });
  await call(alice, "POST", "/me/passkeys/finish", kept, { status: 200 });
  await call(alice, "POST", "/me/passkeys/finish", kept, { status: 400, code: "passkey_failed" });
  const { items } = await get(alice, "/me/passkeys");
  assert.deepEqual(items.map((k) => [k.label, k.last_used_at]), [["clé d'essai", null]]);

  const asked = await call(anyone, "POST", "/sign-in/passkey/start", { login: "alice" }, { status: 200 });
  const answer = { ticket: asked.ticket, credential: key.answer(asked) };
  const done = await call(anyone, "POST", "/sign-in/passkey/finish", answer, { status: 200, whole: true });
  assert.equal(done.body.me.method, "passkey");
  await call({ cookie: cookie_of(done) }, "POST", "/sign-out", {}, { status: 200 });
  await call(anyone, "POST", "/sign-in/passkey/finish", answer, { status: 401, code: "passkey_failed" });
  const again = await call(anyone, "POST", "/sign-in/passkey/start", { login: "alice" }, { status: 200 });
  const mine = { ticket: again.ticket, credential: key.answer(again) };
  await call(bruno, "POST", "/step-up", mine, { status: 403, code: "passkey_failed" });
  const last = await call(anyone, "POST", "/sign-in/passkey/start", { login: "alice" }, { status: 200 });
  await call(alice, "POST", "/step-up", { ticket: last.ticket, credential: key.answer(last) }, { status: 200 });
});

test("a name without a passkey is asked like any other", async () => {
  const one = await call(anyone, "POST", "/sign-in/passkey/start", { login: "nobody-here" }, { status: 200 });
  const two = await call(anyone, "POST", "/sign-in/passkey/start", { login: "nobody-here" }, { status: 200 });
  assert.deepEqual(one.options.allowCredentials, two.options.allowCredentials);
  assert.equal(one.options.allowCredentials.length, 1);
});

test("passkeys are removed by their owner alone", async () => {
  const [{ id }] = (await get(alice, "/me/passkeys")).items;
  await call(bruno, "DELETE", `/me/passkeys/${id}`, undefined, { status: 404 });
  await call(alice, "DELETE", `/me/passkeys/${id}`, undefined, { status: 200 });
  await call(alice, "DELETE", `/me/passkeys/${id}`, undefined, { status: 404 });
  // The chapters to come want one that is there.
  const other = new Authenticator(), question = await call(alice, "POST", "/me/passkeys/start", {}, { status: 200 });
  await call(alice, "POST", "/me/passkeys/finish", { ticket: question.ticket, label: "autre clé", credential: other.register(question) }, { status: 200 });
  real.passkey = (await get(alice, "/me/passkeys")).items[0].id;
});

test("a token is made within one's role; its secret is shown once", async () => {
  const wish = { label: "essai", scopes: ["read"], days: 30 };
  const made = await call(alice, "POST", "/me/tokens", wish, { status: 201 });
  real.token = made.id;
  const listed = (await get(alice, "/me/tokens")).items.find((t) => t.id === made.id);
  assert.equal(listed.secret, undefined);
  assert.deepEqual(listed.scopes, ["read"]);
  for (const more of [{ scopes: [] }, { scopes: ["read", "read"] }, { scopes: ["everything"] }, { scopes: ["administer"] }, { days: 0 }, { days: 366 }, { label: "" }])
    await call(alice, "POST", "/me/tokens", { ...wish, ...more }, { status: 400, code: "bad_input" });
  await call(auditor, "POST", "/me/tokens", { ...wish, scopes: ["ask"] }, { status: 400 });
  await call(alice, "POST", "/me/tokens", wish, { status: 400, code: "no_key_here", headers: { "idempotency-key": "essai" } });
});
