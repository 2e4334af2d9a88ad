// What comes in is read strictly, by every operation alike. Each is asked about things that exist.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call } from "../support/client.mjs";
import { follow, operations } from "../support/document.mjs";
import { of_role } from "../support/people.mjs";
import { fill, real, unreal, who_may } from "../support/real.mjs";

const acts = operations.filter((o) => o.method !== "GET");
const spoken = acts.filter((o) => o.requestBody);
const example = (op) => op.requestBody.content["application/json"].example;
const match = (op) => (op.parameters?.some((p) => follow(p).name === "If-Match") ? etag_of(op) : {});
async function etag_of(op) {
  const read = op.path.replace("/contract", "");
  const answer = await call(who_may(op), "GET", fill({ path: read }, real), undefined, { whole: true });
  return { "if-match": answer.headers.etag };
}
const refuse = async (op, text, status, code, headers = {}) =>
  call(who_may(op), op.method, fill(op, real), undefined, { text, status, code, headers: { ...(await match(op)), ...headers } });

test("an act is sent as JSON", async () => {
  for (const op of spoken)
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", null])
      await refuse(op, JSON.stringify(example(op)), 415, "not_json", { "content-type": type });
  for (const op of acts.filter((o) => o.method === "DELETE")) await refuse(op, "{}", 415, "not_json", { "content-type": "text/plain" });
});

test("what is no JSON object is refused", async () => {
  for (const op of spoken)
    for (const text of ["{", "[]", "null", "{} {}", "\xff", '{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}'])
      await refuse(op, text, 400, "bad_input");
});

test("a member that an operation does not know is refused", async () => {
  for (const op of spoken) await refuse(op, JSON.stringify({ ...example(op), surprise: true }), 400, "bad_input");
});

test("a member that is missing, or of another kind, is refused", async () => {
  for (const op of spoken) {
    const whole = example(op);
    for (const name of follow(op.requestBody.content["application/json"].schema).required ?? []) {
      const { [name]: gone, ...rest } = whole;
      await refuse(op, JSON.stringify(rest), 400, "bad_input");
      await refuse(op, JSON.stringify({ ...whole, [name]: typeof gone === "number" ? "7" : 7.5 }), 400, "bad_input");
    }
  }
});

test("a body that is too long is refused before it is read", async () => {
  for (const op of acts)
    await call(who_may(op), op.method, fill(op, real), undefined, { text: `{"a":"${"x".repeat(70_000)}"}`, status: 413, code: "too_long", headers: { "content-type": "application/json" } });
});

test("numbers that name nothing are said to be none", async () => {
  for (const op of operations.filter((o) => o.path.includes("{")))
    await call(who_may(op), op.method, fill(op, unreal), op.requestBody && example(op), { status: 404 });
});

test("a page is asked for in bounds", async () => {
  for (const op of operations.filter((o) => o.parameters?.some((p) => follow(p).name === "limit")))
    for (const query of ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", `cursor=${"a".repeat(201)}`, "cursor=%00"])
      await call(who_may(op), "GET", `${op.path}?${query}`, undefined, { status: 400, code: "bad_input" });
});

test("a question that is not understood is not answered with something else", async () => {
  for (const query of ["/interventions?mine=yes", "/interventions?live=1", "/interventions?cursor=nowhere", `/practices?search=${"x".repeat(201)}`])
    await call(of_role("auditor"), "GET", query, undefined, { status: 400, code: "bad_input" });
});

test("an act with a key has one answer, whatever it is, and the key one act", async () => {
  for (const op of acts.filter((o) => o.parameters?.some((p) => follow(p).name === "Idempotency-Key"))) {
    const headers = { "idempotency-key": `essai ${op.operationId}`.replace(" ", "-") };
    const ask = (text) => call(who_may(op), "POST", fill(op, unreal), undefined, { text, headers, whole: true });
    const first = await ask('{"surprise":1}'), again = await ask('{"surprise":1}');
    assert.ok(first.status >= 400 && first.headers["idempotent-replayed"] === undefined, op.path);
    assert.deepEqual([again.status, again.text, again.headers["idempotent-replayed"]], [first.status, first.text, "true"], op.path);
    const other = await ask('{"surprise":2}');
    assert.deepEqual([other.status, other.body.code], [422, "key_reused"], op.path);
  }
});
