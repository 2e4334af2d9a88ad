// What went out to the vendor's world, and what a person does with what was put aside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { admin, auditor, compliance } from "../support/people.mjs";
import { later } from "../support/lab.mjs";
import { real } from "../support/real.mjs";

const number = (n) => `0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4d00${n}`;
const put = (n, state, body) => later(`INSERT INTO outbox(id, channel, subject, body, body_sha256, state, tries, created_at, since, last_error, status, crm_ref, reason, done_by, recorded)
  VALUES('${number(n)}', 'webhook', 'closed', ${body}, '${"0".repeat(64)}', '${state}', 3, 1772440200000, 1772440200000, 'the CRM answered 500', 500, '', '', '', 1)`);

test("what went out is listed, by state, and by those who may read", async () => {
  for (const [n, state, body] of [[1, "GIVEN_UP", "'{}'"], [2, "REFUSED", "'{}'"], [3, "ACKNOWLEDGED", "NULL"], [4, "GIVEN_UP", "'{}'"]]) await put(n, state, body);
  real.delivery = number(4);
  const { items } = await get(auditor, "/deliveries");
  assert.deepEqual(items.slice(0, 4).map((d) => d.id), [4, 3, 2, 1].map(number));
  assert.deepEqual((await get(compliance, "/deliveries?state=REFUSED")).items.map((d) => d.id), [number(2)]);
  await get(compliance, "/deliveries?state=LOST", { status: 400 });
});

test("what was put aside is tried again or dropped with a reason, once", async () => {
  const again = await call(compliance, "POST", `/deliveries/${number(1)}/retry`, {}, { status: 200 });
  assert.equal(again.state, "WAITING");
  assert.equal(again.last_error, "");
  await call(compliance, "POST", `/deliveries/${number(3)}/retry`, {}, { status: 409 });
  const dropped = await call(admin, "POST", `/deliveries/${number(2)}/drop`, { reason: "saisi à la main" }, { status: 200 });
  assert.equal(dropped.state, "DROPPED");
  await call(admin, "POST", `/deliveries/${number(2)}/retry`, {}, { status: 409 });
  await call(admin, "POST", `/deliveries/${number(2)}/drop`, { reason: "saisi à la main" }, { status: 409 });
});
