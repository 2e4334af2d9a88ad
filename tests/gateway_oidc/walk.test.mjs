// The whole of a sign-in with an honest provider; then each lie, each replay and a provider that is away, refused by
// its name at the browser and in the log.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Directory, issuer } from "./provider.mjs";

const { gateway_origin, lab } = process.env;
const start = `${gateway_origin}/api/v1/sign-in/oidc`, callback = `${start}/callback`;
const navigation = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
const directory = new Directory();

before(() => directory.start(callback));
after(() => directory.stop());

const at_callback = (url) => url.startsWith(callback);
const never = () => false;

// The person at the provider: to the form, through it, and to the address the provider sends them back to.
async function to_callback(browser, subject = "sub-alice") {
  let page = await browser.go(start, at_callback);
  for (const prompt of ["login", "consent"]) {
    if (page.next) return page.next;
    assert.equal(page.status, 200, page.text);
    page = await browser.go(page.url, at_callback, { method: "POST", form: { prompt, login: subject, password: "exemple" } });
  }
  assert.ok(page.next, `the provider did not send back: ${page.text}`);
  return page.next;
}
const come_back = (browser, url) => browser.send(url, { headers: navigation });
async function sign_in(subject) {
  const browser = new Browser();
  return { browser, answer: await come_back(browser, await to_callback(browser, subject)) };
}
const me = (browser) => browser.send(`${gateway_origin}/api/v1/me`);

function ends_at(answer, place) {
  assert.equal(answer.status, 302, answer.text);
  assert.equal(answer.headers.location, place);
}
// The newest refusal, as the gateway's own log tells the administrator.
function why() {
  const lines = readFileSync(join(lab, "gateway.log"), "utf8").split("\n").filter((l) => l.includes('"signin.failed"'));
  return lines.length ? JSON.parse(lines.at(-1).slice(lines.at(-1).indexOf("{"))).why : "";
}
async function says(words) {
  for (let tries = 0; tries < 100; tries++) {
    if (why().includes(words)) return;
    await new Promise((go) => setTimeout(go, 50));
  }
  assert.fail(`the log does not say "${words}", but "${why()}"`);
}
async function refused(lie, words, place = "/?problem=oidc_failed") {
  directory.lie = lie;
  try {
    const { browser, answer } = await sign_in();
    ends_at(answer, place);
    assert.equal((await me(browser)).status, 401);
    await says(words);
  } finally {
    directory.lie = null;
  }
}

test("the door names the provider", async () => {
  const door = JSON.parse((await new Browser().send(`${gateway_origin}/api/v1/door`)).text);
  assert.deepEqual(door.oidc, { name: "Annuaire Exemple" });
});

test("a linked person signs in, and is asked for a code before what needs presence", async () => {
  const { browser, answer } = await sign_in();
  ends_at(answer, "/");
  const person = JSON.parse((await me(browser)).text);
  assert.equal(person.login, "alice");
  assert.equal(person.method, "oidc");
  assert.equal(person.step_up_until, null);
});

test("ES256 and PS256 are as good as RS256", async () => {
  for (const alg of ["ES256", "PS256", "RS256"]) {
    await directory.stop();
    await directory.start(callback, alg);
    ends_at((await sign_in()).answer, "/");
  }
});

test("a second factor that the provider vouches for is presence", async () => {
  directory.lie = (claims) => directory.sign({ ...claims, amr: ["pwd", "mfa"] });
  const { browser, answer } = await sign_in();
  directory.lie = null;
  ends_at(answer, "/");
  assert.notEqual(JSON.parse((await me(browser)).text).step_up_until, null);
});

test("a person nobody has linked has no account here", async () => ends_at((await sign_in("sub-inconnu")).answer, "/?problem=oidc_unknown"));

const now = () => Math.floor(Date.now() / 1000);
const b64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

test("a wrong issuer", () => refused((c) => directory.sign({ ...c, iss: "https://ailleurs.example" }), "another issuer (iss)"));
test("a wrong nonce", () => refused((c) => directory.sign({ ...c, nonce: "une-autre" }), "another sign-in (nonce)"));
test("no nonce", () => refused(({ nonce, ...c }) => directory.sign(c), "another sign-in (nonce)"));
test("a wrong audience", () => refused((c) => directory.sign({ ...c, aud: "un-autre-client" }), "another client (aud)"));
test("a second audience", () => refused((c) => directory.sign({ ...c, aud: ["console", "un-autre-client"] }), "another client (azp)"));
test("an expired token", () => refused((c) => directory.sign({ ...c, iat: now() - 400, exp: now() - 100 }), "expired (exp)"));
test("a token of the future", () => refused((c) => directory.sign({ ...c, iat: now() + 4000, exp: now() + 8000 }), "future (iat)"));
test("a token that belongs to another access token", () => refused((c) => directory.sign({ ...c, at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }), "(at_hash)"));
test("alg none", () => refused((c) => `${b64({ alg: "none" })}.${b64(c)}.`, "'none'"));
test("alg HS256 with the public key as the secret", async () => {
  const { createHmac, createPublicKey } = await import("node:crypto");
  const keys = JSON.parse((await new Browser().send(`${issuer}/jwks`)).text).keys;
  const pem = createPublicKey({ key: keys.find((k) => k.kid === "k-RS256"), format: "jwk" }).export({ type: "spki", format: "pem" });
  await refused((c) => {
    const part = `${b64({ alg: "HS256", kid: "k-RS256" })}.${b64(c)}`;
    return `${part}.${createHmac("sha256", pem).update(part).digest("base64url")}`;
  }, "'HS256'");
});
test("a key the provider does not publish", async () => {
  const { privateKey } = await directory.another_key();
  await refused((c) => directory.sign(c, { kid: "k-autre" }, privateKey), "does not publish (kid)");
});
test("another key under a name the provider publishes", async () => {
  const { privateKey } = await directory.another_key();
  await refused((c) => directory.sign(c, {}, privateKey), "its signature is wrong");
});
test("claims altered under an honest signature", () =>
  refused((c, token) => [token.split(".")[0], b64({ ...c, sub: "sub-autre" }), token.split(".")[2]].join("."), "its signature is wrong"));

test("a token of an earlier sign-in, once more", async () => {
  ends_at((await sign_in()).answer, "/");
  const old = directory.tokens.at(-1);
  await refused(() => old, "another sign-in (nonce)");
});

test("an answer of the provider, once more", async () => {
  const browser = new Browser(), kept = new Browser();
  const url = await to_callback(browser);
  for (const [name, value] of browser.jar(gateway_origin)) kept.jar(gateway_origin).set(name, value);
  ends_at(await come_back(browser, url), "/");
  ends_at(await come_back(kept, url), "/?problem=oidc_stale");
  assert.equal((await me(kept)).status, 401);
  await says("used before (state)");
});

test("a code of another sign-in, under a fresh state", async () => {
  const first = new Browser(), second = new Browser();
  const used = new URL(await to_callback(first));
  ends_at(await come_back(first, used.href), "/");
  const fresh = new URL(await to_callback(second));
  fresh.searchParams.set("code", used.searchParams.get("code"));
  ends_at(await come_back(second, fresh.href), "/?problem=oidc_failed");
  await says("the code was refused: invalid_grant");
});

test("an answer in a browser that did not ask", async () => {
  const asked = new Browser(), other = new Browser();
  const url = await to_callback(asked);
  ends_at(await come_back(other, url), "/?problem=oidc_stale");
  await says("did not begin a sign-in");
  await other.go(start, (next) => next.startsWith(issuer));
  ends_at(await come_back(other, url), "/?problem=oidc_stale");
  await says("another sign-in (state)");
});

test("an answer of another provider", async () => {
  const browser = new Browser();
  const url = new URL(await to_callback(browser));
  url.searchParams.set("iss", "https://ailleurs.example");
  ends_at(await come_back(browser, url.href), "/?problem=oidc_failed");
  await says("another issuer's (iss)");
});

test("a person who says no at the provider", async () => {
  const browser = new Browser();
  const url = new URL(await to_callback(browser));
  url.searchParams.delete("code");
  url.searchParams.set("error", "access_denied");
  ends_at(await come_back(browser, url.href), "/?problem=oidc_failed");
  await says("the provider said no: access_denied");
});

test("a provider that went away in the middle, and one that came back", async () => {
  const browser = new Browser();
  const url = await to_callback(browser);
  await directory.stop();
  ends_at(await come_back(browser, url), "/?problem=oidc_away");
  assert.equal((await me(browser)).status, 401);
  await directory.listen();
  ends_at((await sign_in()).answer, "/");
});

test("what the gateway asks the provider for is what it may be asked for", async () => {
  const page = await new Browser().go(start, (next) => next.startsWith(issuer));
  const asked = new URL(page.next).searchParams;
  assert.equal(asked.get("response_type"), "code");
  assert.equal(asked.get("code_challenge_method"), "S256");
  assert.equal(asked.get("redirect_uri"), callback);
  assert.equal(asked.get("scope"), "openid profile email");
  for (const name of ["state", "nonce", "code_challenge"]) assert.ok(asked.get(name).length >= 32, name);
});
