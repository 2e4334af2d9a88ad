// The little of a browser that a sign-in needs: cookies by host, redirects, the form of the provider's test pages.
import { readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";

const { gateway_ca, work } = process.env;
const ca = [readFileSync(gateway_ca), readFileSync(join(work, "provider", "ca.pem"))];

export class Browser {
  #jars = new Map();  // origin → name → value

  jar(origin) {
    if (!this.#jars.has(origin)) this.#jars.set(origin, new Map());
    return this.#jars.get(origin);
  }
  #keep(origin, lines = []) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split("; ");
      const at = pair.indexOf("=");
      const over = attributes.some((a) => a === "Max-Age=0" || /^expires=Thu, 01 Jan 1970/i.test(a));
      if (over) this.jar(origin).delete(pair.slice(0, at));
      else this.jar(origin).set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
  send(url, { method = "GET", headers = {}, form } = {}) {
    const { origin } = new URL(url);
    const body = form && new URLSearchParams(form).toString();
    const cookie = [...this.jar(origin)].map(([n, v]) => `${n}=${v}`).join("; ");
    const all = { ...(cookie && { cookie }), ...(body && { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body) }), ...headers };
    return new Promise((done, failed) => {
      const request = https.request(url, { method, headers: all, ca, agent: false }, (answer) => {
        const parts = [];
        answer.on("data", (d) => parts.push(d));
        answer.on("end", () => {
          this.#keep(origin, answer.headers["set-cookie"]);
          done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString(), url });
        });
      });
      request.setTimeout(20_000, () => request.destroy(new Error(`no answer from ${url}`)));
      request.on("error", failed);
      request.end(body);
    });
  }
  // Follows redirects until a page, or until the address `stop` says yes to: that one is not asked for.
  async go(url, stop, options) {
    let answer = await this.send(url, options);
    while (answer.status >= 300 && answer.status < 400) {
      const next = new URL(answer.headers.location, answer.url).href;
      if (stop(next)) return { next };
      answer = await this.send(next);
    }
    return answer;
  }
}
