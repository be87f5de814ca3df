#!/usr/bin/env python3
"""Watches a folder into which many small files are moved, kills the watch now and then, and measures its memory.

    python3 Tests/Faults/watch.py MHPIPE [FILES [KILLS]]

At the end every event has to be in the output once, as a run over all files at once has it, and memory must not have grown
after the first tenth of the files. Two things are measured. What the program has allocated and not given back is exact: it may
grow by a megabyte, which is 12 bytes for each of 100,000 files, and holds what Dispatch keeps for each of its threads. What is
resident is pages, of which the allocator keeps those that hold anything still in use: rounds of other sizes and threads leave
it more of them, up to a few megabytes, however many files come.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

import shim

ALLOCATED_MARGIN = 1 << 20
RESIDENT_MARGIN = 8 << 20


def event(number):
    return {
        "eventVersion": "1.08",
        "eventTime": "2026-01-01T00:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "us-east-1",
        "eventID": f"id-{number}",
    }


def start(mhpipe, folder, library):
    return subprocess.Popen(
        [mhpipe, "run", "p.conf", "--quiet"],
        cwd=folder,
        env=os.environ | {"LD_PRELOAD": str(library), "FAULTS_MEMORY": f"{folder}/memory"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def allocated(folder):
    """What the program has allocated and not given back."""
    with open(f"{folder}/memory") as numbers:
        return int(numbers.readline())


def resident(process):
    """The least that it has for a while: in the middle of a round it has more, and gives it back."""
    sizes = []
    for _ in range(25):
        with open(f"/proc/{process.pid}/statm") as fields:
            sizes.append(int(fields.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
        time.sleep(0.1)
    return min(sizes)


def committed(folder):
    """How many files runs have committed, by the lines of the output."""
    try:
        with open(f"{folder}/out.jsonl", "rb") as lines:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: lines.read(1 << 20), b""))
    except FileNotFoundError:
        return 0


def wait(process, folder, count, what):
    end = time.monotonic() + 600
    while committed(folder) < count:
        if process.poll() is not None:
            sys.exit(f"the watch ended with {process.returncode} while {what}: {process.stderr.read()}")
        if time.monotonic() > end:
            sys.exit(f"only {committed(folder)} of {count} events after 10 minutes while {what}")
        time.sleep(0.1)


def main():
    mhpipe = os.path.abspath(sys.argv[1])
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    kills = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    random.seed(files)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/logs")
        os.mkfifo(f"{folder}/memory")
        library = shim.build(folder)
        with open(f"{folder}/p.conf", "w") as pipeline:
            pipeline.write(
                "state: st\nmode: append\ncommit_every: 1s\n"
                "sources: {logs: {type: directory, path: logs, watch: true, poll_every: 1s}}\n"
                "sinks: {out: {type: jsonl, path: out.jsonl}}\n"
            )
        process = start(mhpipe, folder, library)
        moments = {random.randrange(files // 10) for _ in range(kills)}
        sizes, in_use = [], []
        for number in range(files):
            day = f"{folder}/logs/{number // 1000:04}"
            if number % 1000 == 0:
                os.mkdir(day)
            with open(f"{folder}/new", "w") as file:
                json.dump({"Records": [event(number)]}, file)
            os.rename(f"{folder}/new", f"{day}/{number:06}.json")
            if number in moments:
                process.send_signal(signal.SIGKILL)
                process.wait()
                process = start(mhpipe, folder, library)
            if (number + 1) % (files // 10) == 0:
                wait(process, folder, number + 1, f"file {number + 1} came")
                sizes.append(resident(process))
                in_use.append(allocated(folder))
        wait(process, folder, files, "waiting for the last file")
        process.send_signal(signal.SIGTERM)
        errors = process.communicate(timeout=120)[1]
        if process.returncode != 0:
            sys.exit(f"the watch ended with {process.returncode}: {errors}")
        with open(f"{folder}/out.jsonl") as lines:
            ids = sorted(json.loads(line)["eventID"] for line in lines)
        if ids != sorted(f"id-{number}" for number in range(files)):
            sys.exit(f"{len(ids)} events, {len(set(ids))} different ones, of {files}")
        print(f"{files} files, {len(moments)} kills: every event once")
        has_grown = False
        for what, values, margin in [
            ("allocated", in_use, ALLOCATED_MARGIN),
            ("resident", sizes, RESIDENT_MARGIN),
        ]:
            growth = max(values[1:]) - values[0]
            has_grown = has_grown or growth > margin
            print(
                f"{what} after a tenth {values[0] >> 10} KiB, then at most {growth >> 10} KiB more of {margin >> 10} "
                f"(at each tenth: {[value >> 10 for value in values]})"
            )
        if has_grown:
            sys.exit("memory has grown with the number of files")


main()
