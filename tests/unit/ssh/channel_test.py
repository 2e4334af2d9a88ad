"""What a signed-in client may ask on its channels, and what it may not."""
import os
import signal
import socket
import threading
import time

import paramiko
from paramiko.common import cMSG_CHANNEL_DATA, cMSG_CHANNEL_OPEN, cMSG_CHANNEL_REQUEST

from ssh_lab import LabTest, block, main, sha256, subprocess


def read_all(channel):
    out = b""
    while True:
        piece = channel.recv(1 << 20)
        if not piece:
            return out
        out += piece


class SessionTest(LabTest):
    def setUp(self):
        self.transport = self.lab.paramiko()

    def tearDown(self):
        self.transport.close()

    def run_command(self, command, data=b""):
        channel = self.transport.open_session()
        channel.exec_command(command)
        if data:
            channel.sendall(data)
        channel.shutdown_write()
        out = read_all(channel)
        return channel.recv_exit_status(), out, channel.recv_stderr(1 << 20)

    def test_exit_status_and_error_stream_arrive(self):
        self.assertEqual(self.run_command("exit 42")[0], 42)
        status, out, err = self.run_command("stderr oops")
        self.assertEqual((status, out, err), (3, b"", b"oops"))

    def test_a_signal_as_the_end_arrives(self):
        done = self.lab.ssh("die", "TERM", options=["-v"])
        self.assertIn(b"exit-signal", done.stderr)
        self.assertEqual(done.stdout, b"dying\n")

    def test_pty_window_and_signal_reach_the_handler(self):
        channel = self.transport.open_session()
        channel.get_pty("xterm-256color", 132, 43, 800, 600)
        channel.invoke_shell()
        self.lab.wait("pty xterm-256color 132x43+800+600")
        channel.resize_pty(100, 50, 640, 480)
        self.lab.wait("window 100x50+640+480")
        m = paramiko.Message()
        m.add_byte(cMSG_CHANNEL_REQUEST)
        m.add_int(channel.remote_chanid)
        m.add_string("signal")
        m.add_boolean(False)
        m.add_string("INT")
        self.transport._send_user_message(m)
        self.lab.wait("signal INT")
        channel.sendall(b"echoed")
        self.assertEqual(channel.recv(100), b"echoed")
        channel.close()

    def test_a_strange_terminal_name_becomes_dumb(self):
        channel = self.transport.open_session()
        channel.get_pty("xterm;rm -rf", 80, 24)
        self.lab.wait("pty dumb 80x24")

    def test_a_refused_pty_leaves_the_command(self):
        channel = self.transport.open_session()
        with self.assertRaises(paramiko.SSHException):
            channel.get_pty("refused")

    def test_a_refusal_with_a_reason_is_read_by_the_person(self):
        done = self.lab.ssh("refuse", "Ask for the tool files.")
        self.assertEqual(done.returncode, 255)
        self.assertIn(b"Ask for the tool files.", done.stderr)
        done = self.lab.ssh("-s", "unknown")
        self.assertIn(b"There is no subsystem of this name.", done.stderr)

    def test_a_close_before_the_reply_still_replies_first(self):
        channel = self.transport.open_session()
        channel.exec_command("close-at-once")
        self.assertEqual(read_all(channel), b"")
        self.assertEqual(self.run_command("exit 5")[0], 5)

    def test_one_channel_runs_one_program(self):
        channel = self.transport.open_session()
        channel.exec_command("echo")
        with self.assertRaises(paramiko.SSHException):
            channel.exec_command("exit 1")

    def test_only_listed_environment_passes(self):
        before = self.lab.count("refused env SAMPLE_SECRET")
        done = self.lab.ssh("exit", "0", options=["-o", "SendEnv=SAMPLE_SECRET LC_TIME"], SAMPLE_SECRET="x", LC_TIME="C")
        self.assertEqual(done.returncode, 0)
        self.lab.wait("env LC_TIME=C")
        self.lab.wait("refused env SAMPLE_SECRET", before + 1)
        self.assertEqual(self.lab.count("env SAMPLE_SECRET"), 0)

    def test_x11_agent_and_remote_forwarding_are_refused(self):
        done = self.lab.ssh("say", "x", options=["-X", "-A", "-R", "0:127.0.0.1:9", "-v"])
        self.lab.wait("refused X11 forwarding")
        self.lab.wait("refused remote forwarding")
        self.assertIn(b"remote port forwarding failed", done.stderr)
        for kind, name in (("x11", "X11 channel"), ("auth-agent@openssh.com", "agent channel"), ("tun@openssh.com", "unknown channel type"),
                           ("direct-streamlocal@openssh.com", "unknown channel type"), ("forwarded-tcpip", "forwarded-tcpip channel")):
            before = self.lab.count("refused " + name)
            m = paramiko.Message()
            m.add_byte(cMSG_CHANNEL_OPEN)
            for part in (kind, 77, 65536, 32768, "h", 1, "o", 2):
                m.add_string(part) if isinstance(part, str) else m.add_int(part)
            self.transport._send_user_message(m)
            self.lab.wait("refused " + name, before + 1)
        self.assertEqual(self.run_command("exit 5")[0], 5)

    def test_the_agent_is_refused_on_the_wire(self):
        channel = self.transport.open_session()
        m = paramiko.Message()
        m.add_byte(cMSG_CHANNEL_REQUEST)
        m.add_int(channel.remote_chanid)
        m.add_string("auth-agent-req@openssh.com")
        m.add_boolean(True)
        channel._event_pending()
        self.transport._send_user_message(m)
        with self.assertRaises(paramiko.SSHException):
            channel._wait_for_event()

    def test_a_handler_that_throws_ends_its_connection_only(self):
        other = self.lab.paramiko()
        channel = other.open_session()
        try:
            channel.exec_command("throw")
        except Exception:
            pass
        self.lab.wait("closed internal error")
        self.assertEqual(self.run_command("exit 5")[0], 5)

    def test_a_disconnect_says_why(self):
        done = self.lab.ssh("disconnect", "The practice has stopped this session.")
        self.assertIn(b"The practice has stopped this session.", done.stderr)
        self.assertEqual(done.returncode, 255)

    def test_a_stop_is_over_at_once_also_for_a_client_that_reads_nothing(self):
        before = self.lab.count("authenticated")
        stopped = self.lab.start_ssh("source", str(1 << 40))
        self.lab.wait("authenticated", before + 1)
        stopped.stdout.read(1 << 20)
        os.killpg(stopped.pid, signal.SIGSTOP)
        self.run_command("say time for the windows and buffers to fill")
        start = time.monotonic()
        self.assertEqual(self.run_command("end-others The practice has stopped this.")[1], b"ended\n")
        self.lab.wait("closed The practice has stopped this.")
        self.assertLess(time.monotonic() - start, 1.0)  # 150 ms and ASan
        os.killpg(stopped.pid, signal.SIGKILL)
        stopped.wait()

    def test_a_close_behind_full_buffers_arrives(self):
        for size in (2 << 20, 5000000):
            channel = self.transport.open_session(window_size=1 << 16)
            channel.exec_command("source %d" % size)
            self.run_command("exit 0")  # the server's buffers are full by now
            self.assertEqual(len(read_all(channel)), size)
            self.assertEqual(channel.recv_exit_status(), 0)
            self.lab.wait("channel closed", self.lab.count("channel closed"))

    def test_the_window_grows_to_four_mib_for_a_reader_that_keeps_up(self):
        channel = self.transport.open_session()
        channel.exec_command("drain")
        for _ in range(8):
            channel.sendall(block(1 << 20))
            self.run_command("exit 0")
        self.assertGreater(channel.out_window_size, 2 << 20)  # libssh alone stays below 1.28 MB
        self.assertLessEqual(channel.out_window_size, 4 << 20)

    def test_a_stalled_reader_gets_no_wide_window(self):
        channel = self.transport.open_session()
        channel.exec_command("stall")
        channel.settimeout(2)
        sent = 0
        try:
            while sent < 20 << 20:
                sent += channel.send(b"x" * 30000)
        except socket.timeout:
            pass
        self.assertLess(sent, 3 << 20)

    def test_an_idle_server_uses_no_time(self):
        channel = self.transport.open_session()
        channel.exec_command("stall")
        channel.settimeout(1)
        try:
            while True:
                channel.send(b"x" * 30000)
        except socket.timeout:
            pass
        used = self.lab.cpu_seconds()
        time.sleep(1)  # idleness can only be seen over a time
        self.assertLess(self.lab.cpu_seconds() - used, 0.2)

    def test_a_notice_is_a_debug_message(self):
        done = self.lab.ssh("notice", "Five minutes are left.", options=["-v"])
        self.assertIn(b"Remote: Five minutes are left.", done.stderr)

    def test_the_facts_for_the_record_are_there(self):
        status, out, _ = self.run_command("facts")
        words = out.decode().split()
        self.assertEqual(words[0], "curve25519-sha256@libssh.org")
        self.assertEqual(words[1:3], ["aes256-ctr", "aes256-ctr"])
        self.assertTrue(words[3].startswith("SSH-2.0-paramiko"))
        self.assertEqual(words[-2:], ["1", "alice"])

    def test_twelve_channels_come_and_go(self):
        data = block(2 << 20)
        results = []

        def one():
            for _ in range(3):
                status, out, _ = self.run_echo(data)
                results.append((status, sha256(out)))
        threads = [threading.Thread(target=one) for _ in range(12)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(results, [(0, sha256(data))] * 36)
        status, out, _ = self.run_command("facts")
        self.assertEqual(out.decode().split()[-2], "1")  # the others are gone

    def run_echo(self, data):
        channel = self.transport.open_session()
        channel.exec_command("echo")
        out = []
        reader = threading.Thread(target=lambda: out.append(read_all(channel)))
        reader.start()
        channel.sendall(data)
        channel.shutdown_write()
        reader.join()
        return channel.recv_exit_status(), out[0], b""

    def test_a_request_read_inside_a_write_is_handled(self):
        # While one channel streams, libssh polls inside our writes: what it reads there must be found.
        busy = self.transport.open_session(window_size=1 << 30)
        busy.exec_command("source 60000000")
        sizes = []
        reader = threading.Thread(target=lambda: sizes.append(len(read_all(busy))))
        reader.start()
        for i in range(20):
            self.assertEqual(self.run_command("say %d" % i)[1], b"%d\n" % i)
        reader.join()
        self.assertEqual(sizes, [60000000])

    def test_data_and_eof_sent_before_the_reader_comes_are_not_lost(self):
        for size in (0, 10, 300000, 900000, 1200000):
            channel = self.transport.open_session()
            channel.exec_command("late-sink")
            channel.sendall(block(size))
            channel.shutdown_write()
            # A round trip on the same connection: the data and the EOF have been read by now.
            self.assertEqual(self.run_command("say there")[1], b"there\n")
            self.assertEqual(self.run_command("wake")[1], b"woken\n")
            self.assertEqual(read_all(channel).decode().split(), [sha256(block(size)), str(size)])

    def test_data_right_behind_the_subsystem_request_is_not_lost(self):
        before = self.transport.open_session()
        for _ in range(20):
            sftp = paramiko.SFTPClient.from_transport(self.transport)
            self.assertTrue(sftp.listdir("/"))
            sftp.close()
        before.close()

    def test_requests_on_a_closing_channel_harm_nobody(self):
        # The queue of messages must never outlive the channel that they point at.
        for _ in range(30):
            channel = self.transport.open_session()
            channel.exec_command("close-at-once")
            for _ in range(20):
                m = paramiko.Message()
                m.add_byte(cMSG_CHANNEL_REQUEST)
                m.add_int(channel.remote_chanid)
                m.add_string("env")
                m.add_boolean(True)
                m.add_string("LC_X")
                m.add_string("y")
                self.transport._send_user_message(m)
            channel.close()
        self.assertEqual(self.run_command("exit 5")[0], 5)


class ForwardTest(LabTest):
    def setUp(self):
        self.transport = self.lab.paramiko()

    def tearDown(self):
        self.transport.close()

    def open(self, host):
        return self.transport.open_channel("direct-tcpip", (host, 22), ("127.0.0.1", 4000), timeout=60)

    def test_a_forward_carries_bytes_and_the_end(self):
        channel = self.open("echo.sample")
        channel.sendall(b"there")
        channel.shutdown_write()
        self.assertEqual(read_all(channel), b"there")

    def test_a_forward_waits_for_its_answer(self):
        opened = []
        opener = threading.Thread(target=lambda: opened.append(self.open("late.sample")))
        before = self.lab.count("direct-tcpip late.sample")
        opener.start()
        self.lab.wait("direct-tcpip late.sample", before + 1)
        self.assertEqual(opened, [])
        self.assertEqual(self.lab.ssh("wake").stdout, b"woken\n")
        opener.join()
        opened[0].sendall(b"there")
        self.assertEqual(opened[0].recv(100), b"there")

    def test_an_answer_after_the_client_has_gone_is_harmless(self):
        other = self.lab.paramiko()
        opener = threading.Thread(target=lambda: self.swallow(lambda: other.open_channel("direct-tcpip", ("late.sample", 22), ("127.0.0.1", 1))))
        before = self.lab.count("direct-tcpip late.sample")
        closes = self.lab.count("closed ")
        opener.start()
        self.lab.wait("direct-tcpip late.sample", before + 1)
        other.close()
        self.lab.wait("closed ", closes + 1)
        opener.join()
        self.assertEqual(self.lab.ssh("wake").stdout, b"woken\n")
        self.lab.wait("accept came too late")

    def swallow(self, work):
        try:
            work()
        except Exception:
            pass

    def test_a_refused_forward_is_refused_and_a_dropped_answer_too(self):
        for host in ("refused.sample", "unknown.sample"):
            with self.assertRaises(paramiko.ChannelException) as refused:
                self.open(host)
            self.assertEqual(refused.exception.code, 1)  # administratively prohibited

    def test_a_refusal_reaches_the_person_behind_ssh_J(self):
        for _ in range(5):
            done = self.jump("ssh-refused.sample", "exit", "0")
            self.assertIn(b"There is no open intervention on this system.", done.stderr)
            self.assertEqual(done.returncode, 255)

    def jump(self, host, *command):
        hop = " ".join(self.lab.ssh_line("-W", "[%h]:%p"))
        return subprocess.run(["ssh", *self.lab.options("-o", "ProxyCommand=" + hop), "-p", "22", "alice@" + host, *command],
                              capture_output=True, env=self.lab.environment(), timeout=60, start_new_session=True)

    def test_a_whole_ssh_session_runs_inside_a_forward(self):
        self.assertEqual(self.jump("self.sample", "say", "inside").stdout, b"inside\n")


class LimitTest(LabTest):
    server = ("--channels", "5")

    def test_channels_have_a_cap_that_counts_waiting_forwards(self):
        transport = self.lab.paramiko()
        channels = [transport.open_session() for _ in range(3)]
        for _ in range(2):
            threading.Thread(target=self.quiet_open, args=(transport,), daemon=True).start()
        self.lab.wait("direct-tcpip late.sample", 2)
        with self.assertRaises(paramiko.ChannelException):
            transport.open_session(timeout=60)
        channels[0].close()
        transport.open_session(timeout=60).close()
        transport.close()

    def quiet_open(self, transport):
        try:
            transport.open_channel("direct-tcpip", ("late.sample", 22), ("127.0.0.1", 1), timeout=60)
        except Exception:
            pass

    def raw_session(self, transport, packet_size, window=1 << 21):
        """A session channel that paramiko knows nothing of; returns our number for it."""
        m = paramiko.Message()
        m.add_byte(cMSG_CHANNEL_OPEN)
        m.add_string("session")
        for number in (99, window, packet_size):
            m.add_int(number)
        transport._send_user_message(m)

    def test_packets_of_ten_bytes_do_not_hang_the_loop(self):
        # libssh 0.10 sends "largest packet minus 10" bytes at a time: with 10 it would loop for ever.
        for size in (1, 9, 10, 11, 255):
            transport = self.lab.paramiko()
            before = self.lab.count("closed protocol error")
            self.raw_session(transport, size)
            self.lab.wait("closed protocol error", before + 1)
            transport.close()
        self.assertEqual(self.lab.ssh("exit", "7").returncode, 7)

    def test_who_ignores_flow_control_is_closed(self):
        transport = self.lab.paramiko()
        channel = transport.open_session()
        channel.exec_command("stall")
        m = paramiko.Message()
        m.add_byte(cMSG_CHANNEL_DATA)
        m.add_int(channel.remote_chanid)
        m.add_string(b"x" * 32000)
        try:
            for _ in range(2000):
                transport._send_user_message(m)
        except Exception:
            pass
        self.lab.wait("closed the client ignores flow control")
        self.assertLess(self.lab.memory(), 600 << 20)

    def test_who_asks_and_never_reads_the_answers_stays_bounded(self):
        transport = self.lab.paramiko()
        channel = transport.open_session()
        block_reader = threading.Event()
        transport.packetizer.read_message = lambda: block_reader.wait(120)
        m = paramiko.Message()
        m.add_byte(cMSG_CHANNEL_REQUEST)
        m.add_int(channel.remote_chanid)
        m.add_string("env")
        m.add_boolean(True)
        m.add_string("SAMPLE")
        m.add_string("y")
        before = self.lab.memory()
        sent = [0]

        def flood():
            try:
                while sent[0] < 400000:
                    transport._send_user_message(m)
                    sent[0] += 1
            except Exception:
                pass
        flooder = threading.Thread(target=flood, daemon=True)
        flooder.start()
        flooder.join(timeout=8)  # it blocks when the server reads no more, or ends
        grown = self.lab.memory() - before
        print("grown by %d KiB after %d requests" % (grown >> 10, sent[0]))
        self.assertLess(grown, 64 << 20, "after %d requests" % sent[0])
        self.assertEqual(self.lab.ssh("exit", "7").returncode, 7)
        transport.sock.close()
        block_reader.set()


if __name__ == "__main__":
    main()
