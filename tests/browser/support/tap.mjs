// What the gateway's relay could see: a tap that ends the browser's TLS with the gateway's own key, as only the
// gateway itself could, keeps everything it carries in clear, and passes it on. It can also alter, hold
// back or cut what a relay carries: a hostile gateway, a sleeping laptop, a lost network.
import { createServer, request as https_request } from "node:https";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";

// Walks the frames of one direction of a WebSocket (RFC 6455 §5.2), whatever the borders of the chunks.
function frames(on_payload) {
  let head = Buffer.alloc(0), left = 0, mask = null, at = 0;
  const header = () => {
    if (head.length < 2) return null;
    const short = head[1] & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0, keyed = head[1] & 0x80 ? 4 : 0;
    if (head.length < 2 + extra + keyed) return null;
    const size = short === 126 ? head.readUInt16BE(2) : short === 127 ? Number(head.readBigUInt64BE(2)) : short;
    return { length: 2 + extra + keyed, size, mask: keyed ? head.subarray(2 + extra, 6 + extra) : null };
  };
  return (chunk) => {
    for (let i = 0; i < chunk.length;) {
      if (left === 0) {
        head = Buffer.concat([head, chunk.subarray(i, ++i)]);
        const found = header();
        if (!found) continue;
        [left, mask, at, head] = [found.size, found.mask && Buffer.from(found.mask), 0, Buffer.alloc(0)];
        continue;
      }
      const part = chunk.subarray(i, Math.min(chunk.length, i + left));
      const clear = Buffer.from(part);
      if (mask) for (let j = 0; j < clear.length; j++) clear[j] ^= mask[(at + j) & 3];
      on_payload(clear, part);  // changing `part` changes what is passed on
      [left, at, i] = [left - part.length, at + part.length, i + part.length];
    }
    return chunk;
  };
}

export async function open_tap(gateway, data, port = 0) {
  const target = new URL(gateway);
  const key = readFileSync(join(data, "keys/server.key")), cert = readFileSync(join(data, "keys/server.pem")), ca = readFileSync(join(data, "keys/ca.pem"));
  const heard = [];  // in clear: bodies of requests and answers, and what sockets carried
  const relays = new Set();
  const tap = { heard, flip_after: { up: Infinity, down: Infinity }, stalled: false, relayed: 0 };

  const server = createServer({ key, cert }, (request, answer) => {
    const headers = { ...request.headers };
    const onward = https_request({ host: target.hostname, port: target.port, ca, method: request.method, path: request.url, headers }, (back) => {
      answer.writeHead(back.statusCode, back.rawHeaders);
      back.on("data", (d) => (heard.push(d), answer.write(d)));
      back.on("end", () => answer.end());
      back.on("error", () => answer.destroy());
    });
    onward.on("error", () => answer.destroy());
    request.on("data", (d) => (heard.push(d), onward.write(d)));
    request.on("end", () => onward.end());
  });

  server.on("upgrade", (request, browser, first) => {
    const relay = request.url.startsWith("/relay/");
    const onward = connect({ host: target.hostname, port: Number(target.port), ca });
    const pair = { browser, onward, seen: { up: 0, down: 0 } };
    if (relay) relays.add(pair);
    const end = () => (relays.delete(pair), browser.destroy(), onward.destroy());
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${request.rawHeaders.map((h, i) => (i % 2 ? `${h}\r\n` : `${h}: `)).join("")}\r\n`);
    if (first.length) onward.write(first);
    const carry = (from, to, way) => {
      let answered = way === "up";
      const walk = frames((clear, part) => {
        if (!relay) return heard.push(clear);
        heard.push(clear);
        tap.relayed += clear.length;
        const before = pair.seen[way];
        pair.seen[way] += clear.length;
        const place = tap.flip_after[way] - before;
        if (place >= 0 && place < part.length) part[place] ^= 1;
      });
      from.on("data", (chunk) => {
        if (relay && tap.stalled) return;  // a network that swallows
        if (!answered) {  // the gateway's 101 goes first
          const border = chunk.indexOf("\r\n\r\n");
          answered = true;
          to.write(chunk.subarray(0, border + 4));
          if (!chunk.subarray(0, 12).toString().includes(" 101")) return to.end(chunk.subarray(border + 4));
          chunk = chunk.subarray(border + 4);
          if (!chunk.length) return;
        }
        if (!to.write(walk(chunk))) from.pause(), to.once("drain", () => from.resume());
      });
      from.on("end", () => to.end());
      from.on("error", end);
      from.on("close", end);
    };
    carry(browser, onward, "up");
    carry(onward, browser, "down");
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  tap.port = server.address().port;
  tap.origin = `https://localhost:${tap.port}`;
  tap.holds = (text) => heard.some((part) => part.includes(text)) || Buffer.concat(heard).includes(text);
  tap.cut = () => relays.forEach(({ browser, onward }) => (browser.destroy(), onward.destroy()));
  tap.open_relays = () => relays.size;
  tap.forget = () => (heard.length = 0);
  tap.close = () => (tap.cut(), server.closeAllConnections(), server.close());
  return tap;
}
