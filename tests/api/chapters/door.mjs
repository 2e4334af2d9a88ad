// Before signing in, and signing in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { anyone, code, people, sign_in, tech3 } from "../support/people.mjs";

test("the door tells a stranger what the page needs and no more", async () => {
  const door = await get(anyone, "/door");
  assert.equal(door.vendor, "Éditeur Exemple");
  assert.equal(door.serving, true);
});

test("a wrong name, a wrong password and a wrong code have one answer", async () => {
  const tries = [["nobody-here", "un mot de passe", "000000"], [tech3.login, "un autre mot de passe", "000000"], [tech3.login, tech3.password, "000000"]];
  const said = [];
  for (const [login, password, code] of tries) said.push(await call(anyone, "POST", "/sign-in", { login, password, code }, { status: 401, code: "not_signed_in" }));
  assert.deepEqual(said[1], said[0]);
  assert.deepEqual(said[2], said[0]);
});

test("everyone signs in with a code of their own, once", async () => {
  for (const person of Object.values(people)) {
    const me = await sign_in(person);
    assert.equal(me.login, person.login);
    assert.equal(me.role, person.role);
    assert.equal(me.must_change_password, false);
    assert.deepEqual(await get(person, "/me"), me);
  }
});

test("a code works once", async () => {
  const used = await code(tech3);
  await call(tech3, "POST", "/step-up", { code: used }, { status: 200 });
  await call(tech3, "POST", "/step-up", { code: used }, { status: 403, code: "wrong_code" });
});
