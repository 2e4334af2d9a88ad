// Pages and ETags, for every operation that has them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { follow, operations } from "../support/document.mjs";
import { fill, real, who_may } from "../support/real.mjs";

const has = (op, name) => op.parameters?.some((p) => follow(p).name === name);

test("a list in pages of one is the list", async () => {
  for (const op of operations.filter((o) => has(o, "cursor"))) {
    const who = who_may(op);
    const whole = await get(who, op.path + "?limit=200");
    assert.equal(whole.next, null, op.path);
    const found = [];
    for (let cursor = ""; cursor !== null; ) {
      const page = await get(who, `${op.path}?limit=1${cursor && "&cursor=" + encodeURIComponent(cursor)}`);
      assert.ok(page.items.length <= 1);
      found.push(...page.items);
      cursor = page.next;
      assert.ok(found.length <= whole.items.length, `${op.path} does not end`);
    }
    assert.deepEqual(found, whole.items, op.path);
    assert.ok(found.length > 1, `${op.path}: a list of ${found.length} proves little`);
  }
});

test("what is known already is not sent again", async () => {
  for (const op of operations.filter((o) => o.method === "GET" && o.responses[304])) {
    const who = who_may(op), path = fill(op, real);
    const first = await call(who, "GET", path, undefined, { status: 200, whole: true });
    const { etag } = first.headers;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await call(who, "GET", path, undefined, { status: 304, headers: { "if-none-match": known }, whole: true });
      assert.equal(again.headers.etag, etag, path);
    }
    const other = await call(who, "GET", path, undefined, { status: 200, headers: { "if-none-match": '"other"' }, whole: true });
    assert.equal(other.text, first.text, path);
  }
});

test("a change is made to what was read, or not at all", async () => {
  for (const op of operations.filter((o) => has(o, "If-Match"))) {
    const who = who_may(op), path = fill(op, real), body = op.requestBody.content["application/json"].example;
    for (const headers of [{}, { "if-match": '"other"' }, { "if-match": "*" }]) await call(who, op.method, path, body, { status: 412, code: "changed_meanwhile", headers });
    const { etag } = (await call(who, "GET", path.replace("/contract", ""), undefined, { status: 200, whole: true })).headers;
    await call(who, op.method, path, body, { status: 200, headers: { "if-match": etag } });
    await call(who, op.method, path, body, { status: 412, headers: { "if-match": etag } });
  }
});
