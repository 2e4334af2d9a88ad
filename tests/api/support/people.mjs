// Who takes part: each signs in once, with a code of their own authenticator. Nobody signs in for another.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { call, lab } from "./client.mjs";

const people_file = JSON.parse(readFileSync(join(lab, "people.json"), "utf8"));
export const people = Object.fromEntries(people_file.map((p) => [p.login, { ...p, last_step: 0 }]));
export const { alice, bruno, tech3 } = people;
export const of_role = (role) => Object.values(people).find((p) => p.role === role);
export const [admin, compliance, auditor] = ["administrator", "compliance", "auditor"].map(of_role);
export const anyone = {};

function bytes_of(base32) {
  const bits = [...base32.replace(/[\s=]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
}
export function code_at(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", bytes_of(secret)).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
const this_step = () => Math.floor(Date.now() / 30_000);

// A code that this person has not used: the gateway takes those of the steps before, now and next, each once.
export async function code(person) {
  const step = Math.max(person.last_step + 1, this_step());
  while (step > this_step() + 1) await new Promise((go) => setTimeout(go, 30_000 - (Date.now() % 30_000) + 20));
  person.last_step = step;
  return code_at(person.totp_secret, step);
}

export const cookie_of = (answer) => /^__Host-pontlevis=([^;]*)/.exec([answer.headers["set-cookie"]].flat()[0])?.[1];

export async function sign_in(person) {
  const answer = await call(anyone, "POST", "/sign-in", { login: person.login, password: person.password, code: await code(person) }, { status: 200, whole: true });
  person.cookie = cookie_of(answer);
  return answer.body.me;
}
