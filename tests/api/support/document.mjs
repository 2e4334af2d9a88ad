// docs/api/openapi.json as the tests read it: operations in a row, references followed, schemas compiled.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";

const file = new URL("../../../docs/api/openapi.json", import.meta.url);
export const doc = JSON.parse(readFileSync(process.env.OPENAPI ?? file, "utf8"));

export const roles = ["technician", "administrator", "compliance", "auditor"];
const methods = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

export function follow(node) {
  if (!node?.$ref) return node;
  const steps = node.$ref.slice(2).split("/").map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~"));
  return follow(steps.reduce((at, step) => at[step], doc));
}

export const operations = Object.entries(doc.paths).flatMap(([path, item]) =>
  methods.filter((m) => item[m]).map((m) => ({ ...item[m], method: m.toUpperCase(), path, form: form_of(path) })));
export const paths = Object.keys(doc.paths);

function form_of(path) {
  return new RegExp("^" + path.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, "[A-Za-z0-9._~-]+") + "$");
}
// An exact path comes before one with a hole, as in the gateway's table.
export function operation_for(method, path) {
  const fit = operations.filter((o) => o.method === method && o.form.test(path));
  return fit.find((o) => o.path === path) ?? fit[0];
}

// Each schema has an address of its own, so that references stay as they are written.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
formats.default(ajv);
const at = "https://pontlevis.example/";
for (const [name, schema] of Object.entries(doc.components.schemas)) ajv.addSchema({ ...absolute(schema), $id: at + name });

function absolute(node) {
  if (Array.isArray(node)) return node.map(absolute);
  if (!node || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([k, v]) =>
    [k, k === "$ref" ? at + v.split("/").pop() : absolute(v)]));
}

const compiled = new Map();
// The faults of `value` against `schema`, as sentences; none when it is right.
export function faults(schema, value) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, ajv.compile(absolute(schema)));
  const check = compiled.get(key);
  if (check(value)) return [];
  return check.errors.map((e) => `${e.instancePath || "/"} ${e.message}${e.params.additionalProperty ? ` (${e.params.additionalProperty})` : ""}`);
}
