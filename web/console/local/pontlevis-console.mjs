#!/usr/bin/env node
// The console from one's own machine: the gateway can no longer change the code that runs in the browser.
//   pontlevis-console GATEWAY [--ca FILE] [--port N] [--expect SHA256]
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { hash_of, read_bundle } from "./bundle.mjs";
import { host_of, kept_at, read_place } from "./place.mjs";
import { serve } from "./serve.mjs";

function die(what, hint) {
  console.error(`pontlevis-console: ${what}\n  hint: ${hint}`);
  process.exit(2);
}

function read_gateway(text) {
  try {
    const url = new URL(text);
    if (url.protocol === "https:" && url.pathname === "/" && !url.username) return url;
  } catch {
    // said below
  }
  return die(`'${text ?? ""}' is not the address of a gateway`, "pontlevis-console https://gateway.vendor.example:8443");
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { ca: { type: "string" }, port: { type: "string" }, expect: { type: "string" } } });
  const gateway = read_gateway(positionals[0]);
  const files = read_bundle(join(dirname(fileURLToPath(import.meta.url)), "files"));
  const hash = hash_of(files);
  if (values.expect && values.expect !== hash) die(`these files are ${hash}, not ${values.expect}`, "install the package again, from the published sources");
  const place = read_place(kept_at(), values.port ? Number(values.port) : undefined);
  const server = await serve({ gateway, ca: values.ca ? readFileSync(values.ca) : undefined, files, place });
  console.log(`http://${host_of({ ...place, port: server.address().port })}/\n${hash}`);
}

main().catch((problem) => die(problem.message, "is the port free? --port N takes another"));
