// How esbuild takes the SSH library into a page: its WebCrypto half alone, a Buffer of its own, nothing of Node.
// For build.mjs, the tests and the harness of tests/web_ssh alike, so that all run the same bytes.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const nothing = join(here, "stand_ins/nothing.mjs");
const in_library = /[\\/]dev-tunnels-ssh[\\/]/;

export const ssh_library = {
  name: "ssh-library",
  setup(build) {
    const only_for_library = (filter, answer) =>
      build.onResolve({ filter }, (args) => (in_library.test(args.importer) ? answer(args) : undefined));
    only_for_library(/^(crypto|stream|node-rsa|diffie-hellman)$/, () => ({ path: nothing }));
    only_for_library(/^\.\/node\//, () => ({ path: nothing }));
    only_for_library(/^vscode-jsonrpc$/, () => ({ path: join(here, "stand_ins/jsonrpc.mjs") }));
    only_for_library(/^buffer$/, (args) => build.resolve("buffer/index.js", { resolveDir: args.resolveDir, kind: args.kind }));
    build.onLoad({ filter: /[\\/]dev-tunnels-ssh[\\/].*\.js$/ }, ({ path }) => ({
      contents: `var Buffer = require("buffer").Buffer;\n${readFileSync(path, "utf8")}`,
      loader: "js",
    }));
  },
};

// Node's own crypto is WebCrypto too, but the library asks for `self` before it believes so.
export const as_in_a_browser = "globalThis.self ??= globalThis;";
