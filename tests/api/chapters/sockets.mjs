// The two WebSockets: who comes through the door, and from where.
import assert from "node:assert/strict";
import { test } from "node:test";
import { origin, raw } from "../support/client.mjs";
import { alice, auditor } from "../support/people.mjs";
import { unreal } from "../support/real.mjs";

const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
const open = async (who, path, more = {}) => {
  const headers = Object.fromEntries(Object.entries({ ...upgrade, origin, cookie: who ? `__Host-pontlevis=${who.cookie}` : null, ...more }).filter(([, v]) => v !== null));
  return (await raw({ method: "GET", path, headers })).status;
};

test("the sockets are opened by the console's own page, signed in", async () => {
  for (const path of ["/api/v1/news", `/relay/${unreal.intervention}`]) {
    assert.equal(await open(null, path), 401, path);
    assert.equal(await open(alice, path), 101, path);
    assert.equal(await open(alice, path, { origin: null }), 403, path);
    assert.equal(await open(alice, path, { origin: "https://elsewhere.example" }), 403, path);
    assert.equal(await open(alice, path, { host: "elsewhere.example" }), 421, path);
    assert.equal(await open(alice, path, { authorization: "Bearer plv_x" }), 400, path);
    assert.equal((await raw({ method: "GET", path, headers: {} })).status, 426, path);
  }
  assert.equal(await open(auditor, "/api/v1/news"), 101);
  assert.equal(await open(auditor, `/relay/${unreal.intervention}`), 403);
});
