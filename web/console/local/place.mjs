// Under which name this machine serves the console: random, made once, kept for its user alone. Cookies of plain
// "localhost" reach every port, also another user's; those of this name reach nobody else. The same name at each
// start keeps the browser's key.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

export const kept_at = () => join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "pontlevis", "console.json");

export function read_place(file, port) {
  try {
    const { name, port: kept } = JSON.parse(readFileSync(file, "utf8"));
    if (/^[a-z0-9]{20}$/.test(name) && Number.isInteger(kept)) return { name, port: port ?? kept };
  } catch {
    // the first start
  }
  const place = { name: [...randomBytes(20)].map((b) => "abcdefghijklmnopqrstuvwxyz012345"[b & 31]).join(""), port: port ?? 7090 };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(place) + "\n", { mode: 0o600 });
  return place;
}
export const host_of = ({ name, port }) => `${name}.localhost:${port}`;
