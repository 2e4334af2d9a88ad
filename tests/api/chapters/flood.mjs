// Too many wrong tries: of one name, and of one address.
import { test } from "node:test";
import { call } from "../support/client.mjs";
import { alice, anyone, code } from "../support/people.mjs";
import { Authenticator } from "../support/authenticator.mjs";

const wrong = (login, options) => call(anyone, "POST", "/sign-in", { login, password: "un mot de passe", code: "000000" }, options);

test("a name is locked after five wrong tries, whether anybody has it or not", async () => {
  for (const login of ["nobody-here", alice.login]) {
    for (let i = 0; i < 5; ++i) await wrong(login, { status: 401, code: "not_signed_in" });
    await wrong(login, { status: 423, code: "locked" });
  }
  await call(alice, "POST", "/step-up", { code: await code(alice) }, { status: 423 });
  await call(alice, "POST", "/me/password", { old: alice.password, new: "pont levis exemple 3" }, { status: 423 });
});

test("an address waits after many, with whatever names", async () => {
  for (let i = 0, last; last !== 429; ++i) last = (await wrong(`personne-${i}`, { whole: true })).status;
  await wrong("nobody-there", { status: 429, code: "too_many" });
  await call(alice, "POST", "/step-up", { code: await code(alice) }, { status: 429 });
  await call(alice, "POST", "/me/password", { old: alice.password, new: "pont levis exemple 3" }, { status: 429 });
  const asked = await call(anyone, "POST", "/sign-in/passkey/start", { login: "alice" }, { status: 200 });
  await call(anyone, "POST", "/sign-in/passkey/finish", { ticket: asked.ticket, credential: new Authenticator().answer(asked) }, { status: 429 });
});
