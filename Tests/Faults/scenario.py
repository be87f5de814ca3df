"""What the tests in this folder run: small inputs, pipelines with every kind of sink, and what is compared of the outputs."""

import dataclasses
import gzip
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import shim

HEAD = """
quarantine: bad.jsonl
checkpoint_every: 0s
sources: {logs: {type: directory, path: ../logs}}
"""
ORDERED = """
transforms:
  who: {type: identity, inputs: [logs]}
  once: {type: dedupe, inputs: [who]}
  order: {type: sort, inputs: [once]}
"""
EVERYTHING = (
    HEAD
    + ORDERED
    + """
sinks:
  all: {type: jsonl, inputs: [who], path: all.jsonl}
  packed: {type: jsonl, inputs: [who], path: all.jsonl.gz}
  zst: {type: jsonl, inputs: [once], path: once.jsonl.zst}
  table: {type: csv, inputs: [once], path: once.csv}
  packed_table: {type: csv, inputs: [once], path: once.csv.gz}
  ordered: {type: jsonl, inputs: [order], path: sorted.jsonl}
  rows: {type: sqlite, inputs: [once], path: once.db, indexes: [eventTime]}
  lake: {type: csv, inputs: [once], path: "lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.csv"}
  packed_lake: {type: jsonl, inputs: [who], path: "lake/{recipientAccountId}.jsonl.gz"}
  parts: {type: jsonl, inputs: [once], path: parts.jsonl, rotate: 20kB}
"""
)


def one_sink(sink, ordered=False):
    """A pipeline with one sink, with a transform that remembers events or without."""
    transforms = "transforms: {once: {type: dedupe, inputs: [logs]}}\n" if ordered else ""
    return HEAD + transforms + "sinks:\n  it: {inputs: [%s], %s}\n" % ("once" if ordered else "logs", sink)


@dataclasses.dataclass
class Scenario:
    """A pipeline, and how it is run."""

    name: str
    pipeline: str
    keeps_state: bool = True

    @property
    def arguments(self):
        return ["run", "../p.conf", "-q", "--progress", "never"] + (["--state", "st"] if self.keeps_state else [])


def make_logs(folder, units, chance, events=10, text=300):
    """Writes files of which some are compressed, some damaged, and most of whose events come twice."""
    folder.mkdir()
    for unit in range(units):
        records = [
            {
                "eventVersion": "1.08",
                "eventID": f"id-{number}",
                "eventTime": f"2026-01-{10 + number * 7 % 20}T00:00:{number % 60:02}Z",
                "eventSource": chance.choice(["mgh.amazonaws.com", "s3.amazonaws.com"]),
                "eventName": "GetObject",
                "recipientAccountId": str(111111111111 + number % 3),
                "userIdentity": {"type": "IAMUser", "userName": chance.choice(["ana", "bo", "ü"])},
                "requestParameters": {"text": "x" * chance.randrange(text)},
            }
            for number in range(unit // 2 * events, unit // 2 * events + events)
        ]
        content = json.dumps({"Records": records}, ensure_ascii=False).encode()
        if unit % 11 == 5:
            content = content[:-100]
        if unit % 3:
            (folder / f"{100 + unit}.json").write_bytes(content)
        else:
            (folder / f"{100 + unit}.json.gz").write_bytes(gzip.compress(content, 1, mtime=0))



def content(path):
    """The bytes of a file; of a database the statements that make it, or nothing when it is none."""
    if path.suffix != ".db":
        return path.read_bytes()
    database = sqlite3.connect(path)
    try:
        return list(database.iterdump()) or [path.read_bytes()]
    except sqlite3.Error as error:
        return [f"no database: {error}"]
    finally:
        database.close()


def outputs(folder):
    """The outputs below a folder: neither hidden files nor the state."""
    names = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    found = {}
    for name, path in sorted(names.items()):
        # Who reads a database takes back what a killed run has begun, and removes the journal that says of it.
        if name.parts[0] != "st" and not any(".mhpipe-" in part for part in name.parts) and path.exists():
            found[str(name)] = content(path)
    return found


def left_over(folder):
    """What should not be there when a run is done: hidden files, and a state that says of it."""
    names = [path.relative_to(folder) for path in folder.rglob("*")]
    return sorted(
        str(name)
        for name in names
        if any(".mhpipe-" in part for part in name.parts) or (name.parts[0] == "st" and name.parts[1:] not in [(), ("lock",)])
    )


def run(mhpipe, scenario, folder, environment=None, timeout=120):
    """Runs it in `folder`; a run that hangs is killed and has the code None."""
    process = subprocess.Popen(
        [mhpipe, *scenario.arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        errors = process.communicate(timeout=timeout)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return None, process.communicate()[1].decode(errors="replace")
    return process.returncode, errors.decode(errors="replace")


def fresh(folder, files=None):
    """Makes a folder anew, with the files that are given."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def memory_folder():
    """Where files lie in memory, so that nobody waits for a disk; None when there is no such place."""
    folder = pathlib.Path("/dev/shm")
    return str(folder) if folder.is_dir() else None


def arguments(what, usual=None):
    """What the command line says: the program, how much is tried, and the seed, which is told for another time."""
    mhpipe = str(pathlib.Path(sys.argv[1]).resolve())
    most = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else usual
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    print(f"{what}, seed {seed}", flush=True)
    return mhpipe, most, seed


def each(scenarios, seed):
    """The scenarios one by one, each with a folder of its own, the shim, and a source of chance."""
    with tempfile.TemporaryDirectory(prefix="mhpipe-faults-", dir=memory_folder()) as name:
        base = pathlib.Path(name).resolve()
        library = shim.build(base)
        for number, one in enumerate(scenarios):
            folder = base / str(number)
            folder.mkdir()
            yield one, folder, library, random.Random(seed + number)
