"""Runs where the machine around them fails: full disks, read-only folders, files that change, limits, clocks, stops.

    python3 Tests/Faults/surroundings.py MHPIPE

Nothing waits for a time: the shim stops a run at a certain call, and whoever is stopped is continued when the file is changed.
"""

import gzip
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import scenario
import shim
from scenario import HEAD, Scenario

PIPELINE = (
    HEAD
    + """
transforms: {once: {type: dedupe, inputs: [logs]}}
sinks:
  all: {type: jsonl, inputs: [once], path: all.jsonl}
  table: {type: csv, inputs: [once], path: all.csv}
  rows: {type: sqlite, inputs: [once], path: all.db}
"""
)
SINKS = {
    "jsonl": "type: jsonl, path: all.jsonl",
    "csv": "type: csv, path: all.csv",
    "sqlite": "type: sqlite, path: all.db",
}


# Of a sink that is stalled: 6 MiB of events wait for it, and each of two workers has a file in hand.
MOST_HELD = 16 << 20
MOST_READ = 24 << 20


class Place:
    """A folder with logs, a pipeline, and outputs of before."""

    def __init__(self, mhpipe, library, base, pipeline=PIPELINE, keeps_state=True):
        base.mkdir()
        self.mhpipe, self.library, self.base, self.out = mhpipe, library, base, base / "out"
        self.one = Scenario("surroundings", pipeline, keeps_state)
        self.plain = Scenario("surroundings", pipeline, keeps_state=False)
        (base / "p.conf").write_text(pipeline)
        scenario.make_logs(base / "logs", 8, random.Random(1), events=60, text=900)
        scenario.fresh(self.out)
        self.code, _ = scenario.run(mhpipe, self.plain, self.out)
        self.whole = scenario.outputs(self.out)
        scenario.fresh(self.out)

    def start(self, action="count", clock=False, **options):
        environment = shim.environment(
            self.library, self.base, action, self.base / "calls", calls=options.pop("calls", None), clock=clock
        )
        return subprocess.Popen(
            [self.mhpipe, *self.one.arguments],
            cwd=self.out,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **options,
        )

    def end(self, process):
        errors = process.communicate(timeout=300)[1].decode(errors="replace")
        return process.returncode, errors

    def run(self, **options):
        return self.end(self.start(**options))

    def expect(self, condition, what):
        if not condition:
            sys.exit(f"{self.base.name}: {what}")

    def expect_untouched(self, result, *words, code_wanted=1):
        code, errors = result
        self.expect(code == code_wanted, f"exit code {code}: {errors}")
        self.expect(all(word in errors for word in words), f"no word of {words}: {errors}")
        self.expect(not scenario.outputs(self.out), "outputs of a run that failed")

    def expect_whole(self, result):
        code, errors = result
        self.expect(code == self.code, f"exit code {code}: {errors}")
        found = scenario.outputs(self.out)
        different = [name for name in self.whole.keys() | found.keys() if found.get(name) != self.whole.get(name)]
        self.expect(not different, f"different {different}")
        self.expect(not scenario.left_over(self.out), f"left over {scenario.left_over(self.out)}")

    def continue_when_stopped(self, process, change=lambda: None):
        """Waits until the shim has stopped the process, makes a change, and continues it."""
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.expect(os.WIFSTOPPED(status), "it ended before the call at which it was to be stopped")
        change()
        process.send_signal(signal.SIGCONT)


def mount(folder, options):
    """Mounts a file system in memory; false where that is not allowed."""
    command = ["mount", "-t", "tmpfs", "-o", options, "mhpipe-faults", str(folder)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def full_disk(make):
    for name, sink in SINKS.items():
        place = make(f"full disk, {name}", scenario.one_sink(sink, ordered=True))
        if not mount(place.out, "size=96k"):
            return "skipped: only root may mount a small disk"
        try:
            result = place.run()
            place.expect_untouched(result)
            # SQLite has words of its own, and the quarantine may be the first that finds no room.
            said = any(reason in result[1] for reason in ["No space left on device", "disk is full"])
            place.expect(said, f"no word of the disk: {result[1]}")
            subprocess.run(["mount", "-o", "remount,size=64m", str(place.out)], check=True)
            place.expect_whole(place.run())
        finally:
            subprocess.run(["umount", str(place.out)], check=True)


def full_disk_of_the_state(make):
    # Of 4 KiB each: none for the first record, then some.
    for pages in range(1, 7):
        place = make(f"full disk of the state, {pages} pages")
        (place.out / "st").mkdir()
        if not mount(place.out / "st", f"size={4 * pages}k"):
            return "skipped: only root may mount a small disk"
        try:
            result = place.run()
            if result[0] == 1:
                place.expect_untouched(result, "cannot keep the state of the run in 'st", "No space left on device")
                subprocess.run(["mount", "-o", "remount,size=64m", str(place.out / "st")], check=True)
                result = place.run()
            place.expect_whole(result)
        finally:
            subprocess.run(["umount", str(place.out / "st")], check=True)


def read_only_disk(make):
    place = make("read-only disk")
    if not mount(place.out, "size=8m,ro"):
        return "skipped: only root may mount a disk"
    try:
        place.expect_untouched(place.run(), "Read-only file system", code_wanted=2)
        subprocess.run(["mount", "-o", "remount,rw", str(place.out)], check=True)
        place.expect_whole(place.run())
    finally:
        subprocess.run(["umount", str(place.out)], check=True)


def read_only_folder(make):
    place = make("read-only folder")
    # Root may write everywhere.
    nobody = {"user": 65534} if os.geteuid() == 0 else {}
    place.base.parent.chmod(0o755)
    place.out.chmod(0o555)
    place.expect_untouched(place.run(**nobody), "Permission denied", "must take new files", code_wanted=2)
    place.out.chmod(0o777)
    place.expect_whole(place.run(**nobody))


def open_log(process):
    """The log that the process reads, when it is one without compression, and not the one that is damaged anyway."""
    links = [os.readlink(link) for link in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()]
    return next((pathlib.Path(path) for path in links if re.search("/logs/10[^5].json$", path)), None)


def change_while_read(make, name, change, check):
    """Stops runs at one read after the other, and changes the log that is open there."""
    changed = 0
    for number in range(2, 17):
        place = make(f"a file that is {name} while it is read, at read {number}", keeps_state=False)
        process = place.start(f"stop:{number}", calls=["read"])
        log = []
        place.continue_when_stopped(process, lambda: log.append(open_log(process)) or log[0] and change(log[0]))
        result = place.end(process)
        if log[0]:
            check(place, result, log[0].name)
            changed += 1
    place.expect(changed > 3, "no log was open")


def truncated(make):
    def check(place, result, name):
        # At the read behind the last byte there is nothing left to lose.
        if result[0] != place.code or name in result[1]:
            place.expect(result[0] == 3 and name in result[1], f"exit code {result[0]}: {result[1]}")
        else:
            place.expect_whole(result)

    change_while_read(make, "cut", lambda path: os.truncate(path, 1000), check)


def growing(make):
    def grow(path):
        with path.open("ab") as file:
            file.write(b" " * 5000 + b"\n")

    change_while_read(make, "growing", grow, lambda place, result, name: place.expect_whole(result))


def vanishing(make):
    change_while_read(make, "removed", os.unlink, lambda place, result, name: place.expect_whole(result))


def stalled_sink(make):
    """A program that never reads what it is given does not keep a signal from ending the run."""
    place = make("stalled sink", HEAD + "sinks:\n  it: {type: exec, inputs: [logs], command: [sh, ./stall]}\n", False, False)
    os.mkfifo(place.base / "started")
    os.mkfifo(place.base / "never")
    (place.out / "stall").write_text("echo > ../started\nread line < ../never\n")
    process = place.start()
    (place.base / "started").read_text()
    process.send_signal(signal.SIGTERM)
    code, errors = place.end(process)
    place.expect(code == 130, f"exit code {code}: {errors}")


def peak_when_stalled(place):
    """The most memory of a run whose sink is stalled, and the bytes that it has read, once it neither computes nor reads."""
    process = place.start()
    # Held open, so that a pipe has a reader.
    held = (place.out / "pipe").open("rb") if (place.out / "pipe").exists() else None

    def look():
        times = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        read = pathlib.Path(f"/proc/{process.pid}/io").read_text().split("rchar: ")[1].split()[0]
        return times, int(read)

    before, same = None, 0
    while same < 10:
        now = look()
        same, before = (same + 1 if now == before else 0), now
        time.sleep(0.1)
        place.expect(process.poll() is None, "it has ended although nobody reads what it writes")
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    process.send_signal(signal.SIGTERM)
    place.expect(place.end(process)[0] == 130, "a signal does not end it")
    if held:
        held.close()
    return int(status.split("VmHWM:")[1].split()[0]) << 10, before[1]


def stalled_sink_memory(make):
    """What is made for a sink that takes nothing is bounded: the run stops reading, however much there is to read."""
    head = HEAD.replace("quarantine: bad.jsonl\n", "workers: 2\n") + "sinks:\n  it: "
    for name, sink in [
        ("exec", '{type: exec, inputs: [logs], command: [sleep, "1000"]}'),
        ("pipe", "{type: jsonl, inputs: [logs], path: pipe}"),
    ]:
        peaks = []
        for files in 1, 40:
            place = make(f"stalled {name}, {files} files", head + sink + "\n", False, False)
            shutil.rmtree(place.base / "logs")
            scenario.make_logs(place.base / "logs", 1, random.Random(1), events=1500, text=2400)
            log = next((place.base / "logs").iterdir())
            text = gzip.decompress(log.read_bytes())
            for number in range(files):
                (place.base / f"logs/{number}.json").write_bytes(text)
            log.unlink()
            if name == "pipe":
                os.mkfifo(place.out / "pipe")
            peak, read = peak_when_stalled(place)
            peaks.append(peak)
        place.expect(read < MOST_READ, f"{read} bytes were read of {files * len(text)}")
        place.expect(peaks[1] - peaks[0] < MOST_HELD, f"{peaks[1] - peaks[0]} bytes more memory for 40 times as much input")
        print(f"  {name}: {read >> 10} KiB read of {files * len(text) >> 10}, {peaks[1] - peaks[0] >> 10} KiB held", flush=True)


def locked_database(make):
    place = make("locked database", scenario.one_sink(SINKS["sqlite"]), keeps_state=False)
    scenario.run(place.mhpipe, place.plain, place.out)
    reader = sqlite3.connect(place.out / "all.db", isolation_level=None)
    reader.execute("PRAGMA journal_mode=WAL")
    reader.execute("BEGIN IMMEDIATE")
    code, errors = place.run()
    place.expect(code == 1 and "another program has the database open" in errors, f"exit code {code}: {errors}")
    reader.execute("ROLLBACK")
    reader.close()
    place.expect_whole(place.run())


def few_descriptors(make):
    for limit in [*range(6, 40, 3), 64]:
        place = make(f"{limit} descriptors")

        def restrict():
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

        result = place.run(preexec_fn=restrict)
        if result[0] == 1:
            place.expect_untouched(result, "mhpipe: ")
            result = place.run()
        place.expect_whole(result)


def little_memory(make):
    """Whoever gets no memory may be ended by the system, as by a kill."""
    for megabytes in [60, 100, 150, 200, 300, 500]:
        place = make(f"{megabytes} MB of memory")

        def restrict():
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

        result = place.run(preexec_fn=restrict)
        if result[0] == 1 or result[0] == 127 or result[0] < 0:
            place.expect(not scenario.outputs(place.out), "outputs of a run that failed")
            place.expect(result[0] < 0 or result[1], "it fails without a message")
            result = place.run()
        place.expect_whole(result)


def clock_steps(make):
    place = make("a clock that steps")
    place.expect_whole(place.run(clock=True))


def stopped_and_continued(make):
    for number in [1, 20, 60, 90]:
        place = make(f"stopped at call {number}")
        process = place.start(f"stop:{number}")
        place.continue_when_stopped(process)
        place.expect_whole(place.end(process))


TESTS = [
    full_disk, full_disk_of_the_state, read_only_disk, read_only_folder, truncated, growing, vanishing, stalled_sink,
    stalled_sink_memory, locked_database, few_descriptors, little_memory, clock_steps, stopped_and_continued,
]  # fmt: skip


def main():
    mhpipe = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="mhpipe-around-", dir=scenario.memory_folder()) as name:
        base = pathlib.Path(name).resolve()
        library = shim.build(base)

        def make(name, pipeline=PIPELINE, keeps_state=True, has_outputs=True):
            place = Place(mhpipe, library, base / name, pipeline, keeps_state)
            if has_outputs and len(place.whole) < 2:
                sys.exit(f"{name}: the run without any fault ends with {place.code}")
            return place

        for test in TESTS:
            if len(sys.argv) > 2 and test.__name__ not in sys.argv[2:]:
                continue
            print(f"{test.__name__.replace('_', ' ')}: {test(make) or 'as it should be'}", flush=True)


main()
