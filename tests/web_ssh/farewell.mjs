// What the gateway says instead of a practice (protocol/io/ssh/ssh_farewell.cpp): a version, and a DISCONNECT in the clear.
export function farewell(why) {
  const text = Buffer.from(why);
  const number = (n) => Buffer.from([n >>> 24, n >>> 16, n >>> 8, n]);
  const payload = Buffer.concat([Buffer.from([1]), number(11), number(text.length), text, number(0)]);
  let padding = 8 - ((5 + payload.length) % 8);
  if (padding < 4) padding += 8;
  return Buffer.concat([Buffer.from("SSH-2.0-Pontlevis\r\n"), number(1 + payload.length + padding), Buffer.from([padding]), payload, Buffer.alloc(padding)]);
}
