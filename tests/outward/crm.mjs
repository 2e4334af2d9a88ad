// A customer-relations system over HTTPS that a test commands. Every request is judged here, with node's own crypto, and
// written as one JSON line; the file `crm.mode` says how the next ones are answered.
//   node crm.mjs HOME PORT      HOME holds cert.pem, key.pem, secret; it gets crm.jsonl, crm.mode is read for each request
import { createHmac, timingSafeEqual } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";

const [home, port] = process.argv.slice(2);
const read = (name) => readFileSync(join(home, name));
const mode = () => (existsSync(join(home, "crm.mode")) ? read("crm.mode").toString().trim() : "take");
const key = Buffer.from(read("secret").toString().trim().replace(/^whsec_/, ""), "base64");
const taken = new Map();  // webhook-id → the number given: the same message again changes nothing

function signature_is_good(headers, body) {
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = createHmac("sha256", key).update(signed).digest();
  const age = Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"]));
  return age < 300 && headers["webhook-signature"].split(" ").some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
    return one.startsWith("v1,") && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

function take(answer, id) {
  if (!taken.has(id)) taken.set(id, `DOS-${1000 + taken.size}`);
  answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ crm_ref: taken.get(id) }));
}

// What a mode does with a request that has arrived whole.
const answers = {
  take: (answer, id) => take(answer, id),
  fail: (answer) => answer.writeHead(500).end("no"),
  busy: (answer) => answer.writeHead(503, { "retry-after": "1" }).end(),
  refuse: (answer) => answer.writeHead(422).end("{}"),
  redirect: (answer) => answer.writeHead(307, { location: `https://localhost:${port}/elsewhere` }).end(),
  hang: () => {},
  late: (answer, id) => setTimeout(() => take(answer, id), 3000),
  drop: (answer, id) => { taken.set(id, `DOS-${1000 + taken.size}`); answer.socket.destroy(); },  // taken, and nobody hears it
  long: (answer) => answer.writeHead(200, { "content-type": "application/json" }).end("x".repeat(1 << 20)),
};

https.createServer({ key: read("key.pem"), cert: read("cert.pem") }, (request, answer) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString(), how = mode(), { headers } = request;
    const line = { mode: how, path: request.url, method: request.method, id: headers["webhook-id"], same_key: headers["idempotency-key"] === headers["webhook-id"],
                   good: signature_is_good(headers, body), headers, body: JSON.parse(body), raw: body };
    appendFileSync(join(home, "crm.jsonl"), JSON.stringify(line) + "\n");
    answers[how](answer, headers["webhook-id"]);
  });
}).listen(Number(port), "127.0.0.1", () => appendFileSync(join(home, "crm.ready"), "ready\n"));
