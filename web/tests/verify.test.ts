// @ts-nocheck: node's own types are not part of the pages
// docs/record-format.md §12, the vectors of RFC 9901, and records sealed by the development sample.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { check_evidence, check_signature, digest_of, entry_of, from_base64, leaf_hash, open_field, read_checkpoint, read_key, root_from_proof, same, to_base64url, to_hex } from "../shared/verify";
import { intervention, lines } from "../dev/sample.mjs";

globalThis.crypto ??= webcrypto;

const example = [
  ["AAECAwQFBgcICQoLDA0ODw", "type", "log_stop"], ["EBESExQVFhcYGRobHB0eHw", "time", "2026-11-22T08:00:00.000Z"], ["ICEiIyQlJicoKSorLC0uLw", "intervention", null], ["MDEyMzQ1Njc4OTo7PD0-Pw", "practice", null],
  ["QEFCQ0RFRkdISUpLTE1OTw", "sequence", null], ["UFFSU1RVVldYWVpbXF1eXw", "program", "pontlevis-gateway"], ["YGFiY2RlZmdoaWprbG1ubw", "version", "0.1.0"], ["cHFyc3R1dnd4eXp7fH1-fw", "cause", "signal"],
].map((field) => to_base64url(new TextEncoder().encode(JSON.stringify(field))));
const vkey = "audit.editeur.example/log+5430a1ca+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
const one = "audit.editeur.example/log\n1\ngVxFaV+Qgt+4HvNnETAqg7XLVSjedW8/sOjRlktiJeM=\n\n— audit.editeur.example/log VDChyuKw/6+VXZxPZqoDDCEjWfJQwnDAurfd8Vo2zfdXK0e5rQzLsxTymby5RH19Ltx2oItw06Kt3ea9qKyzTQVXbQI=\n";
const two = "audit.editeur.example/log\n2\nUawHfTNbHGranfWcJaN3FBy8W56/myvgkOkfwEIE4bc=\n\n— audit.editeur.example/log VDChyjVgrlLPv0CNntctgGczdxxHoi41t8bBbPIkn3S2+RX8QKaKFbApnPVv6AgFit0BwNZQEppguRYi9EmI5ryjowc=\n";

test("digests are those of RFC 9901", async () => {
  assert.equal(await digest_of("WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"), "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
});
test("the worked example of the record format comes out, byte for byte", async () => {
  assert.equal(example[0], "WyJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwidHlwZSIsImxvZ19zdG9wIl0");
  assert.equal(await digest_of(example[5]), "shzl7PN9PrQn1RYnsUeB9R21inotnHKvrP87UFItmwM");
  const entry = await entry_of(example);
  assert.equal(to_hex(entry), "010147a230e2819c39b005aa72887d5c5283fd4dcc1166d407c6a0f16c1ef274c6c6");
  assert.equal(to_hex(await leaf_hash(entry)), "815c45695f9082dfb81ef36711302a83b5cb5528de756f3fb0e8d1964b6225e3");
});
test("checkpoints are signed by the log's key and nobody else's", async () => {
  assert.equal(await check_signature(read_checkpoint(one), read_key(vkey)), "ok");
  assert.equal(await check_signature(read_checkpoint(two), read_key(vkey)), "ok");
  assert.equal(await check_signature(read_checkpoint(two.replace("\n2\n", "\n3\n")), read_key(vkey)), "wrong");
  assert.equal(await check_signature(read_checkpoint(one), read_key(vkey.replace("5430a1ca", "5430a1cb"))), "wrong");
});
test("the proof of the first record leads to the root of both", async () => {
  const leaf = await leaf_hash(await entry_of(example));
  const sibling = from_base64("6kVFyPj/KkLrkSB9fuIfvcT4NNrejDBalHGlGpTMD+w=");
  const { root } = read_checkpoint(two);
  assert.ok(same(await root_from_proof(0, 2, leaf, [sibling]), root));
  assert.equal(await root_from_proof(2, 2, leaf, [sibling]), null);
  assert.equal(await root_from_proof(0, 2, leaf, []), null);
  assert.equal(await root_from_proof(0, 2, leaf, [sibling, sibling]), null);
  assert.ok(same(await root_from_proof(0, 1, leaf, []), read_checkpoint(one).root));
});
test("a destroyed field keeps its digest and the record still verifies", async () => {
  const closed = [...example];
  closed[7] = `sha256:${await digest_of(example[7])}`;
  assert.equal(open_field(closed[7]), null);
  assert.equal(to_hex(await entry_of(closed)), to_hex(await entry_of(example)));
});

const sealed = () => structuredClone(intervention(lines()[0]));
test("a whole intervention verifies, and one changed letter anywhere does not", async () => {
  const { evidence, records } = sealed();
  assert.equal((await check_evidence(evidence, records)).verdict, "ok");
  const changes = {
    "a value shown": (s) => (s.records[1].fields.minutes = 45),
    "a field shown that is not in the record": (s) => (s.records[1].fields.extra = "x"),
    "a record shown without evidence": (s) => s.records.push({ index: 99, fields: {} }),
    "a disclosure": (s) => (s.evidence.records[3].disclosures[2] = s.evidence.records[4].disclosures[2]),
    "an entry": (s) => (s.evidence.records[0].entry = s.evidence.records[1].entry),
    "a path": (s) => s.evidence.records[5].proof.pop(),
    "the index": (s) => (s.evidence.records[5].index = 6),
    "the size": (s) => (s.evidence.checkpoint = s.evidence.checkpoint.replace("\n12\n", "\n13\n")),
    "the key": (s) => (s.evidence.log_key = vkey),
    "everything": (s) => (s.evidence.records = []),
  };
  for (const [what, change] of Object.entries(changes)) {
    const s = sealed();
    change(s);
    assert.equal((await check_evidence(s.evidence, s.records)).verdict, "wrong", what);
  }
});
test("a browser without Ed25519 says so and does not call it verified", async () => {
  const { evidence, records } = sealed();
  const real = crypto.subtle.importKey;
  crypto.subtle.importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"));
  try {
    const checked = await check_evidence(evidence, records);
    assert.equal(checked.signature, "impossible");
    assert.equal(checked.verdict, "impossible");
  } finally {
    crypto.subtle.importKey = real;
  }
});
