// Builds every page of web/ into web/dist/<page>/: index.html and hashed files under assets/.
// Nothing is fetched; the output is the same for the same input. Prints what a visitor downloads.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { ssh_library } from "./shared/ssh/bundle.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const out_root = process.env.PONTLEVIS_WEB_OUT ?? join(root, "dist");
// Where each page is served: the review stands beside the console, at an address of its own.
const pages = { practitioner: "", console: "", review: "/review" };

function outputs_of(result, entry) {
  const found = Object.entries(result.metafile.outputs).find(([, o]) => o.entryPoint === entry);
  const [path, output] = found;
  return { script: basename(path), style: basename(output.cssBundle) };
}

function print_sizes(page, folder) {
  const line = (name, bytes) => `${page}  ${name.padEnd(34)} ${String(bytes.length).padStart(8)} B  ${String(gzipSync(bytes, { level: 9 }).length).padStart(8)} B gz`;
  console.log(line("index.html", readFileSync(join(folder, "index.html"))));
  for (const name of readdirSync(join(folder, "assets")).sort()) console.log(line(name, readFileSync(join(folder, "assets", name))));
}

async function build_page(page, base) {
  const folder = join(out_root, page);
  rmSync(folder, { recursive: true, force: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: [`${page}/main.tsx`],
    outdir: join(folder, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    bundle: true,
    minify: true,
    splitting: true,
    plugins: [ssh_library],
    format: "esm",
    target: ["es2022", "chrome115", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const names = outputs_of(result, `${page}/main.tsx`);
  const html = readFileSync(join(root, page, "index.html"), "utf8")
    .replace("{{script}}", `${base}/assets/${names.script}`)
    .replace("{{style}}", `${base}/assets/${names.style}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), html);
  print_sizes(page, folder);
  return createHash("sha256").update(html).digest("hex").slice(0, 12);
}

for (const [page, base] of Object.entries(pages)) console.log(`${page}  ${await build_page(page, base)}`);
