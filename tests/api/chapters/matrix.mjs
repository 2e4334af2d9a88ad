// Who may use what: each operation as each role, with things that do not exist and a body that no operation takes,
// so that nothing is done; and from where.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, origin } from "../support/client.mjs";
import { operations, roles } from "../support/document.mjs";
import { of_role, tech3 } from "../support/people.mjs";
import { later } from "../support/lab.mjs";
import { fill, unreal, who_may } from "../support/real.mjs";

const guarded = operations.filter((o) => o["x-roles"].length);
const idle = (op) => (op.method === "GET" || op.method === "DELETE" ? undefined : { surprise: true });
const person_of = (role) => (role === "technician" ? tech3 : of_role(role));

test("each role may what the document says, and nothing else", async () => {
  const table = [];
  for (const op of guarded) {
    for (const role of roles) {
      const answer = await call(person_of(role), op.method, fill(op, unreal), idle(op), { whole: true });
      const may = answer.status !== 401 && answer.body?.code !== "not_your_role";
      if (may !== op["x-roles"].includes(role)) table.push(`${op.method} ${op.path}: ${role} ${may ? "may" : "may not"}`);
    }
  }
  assert.deepEqual(table, []);
});

test("an act comes from the console's own page", async () => {
  for (const op of operations.filter((o) => o.method !== "GET")) {
    const who = who_may(op);
    for (const foreign of [null, "https://elsewhere.example", "null", origin.replace("https", "http")])
      await call(who, op.method, fill(op, unreal), idle(op), { status: 403, code: "wrong_origin", headers: { origin: foreign } });
    await call(who, op.method, fill(op, unreal), idle(op), { status: 403, code: "wrong_origin", headers: { "sec-fetch-site": "cross-site" } });
  }
});

test("what is read is read by the console's own page", async () => {
  for (const op of operations.filter((o) => o.method === "GET")) {
    await call(who_may(op), "GET", fill(op, unreal), undefined, { status: 403, code: "wrong_origin", headers: { origin: "https://elsewhere.example" } });
    await call(who_may(op), "GET", fill(op, unreal), undefined, { status: 403, code: "wrong_origin", headers: { "sec-fetch-site": "cross-site" } });
  }
});

test("another name that leads here is not the console", async () => {
  for (const op of operations) {
    const { host } = new URL(origin);
    for (const name of ["elsewhere.example", "127.0.0.1:" + host.split(":")[1], "localhost"])
      await call(who_may(op), op.method, fill(op, unreal), idle(op), { status: 421, code: "wrong_host", headers: { host: name } });
  }
});

test("where presence counts, a sign-in of a while ago is asked for a code first", async () => {
  await later("UPDATE sessions SET step_up_until = signed_in_at - 1");
  try {
    await everywhere();
  } finally {
    await later("UPDATE sessions SET step_up_until = signed_in_at + 3600000");
  }
});
async function everywhere() {
  for (const op of guarded.filter((o) => o["x-step-up"]))
    for (const role of op["x-roles"]) await call(person_of(role), op.method, fill(op, unreal), idle(op), { status: 403, code: "step_up" });
  for (const op of guarded.filter((o) => !o["x-step-up"])) {
    const answer = await call(person_of(op["x-roles"][0]), op.method, fill(op, unreal), idle(op), { whole: true });
    assert.notEqual(answer.body?.code, "step_up", op.path);
  }
}
