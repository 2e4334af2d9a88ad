// The lab as the scenarios know it: run.sh exports the harness's functions, and each shell below inherits them.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lab } from "./client.mjs";

export const { practice, system_id, source_root } = process.env;

// A line of the harness's language; its arguments are "$1", "$2"… Answers what it printed, or throws with what it said.
export function sh(line, ...args) {
  return new Promise((done, failed) => {
    const child = spawn("bash", ["-c", `set -uo pipefail; ${line}`, "lab", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const said = ["", ""];
    child.stdout.on("data", (d) => (said[0] += d));
    child.stderr.on("data", (d) => (said[1] += d));
    const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
    child.on("close", (status) => {
      clearTimeout(limit);
      if (status === 0) done(said[0].trim());
      else failed(new Error(`\`${line.trim()}\` ended with ${status}\n${said[0]}${said[1]}`));
    });
  });
}
export const approve = (id, ...more) => sh(`id=$1; shift; approve "$id" "$@"`, id, ...more);
export const paper = (name) => readFileSync(join(lab, "papers", name), "utf8");
// What only time brings, brought now: a line of SQL on the gateway's store.
export const later = (sql) => sh(`sqlite3 -cmd ".timeout 5000" "$lab/gateway/gateway.db" "$1"`, sql);

// Looks again until it is so; says what it waited for when it never was.
export async function until(what, look, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (let last; ; await new Promise((go) => setTimeout(go, 50))) {
    if ((last = await look())) return last;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}; last seen: ${JSON.stringify(last)}`);
  }
}
