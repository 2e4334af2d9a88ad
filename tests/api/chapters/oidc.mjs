// The identity provider, as far as a browser sees it when there is none and when it is down; tests of its own sign
// people in with a real one. A restart of the gateway leaves everyone signed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { call, get } from "../support/client.mjs";
import { alice, anyone } from "../support/people.mjs";
import { sh } from "../support/lab.mjs";

const sent_to = async (path, headers) => (await call(anyone, "GET", path, undefined, { status: 302, headers, whole: true })).headers.location;

test("without an identity provider its addresses say so", async () => {
  assert.equal((await get(anyone, "/door")).oidc, null);
  await get(anyone, "/sign-in/oidc", { status: 404 });
  await get(anyone, "/sign-in/oidc/callback?code=x&state=y", { status: 404 });
});

test("one that is down sends the browser back with a word, and nobody is signed out by a restart", async () => {
  await sh(`stop_daemon gateway; export PONTLEVIS_GATEWAY_OIDC_ISSUER=https://localhost:1 PONTLEVIS_GATEWAY_OIDC_NAME=Exemple PONTLEVIS_GATEWAY_OIDC_CLIENT_ID=console; start_gateway`);
  assert.deepEqual((await get(anyone, "/door")).oidc, { name: "Exemple" });
  assert.equal(await sent_to("/sign-in/oidc"), "/?problem=oidc_away");
  const arrives = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  for (const query of ["?code=x&state=y", "?error=access_denied&state=y", ""]) assert.match(await sent_to("/sign-in/oidc/callback" + query, arrives), /^\/\?problem=oidc_(stale|failed)$/);
  assert.equal((await get(alice, "/me")).login, "alice");
});
