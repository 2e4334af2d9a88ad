#!/usr/bin/env python3
"""Faults under the append path, put there by strace: EIO, ENOSPC and SIGKILL at the n-th write, pwrite64, fdatasync or fsync
of a program that appends and acknowledges. After each the log is opened again and verified:
  - no acknowledged record is lost, and none is another one;
  - nothing is acknowledged after the log said no;
  - every checkpoint that was released is a prefix of what follows: the log never equivocates;
  - the log goes on.
A bounded sample; PONTLEVIS_ALL_FAULTS=1 takes every point. BIN names the programs."""
import base64
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(os.environ["BIN"])
EVERY = os.environ.get("PONTLEVIS_ALL_FAULTS") == "1"
RECORDS = 12
CALLS = ["pwrite64", "fdatasync", "fsync", "write"]
FAULTS = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "SIGKILL": "signal=SIGKILL"}
ONLY_KILLED = {"write"}  # what the program says, and the sanitizers' own pipes: the log itself never calls it while it appends
SAMPLE = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
ENV = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # the leak check cannot run under ptrace
failures = []


def program(*words, **more):
    return subprocess.run([str(w) for w in words], text=True, capture_output=True, env=ENV, timeout=120, **more)


def append(folder, strace=()):
    """One run of the appender, with strace attached once it is ready. Answers (lines it said, exit code, strace's log)."""
    child = subprocess.Popen([BIN / "fault_appender", "append", folder, str(RECORDS)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV)
    first = child.stdout.readline()
    if not first.startswith("ready"):
        return [first] + child.stdout.readlines(), child.wait(), ""
    tracer = None
    if strace:
        tracer = subprocess.Popen(["strace", "-f", *strace, "-p", str(child.pid)], text=True, stderr=subprocess.PIPE)
        for line in tracer.stderr:
            if "attached" in line:
                break
    out, _ = child.communicate("go\n", timeout=120)
    trace = ""
    if tracer:
        trace = tracer.stderr.read()
        tracer.wait()
    return out.splitlines(), child.returncode, trace


def acknowledged(lines):
    """What was promised, and whether anything was promised after a refusal."""
    out, refused, after = {}, False, False
    for line in lines:
        if line.startswith("refused"):
            refused = True
            continue
        words = line.split(" ")
        if len(words) != 3:
            continue  # cut short by the signal
        after = after or refused
        out[int(words[0])] = (words[1], words[2])
    return out, refused, after


def judge(folder, promised, name):
    leaves = program(BIN / "fault_appender", "leaves", folder)
    if leaves.returncode != 0:
        return failures.append(f"{name}: the log cannot be opened again: {leaves.stdout}{leaves.stderr[-2000:]}")
    have = dict(line.split(" ") for line in leaves.stdout.splitlines())
    for index, (leaf, _) in promised.items():
        if have.get(str(index)) != leaf:
            failures.append(f"{name}: acknowledged record {index} is lost or another one")
    lines, code, _ = append(folder)
    more, refused, _ = acknowledged(lines)
    if code != 0 or refused or len(more) != RECORDS:
        failures.append(f"{name}: the log does not go on: {lines[-1:]}")
    options = []
    for index, (_, note) in {**promised, **more}.items():
        file = folder / f"checkpoint.{index}"
        file.write_bytes(base64.b64decode(note))
        options += ["--checkpoint", file]
    report = program(BIN / "pontlevis-audit", "verify", "--data", folder, *options)
    if report.returncode != 0:
        failures.append(f"{name}: does not verify, or equivocated:\n{report.stdout}{report.stderr[-2000:]}")


def calls_of_a_run(base, work):
    """How often each call is made by one thread on the append path, at most: the points there are."""
    folder = work / "count"
    shutil.copytree(base, folder)
    _, code, trace = append(folder, ("-e", "trace=" + ",".join(CALLS)))
    assert code == 0, "the appender fails without any fault"
    counts = {}
    for line in trace.splitlines():
        words = line.split()
        pid = words[1].rstrip("]") if words[:1] == ["[pid"] else "main"
        for call in CALLS:
            if f" {call}(" in f" {line.split(']')[-1].strip()}":
                counts[(call, pid)] = counts.get((call, pid), 0) + 1
    return {call: max([n for (c, _), n in counts.items() if c == call], default=0) for call in CALLS}


def main():
    if not shutil.which("strace"):
        print("not ok - strace is needed: see tests/packages")
        return 1
    with tempfile.TemporaryDirectory(prefix="faults.") as name:
        work = Path(name)
        base = work / "base"
        lines, code, _ = append(base)
        assert code == 0 and len(acknowledged(lines)[0]) == RECORDS, lines
        points = calls_of_a_run(base, work)
        print("calls of one thread on the append path:", ", ".join(f"{call} {n}" for call, n in points.items()))
        done = hits = promised_in_all = 0
        for call, most in points.items():
            for n in range(1, most + 1) if EVERY else [n for n in SAMPLE if n <= most]:
                for fault, how in FAULTS.items():
                    if call in ONLY_KILLED and fault != "SIGKILL":
                        continue
                    folder = work / f"{call}.{n}.{fault}"
                    shutil.copytree(base, folder)
                    lines, code, trace = append(folder, ("-e", f"trace={call}", "-e", f"inject={call}:{how}:when={n}"))
                    promised, refused, after = acknowledged(lines)
                    if after:
                        failures.append(f"{folder.name}: acknowledged something after it had said no")
                    hits += "INJECTED" in trace or "killed by SIGKILL" in trace or code < 0
                    promised_in_all += len(promised)
                    judge(folder, promised, folder.name)
                    shutil.rmtree(folder)
                    done += 1
        for failure in failures:
            print("not ok -", failure)
        print(f"{done} faults, {hits} of them met, {promised_in_all} records acknowledged meanwhile, {len(failures)} faults found")
        if hits < done:
            print(f"not ok - {done - hits} faults were not met")
        return 1 if failures or hits < done else 0


sys.exit(main())
