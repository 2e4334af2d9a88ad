// The packages of web/, wherever it was installed: PONTLEVIS_WEB, or the source tree.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const web = process.env.PONTLEVIS_WEB ?? fileURLToPath(new URL("../../web", import.meta.url));
export const from_web = createRequire(`${web}/package.json`);
