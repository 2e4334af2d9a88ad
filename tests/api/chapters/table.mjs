// The document and the gateway list the same routes, and the gateway says what it does not know.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { call, common_faults, problem_faults, raw, origin } from "../support/client.mjs";
import { operations, paths } from "../support/document.mjs";
import { admin, anyone } from "../support/people.mjs";
import { source_root } from "../support/lab.mjs";
import { fill, unreal } from "../support/real.mjs";

// The rows of the table of routes, as the sources spell them: {"POST", "/api/v1/…", …}, {"POST", one + "/…", …} or a constant.
const sources = readdirSync(join(source_root, "gateway"), { recursive: true }).filter((f) => /\.[ch]pp$/.test(f)).map((f) => readFileSync(join(source_root, "gateway", f), "utf8"));
const names_in = (text) => Object.fromEntries([...text.matchAll(/\b(\w+) = "(\/api\/v1[^"]*)"/g)].map((m) => [m[1], m[2]]));
const everywhere = names_in(sources.join("\n"));
function rows_of(source) {
  const names = { ...everywhere, ...names_in(source) };
  return [...source.matchAll(/\{"(GET|POST|PUT|DELETE|PATCH)", (?:std::string\()?(?:"(\/api\/v1[^"]*)"|(?:\w+::)*(\w+))\)?(?: \+ "([^"]*)")?, \w+/g)]
    .filter(([, , path, name]) => path ?? names[name]).map(([, method, path, name, tail]) => `${method} ${path ?? names[name]}${tail ?? ""}`);
}

test("the gateway's table of routes and the document are the same list", () => {
  const rows = sources.flatMap(rows_of);
  const documented = operations.map((o) => `${o.method} ${o.path.replace(/\{[^}]+\}/g, "<id>")}`);
  assert.deepEqual(rows.sort(), documented.sort());
});

test("a method that an address does not take is refused, with those that it takes", async () => {
  for (const path of paths) {
    const address = path.replace(/\{[^}]+\}/g, (hole) => unreal[hole.slice(1, -1)]);
    const here = operations.filter((o) => o.form.test(address));  // /me/passkeys/start has the form of /me/passkeys/<id>
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"].filter((m) => !here.some((o) => o.method === m))) {
      const answer = await raw({ method, path: address, headers: { origin, "content-type": "application/json" }, body: method === "GET" ? undefined : "{}" });
      assert.equal(answer.status, 405, `${method} ${path} ${answer.text}`);
      assert.deepEqual([...common_faults(answer), ...problem_faults(answer)], [], `${method} ${path}`);
      assert.deepEqual(answer.headers.allow.split(", ").sort(), here.map((o) => o.method).sort(), path);
    }
  }
});

test("an address that is not there is said to be none", async () => {
  for (const path of ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/interventions/", "/api/v1/practices/x/y/z", "/api/v2/me"]) {
    const answer = await raw({ method: "GET", path, headers: {} });
    assert.equal(answer.status, 404, path);
    assert.deepEqual([...common_faults(answer), ...problem_faults(answer)], [], path);
  }
});

test("nothing is answered to whoever is not signed in", async () => {
  for (const op of operations.filter((o) => o["x-roles"].length)) {
    await call(anyone, op.method, fill(op, unreal), undefined, { status: 401, code: "not_signed_in" });
    await call({ cookie: "A".repeat(43) }, op.method, fill(op, unreal), undefined, { status: 401, code: "not_signed_in" });
  }
});

test("HEAD is GET without its body", async () => {
  const answer = await raw({ method: "HEAD", path: "/api/v1/me", headers: { cookie: `__Host-pontlevis=${admin.cookie}` } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.etag, /^"/);
});
