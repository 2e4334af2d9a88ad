"""The two steps of authentication, in order, for one user: requirements A32, A34; design §6."""
import base64
import hashlib
import os
import socket
import struct
import threading

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from paramiko.common import cMSG_CHANNEL_OPEN, cMSG_IGNORE, cMSG_SERVICE_REQUEST, cMSG_USERAUTH_INFO_RESPONSE, cMSG_USERAUTH_REQUEST

from ssh_lab import CODE, Lab, LabTest, main, needs, subprocess


def message(kind, *parts):
    m = paramiko.Message()
    m.add_byte(kind if isinstance(kind, bytes) else bytes([kind]))
    for part in parts:
        if isinstance(part, bool):
            m.add_boolean(part)
        elif isinstance(part, int):
            m.add_int(part)
        else:
            m.add_string(part)
    return m


class Raw:
    """A paramiko transport that stops after the key exchange and sends what it is told."""

    def __init__(self, lab, service=True):
        self.lab = lab
        self.before = lab.count("closed ")
        self.transport = paramiko.Transport(("127.0.0.1", lab.port))
        self.transport.start_client(timeout=60)
        self.prompt = threading.Event()
        self.transport._handler_table = dict(self.transport._handler_table)
        if service:
            self.send(message(cMSG_SERVICE_REQUEST, "ssh-userauth"))

    def send(self, m):
        try:
            self.transport._send_message(m)
            return True
        except Exception:  # the server has closed: what it said is in its events
            return False

    def partial(self, user="alice"):
        key = paramiko.Ed25519Key.from_private_key_file(self.lab.key)
        left = self.transport.auth_publickey(user, key)
        # From here the prompt is ours to see: paramiko only expects one that it asked for.
        handler = self.transport.auth_handler
        handler._client_handler_table = {paramiko.common.MSG_USERAUTH_INFO_REQUEST: lambda _, m: self.prompt.set(),
                                         paramiko.common.MSG_USERAUTH_FAILURE: lambda _, m: None,
                                         paramiko.common.MSG_USERAUTH_BANNER: lambda _, m: None,
                                         paramiko.common.MSG_USERAUTH_SUCCESS: lambda _, m: None}
        return left

    def ended(self):
        line = self.lab.wait("closed ", self.before + 1)
        self.transport.close()
        return line


class AuthTest(LabTest):
    def setUp(self):
        self.lab.quiet()  # the events that a test counts are its own

    def prompted(self, raw):
        raw.prompt.wait(60)

    def closed_without_login(self, raw):
        logins = self.lab.count("authenticated")
        line = raw.ended()
        self.assertEqual(self.lab.count("authenticated"), logins)
        return line

    def test_key_then_code_opens(self):
        done = self.lab.ssh("exit", "7")
        self.assertEqual(done.returncode, 7, done.stderr)

    def test_key_then_password_opens(self):
        done = self.lab.ssh("exit", "7", options=["-o", "PreferredAuthentications=publickey,password"])
        self.assertEqual(done.returncode, 7, done.stderr)

    def test_the_methods_are_told_step_by_step(self):
        transport = paramiko.Transport(("127.0.0.1", self.lab.port))
        transport.start_client(timeout=60)
        with self.assertRaises(paramiko.BadAuthenticationType) as first:
            transport.auth_none("alice")
        self.assertEqual(first.exception.allowed_types, ["publickey"])
        left = transport.auth_publickey("alice", paramiko.Ed25519Key.from_private_key_file(self.lab.key))
        self.assertEqual(sorted(left), ["keyboard-interactive", "password"])
        transport.close()

    def test_the_code_before_the_key_is_refused(self):
        for method in ("password", "keyboard-interactive"):
            raw = Raw(self.lab)
            before = self.lab.count("auth_failed alice key out_of_order")
            more = [False, CODE] if method == "password" else ["", ""]
            raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", method, *more))
            self.lab.wait("auth_failed alice key out_of_order", before + 1)
            raw.transport.close()
            self.closed_without_login(raw)

    def test_a_response_nobody_asked_for_ends_the_connection(self):
        for with_key in (False, True):
            raw = Raw(self.lab, service=not with_key)
            if with_key:
                raw.partial()
            raw.send(message(cMSG_USERAUTH_INFO_RESPONSE, 1, CODE))
            self.closed_without_login(raw)

    def test_one_prompt_takes_one_answer(self):
        raw = Raw(self.lab, service=False)
        raw.partial()
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "keyboard-interactive", "", ""))
        self.prompted(raw)
        before = self.lab.count("auth_failed alice factor wrong")
        raw.send(message(cMSG_USERAUTH_INFO_RESPONSE, 1, "wrong"))
        self.lab.wait("auth_failed alice factor wrong", before + 1)
        raw.send(message(cMSG_USERAUTH_INFO_RESPONSE, 1, CODE))
        self.closed_without_login(raw)

    def test_two_answers_to_one_question_are_no_answer(self):
        raw = Raw(self.lab, service=False)
        raw.partial()
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "keyboard-interactive", "", ""))
        self.prompted(raw)
        raw.send(message(cMSG_USERAUTH_INFO_RESPONSE, 2, CODE, CODE))
        self.closed_without_login(raw)

    def test_another_user_on_the_second_step_is_refused(self):
        for method in ("password", "keyboard-interactive"):
            before = self.lab.count("auth_failed alice factor user_changed")
            raw = Raw(self.lab, service=False)
            raw.partial()
            more = [False, CODE] if method == "password" else ["", ""]
            raw.send(message(cMSG_USERAUTH_REQUEST, "bob", "ssh-connection", method, *more))
            self.lab.wait("auth_failed alice factor user_changed", before + 1)
            self.closed_without_login(raw)

    def test_another_user_after_none_is_refused(self):
        raw = Raw(self.lab)
        raw.send(message(cMSG_USERAUTH_REQUEST, "mallory", "ssh-connection", "none"))
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "none"))
        self.lab.wait("auth_failed mallory key user_changed")
        self.closed_without_login(raw)

    def test_names_that_are_no_names_are_refused(self):
        for name in ("", "a" * 65, "a b", "caf\u00e9", "a\x1bb"):
            raw = Raw(self.lab)
            raw.send(message(cMSG_USERAUTH_REQUEST, name, "ssh-connection", "none"))
            self.closed_without_login(raw)

    def test_a_channel_after_the_key_alone_ends_the_connection(self):
        raw = Raw(self.lab, service=False)
        raw.partial()
        raw.send(message(cMSG_CHANNEL_OPEN, "session", 0, 65536, 32768))
        self.closed_without_login(raw)

    def test_three_wrong_codes_end_the_connection_with_a_reason(self):
        before = self.lab.count("auth_failed alice factor wrong_second_factor")
        done = self.lab.ssh("exit", "7", SAMPLE_ANSWER="wrong")
        self.assertEqual(done.returncode, 255)
        self.assertIn(b"The code was wrong too often", done.stderr)
        self.lab.wait("auth_failed alice factor wrong_second_factor", before + 3)
        self.lab.quiet()
        self.assertEqual(self.lab.count("auth_failed alice factor wrong_second_factor"), before + 3)

    def test_wrong_password_and_wrong_answers_share_the_three_tries(self):
        raw = Raw(self.lab, service=False)
        raw.partial()
        for i in range(2):
            raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "password", False, "wrong%d" % i))
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "keyboard-interactive", "", ""))
        self.prompted(raw)
        raw.send(message(cMSG_USERAUTH_INFO_RESPONSE, 1, "wrong"))
        self.assertIn("authentication failed", self.closed_without_login(raw))

    def test_a_locked_user_is_told_and_closed(self):
        done = self.lab.ssh("exit", "7", user="locked")
        self.assertIn(b"No tries are left", done.stderr)
        self.assertEqual(done.returncode, 255)

    def test_a_waived_second_step_still_needs_the_key(self):
        self.assertEqual(self.lab.ssh("exit", "7", user="waived").returncode, 7)
        other = self.lab.make_key("other", "ed25519")
        done = subprocess.run(["ssh", *[o if o != self.lab.key else other for o in self.lab.ssh_line(user="waived")[1:]], "exit", "7"],
                              capture_output=True, env=self.lab.environment(), timeout=60, start_new_session=True)
        self.assertEqual(done.returncode, 255)

    def test_six_unknown_keys_are_enough(self):
        raw = Raw(self.lab)
        before = self.lab.count("auth_failed alice key unknown_key")
        for _ in range(6):
            key = paramiko.ECDSAKey.generate()
            raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "publickey", False, key.get_name(), key.asbytes()))
        self.lab.wait("auth_failed alice key too_many_tries")
        self.assertIn("authentication failed", self.closed_without_login(raw))
        self.assertEqual(self.lab.count("auth_failed alice key unknown_key"), before + 6)

    def test_other_kinds_of_operator_keys_sign_in(self):
        with_more = []
        for name, kind, bits in (("p256", "ecdsa", "256"), ("p384", "ecdsa", "384"), ("p521", "ecdsa", "521"), ("rsa", "rsa", "3072")):
            with_more.append(self.lab.make_key(name, kind, "-b", bits))
        options = [x for key in with_more for x in ("--key", key + ".pub")]
        with Lab(*options) as lab:
            for key in with_more:
                line = [key if word == lab.key else word for word in lab.ssh_line("exit", "7")]
                done = subprocess.run(line, capture_output=True, env=lab.environment(), timeout=60, start_new_session=True)
                self.assertEqual(done.returncode, 7, done.stderr)

    def test_a_fido_key_signs_in_as_one_factor(self):
        # libssh verifies the signature and does not look at the touch: the code is asked for all the same.
        private = Ed25519PrivateKey.generate()
        point = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        kind = "sk-ssh-ed25519@openssh.com"
        blob = message(0, kind, point, "ssh:").asbytes()[1:]
        path = os.path.join(self.lab.dir, "fido.pub")
        with open(path, "w") as f:
            f.write("%s %s sample\n" % (kind, base64.b64encode(blob).decode()))
        with Lab("--key", path) as lab:
            raw = Raw(lab)
            asked = message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "publickey", True, kind, blob)
            signed = message(0, raw.transport.session_id).asbytes()[1:] + asked.asbytes()
            no_touch, counter = b"\0", struct.pack(">I", 1)
            data = hashlib.sha256(b"ssh:").digest() + no_touch + counter + hashlib.sha256(signed).digest()
            signature = message(0, kind, private.sign(data)).asbytes()[1:] + no_touch + counter
            asked.add_string(signature)
            raw.send(asked)
            raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "password", False, CODE))
            lab.wait("authenticated alice")
            self.assertEqual(lab.count("auth_failed"), 0)
            raw.transport.close()

    def test_a_user_certificate_is_refused_as_its_rules_are_not_checked(self):
        authority = self.lab.make_key("authority", "ed25519")
        subprocess.run(["ssh-keygen", "-q", "-s", authority, "-I", "sample", "-n", "alice", self.lab.key + ".pub"], check=True, timeout=60)
        certificate = paramiko.Ed25519Key.from_private_key_file(self.lab.key)
        certificate.load_certificate(self.lab.key + "-cert.pub")
        raw = Raw(self.lab)
        blob = certificate.public_blob
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "publickey", False, blob.key_type, blob.key_blob))
        self.lab.wait("auth_failed alice key refused_key_type")
        raw.transport.close()
        self.closed_without_login(raw)

    def test_a_flood_of_bad_signatures_ends_at_the_budget(self):
        raw = Raw(self.lab)
        key = paramiko.Ed25519Key.from_private_key_file(self.lab.key)
        bad = paramiko.Message()
        bad.add_string("ssh-ed25519")
        bad.add_string(b"\1" * 64)
        for _ in range(200):
            if not raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "publickey", True, "ssh-ed25519", key.asbytes(), bad.asbytes())):
                break
        self.assertIn("too much was sent", self.closed_without_login(raw))

    def test_floods_of_ignore_and_none_end_at_a_limit(self):
        raw = Raw(self.lab)
        for _ in range(200):
            if not raw.send(message(cMSG_IGNORE, b"x")):
                break
        self.assertIn("too much was sent", self.closed_without_login(raw))
        raw = Raw(self.lab)
        for _ in range(200):
            if not raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "none")):
                break
        self.assertIn("authentication failed", self.closed_without_login(raw))

    def test_bytes_before_signing_in_are_counted_too(self):
        raw = Raw(self.lab)
        for _ in range(20):
            if not raw.send(message(cMSG_IGNORE, b"x" * 30000)):
                break
        self.assertIn("too much was sent", self.closed_without_login(raw))

    def test_silence_ends_soon(self):
        # libssh answers nothing to a signature that does not verify: the client would hang.
        raw = Raw(self.lab)
        key = paramiko.Ed25519Key.from_private_key_file(self.lab.key)
        bad = paramiko.Message()
        bad.add_string("ssh-ed25519")
        bad.add_string(b"\1" * 64)
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "publickey", True, "ssh-ed25519", key.asbytes(), bad.asbytes()))
        self.assertIn("This key or its signature", self.closed_without_login(raw))

    def test_hostbased_opens_nothing(self):
        raw = Raw(self.lab)
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "hostbased", "x", b"", "h", "u", b""))
        raw.send(message(cMSG_USERAUTH_INFO_RESPONSE, 1, CODE))
        self.closed_without_login(raw)

    def test_gssapi_opens_nothing_and_few_tries_are_borne(self):
        kerberos = b"\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"
        with Lab(leaks=False) as lab:  # libssh and libkrb5 leak at each of these
            raw = Raw(lab)
            for _ in range(200):
                if not raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "gssapi-with-mic", 1, kerberos)):
                    break
            self.assertIn("too much was sent", raw.ended())
            self.assertEqual(lab.count("authenticated"), 0)

    def test_another_service_is_refused(self):
        raw = Raw(self.lab, service=False)
        raw.send(message(cMSG_SERVICE_REQUEST, "ssh-connection"))
        self.assertIn("No such service", self.closed_without_login(raw))
        raw = Raw(self.lab, service=False)
        raw.send(message(cMSG_USERAUTH_REQUEST, "alice", "ssh-connection", "none"))
        self.assertIn("Ask for the service first", self.closed_without_login(raw))


class GraceTest(LabTest):
    server = ("--grace-ms", "1200", "--banner", "Cabinet Exemple: sample banner")

    def test_who_does_not_sign_in_in_time_is_closed(self):
        idle = [socket.create_connection(("127.0.0.1", self.lab.port)) for _ in range(3)]
        half = socket.create_connection(("127.0.0.1", self.lab.port))
        half.sendall(b"SSH-2.0-half\r\n" + struct.pack(">I", 2000))
        self.lab.wait("closed The time to sign in is over", 4)
        for s in (*idle, half):
            while s.recv(4096):
                pass
            s.close()

    def test_signed_in_stays_beyond_the_grace_time(self):
        transport = self.lab.paramiko()
        raw = socket.create_connection(("127.0.0.1", self.lab.port))
        before = self.lab.count("closed The time")
        self.lab.wait("closed The time", before + 1)  # one whole grace time later
        channel = transport.open_session()
        channel.exec_command("exit 7")
        self.assertEqual(channel.recv_exit_status(), 7)
        transport.close()
        raw.close()

    def test_the_banner_is_shown(self):
        self.assertIn(b"Cabinet Exemple: sample banner", self.lab.ssh("exit", "0").stderr)


class CapsTest(LabTest):
    server = ("--per-source", "4", "--unauthenticated", "100")

    def test_signing_in_frees_the_unauthenticated_place(self):
        transports = [self.lab.paramiko() for _ in range(8)]
        idle = [socket.create_connection(("127.0.0.1", self.lab.port)) for _ in range(4)]
        for s in idle:
            self.assertTrue(s.recv(1))
        fifth = socket.create_connection(("127.0.0.1", self.lab.port))
        fifth.settimeout(60)
        try:
            self.assertEqual(fifth.recv(1), b"")  # dropped at once
        except ConnectionResetError:
            pass
        before = self.lab.count("closed ")
        idle.pop().close()
        self.lab.wait("closed ", before + 1)
        transports.append(self.lab.paramiko())
        for one in (*transports, *idle, fifth):
            one.close()


class AuditTest(LabTest):
    def audit(self, lab):
        out = subprocess.run(["ssh-audit", "-n", "-p", str(lab.port), "127.0.0.1"], capture_output=True, text=True, timeout=120).stdout
        self.assertIn("curve25519-sha256", out)
        self.assertIn("compression: disabled", out)
        self.assertIn("kex-strict-s-v00@openssh.com", out)
        return [line for line in out.splitlines() if "[fail]" in line]

    @needs("ssh-audit")
    def test_ssh_audit_finds_no_failure_but_its_view_of_nist_curves(self):
        fails = self.audit(self.lab)
        self.assertEqual([f for f in fails if "nistp" not in f or "using weak elliptic curves" not in f], [])

    @needs("ssh-audit")
    def test_without_nist_curves_ssh_audit_finds_no_failure(self):
        with Lab("--nist", "no") as lab:
            self.assertEqual(self.audit(lab), [])
            self.assertEqual(lab.ssh("exit", "7").returncode, 7)

    def test_strict_key_exchange_is_used(self):
        self.assertIn(b"will use strict KEX ordering", self.lab.ssh("exit", "0", options=["-vvv"]).stderr)


if __name__ == "__main__":
    main()
