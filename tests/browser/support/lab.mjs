// The lab as the scenarios know it: page.sh exports the harness's functions, and each shell below inherits them.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { records_of_log } from "./log.mjs";

export const { lab, work, bin, practice, system_id } = process.env;
export const technician_host = `${system_id}.${practice}`;
export const facts = () => JSON.parse(readFileSync(join(lab, "lab.json"), "utf8"));
export const page_port = () => JSON.parse(readFileSync(join(lab, "agent/ports.json"), "utf8")).page;
export const base = `http://localhost:${page_port()}`;
export const owner = { login: facts().approver.login, password: facts().approver.password, name: "Dr Camille Exemple" };

// A line of the harness's language; its arguments are "$1", "$2"… Answers what it printed, or throws with what it said.
export function sh(line, ...args) {
  return new Promise((done, failed) => {
    const child = spawn("bash", ["-c", `set -uo pipefail; ${line}`, "lab", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const said = ["", ""];
    child.stdout.on("data", (d) => (said[0] += d));
    child.stderr.on("data", (d) => (said[1] += d));
    const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
    child.on("exit", (code) => setImmediate(() => {
      clearTimeout(limit);
      if (code === 0) done(said[0].trim());
      else failed(new Error(`\`${line.trim()}\` ended with ${code}\n${said[0]}${said[1]}`));
    }));
  });
}
export const sh_json = async (line, ...args) => JSON.parse(await sh(line, ...args));

// Looks again until it is so; says what it waited for when it never was.
export async function until(what, look, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (let last; ; await new Promise((go) => setTimeout(go, 20))) {
    try {
      if ((last = await look())) return last;
    } catch (problem) {
      last = problem;
    }
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
  }
}

// ---- the technician ----
export const ask = (login, ...options) => sh(`login=$1; shift; ask "$login" "$@"`, login, ...options);
export const hear = (login, code) => writeFileSync(join(lab, "tech", login, "heard"), code + "\n");
export const take_config = (login, id) => sh(`use_config "$1" "$2"`, login, id);
export const report = (login, id, tasks) => sh(`front "$1" report "$2" --tasks "'$3'" --outcome SOLVED --cleanup DONE`, login, id, tasks);

const running = new Set();
export function end_all() {
  for (const child of running) child.kill("SIGKILL");
}

// The stock ssh of that person, left running: `say` types, `ended` is the moment its process was gone.
// `at_terminal` gives it a terminal of 100 × 30, as a technician's is; without it, a pipe and less work for the machine.
function ssh(login, at_terminal) {
  const command = `ssh -tt -F "$lab/tech/$login/ssh/config" "$system_id.$practice"`;
  const line = at_terminal ? `exec script -qfec 'stty cols 100 rows 30; exec ${command}' /dev/null` : `exec ${command}`;
  const env = { ...process.env, login, TERM: "xterm-256color", SHELL: "/bin/bash", SSH_ASKPASS: `${lab}/tech/${login}/ssh/answer`, SSH_ASKPASS_REQUIRE: "force" };
  const child = spawn("bash", ["-c", line], { stdio: ["pipe", "pipe", "pipe"], env });
  running.add(child);
  const client = { child, output: "", errors: "", ended: null };
  child.stdout.on("data", (d) => (client.output = (client.output + d).slice(-200_000)));
  child.stderr.on("data", (d) => (client.errors += d));
  child.stdin.on("error", () => {});
  client.gone = new Promise((done) => child.on("exit", (code) => ((client.ended = Date.now()), running.delete(child), done(code))));
  client.say = (text) => child.stdin.write(text);
  client.prints = (text, limit = 20) => until(`the technician to read ${text}, not ${client.output.slice(-200)} ${client.errors.slice(-300)}`, () => client.output.includes(text), limit);
  return client;
}
export const terminal = (login) => ssh(login, true);
export const piped = (login) => ssh(login, false);

// Their machine dies: no goodbye is said. The connection that all their programs share is gone with it.
export const cut = (login) => sh(`kill -KILL "$(ssh -F "$lab/tech/$1/ssh/config" -O check "$2" 2>&1 | grep -oE '[0-9]+' | head -1)"`, login, technician_host);

// The stock sftp, left running on the connection that is already there: it does what it is told, line by line.
export function sftp(login) {
  const child = spawn("bash", ["-c", `exec sftp -F "$lab/tech/$login/ssh/config" "$system_id.$practice"`], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, login } });
  running.add(child);
  const client = { child, output: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (d) => (client.output += d));
  child.stdin.on("error", () => {});
  child.on("exit", () => running.delete(child));
  client.say = (text) => child.stdin.write(text);
  client.prints = (text, limit = 20) => until(`sftp to say ${text}, not ${client.output.slice(-300)}`, () => client.output.includes(text), limit);
  return client;
}

// ---- what the practice knows ----
// Whatever a broken story left open or waiting.
export async function tidy() {
  for (const { intervention, phase } of (await sh_json(`program agent status --data "$lab/agent" --json`)).interventions) {
    if (phase === "REQUESTED") await sh(`program agent refuse --data "$lab/agent" "$1" --as dr-exemple --password-file "$lab/approver.password"`, intervention);
    else if (phase !== "ENDED") await sh(`program agent stop --data "$lab/agent" "$1"`, intervention);
  }
}
export const status_of = async (id) => (await sh_json(`program agent status --data "$lab/agent" --json`)).interventions.find((i) => i.intervention === id);
export const records_of = (id, side = "agent") => sh_json(`records_of "$1" "$2"`, side, id);
export const record_of = async (id, type) => (await records_of(id)).records.map((r) => r.fields).filter((f) => f.type === type);

// The signed end follows the cut by a moment: first dead, then written.
export const end_record = (id, side = "agent") => until(`the end of ${id} in the log of the ${side}`, async () => (await records_of(id, side)).records.map((r) => r.fields).find((f) => f.type === "session_end"));

// Every record of the practice's journal, also those of no intervention.
export const journal = () => records_of_log("agent");
export const security_events = async (event) => (await journal()).filter((r) => r.type === "security" && r.event === event);

export function processes_of(id) {
  const mark = `PONTLEVIS_SESSION=${id}`;
  return readdirSync("/proc").filter((n) => /^\d+$/.test(n)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark);
    } catch {
      return false;
    }
  }).map(Number);
}
export function is_alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return problem.code === "EPERM";
  }
}

// How busy the processors were over a moment, from /proc/stat: a figure is worth what the machine was doing.
const ticks = () => {
  const n = readFileSync("/proc/stat", "latin1").split("\n")[0].trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: n.reduce((a, b) => a + b, 0), idle: n[3] + n[4] };
};
export function busy_meter() {
  const before = ticks();
  return () => {
    const now = ticks();
    return Math.round(100 * (1 - (now.idle - before.idle) / Math.max(1, now.all - before.all)));
  };
}
