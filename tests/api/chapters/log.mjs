// The log itself, as its readers see it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { get } from "../support/client.mjs";
import { auditor, compliance } from "../support/people.mjs";
import { practice } from "../support/lab.mjs";

test("the log says where it stands, and which practices cosign it", async () => {
  const state = await get(compliance, "/log");
  assert.equal(state.healthy, true);
  assert.equal(state.behind, false);
  assert.equal(state.checkpoint.split("\n")[0], state.origin);
  assert.equal(Number(state.checkpoint.split("\n")[1]), state.size);
  const witness = state.witnesses.find((w) => w.practice === practice);
  assert.ok(witness.size > 0 && witness.size <= state.size, "its link was asked to cosign");
  assert.equal(witness.alarm, false);
  assert.deepEqual(state.alarms, []);
  assert.equal((await get(auditor, "/log")).origin, state.origin);
});
