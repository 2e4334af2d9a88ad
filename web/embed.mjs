// Writes the C++ source that holds a built page: node embed.mjs DIST_FOLDER FUNCTION OUTPUT.cpp
// The bytes come in by .incbin; paths, types and etags stand in the source, so that a changed file changes it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const [dist, name, output] = process.argv.slice(2);
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };
const packed = join(dirname(resolve(output)), `${name}.gz`);
mkdirSync(packed, { recursive: true });

const files = [{ path: "/", file: join(dist, "index.html") }, ...readdirSync(join(dist, "assets")).sort().map((n) => ({ path: `/assets/${n}`, file: join(dist, "assets", n) }))];
const assets = files.map(({ path, file }, i) => {
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 });
  const smaller = gzip.length < bytes.length;
  const gzip_file = join(packed, `${i}.gz`);
  if (smaller) writeFileSync(gzip_file, gzip);
  const type = types[extname(file)];
  if (!type) throw new Error(`${file}: no content type for it; add one to web/embed.mjs`);
  const etag = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  return { path, type, etag, file: resolve(file), size: bytes.length, gzip_file: smaller ? resolve(gzip_file) : null, gzip_size: gzip.length };
});

const quoted = (text) => JSON.stringify(text);
const incbin = (label, file) => `asm(${quoted(`.section .rodata\n.balign 16\n.hidden ${label}\n.global ${label}\n${label}:\n.incbin ${quoted(file)}\n.previous\n`)});\nextern "C" const char ${label}[];`;
const view = (label, size) => `{${label}, ${size}}`;
const source = `// Made by web/embed.mjs from the built page. Not to be edited.
#include <array>

#include "web/assets.hpp"

${assets.map((a, i) => [incbin(`pontlevis_${name}_${i}`, a.file), a.gzip_file ? incbin(`pontlevis_${name}_${i}_gz`, a.gzip_file) : ""].filter(Boolean).join("\n")).join("\n")}

namespace pontlevis::web {

std::span<const Asset> ${name}() {
  static const std::array<Asset, ${assets.length}> assets{{
${assets.map((a, i) => `      {${quoted(a.path)}, ${quoted(a.type)}, ${quoted(`"${a.etag}"`)}, ${view(`pontlevis_${name}_${i}`, a.size)}, ${a.gzip_file ? view(`pontlevis_${name}_${i}_gz`, a.gzip_size) : "{}"}},`).join("\n")}
  }};
  return assets;
}

}  // namespace pontlevis::web
`;
writeFileSync(output, source);
