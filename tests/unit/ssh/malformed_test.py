"""Bytes from anyone, before authentication. Every case ends its own connection, and nothing else."""
import os
import random
import socket
import struct

from ssh_lab import LabTest, main

BANNER = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"


def packet(payload, padding=None, length=None):
    if padding is None:
        padding = 8 - (5 + len(payload)) % 8
        padding += 8 if padding < 4 else 0
    size = 1 + len(payload) + padding if length is None else length
    return struct.pack(">IB", size & 0xFFFFFFFF, padding & 0xFF) + payload + b"\0" * max(padding, 0)


def names(*lists):
    return b"".join(struct.pack(">I", len(x)) + x for x in lists)


def kexinit(kex=b"curve25519-sha256", key=b"ssh-ed25519", cipher=b"chacha20-poly1305@openssh.com", mac=b"hmac-sha2-256-etm@openssh.com",
            compression=b"none", tail=b"\0" + b"\0\0\0\0"):
    return b"\x14" + b"c" * 16 + names(kex, key, cipher, cipher, mac, mac, compression, compression, b"", b"") + tail


def cases():
    yield "nothing", b""
    yield "a newline", b"\n"
    yield "not SSH", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    yield "TLS", bytes.fromhex("16030100c8010000c40303") + b"\0" * 190
    yield "SSH 1", b"SSH-1.5-old\r\n"
    yield "a bare version", b"SSH-2.0-\r\n"
    yield "no version", b"SSH-\r\n"
    yield "a long version", b"SSH-2.0-" + b"a" * 300 + b"\r\n"
    yield "an endless version", b"SSH-2.0-" + b"a" * 100000
    yield "a version with NUL", b"SSH-2.0-a\0b\r\n"
    yield "a version of controls", b"SSH-2.0-\x1b[2J\x07\r\n"
    yield "a format as version", b"SSH-2.0-%n%n%s%s\r\n" + packet(kexinit())
    for length in list(range(0, 20)) + [255, 35000, 262144, 262145, 1 << 31, (1 << 32) - 1, (1 << 32) - 4]:
        yield "packet length %d" % length, BANNER + packet(b"\x14" + b"x" * 30, length=length)
    for padding in (0, 1, 3, 255):
        yield "padding %d" % padding, BANNER + struct.pack(">IB", 32, padding) + b"\x14" + b"x" * 30
    yield "an empty payload", BANNER + packet(b"")
    for kind in (0, 1, 2, 3, 4, 5, 6, 7, 21, 30, 31, 50, 52, 61, 80, 90, 94, 98, 192, 255):
        yield "message %d first" % kind, BANNER + packet(bytes([kind]) + b"\0" * 40)
    yield "a short KEXINIT", BANNER + packet(b"\x14" + b"c" * 8)
    yield "KEXINIT with a huge list", BANNER + packet(b"\x14" + b"c" * 16 + struct.pack(">I", 1 << 30) + b"x" * 50)
    yield "KEXINIT with empty lists", BANNER + packet(b"\x14" + b"c" * 16 + names(*[b""] * 10) + b"\0\0\0\0\0")
    yield "no common exchange", BANNER + packet(kexinit(kex=b"diffie-hellman-group1-sha1"))
    yield "no common host key", BANNER + packet(kexinit(key=b"ssh-dss"))
    yield "no common cipher", BANNER + packet(kexinit(cipher=b"3des-cbc"))
    yield "compression asked for", BANNER + packet(kexinit(compression=b"zlib"))
    yield "a long list", BANNER + packet(kexinit(kex=b"curve25519-sha256," + b"a," * 12000 + b"b"))
    yield "commas", BANNER + packet(kexinit(kex=b"," * 200))
    yield "first packet follows, wrong", BANNER + packet(kexinit(kex=b"x,curve25519-sha256", tail=b"\1\0\0\0\0")) + packet(b"\x1e" + b"\0" * 36)
    for name, point in (("zero", b"\0" * 32), ("short", b"\1" * 5), ("long", b"\1" * 500), ("one", b"\1" + b"\0" * 31)):
        yield "a %s curve point" % name, BANNER + packet(kexinit()) + packet(b"\x1e" + struct.pack(">I", len(point)) + point)
    for name, point in (("nothing", b""), ("infinity", b"\0"), ("off the curve", b"\4" + b"\1" * 64)):
        yield "a P-256 point: " + name, BANNER + packet(kexinit(kex=b"ecdh-sha2-nistp256")) + packet(b"\x1e" + struct.pack(">I", len(point)) + point)
    yield "NEWKEYS at once", BANNER + packet(kexinit()) + packet(b"\x15")
    yield "KEXINIT twice", BANNER + packet(kexinit()) + packet(kexinit())
    yield "an IGNORE in a strict exchange", BANNER + packet(kexinit(kex=b"curve25519-sha256,kex-strict-c-v00@openssh.com")) + packet(b"\x02" + names(b"x"))
    yield "DISCONNECT", BANNER + packet(b"\x01" + struct.pack(">I", 11) + names(b"bye", b""))
    yield "UNIMPLEMENTED flood", BANNER + packet(b"\x03\0\0\0\0") * 200
    yield "DEBUG flood", BANNER + packet(b"\x04\1" + names(b"x", b"")) * 200
    good = BANNER + packet(kexinit()) + packet(b"\x1e" + struct.pack(">I", 32) + b"\x09" + b"\0" * 31)
    dice = random.Random(7)
    for i in range(30):
        flipped = bytearray(good)
        for _ in range(dice.randrange(1, 6)):
            flipped[dice.randrange(len(BANNER), len(flipped))] ^= 1 << dice.randrange(8)
        yield "flipped bits %d" % i, bytes(flipped)
    for i in range(10):
        yield "cut after %d" % (len(good) * i // 10), good[:len(good) * i // 10]
    for i in range(10):
        yield "noise %d" % i, BANNER + dice.randbytes(dice.randrange(1, 5000))


class MalformedTest(LabTest):
    def speak(self, data, reset):
        s = socket.create_connection(("127.0.0.1", self.lab.port), timeout=60)
        try:
            s.sendall(data)
            if reset:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
        except OSError:  # it ended first, which is well
            pass
        finally:
            s.close()

    def test_each_malformed_case_ends_its_own_connection(self):
        count, logins = 0, self.lab.count("authenticated")
        for name, data in cases():
            for reset in (False, True):
                with self.subTest(name, reset=reset):
                    self.speak(data, reset)
                    count += 1
        print("%d cases" % count)
        self.lab.wait("closed ", self.lab.count("accepted"))
        self.assertEqual(self.lab.count("authenticated"), logins)
        self.assertEqual(self.lab.ssh("exit", "7").returncode, 7)

    def test_a_login_is_quick_beside_four_hundred_idle_connections(self):
        idle = [socket.create_connection(("127.0.0.1", self.lab.port)) for _ in range(400)]
        for s in idle[:200]:
            s.sendall(BANNER)
        self.assertEqual(self.lab.ssh("exit", "7").returncode, 7)
        for s in idle:
            s.close()


if __name__ == "__main__":
    main()
