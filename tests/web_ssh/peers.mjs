// Real SSH servers on loopback ports: OpenSSH's sshd, and the product's own server under test.
import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync, chmodSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const running = new Set();
export const end_all = () => running.forEach((end) => end());
process.on("exit", end_all);

function folder() {
  const path = mkdtempSync(join(tmpdir(), "pontlevis-peer-"));
  running.add(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
function make_key(path, type) {
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "sample", "-f", path]);
  return readFileSync(`${path}.pub`, "utf8").trim();
}
async function free_port() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
// A child with what it said, and a way to wait for a line.
function start(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
  child.told = [];
  child.waiting = new Set();
  const hear = (data) => (child.told.push(String(data)), child.waiting.forEach((look) => look()));
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const end = () => child.kill("SIGKILL");
  running.add(end);
  child.on("exit", () => (running.delete(end), child.waiting.forEach((look) => look())));
  child.text = () => child.told.join("");
  child.line = (pattern, count = 1) => new Promise((done, failed) => {
    const look = () => {
      const found = [...child.text().matchAll(new RegExp(pattern, "gm"))];
      if (found.length >= count) (child.waiting.delete(look), done(found[count - 1]));
      else if (child.exitCode !== null) failed(new Error(`no ${pattern} in: ${child.text()}`));
    };
    child.waiting.add(look);
    look();
  });
  return child;
}

// sshd with a key only (this user), or with the given settings; its log is child.text().
// `hosts`: names that it knows beside its own, as lines of a hosts file only it sees.
export async function sshd({ keys, settings = [], hosts }) {
  const home = folder();
  const host_key_line = make_key(join(home, "host"), "ecdsa");
  make_key(join(home, "other"), "ed25519");
  writeFileSync(join(home, "authorized"), keys.join("\n") + "\n", { mode: 0o600 });
  chmodSync(home, 0o755);
  mkdirSync("/run/sshd", { recursive: true });
  const port = await free_port();
  const config = ["ListenAddress 127.0.0.1", `Port ${port}`, `HostKey ${join(home, "host")}`, `HostKey ${join(home, "other")}`, `PidFile ${join(home, "pid")}`,
    `AuthorizedKeysFile ${join(home, "authorized")}`, "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin yes",
    "AcceptEnv LANG", "Subsystem sftp /usr/lib/openssh/sftp-server", "LogLevel DEBUG2", ...settings];
  writeFileSync(join(home, "config"), config.join("\n") + "\n");
  const line = ["/usr/sbin/sshd", "-D", "-e", "-f", join(home, "config")];
  if (hosts) {
    writeFileSync(join(home, "hosts"), `127.0.0.1 localhost\n${hosts}\n`);
    line.unshift("unshare", "-m", "sh", "-c", `mount --bind ${join(home, "hosts")} /etc/hosts && exec "$@"`, "sh");
  }
  const child = start(line[0], line.slice(1));
  await child.line("^Server listening on");
  return { port, host_key_line, user: userInfo().username, child, home };
}

// The product's own server (tests/unit/ssh/test_server.cpp): key, then the code SAMPLE-CODE.
export async function product_server({ keys, options = [] }) {
  const program = process.env.SSH_TEST_SERVER ?? new URL("../../build/dev/bin/ssh_test_server", import.meta.url).pathname;
  const home = folder();
  const given = keys.flatMap((line, i) => (writeFileSync(join(home, `${i}.pub`), line + "\n"), ["--key", join(home, `${i}.pub`)]));
  const child = start(program, [...given, ...options], { env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" } });
  const [, port] = await child.line("^port (\\d+)$");
  const [, host_key_line] = await child.line("^host_key (ecdsa-sha2-nistp256 .*)$");
  return { port: Number(port), host_key_line, user: "alice", child, home };
}
