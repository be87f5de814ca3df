"""Kills runs that keep their state, lets them go on, and compares the outputs with those of a run that was not killed.

    python3 Tests/Faults/kills.py MHPIPE [KILLS] [SEED]

Every sink is in it, compressed or not, with and without ordered transforms. Some kills come at a random moment, some when
the state says of a certain number of files. The comparison is byte by byte; of databases, the statements that make them.
"""

import gzip
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PIPELINE = """
quarantine: bad.jsonl
checkpoint_every: 0s
sources: {logs: {type: directory, path: logs}}
transforms:
  who: {type: identity, inputs: [logs]}
  once: {type: dedupe, inputs: [who]}
  order: {type: sort, inputs: [once]}
sinks:
  all: {type: jsonl, inputs: [who], path: all.jsonl}
  packed: {type: jsonl, inputs: [who], path: all.jsonl.gz}
  table: {type: csv, inputs: [once], path: once.csv}
  packed_table: {type: csv, inputs: [once], path: once.csv.gz}
  ordered: {type: jsonl, inputs: [order], path: sorted.jsonl}
  rows: {type: sqlite, inputs: [once], path: once.db, indexes: [eventTime]}
"""
FILES = ["bad.jsonl", "all.jsonl", "all.jsonl.gz", "once.csv", "once.csv.gz", "sorted.jsonl"]
DATABASE = "once.db"
UNITS = 60


def make_logs(folder, chance):
    """Writes files of which some are compressed, some damaged, and most of whose events come twice."""
    folder.mkdir()
    for unit in range(UNITS):
        records = [
            {
                "eventVersion": "1.08",
                "eventID": f"id-{number}",
                "eventTime": f"2026-01-{10 + number * 7 % 20}T00:00:{number % 60:02}Z",
                "eventSource": chance.choice(["mgh.amazonaws.com", "s3.amazonaws.com"]),
                "eventName": "GetObject",
                "recipientAccountId": str(111111111111 + number % 3),
                "userIdentity": {"type": "IAMUser", "userName": chance.choice(["ana", "bo", "ü"])},
                "requestParameters": {"text": "x" * chance.randrange(4000)},
            }
            for number in range(unit // 2 * 20, unit // 2 * 20 + 20)
        ]
        text = json.dumps({"Records": records}, ensure_ascii=False).encode()
        if unit % 11 == 5:
            text = text[:-100]
        if unit % 3:
            (folder / f"{100 + unit}.json").write_bytes(text)
        else:
            (folder / f"{100 + unit}.json.gz").write_bytes(gzip.compress(text, 1, mtime=0))


def contents(folder):
    result = {name: (folder / name).read_bytes() for name in FILES}
    with sqlite3.connect(folder / DATABASE) as database:
        result[DATABASE] = list(database.iterdump())
    return result


def start(mhpipe, folder, *more):
    return subprocess.Popen(
        [mhpipe, "run", "p.conf", "-q", "--progress", "never", *more],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill(process, folder, duration, chance):
    """Kills a run; false when it ended before."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, duration))
    else:
        bytes_ = 16 * chance.randrange(1, UNITS + 1)
        while process.poll() is None:
            try:
                if (folder / "st/units").stat().st_size >= bytes_:
                    break
            except FileNotFoundError:
                pass
    process.send_signal(signal.SIGKILL)
    process.stderr.read()
    return process.wait() == -signal.SIGKILL


def main():
    mhpipe = str(pathlib.Path(sys.argv[1]).resolve())
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="mhpipe-kills-") as name:
        folder = pathlib.Path(name)
        make_logs(folder / "logs", chance)
        (folder / "p.conf").write_text(PIPELINE)
        process = start(mhpipe, folder)
        errors = process.stderr.read()
        if process.wait() != 3:
            sys.exit(f"the run that is not killed fails: {errors.decode()}")
        whole = contents(folder)
        begin = time.monotonic()
        process = start(mhpipe, folder, "--state", "st")
        process.stderr.read()
        process.wait()
        duration = time.monotonic() - begin
        done = rounds = 0
        while done < kills:
            for path in FILES + [DATABASE]:
                (folder / path).unlink(missing_ok=True)
            while done < kills and kill(start(mhpipe, folder, "--state", "st"), folder, duration, chance):
                done += 1
                if chance.random() < 0.4:
                    break
            process = start(mhpipe, folder, "--state", "st")
            errors = process.stderr.read().decode()
            if process.wait() != 3:
                sys.exit(f"seed {seed}, after {done} kills: exit code {process.returncode}\n{errors}")
            found = contents(folder)
            different = [path for path in whole if found[path] != whole[path]]
            left = [path.name for path in folder.iterdir() if ".mhpipe-" in path.name]
            if different or left:
                sys.exit(f"seed {seed}, after {done} kills: different {different}, left over {left}")
            rounds += 1
    print(f"{done} kills in {rounds} runs that went on: 0 differences (seed {seed})")


main()
