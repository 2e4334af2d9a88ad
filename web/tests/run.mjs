// Bundles the .test.ts files and runs them with node:test; works on Node 18 and 20.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { as_in_a_browser, ssh_library } from "../shared/ssh/bundle.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "pontlevis-web-"));
try {
  const tests = readdirSync(here).filter((n) => n.endsWith(".test.ts"));
  await build({ absWorkingDir: join(here, ".."), entryPoints: tests.map((n) => `tests/${n}`), outdir: out, bundle: true, format: "esm", platform: "node", outExtension: { ".js": ".mjs" }, jsx: "automatic", jsxImportSource: "preact", loader: { ".json": "json" }, plugins: [ssh_library], banner: { js: as_in_a_browser }, logLevel: "warning" });
  const done = spawnSync(process.execPath, ["--test", ...tests.map((n) => join(out, n.replace(/\.ts$/, ".mjs")))], { stdio: "inherit", timeout: 60_000 });
  process.exitCode = done.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
