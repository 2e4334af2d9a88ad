// The pages' own sources, as the pages bundle them, for Node: what is tested is what is shipped.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { from_web, web } from "./packages.mjs";

const { build } = from_web("esbuild");
const { ssh_library, as_in_a_browser } = await import(`${web}/shared/ssh/bundle.mjs`);

export async function sources(...names) {
  const folder = mkdtempSync(join(tmpdir(), "pontlevis-web-ssh-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: web, stdin: { contents: names.map((n) => `export * from "./${n}";`).join("\n"), resolveDir: web, loader: "ts" },
    outfile: join(folder, "sources.mjs"), bundle: true, format: "esm", platform: "node", plugins: [ssh_library], banner: { js: as_in_a_browser }, logLevel: "warning", sourcemap: "inline",
  });
  return import(join(folder, "sources.mjs"));
}
