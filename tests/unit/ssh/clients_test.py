"""The clients that people use, as they come: no special option, no patch (design §6)."""
import base64
import filecmp
import hashlib
import os
import pty
import select
import shutil
import signal
import subprocess
import time

from ssh_lab import CODE, LabTest, block, main, needs, sha256

MIB = 1 << 20


class ClientsTest(LabTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = os.path.join(cls.lab.dir, "sample.bin")
        with open(cls.file, "wb") as f:
            f.write(block(8 * MIB + 13))

    def run_quietly(self, line, input=b"", **environment):
        return subprocess.run(line, input=input, capture_output=True, timeout=120, env=self.lab.environment(**environment), start_new_session=True)

    def on_a_terminal(self, line, answers, patience=30):
        """Runs `line` on a pty; answers = [(what to wait for, what to type)]. Returns (status, screen)."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(HOME=self.lab.dir, TERM="xterm")
            os.execvp(line[0], line)
        screen, seen, todo, end, last = b"", 0, list(answers), time.monotonic() + patience, b""
        while time.monotonic() < end:
            ready, _, _ = select.select([terminal], [], [], 1)
            if not ready:
                os.write(terminal, last)  # typed before the program had switched its terminal, and thrown away
                continue
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            screen += piece
            if todo and todo[0][0] in screen[seen:]:
                seen, last = len(screen), todo.pop(0)[1]
                os.write(terminal, last)
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)  # before the close: that would hang up on a client about to exit
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), screen

    def scp_options(self):
        return [*self.lab.options(), "-q", "-P", str(self.lab.port)]

    def copied(self, path):
        self.assertTrue(filecmp.cmp(self.file, path, shallow=False), path)
        os.unlink(path)

    @needs("scp")
    def test_scp_in_both_its_forms(self):
        for form in ([], ["-O"]):
            there, back = os.path.join(self.lab.dir, "there"), os.path.join(self.lab.dir, "back")
            done = self.run_quietly(["scp", *form, *self.scp_options(), self.file, "alice@127.0.0.1:" + there])
            self.assertEqual(done.returncode, 0, done.stderr)
            done = self.run_quietly(["scp", *form, *self.scp_options(), "alice@127.0.0.1:" + there, back])
            self.assertEqual(done.returncode, 0, done.stderr)
            self.copied(there)
            self.copied(back)

    @needs("sftp")
    def test_sftp(self):
        there, back = os.path.join(self.lab.dir, "there"), os.path.join(self.lab.dir, "back")
        batch = "put %s %s\nget %s %s\n" % (self.file, there, there, back)
        # -b would add BatchMode and with it forbid the code's question.
        done = self.run_quietly(["sftp", *self.scp_options(), "alice@127.0.0.1"], input=batch.encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.copied(there)
        self.copied(back)

    @needs("rsync")
    def test_rsync(self):
        source, target = os.path.join(self.lab.dir, "many"), os.path.join(self.lab.dir, "many-there")
        os.mkdir(source)
        for i in range(100):
            with open(os.path.join(source, "f%d" % i), "wb") as f:
                f.write(block(i * 997))
        shell = " ".join(["ssh", *self.lab.options(), "-p", str(self.lab.port)])
        done = self.run_quietly(["rsync", "-a", "-e", shell, source + "/", "alice@127.0.0.1:" + target + "/"])
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.run_quietly(["rsync", "-a", "-e", shell, "alice@127.0.0.1:" + target + "/", source + "-back/"])
        self.assertEqual(done.returncode, 0, done.stderr)
        same = filecmp.dircmp(source, source + "-back")
        self.assertEqual((same.left_only, same.right_only, same.diff_files, len(same.same_files)), ([], [], [], 100))

    def test_one_connection_and_one_code_carry_many_commands(self):
        control = os.path.join(self.lab.dir, "control")
        options = ["-o", "ControlMaster=auto", "-o", "ControlPath=" + control, "-o", "ControlPersist=60"]
        before = self.lab.count("authenticated")
        for i in range(5):
            self.assertEqual(self.lab.ssh("say", str(i), options=options).stdout, b"%d\n" % i)
        self.lab.ssh(options=[*options, "-O", "exit"])
        self.assertEqual(self.lab.count("authenticated"), before + 1)

    def test_a_terminal_shell_of_stock_ssh(self):
        line = self.lab.ssh_line(options=["-tt"])
        # "~." closes stock ssh from its side: the shell of the test server only echoes.
        _, screen = self.on_a_terminal(line, [(b"Code: ", CODE.encode() + b"\n"), (b"\n", b"typed\r"), (b"typed", b"\r~.")])
        self.assertIn(b"typed", screen)
        self.lab.wait("pty xterm")
        self.lab.wait("shell")

    def putty_key(self):
        path = os.path.join(self.lab.dir, "key.ppk")
        if not os.path.exists(path):
            subprocess.run(["puttygen", self.lab.key, "-O", "private", "-o", path], check=True, timeout=60)
        return path

    def putty_options(self):
        host_key = self.lab.wait("host_key ssh-ed25519").split()[2]
        digest = base64.b64encode(hashlib.sha256(base64.b64decode(host_key)).digest()).decode().rstrip("=")
        code = os.path.join(self.lab.dir, "code")
        with open(code, "w") as f:
            f.write(CODE + "\n")
        return ["-P", str(self.lab.port), "-l", "alice", "-i", self.putty_key(), "-hostkey", "SHA256:" + digest, "-pwfile", code]

    @needs("plink")
    @needs("puttygen")
    def test_plink(self):
        line = ["plink", "-ssh", "-batch", *self.putty_options(), "127.0.0.1"]
        done = self.run_quietly([*line, "sink"], input=block(5 * MIB))
        self.assertEqual(done.stdout.decode().split(), [sha256(block(5 * MIB)), str(5 * MIB)], done.stderr)
        done = self.run_quietly([*line, "source", str(5 * MIB)])
        self.assertEqual(sha256(done.stdout), sha256(block(5 * MIB)), done.stderr)
        self.assertEqual(self.run_quietly([*line, "exit", "7"]).returncode, 7)

    @needs("psftp")
    @needs("puttygen")
    def test_psftp(self):
        there, back = os.path.join(self.lab.dir, "there"), os.path.join(self.lab.dir, "back")
        small = os.path.join(self.lab.dir, "small")
        with open(small, "wb") as f:
            f.write(block(MIB))
        script = os.path.join(self.lab.dir, "script")
        with open(script, "w") as f:
            f.write("put %s %s\nget %s %s\n" % (small, there, there, back))
        done = self.run_quietly(["psftp", "-batch", *self.putty_options(), "-b", script, "127.0.0.1"])
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertTrue(filecmp.cmp(small, back, shallow=False))
        os.unlink(there)
        os.unlink(back)

    @needs("dbclient")
    @needs("dropbearconvert")
    def test_dbclient(self):
        key = os.path.join(self.lab.dir, "dropbear")
        subprocess.run(["dropbearconvert", "openssh", "dropbear", self.lab.key, key], check=True, timeout=60, capture_output=True)
        line = ["dbclient", "-y", "-i", key, "-p", str(self.lab.port), "alice@127.0.0.1"]
        status, screen = self.on_a_terminal([*line, "exit 7"], [(b"ode: ", CODE.encode() + b"\n")])
        self.assertEqual(status, 7, screen)

    @needs("lftp")
    def test_lftp(self):
        there = os.path.join(self.lab.dir, "there")
        connect = " ".join(["ssh", "-a", "-x", *self.lab.options()])
        script = "set sftp:connect-program '%s'; set net:timeout 40; set net:max-retries 1; open -p %d sftp://alice:%s@127.0.0.1; put %s -o %s; bye" % (
            connect, self.lab.port, CODE, self.file, there)
        done = self.run_quietly(["lftp", "--norc", "-c", script])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.copied(there)

    def test_paramiko_sftp(self):
        import paramiko
        transport = self.lab.paramiko()
        there = os.path.join(self.lab.dir, "there")
        sftp = paramiko.SFTPClient.from_transport(transport)
        sftp.put(self.file, there)
        back = os.path.join(self.lab.dir, "back")
        sftp.get(there, back)
        sftp.posix_rename(there, there + "2")
        self.copied(there + "2")
        self.copied(back)
        transport.close()


class AliveTest(LabTest):
    """Each client is asked every 0.8 s whether it is there; three times no answer ends its connection."""
    server = ("--alive-ms", "800")
    putty_key, putty_options = ClientsTest.putty_key, ClientsTest.putty_options
    gone = "closed The client does not answer"

    def started(self, line, **environment):
        before = self.lab.count("authenticated")
        process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env=self.lab.environment(**environment), start_new_session=True)
        self.lab.wait("authenticated", before + 1)
        return process

    def silenced(self):
        """Ends when a client that went silent has been let go: the clock of these tests."""
        before = self.lab.count(self.gone)
        client = self.started(self.lab.ssh_line("stall"))
        os.kill(client.pid, signal.SIGSTOP)
        self.lab.wait(self.gone, before + 1)
        os.kill(client.pid, signal.SIGKILL)
        client.communicate(timeout=30)

    def echoes(self, client):
        client.stdin.write(b"still here\n")
        client.stdin.flush()
        self.assertEqual(client.stdout.readline(), b"still here\n")
        client.stdin.close()
        self.assertEqual(client.wait(timeout=60), 0)
        client.stdout.close()

    def test_a_client_that_went_silent_is_let_go_and_every_idle_one_stays(self):
        clients = [self.started(self.lab.ssh_line("echo"))]
        if shutil.which("plink") and shutil.which("puttygen"):
            clients.append(self.started(["plink", "-ssh", "-batch", *self.putty_options(), "127.0.0.1", "echo"]))
        if shutil.which("dbclient") and shutil.which("dropbearconvert"):
            key = os.path.join(self.lab.dir, "dropbear")
            subprocess.run(["dropbearconvert", "openssh", "dropbear", self.lab.key, key], check=True, timeout=60, capture_output=True)
            clients.append(self.started(["dbclient", "-y", "-i", key, "-p", str(self.lab.port), "alice@127.0.0.1", "echo"], DROPBEAR_PASSWORD=CODE))
        before = self.lab.count("authenticated")
        transport = self.lab.paramiko()
        self.lab.wait("authenticated", before + 1)
        for _ in range(2):
            self.silenced()
        for client in clients:
            self.echoes(client)
        channel = transport.open_session()
        channel.exec_command("exit 7")
        self.assertEqual(channel.recv_exit_status(), 7)
        transport.close()

    def test_one_that_reads_nothing_of_much_output_is_let_go_too(self):
        before = self.lab.count(self.gone)
        client = self.started(self.lab.ssh_line("source", str(1 << 30)))
        client.stdout.read(1 << 20)
        os.kill(client.pid, signal.SIGSTOP)
        self.lab.wait(self.gone, before + 1)
        self.lab.wait("source broken")
        os.kill(client.pid, signal.SIGKILL)
        client.communicate(timeout=30)

    def test_questions_and_a_long_transfer_with_new_keys_go_together(self):
        done = self.lab.ssh("source", str(200 * MIB), options=["-o", "RekeyLimit=4M"], timeout=120)
        self.assertEqual(sha256(done.stdout), sha256(block(200 * MIB)), done.stderr[-500:])


if __name__ == "__main__":
    main()
