"""Bytes: whole, in order, bounded, whatever the client does."""
import os
import random
import signal
import subprocess
import threading

from ssh_lab import LabTest, block, main, sha256

MIB = 1 << 20


class TransferTest(LabTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = block(64 * MIB)
        cls.big_sum = sha256(cls.big)

    def test_64_mib_up_arrive_whole(self):
        done = self.lab.ssh("sink", input=self.big)
        self.assertEqual(done.stdout.decode().split(), [self.big_sum, str(64 * MIB)])

    def test_64_mib_down_arrive_whole(self):
        done = self.lab.ssh("source", str(64 * MIB))
        self.assertEqual((done.returncode, sha256(done.stdout)), (0, self.big_sum))

    def test_64_mib_both_ways_at_once_arrive_whole(self):
        done = self.lab.ssh("echo", input=self.big)
        self.assertEqual((done.returncode, sha256(done.stdout)), (0, self.big_sum))

    def test_every_cipher_and_exchange_carries(self):
        data = block(6 * MIB)
        for options in (["-c", "chacha20-poly1305@openssh.com"], ["-c", "aes256-gcm@openssh.com"], ["-c", "aes128-gcm@openssh.com"],
                        ["-c", "aes256-ctr"], ["-o", "KexAlgorithms=ecdh-sha2-nistp256"], ["-o", "KexAlgorithms=ecdh-sha2-nistp384"],
                        ["-o", "HostKeyAlgorithms=ecdsa-sha2-nistp256"]):
            done = self.lab.ssh("echo", input=data, options=options)
            self.assertEqual(sha256(done.stdout), sha256(data), (options, done.stderr))

    def test_rekeys_in_both_directions_lose_nothing(self):
        data = block(40 * MIB)
        for options in (["-o", "RekeyLimit=1M"], ["-o", "RekeyLimit=1M", "-c", "aes128-gcm@openssh.com"]):
            done = self.lab.ssh("echo", input=data, options=options)
            self.assertEqual((done.returncode, sha256(done.stdout)), (0, sha256(data)), done.stderr)

    def test_compression_is_not_there(self):
        done = self.lab.ssh("exit", "0", options=["-C", "-v"])
        self.assertIn(b"compression: none", done.stderr)
        self.assertNotIn(b"zlib", done.stderr.split(b"SSH2_MSG_KEXINIT")[-1].split(b"expecting")[0].replace(b"compression: zlib", b""))

    def test_a_stalled_reader_and_a_stalled_client_stay_bounded_while_others_work(self):
        before, logins = self.lab.memory(), self.lab.count("authenticated")
        stalled = [self.lab.start_ssh("stall") for _ in range(4)]
        for one in stalled:
            threading.Thread(target=self.push, args=(one,), daemon=True).start()
        down = [self.lab.start_ssh("source", str(1 << 40)) for _ in range(4)]  # nobody reads their stdout
        self.lab.wait("authenticated", logins + 8)
        for _ in range(6):
            done = self.lab.ssh("echo", input=self.big[:8 * MIB])
            self.assertEqual(done.returncode, 0)
        grown = self.lab.memory() - before
        self.assertLess(grown, 100 * MIB)  # 8 stalled sessions of at most 5 MiB, and ASan's own
        for one in stalled + down:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()

    def push(self, process):
        try:
            while True:
                process.stdin.write(self.big[:MIB])
        except (BrokenPipeError, ValueError, OSError):
            pass

    def test_a_client_killed_at_any_moment_leaves_nothing(self):
        dice = random.Random(5)
        accepted = self.lab.count("accepted")
        for i in range(30):
            one = self.lab.start_ssh(*(("source", "100000000"), ("echo",), ("sink",), ("stall",))[i % 4])
            if i % 4:
                threading.Thread(target=self.push, args=(one,), daemon=True).start()
            if i % 3 == 0:
                self.lab.wait("authenticated", self.lab.count("authenticated"))
            threading.Event().wait(dice.random() * 0.25)  # the moment is the test's subject
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()
        self.assertEqual(self.lab.ssh("exit", "7").returncode, 7)
        # Every connection that began has ended; those killed before connect() never began.
        self.lab.wait("closed ", self.lab.count("accepted"))
        self.assertGreater(self.lab.count("accepted"), accepted)

    def test_the_end_of_input_is_one_way(self):
        done = self.lab.ssh("sink", input=b"")
        self.assertEqual(done.stdout.decode().split(), [sha256(b""), "0"])

    def test_the_error_stream_waits_for_its_reader(self):
        done = self.lab.ssh("flood-stderr", str(8 * MIB))
        self.assertEqual((done.returncode, done.stderr.count(b"e") >= 8 * MIB), (3, True))


if __name__ == "__main__":
    main()
