// The document by itself: OpenAPI 3.1, and the house's own rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { doc, faults, follow, operations, roles } from "./support/document.mjs";

const each = (name, rule) => test(name, () => {
  const broken = operations.flatMap((o) => rule(o).map((fault) => `${o.method} ${o.path}: ${fault}`));
  assert.deepEqual(broken, []);
});
const missing = (yes, fault) => (yes ? [] : [fault]);
const contents = (part) => Object.entries(follow(part)?.content ?? {});

test("the document is OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(doc));
  assert.deepEqual(errors ?? [], []);
  assert.ok(valid);
  assert.equal(validator.version, "3.1");
});

test("every name of an operation is its own", () => {
  const names = operations.map((o) => o.operationId);
  assert.equal(new Set(names).size, names.length);
});

each("an operation has a name, one known tag and one sentence", (o) => [
  ...missing(/^[a-z][A-Za-z]+$/.test(o.operationId ?? ""), "operationId"),
  ...missing(o.tags?.length === 1 && doc.tags.some((t) => t.name === o.tags[0]), "tag"),
  ...missing(/^[A-Z'].*[^.]\.$/.test(o.summary ?? "") && o.summary.length < 120, "summary"),
]);

each("an operation says who may use it, with what, and whether presence is proved", (o) => [
  ...missing(Array.isArray(o["x-roles"]) && o["x-roles"].every((r) => roles.includes(r)), "x-roles"),
  ...missing(typeof o["x-step-up"] === "boolean", "x-step-up"),
  ...missing((o["x-roles"].length === 0) === (o.security.length === 0), "public exactly without roles"),
  ...missing(o.security.some((s) => s.token) === Array.isArray(o["x-scopes"]), "x-scopes exactly with tokens"),
  ...missing((o["x-scopes"] ?? []).every((s) => doc.components.schemas.Scope.enum.includes(s)), "a known scope"),
]);

each("a path's holes are its parameters", (o) => {
  const holes = [...o.path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]);
  const named = (o.parameters ?? []).map(follow).filter((p) => p.in === "path").map((p) => p.name);
  return missing(JSON.stringify(holes) === JSON.stringify(named), `${holes} against ${named}`);
});

each("every refusal is problem+json, and those that anybody can meet are listed", (o) => {
  const wanted = ["403", "421", "500", "503", ...(o["x-roles"].length ? ["401"] : []), ...(o.method === "GET" ? [] : ["400", "413", "415"]),
                  ...(o.path.includes("{") ? ["404"] : [])];
  return [
    ...wanted.flatMap((status) => missing(o.responses[status], `answers ${status}`)),
    ...Object.entries(o.responses).filter(([s]) => s >= "400")
      .flatMap(([s, r]) => missing(contents(r).length === 1 && follow(r).content["application/problem+json"], `${s} is no problem+json`)),
  ];
});

each("an answer is closed: no member but those that are listed", (o) =>
  Object.entries(o.responses).filter(([s]) => s < "300").flatMap(([s, r]) => contents(r).flatMap(([kind, { schema }]) => {
    if (!/[/+]json$/.test(kind)) return missing(follow(schema).type === "string", `${s} is no text`);
    const { additionalProperties, type } = follow(schema);
    return missing(type === "object" && additionalProperties === false, `${s} is open`);
  })));

each("bodies and answers have examples, and examples are right", (o) => {
  const parts = [...contents(o.requestBody).map(([, c]) => ["request", c]),
                 ...Object.entries(o.responses).flatMap(([s, r]) => contents(r).map(([, c]) => [s, c]))];
  return parts.flatMap(([where, { schema, example }]) =>
    example === undefined ? [`${where}: no example`] : faults(schema, example).map((f) => `${where}: ${f}`));
});

test("nothing is defined and never used", () => {
  const text = JSON.stringify(doc);
  const names = Object.entries(doc.components).filter(([kind]) => kind !== "securitySchemes")
    .flatMap(([kind, all]) => Object.keys(all).map((name) => `#/components/${kind}/${name}`));
  assert.deepEqual(names.filter((name) => !text.includes(`"${name}"`)), []);
});

test("every reference leads somewhere", () => {
  const refs = [...JSON.stringify(doc).matchAll(/"\$ref": ?"([^"]+)"/g)].map((m) => m[1]);
  assert.deepEqual(refs.filter((ref) => { try { return !follow({ $ref: ref }); } catch { return true; } }), []);
});
