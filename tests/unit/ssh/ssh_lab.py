"""Starts ssh_test_server and the clients that are pointed at it. Waits for events, never for time."""
import hashlib
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CODE = "SAMPLE-CODE"
PATIENCE = float(os.environ.get("SSH_LAB_PATIENCE", "60"))
SERVER = os.environ.get("SSH_TEST_SERVER", "./ssh_test_server")


def block(size):
    """The first `size` bytes of what the server's `source` sends."""
    one = bytes((i * 31 + (i >> 8) * 7) & 0xFF for i in range(64 * 1024))
    return (one * (size // len(one) + 1))[:size]


class Lab:
    """Keys, an answering script and one server. Use as a context."""

    def __init__(self, *options, leaks=True):
        self.dir = tempfile.mkdtemp(prefix="ssh-lab-")
        self.key = self.make_key("id_ed25519", "ed25519")
        self.lines = []
        self.seen = 0
        self.changed = threading.Condition()
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=%d:quarantine_size_mb=8:thread_local_quarantine_size_kb=64" % leaks)
        self.errors = open(os.path.join(self.dir, "server.stderr"), "w+")
        self.server = subprocess.Popen([SERVER, "--key", self.key + ".pub", *options], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.port = int(self.wait("port ").split()[1])
        self.write_files()

    def make_key(self, name, kind, *more):
        path = os.path.join(self.dir, name)
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "sample", "-f", path, *more], check=True, timeout=60)
        return path

    def write_files(self):
        self.askpass = os.path.join(self.dir, "askpass")
        with open(self.askpass, "w") as f:
            f.write('#!/bin/sh\necho "$1" >> "%s/prompts"\necho "${SAMPLE_ANSWER:-%s}"\n' % (self.dir, CODE))
        os.chmod(self.askpass, 0o700)
        self.known_hosts = os.path.join(self.dir, "known_hosts")
        with open(self.known_hosts, "w") as f:
            for line in self.all("host_key "):
                for host in ("[127.0.0.1]:%d" % self.port, "self.sample"):
                    f.write("%s %s\n" % (host, line.split(" ", 1)[1]))

    def _read(self):
        for line in self.server.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.lines.append("<end>")
            self.changed.notify_all()

    def wait(self, start, count=1, patience=None):
        """The count-th event that starts so; fails when it does not come."""
        end = time.monotonic() + (patience or PATIENCE)
        with self.changed:
            while True:
                found = [line for line in self.lines if line.startswith(start)]
                if len(found) >= count:
                    return found[count - 1] if count else ""
                left = end - time.monotonic()
                if left <= 0 or "<end>" in self.lines:
                    raise AssertionError("no event %r among %r; %s" % (start, self.lines[-20:], self.stderr()))
                self.changed.wait(left)

    def all(self, start):
        with self.changed:
            return [line for line in self.lines if line.startswith(start)]

    def count(self, start):
        return len(self.all(start))

    def quiet(self):
        """Waits until every connection so far has ended."""
        self.wait("closed ", self.count("accepted"))

    def stderr(self):
        with open(self.errors.name) as f:
            return f.read()[-6000:]

    def memory(self):
        with open("/proc/%d/status" % self.server.pid) as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) * 1024

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.server.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def options(self, *more):
        return ["-F", "none", "-i", self.key, "-o", "IdentitiesOnly=yes", "-o", "UserKnownHostsFile=" + self.known_hosts,
                "-o", "GlobalKnownHostsFile=none", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=20",
                "-o", "NumberOfPasswordPrompts=9", *more]

    def environment(self, **more):
        return dict(os.environ, SSH_ASKPASS=self.askpass, SSH_ASKPASS_REQUIRE="force", DISPLAY="none:0", HOME=self.dir, **more)

    def ssh_line(self, *more, user="alice", options=()):
        return ["ssh", *self.options(*options), "-p", str(self.port), user + "@127.0.0.1", *more]

    def ssh(self, *more, user="alice", options=(), input=b"", timeout=PATIENCE, **environment):
        return subprocess.run(self.ssh_line(*more, user=user, options=options), input=input, capture_output=True,
                              timeout=timeout, env=self.environment(**environment), start_new_session=True)

    def start_ssh(self, *more, user="alice", options=(), stdin=subprocess.PIPE):
        return subprocess.Popen(self.ssh_line(*more, user=user, options=options), stdin=stdin, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=self.environment(), start_new_session=True)

    def paramiko(self, user="alice", code=CODE):
        import paramiko
        transport = paramiko.Transport(("127.0.0.1", self.port))
        transport.banner_timeout = transport.auth_timeout = PATIENCE
        transport.start_client(timeout=PATIENCE)
        key = paramiko.Ed25519Key.from_private_key_file(self.key)
        left = transport.auth_publickey(user, key)
        if left:
            transport.auth_interactive(user, lambda title, text, prompts: [code])
        return transport

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            self.server.stdin.close()
            code = self.server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
            code = "hung"
        self.reader.join(timeout=5)
        text = self.stderr()
        self.errors.close()
        self.server.stdout.close()
        shutil.rmtree(self.dir, ignore_errors=True)
        if kind is None and (code != 0 or "Sanitizer" in text or "runtime error" in text):
            raise AssertionError("the server ended with %s: %s" % (code, text))


class LabTest(unittest.TestCase):
    """One server for the class; options in the class attribute `server`."""
    server = ()

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(*cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.lab.__exit__(None)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def needs(program):
    return unittest.skipUnless(shutil.which(program), program + " is not installed")


def main():
    unittest.main(verbosity=2, warnings="ignore", argv=[sys.argv[0], *sys.argv[1:]])
