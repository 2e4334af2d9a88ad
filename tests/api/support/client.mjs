// Requests to the gateway over HTTPS, trusting the lab's CA alone. Whatever it answers is held against the
// document before a test sees it, and what was seen is counted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import { doc, faults, follow, operation_for } from "./document.mjs";

export const { lab } = process.env;
export const facts = JSON.parse(readFileSync(join(lab, "lab.json"), "utf8"));
export const origin = facts.gateway.https;
const { hostname, port, host } = new URL(origin);
const agent = new https.Agent({ ca: readFileSync(facts.gateway.ca), keepAlive: true, maxSockets: 8 });

export function raw({ method, path, headers = {}, body }) {
  return new Promise((done, failed) => {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = https.request({ hostname, port, servername: hostname, agent, method, path, headers: { host, ...headers, ...length } }, (answer) => {
      const parts = [];
      answer.on("data", (d) => parts.push(d));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString("utf8") }));
    });
    request.setTimeout(30_000, () => request.destroy(new Error(`no answer to ${method} ${path} in 30 s`)));
    request.on("error", failed);
    request.on("upgrade", (answer, socket) => { socket.destroy(); done({ status: answer.statusCode, headers: answer.headers, text: "" }); });
    request.end(body);
  });
}

// operationId → status → how often
export const seen = new Map();
function count(op, status) {
  if (!seen.has(op.operationId)) seen.set(op.operationId, new Map());
  const of = seen.get(op.operationId);
  of.set(status, (of.get(status) ?? 0) + 1);
}

function header_faults(documented, answer) {
  return Object.entries(documented ?? {}).flatMap(([name, part]) => {
    const { required, schema } = follow(part);
    const value = [answer.headers[name]].flat()[0];
    if (value === undefined) return required ? [`header ${name} is missing`] : [];
    return faults(schema, value).map((f) => `header ${name}: ${f}`);
  });
}
function body_faults(documented, answer) {
  const [type, content] = Object.entries(documented.content ?? {})[0] ?? [];
  if (!type) return answer.text === "" ? [] : ["has a body"];
  const kind = answer.headers["content-type"];
  if (kind !== type) return [`content-type is ${kind}, not ${type}`];
  return faults(content.schema, /[/+]json$/.test(type) ? JSON.parse(answer.text) : answer.text);
}
// For every answer below /api/, documented or not. None is a page, but those that send a browser on.
export function common_faults(answer) {
  const h = answer.headers, page = answer.status === 302 ? /^default-src 'self'/ : /^default-src 'none'/;
  return [["cache-control", /no-store/], ["x-content-type-options", /^nosniff$/], ["content-security-policy", page], ["strict-transport-security", /^max-age=\d+/]]
    .flatMap(([name, form]) => (form.test(h[name] ?? "") ? [] : [`header ${name} is ${h[name]}`]));
}
export const problem_faults = (answer) =>
  body_faults({ content: { "application/problem+json": { schema: doc.components.schemas.Problem } } }, answer)
    .concat(JSON.parse(answer.text).status === answer.status ? [] : ["status in the body is another"]);

export function judge(op, answer) {
  const documented = follow(op.responses[answer.status]);
  const said = `${op.method} ${op.path} → ${answer.status} ${answer.text.slice(0, 600)}`;
  assert.ok(documented, `an undocumented status: ${said}`);
  const broken = [...common_faults(answer), ...header_faults(documented.headers, answer), ...body_faults(documented, answer),
                  ...(answer.status >= 400 ? problem_faults(answer) : [])];
  assert.deepEqual(broken, [], said);
  count(op, answer.status);
}

const acts = (method) => method !== "GET" && method !== "HEAD";
// What a browser, or a script with a token, sends by itself; a header that is null is left out.
function usual(who, method, body) {
  return {
    ...(acts(method) && !who?.token ? { origin } : {}),
    ...(body !== undefined ? { "content-type": "application/json" } : {}),
    ...(who?.token ? { authorization: `Bearer ${who.token}` } : who?.cookie ? { cookie: `__Host-pontlevis=${who.cookie}` } : {}),
  };
}

// call(alice, "POST", "/interventions", {...}, {status: 201}) → its body; the document and `status` must agree.
export async function call(who, method, path, body, { status, code, headers = {}, text, whole = false } = {}) {
  const full = path.startsWith("/api/") ? path : "/api/v1" + path;
  const op = operation_for(method, full.split("?")[0]);
  assert.ok(op, `${method} ${full} is not documented`);
  const sent = text ?? (body === undefined ? (method === "POST" || method === "PUT" ? "{}" : undefined) : JSON.stringify(body));
  const says_why = op.parameters?.some((p) => follow(p).name === "pontlevis-purpose") ? { "pontlevis-purpose": "CONTROL essai" } : {};
  const all = Object.fromEntries(Object.entries({ ...usual(who, method, sent), ...says_why, ...headers }).filter(([, v]) => v !== null));
  const answer = await raw({ method, path: full, headers: all, body: sent });
  judge(op, answer);
  answer.body = /[/+]json$/.test(answer.headers["content-type"] ?? "") ? answer.text && JSON.parse(answer.text) : answer.text;
  const said = `${method} ${full} as ${who?.login ?? "nobody"} → ${answer.status} ${answer.text.slice(0, 600)}`;
  if (status !== undefined) assert.equal(answer.status, status, said);
  if (code !== undefined) assert.equal(answer.body.code, code, said);
  return whole ? answer : answer.body;
}
export const get = (who, path, options) => call(who, "GET", path, undefined, { status: 200, ...options });
