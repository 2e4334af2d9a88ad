// What npm's @sigstore/verify says of our checkpoint and inclusion proofs, and @sd-jwt of our disclosures; and that each
// refuses what was altered.
//   node check.mjs FOLDER     FOLDER as interop_sample writes it
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Disclosure } from '@sd-jwt/utils';
import { hasher } from '@sd-jwt/hash';

const require = createRequire(import.meta.url);
// These two steps of its verification stand alone; the package offers them only inside a whole bundle of its own kind.
const folder = join(require.resolve('@sigstore/verify'), '..', 'tlog');
const { verifyCheckpoint } = require(join(folder, 'checkpoint.js'));
const { verifyMerkleInclusion } = require(join(folder, 'merkle.js'));

let passed = 0, failed = 0;
const say = (good, what) => { if (good) passed++; else { failed++; console.log(`not ok - ${what}`); } };
const throws = (f) => { try { f(); return false; } catch { return true; } };
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();

const s = JSON.parse(readFileSync(join(process.argv[2], 'proofs.json'), 'utf8'));
const [name, , key] = s.vkey.split('+').length > 3 ? [s.vkey.split('+')[0], '', s.vkey.split('+').slice(2).join('+')] : s.vkey.split('+');
const raw = Buffer.from(key, 'base64');
const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw.subarray(1)]);
const tlogs = [{ logID: sha256(`${name}\n`, raw), publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }), baseURL: `https://${name}` }];

// ---- checkpoint and inclusion ----
const entryOf = (r, checkpoint) => ({
  canonicalizedBody: Buffer.from(r.entry, 'base64'),
  inclusionProof: { logIndex: String(r.index), hashes: r.proof.map((h) => Buffer.from(h, 'base64')), checkpoint: { envelope: checkpoint } },
});
const verify = (r, checkpoint = s.checkpoint) => {
  const entry = entryOf(r, checkpoint);
  verifyMerkleInclusion(entry, verifyCheckpoint(entry, tlogs));
};
for (const r of s.records) {
  say(!throws(() => verify(r)), `record ${r.index} is not accepted`);
  const other = s.records[(r.index + 1) % s.records.length];
  say(throws(() => verify({ ...r, entry: other.entry })), `record ${r.index}: another entry was accepted`);
  say(throws(() => verify({ ...r, proof: r.proof.slice(1) })), `record ${r.index}: a proof cut short was accepted`);
  say(throws(() => verify({ ...r, index: r.index ^ 1 })), `record ${r.index}: another index was accepted`);
}
const signed = s.checkpoint.indexOf('\n\n');
for (let at = 0; at < signed; at++) {
  const bad = Buffer.from(s.checkpoint);
  bad[at] ^= 1;
  say(throws(() => verify(s.records[0], bad.toString('latin1'))), `byte ${at} of the checkpoint was altered and accepted`);
}

// ---- disclosures ----
const how = { hasher, alg: 'sha-256' };
let open = 0, closed = 0;
for (const r of s.records) {
  let body = 'pontlevis-record-v1\n';
  for (const [i, text] of r.disclosures.entries()) {
    body += `${r.digests[i]}\n`;
    if (text === null) { closed++; continue; }
    open++;
    const field = await Disclosure.fromEncode(text, how);
    say((await field.digest(how)) === r.digests[i], `record ${r.index}, field ${i}: another digest`);
    say(Buffer.from(field.salt, 'base64url').length === 16 && typeof field.key === 'string', `record ${r.index}, field ${i}: no salt of 16 bytes`);
    const bad = Buffer.from(text, 'base64url');
    bad[5] = bad[5] === 65 ? 66 : 65;
    const altered = await Disclosure.fromEncode(bad.toString('base64url'), how);
    say((await altered.digest(how)) !== r.digests[i], `record ${r.index}, field ${i}: another salt has the same digest`);
  }
  if (r.disclosures.length === 0) continue; // destroyed whole: the entry alone is left
  say(sha256(body).equals(Buffer.from(r.entry, 'base64').subarray(2)), `record ${r.index}: the digests do not make the entry`);
}
say(closed >= 1 && s.records.some((r) => r.disclosures.length === 0), 'the sample has no destroyed field and no destroyed record');
console.log(`npm: ${s.records.length} records, ${open} fields open, ${closed} closed, ${passed} checks passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
