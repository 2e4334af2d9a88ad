// Personal access tokens: what each scope opens, and how long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { operations, roles } from "../support/document.mjs";
import { of_role } from "../support/people.mjs";
import { later } from "../support/lab.mjs";
import { fill, unreal } from "../support/real.mjs";

const guarded = operations.filter((o) => o["x-roles"].length);
const idle = (op) => (op.method === "GET" || op.method === "DELETE" ? undefined : { surprise: true });
const of_use = { technician: ["read", "ask", "report"], administrator: ["read", "administer"], compliance: ["read"], auditor: ["read"] };
const tokens = {};  // role → scope → somebody who holds a token of that scope alone

test("everybody makes tokens of the scopes that their role has a use for", async () => {
  for (const role of roles) {
    tokens[role] = {};
    for (const scope of of_use[role]) {
      const made = await call(of_role(role), "POST", "/me/tokens", { label: `essai ${scope}`, scopes: [scope], days: 1 }, { status: 201 });
      tokens[role][scope] = { login: of_role(role).login, token: made.secret, id: made.id };
    }
  }
});

test("a token opens what its scope and its owner's role both allow, and nothing else", async () => {
  const table = [];
  for (const op of guarded)
    for (const role of roles)
      for (const scope of of_use[role]) {
        const answer = await call(tokens[role][scope], op.method, fill(op, unreal), idle(op), { whole: true });
        const may = ![401, 403].includes(answer.status);
        const right = op["x-roles"].includes(role) && (op["x-scopes"] ?? []).includes(scope);
        if (may !== right) table.push(`${op.method} ${op.path}: ${role} with ${scope} ${may ? "may" : "may not"}: ${answer.text.slice(0, 200)}`);
        if (!may) assert.equal(answer.body.code, op["x-roles"].includes(role) ? "not_your_scope" : "not_your_role", op.path);
      }
  assert.deepEqual(table, []);
});

test("a token needs no page and no proof of presence, and stands alone", async () => {
  const reader = tokens.technician.read;
  const me = await get(reader, "/me");
  assert.equal(me.login, reader.login);
  assert.equal(me.method, "token");
  const both = { cookie: `__Host-pontlevis=${of_role("technician").cookie}` };
  for (const op of guarded) await call(reader, op.method, fill(op, unreal), idle(op), { status: 400, code: "two_identities", headers: both });
});

test("a token that is unknown, removed or past its time opens nothing", async () => {
  const nobody = [{ token: "plv_" + "A".repeat(43) }, { token: "x" }, { token: "" }];
  for (const op of guarded) for (const who of nobody.slice(0, 1)) await call(who, op.method, fill(op, unreal), idle(op), { status: 401, code: "bad_token" });
  for (const who of nobody) {
    const answer = await call({ ...who, token: who.token || " " }, "GET", "/me", undefined, { status: 401, code: "bad_token", whole: true });
    assert.match(answer.headers["www-authenticate"], /^Bearer /);
  }
  const gone = tokens.technician.ask;
  await call(of_role("technician"), "DELETE", `/me/tokens/${gone.id}`, undefined, { status: 200 });
  await get(gone, "/me", { status: 401 });
  await call(of_role("technician"), "DELETE", `/me/tokens/${gone.id}`, undefined, { status: 404 });
  await call(of_role("auditor"), "DELETE", `/me/tokens/${tokens.technician.read.id}`, undefined, { status: 404 });
  await later(`UPDATE tokens SET expires_at = created_at WHERE id = '${tokens.compliance.read.id}'`);
  await get(tokens.compliance.read, "/me", { status: 401 });
});
