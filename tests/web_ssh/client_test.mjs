// The browser's SSH client against real servers, through a relay. Each test says what it promises.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { product_server, sshd } from "./peers.mjs";
import { relay } from "./relay.mjs";
import { sources } from "./bundle.mjs";

const ssh = await sources("shared/ssh/index", "shared/ssh/public_key", "console/keys/browser_key");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const code = "SAMPLE-CODE";
let key, other_key, ours, theirs, through_ours, through_theirs;

before(async () => {
  const made = async (comment) => ssh.BrowserKey.of(await ssh.BrowserKey.make(), comment, "");
  [key, other_key] = [await made("sample"), await made("stranger")];
  [ours, theirs] = [await product_server({ keys: [key.line] }), await sshd({ keys: [key.line] })];
  [through_ours, through_theirs] = [await relay(ours.port), await relay(theirs.port)];
});
after(async () => {
  await Promise.all([through_ours.close(), through_theirs.close()]);
  ours.child.stdin.end();
  theirs.child.kill();
});

const to = (peer, way, more = {}) =>
  ssh.connect({ pipe: way.pipe(), host_key_line: peer.host_key_line, user: peer.user, key, password: async () => code, ...more });
const to_ours = (more) => to(ours, through_ours, more);
const to_theirs = (more) => to(theirs, through_theirs, more);
const kind = (wanted, detail) => (problem) => {
  assert.equal(problem.name, "Trouble", problem.stack);
  assert.equal(problem.kind, wanted, String(problem));
  if (detail) assert.match(problem.detail, detail);
  return true;
};

// All that a channel says until it ends.
async function said(channel) {
  const [data, words] = [[], []];
  channel.read_with({ data: (b, done) => (data.push(b), done()), words: (b, done) => (words.push(b), done()) });
  const exit = await channel.closed;
  return { out: Buffer.concat(data), words: Buffer.concat(words).toString(), exit };
}
const run = async (connection, command) => said(await ssh.run_command(connection, command));

for (const [name, connect] of [["the product's server", to_ours], ["OpenSSH", to_theirs]]) {
  test(`${name}: signs in, runs a command, says how it ended`, async () => {
    const connection = await connect();
    const { out, exit } = await run(connection, name === "OpenSSH" ? "printf 'une é clé'; exit 3" : "say une é clé");
    assert.equal(out.toString().trim(), "une é clé");
    assert.equal(exit.status, name === "OpenSSH" ? 3 : 0);
    await connection.close();
    assert.equal((await connection.ended).kind, "cancelled");
  });
}
