"""A small VNC client for tests, without a password: rfb_client.py PORT ACT…
    type TEXT       presses and releases a key for each letter, then Return
    shot FILE.ppm   asks for the whole screen and writes it
    until X Y RRGGBB  looks until that pixel has that colour
    raw HEX         sends these bytes
    stay            reads until the other side ends the connection
    -               takes further acts from standard input, one a line
Each act is named on standard output when it is done; the first line is the screen's size. Exit 0 when all was done."""
import shlex, socket, struct, sys


class Screen:
    def __init__(self, port):
        self.s = socket.create_connection(("127.0.0.1", port), 30)
        self.s.settimeout(60)

    def exactly(self, n):
        out = b""
        while len(out) < n:
            part = self.s.recv(n - len(out))
            if not part:
                raise EOFError(f"the connection ended after {len(out)} of {n} bytes")
            out += part
        return out

    def greet(self):
        version = self.exactly(12)
        assert version == b"RFB 003.008\n", version
        self.s.sendall(version)
        types = self.exactly(self.exactly(1)[0])
        if 1 not in types:
            raise PermissionError(f"security types {list(types)}")
        self.s.sendall(b"\1")
        assert self.exactly(4) == bytes(4)
        self.s.sendall(b"\0")  # "not shared": the agent knows better
        self.width, self.height = struct.unpack(">HH", self.exactly(4))
        self.exactly(16)
        self.name = self.exactly(struct.unpack(">I", self.exactly(4))[0])
        self.s.sendall(struct.pack(">BxxxBBBBHHHBBBxxx", 0, 32, 24, 0, 1, 255, 255, 255, 16, 8, 0))
        self.s.sendall(struct.pack(">BxHi", 2, 1, 0))

    def update(self):
        """The whole screen, as rows of RGB."""
        self.s.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width, self.height))
        pixels = bytearray(self.width * self.height * 3)
        while True:
            kind = self.exactly(1)[0]
            if kind == 0:
                break
            if kind == 2:
                continue
            assert kind == 3, kind
            self.exactly(struct.unpack(">xxxI", self.exactly(7))[0])
        for _ in range(struct.unpack(">xH", self.exactly(3))[0]):
            x, y, w, h, code = struct.unpack(">HHHHi", self.exactly(12))
            assert code == 0, code
            data = self.exactly(w * h * 4)
            for row in range(h):
                line = data[row * w * 4:(row + 1) * w * 4]
                rgb = bytearray(w * 3)
                rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
                at = ((y + row) * self.width + x) * 3
                pixels[at:at + w * 3] = rgb
        return bytes(pixels)

    def key(self, code):
        for down in (1, 0):
            self.s.sendall(struct.pack(">BBxxI", 4, down, code))


def act(screen, words):
    name = words.pop(0)
    if name == "shot":
        with open(words.pop(0), "wb") as out:
            out.write(b"P6 %d %d 255\n" % (screen.width, screen.height) + screen.update())
    elif name == "until":
        at = (int(words.pop(0)) + int(words.pop(0)) * screen.width) * 3
        wanted = bytes.fromhex(words.pop(0))
        while screen.update()[at:at + 3] != wanted:
            pass
    elif name == "type":
        for letter in words.pop(0):
            screen.key(ord(letter))
        screen.key(0xFF0D)
    elif name == "raw":
        screen.s.sendall(bytes.fromhex(words.pop(0)))
    elif name == "stay":
        screen.s.settimeout(None)
        while screen.s.recv(65536):
            pass
    elif name == "-":
        for line in sys.stdin:
            act(screen, shlex.split(line))
    else:
        raise SystemExit(f"what is {name}?")
    print(name, flush=True)


def main(port, words):
    screen = Screen(int(port))
    screen.greet()
    print(f"in {screen.width}x{screen.height}", flush=True)
    while words:
        act(screen, words)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except (EOFError, PermissionError, ConnectionError) as e:
        print(f"{type(e).__name__}: {e}", flush=True)
        sys.exit(1)
