// Makes the package from a built console: node console/local/pack.mjs OUT_FOLDER → OUT_FOLDER/pontlevis-console-VERSION.tgz
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { hash_of, read_bundle } from "./bundle.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const built = process.env.PONTLEVIS_WEB_OUT ? join(process.env.PONTLEVIS_WEB_OUT, "console") : join(here, "../../dist/console");
const out = resolve(process.argv[2] ?? ".");
const stage = mkdtempSync(join(tmpdir(), "pontlevis-console-"));
try {
  mkdirSync(out, { recursive: true });
  for (const name of ["package.json", "pontlevis-console.mjs", "bundle.mjs", "relay.mjs", "serve.mjs", "place.mjs"]) cpSync(join(here, name), join(stage, name));
  cpSync(built, join(stage, "files"), { recursive: true });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", out], { cwd: stage, stdio: "inherit" });
  console.log(hash_of(read_bundle(join(stage, "files"))));
} finally {
  rmSync(stage, { recursive: true, force: true });
}
