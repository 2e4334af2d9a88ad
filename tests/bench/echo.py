#!/usr/bin/env python3
"""The echo of a key through a terminal program, such as stock ssh -tt: ROUNDS COMMAND…; prints milliseconds as JSON."""
import json
import os
import pty
import select
import sys
import time


def read_until(fd, wanted, seconds):
    seen, end = b"", time.monotonic() + seconds
    while wanted not in seen:
        left = end - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            raise SystemExit("echo.py: waited for %r, read %r" % (wanted, seen[-200:]))
        seen += os.read(fd, 65536)


def main():
    rounds, command = int(sys.argv[1]), sys.argv[2:]
    child, fd = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    read_until(fd, b"$", 30)
    took = []
    for n in range(rounds):
        letter = b"qwertzuiop"[n % 10:n % 10 + 1]
        began = time.perf_counter()
        os.write(fd, letter)
        read_until(fd, letter, 10)
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.03)
    os.write(fd, b"\x15exit\n")
    print(json.dumps(took))


main()
