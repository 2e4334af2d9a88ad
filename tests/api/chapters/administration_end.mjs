// What ends: a card, an account, a sign-in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { admin, alice, compliance } from "../support/people.mjs";
import { paper } from "../support/lab.mjs";
import { add } from "../support/real.mjs";

test("a revoked card ends its sign-in at once", async () => {
  const revoked = await add("/card-revocations", { note: paper("revocation.note") });
  assert.equal(revoked.login, "tech4");
  await add("/card-revocations", { note: "no note" }, { status: 400 });
  assert.equal((await get(compliance, "/technicians")).items.find((t) => t.login === "tech4").valid, false);
  assert.equal((await get(alice, "/technicians")).items.find((t) => t.login === "tech4").valid, false);
});

test("an account is removed", async () => {
  await call(admin, "DELETE", "/accounts/essai", undefined, { status: 200 });
  await call(admin, "DELETE", "/accounts/essai", undefined, { status: 404 });
});

test("signing out ends it", async () => {
  await call(compliance, "POST", "/sign-out", {}, { status: 200 });
  await get(compliance, "/me", { status: 401 });
});
