// No operation is left unwalked: the walk counts itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seen } from "../support/client.mjs";
import { operations } from "../support/document.mjs";

// What only a fault, a clock or a second act under way brings: their own tests see those.
const rare = new Set(["409", "410", "500", "503"]);

test("every operation was walked, with every answer that it lists", () => {
  const missed = operations.flatMap((o) => Object.keys(o.responses).filter((status) => !rare.has(status) && !seen.get(o.operationId)?.has(Number(status)))
    .map((status) => `${o.method} ${o.path} ${status}`));
  const walks = [...seen.values()].flatMap((of) => [...of.values()]).reduce((a, b) => a + b, 0);
  const answers = [...seen.values()].reduce((a, of) => a + of.size, 0);
  console.log(`# ${operations.length} operations, ${answers} different answers of them, ${walks} answers held against the document`);
  assert.deepEqual(missed, []);
});
