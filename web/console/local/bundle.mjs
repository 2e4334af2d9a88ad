// The files of the console, and the one hash that names them all: what the gateway publishes as /console.sha256
// (gateway/api/console_page.cpp), computed here from this machine's own copy.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export function read_bundle(folder) {
  const names = ["index.html", ...readdirSync(join(folder, "assets")).map((name) => `assets/${name}`)];
  const files = new Map();
  for (const name of names) {
    const bytes = readFileSync(join(folder, name));
    const type = types[extname(name)];
    if (!type) throw new Error(`${name}: a file the console does not have`);
    files.set(name === "index.html" ? "/" : `/${name}`, { name, bytes, type, sum: sha256(bytes) });
  }
  return files;
}

// "<sha256>  <path>" a line, in the order of the paths.
export const sums_of = (files) => [...files.values()].map(({ name, sum }) => `${sum}  ${name}\n`).sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join("");
export const hash_of = (files) => sha256(sums_of(files));
