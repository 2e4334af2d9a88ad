// A log as an outsider reads it: the records of an exported bundle, which verifies first, with what is open of each.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sh } from "./lab.mjs";

const value = ({ disclosure }) => JSON.parse(Buffer.from(disclosure, "base64url").toString("utf8")).slice(1);
const opened = ({ index, fields }) => ({ index, ...Object.fromEntries(fields.filter((f) => f.disclosure).map(value)) });

// Files of many records, a line each, or of one (docs/record-format.md).
export function records_in(bundle) {
  const lines = readdirSync(join(bundle, "records")).flatMap((name) => readFileSync(join(bundle, "records", name), "utf8").trim().split("\n"));
  return lines.map((line) => JSON.parse(line)).sort((a, b) => a.index - b.index).map(opened);
}
export async function records_of_log(side) {
  const bundle = await sh(`mktemp -u -d "$work/bundle.XXXXXX"`);
  await sh(`program audit export --data "$lab/$1" --out "$2" >/dev/null && program audit verify --bundle "$2" >/dev/null`, side, bundle);
  return records_in(bundle);
}
