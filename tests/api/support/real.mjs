// What stands in the holes of paths: things that exist in this lab, and things that do not.
import { call } from "./client.mjs";
import { admin, of_role } from "./people.mjs";
import { practice } from "./lab.mjs";

export const real = { practice, login: "tech3" };  // the chapters add what they make
export const unreal = { practice: "nulle-part", intervention: "00000000-0000-4000-8000-000000000000", login: "personne", subprocessor: "nulle-part", delivery: "00000000-0000-4000-8000-000000000000",
                        entry: "nulle-part", request: "00000000-0000-4000-8000-000000000000", breach: "00000000-0000-4000-8000-000000000000",
                        certificate: "00000000-0000-4000-8000-000000000000", hold: "00000000-0000-4000-8000-000000000000", year: 2999, case: "00000000-0000-4000-8000-000000000000",
                        search: "00000000-0000-4000-8000-000000000000", export: "00000000-0000-4000-8000-000000000000", passkey: "bnVsbGUtcGFydA", token: "00000000" };
export const fill = (op, things) => op.path.replace(/\{([^}]+)\}/g, (_, name) => {
  if (things[name] === undefined) throw new Error(`no ${name} yet for ${op.path}`);
  return things[name];
}) + (things.query?.[op.operationId] ?? "");  // what a reading cannot do without
// Somebody who may, and is signed in. The technician who acts is alice, unless a chapter says otherwise.
export const who_may = (op) => (op["x-roles"].length ? of_role(op["x-roles"][0]) : {});

// An administrator's act.
export const add = (path, body, options) => call(admin, "POST", path, body, { status: 201, ...options });
