"""Kills what a job on Spark is made of, and compares what comes out with one machine's run.

    python pipelines/spark/tests/kills.py MHPIPE [ROUNDS] [SEED]

On a cluster of two executors on loopback: kill -9 of a child, of an executor and of the driver, also while it puts parts together, a
child that hangs, with speculation, all of it in a job of two stages, and kills in a job over a bucket of SeaweedFS. On one machine
Spark may start no copy of the one that hangs, so that one attempt overtakes another is tried, and not proven. Behind each, lines,
tables, files by account and day, and Parquet are those of one machine, nothing hidden is left over, and no process.
"""

import collections
import contextlib
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from unittest import mock

import pyarrow.parquet
import trail

HERE = pathlib.Path(__file__).resolve().parent
# Behind the others, since modules there have the same names.
sys.path.append(str(HERE.parents[2] / "Tests/AWS"))

import bucket as aws  # noqa: E402
import seaweed  # noqa: E402

PARQUET = HERE.parents[2] / "Plugins/Parquet/parquet_sink.py"
SINKS = ("lines", "table", "days", "tables", "lake")
MASTER = "local-cluster[2,1,1024]"
LIMIT = 240


class Round:
    """A trail, what one machine makes of it, and the jobs over it."""

    def __init__(self, folder: pathlib.Path, mhpipe: str, seed: int, pipeline: str = trail.PIPELINE) -> None:
        self.folder, self.mhpipe = folder, mhpipe
        trail.write(folder / "logs", seed)
        trail.write_copies(folder / "logs")
        (folder / "p.conf").write_text(pipeline + trail.LAKE)
        single = folder / "single"
        single.mkdir()
        words = [mhpipe, "run", str(folder / "p.conf"), "--quiet", *self.settings(f"{folder}/logs")]
        code = subprocess.run(words, cwd=single, stderr=subprocess.DEVNULL, check=False).returncode
        expect(code == 3, f"one machine's run ends with {code}")
        names = {"lines": "lines.jsonl.gz", "table": "table.csv"}
        self.contents = {sink: contents(single / names.get(sink, sink)) for sink in SINKS}
        total = sum(path.stat().st_size for path in (folder / "logs").rglob("*") if path.is_file())
        self.task_bytes = total // 8
        self.pipe = folder / "pipe"
        os.mkfifo(self.pipe)
        # As long as somebody could write, who reads waits.
        self.end = os.open(self.pipe, os.O_RDWR)

    @staticmethod
    def settings(logs: str) -> list[str]:
        values = {"LOGS": logs, "PYTHON": sys.executable, "PARQUET": PARQUET}
        return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]

    def start(self, name: str, held: list[int], *more: str) -> "Job":
        hold = self.folder / f"hold-{name}"
        hold.mkdir(exist_ok=True)
        shutil.copy(HERE / "holding.py", hold / "mhpipe")
        tasks = [f"part-{number:05d}" for number in held]
        (hold / "hold.json").write_text(json.dumps({"mhpipe": self.mhpipe, "tasks": tasks, "pipe": str(self.pipe)}))
        words = [
            sys.executable, str(HERE.parent / "mhpipe-spark"), "p.conf", f"out-{name}", *self.settings("logs"),
            "--mhpipe", str(hold / "mhpipe"), "--task-bytes", str(self.task_bytes), "--master", MASTER,
            "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1", *more,
        ]  # fmt: skip
        return Job(self, words, self.folder / f"out-{name}")

    def check(self, job: "Job", code: int) -> None:
        expect(code == 3, f"the job ends with {code}")
        expect((job.output / "_SUCCESS").exists(), "there is no _SUCCESS")
        for sink, expected in self.contents.items():
            expect(contents(job.output / sink) == expected, f"sink '{sink}' has not what one machine writes")
        total = json.loads((job.output / "_total.json").read_text())
        kept = sum(count for lines in self.contents["lines"].values() for count in lines.values())
        expect(total["eventsKept"] == kept, "the total is another")
        check_listed(job.output)
        left = [str(path) for path in job.output.rglob(".*")]
        expect(not left, f"left over: {left}")
        wait_for("the processes of the job have ended", lambda: not processes(str(self.folder)))


class Job:
    """A driver, a process with children in a session of its own."""

    def __init__(self, round_: Round, words: list[str], output: pathlib.Path) -> None:
        self.round, self.words, self.output = round_, words, output
        self.log = open(output.with_suffix(".log"), "ab")  # noqa: SIM115
        environment = {key: value for key, value in os.environ.items() if key != "SPARK_HOME"}
        environment["SPARK_LOCAL_IP"] = "127.0.0.1"
        self.process = subprocess.Popen(
            words, cwd=round_.folder, env=environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def held(self, number: int) -> int:
        """The process of a task's held attempt, once its hidden file is there."""
        pattern = re.compile(rf"\.part-{number:05d}\.jsonl\.gz\.mhpipe-\w+-(\d+)-")

        def find() -> int:
            for path in (self.output / "lines").glob(".part-*"):
                if (found := pattern.match(path.name)) and (self.output.parent / f"hold-{self.name}").joinpath(
                    f"part-{number:05d}.held"
                ).exists():
                    return int(found[1])
            expect(self.process.poll() is None, "the job has ended before")
            return 0

        return wait_for(f"task {number} is held", find)

    def held_anywhere(self, number: int) -> int:
        """The process of a task's held attempt, wherever it writes to."""
        held = self.output.parent / f"hold-{self.name}/part-{number:05d}.held"

        def find() -> int:
            expect(self.process.poll() is None, "the job has ended before")
            return next(iter(processes(f"MHPIPE_LIST={held}")), 0)

        return wait_for(f"task {number} is held", find)

    @property
    def name(self) -> str:
        return self.output.name.removeprefix("out-")

    def end(self) -> int:
        return self.process.wait(timeout=LIMIT)

    def said(self) -> str:
        return self.output.with_suffix(".log").read_text(errors="replace")


def child_and_executor(round_: Round, _: random.Random) -> None:
    job = round_.start("dies", [1, 4])
    os.kill(job.held(1), signal.SIGKILL)
    os.kill(executor_of(job.held(4)), signal.SIGKILL)
    round_.check(job, job.end())


def driver(round_: Round, chance: random.Random) -> None:
    held = chance.randrange(2, 6)
    parts = ("--part-bytes", "100k")
    job = round_.start("driver", [held], *parts)
    job.held(held)
    wait_for("other tasks are done", lambda: len(list((job.output / "_mhpipe/done").rglob("part-*.json"))) >= 2)
    job.process.kill()
    job.process.wait()
    wait_for("all that the driver had started has ended", lambda: not processes(str(round_.folder)))
    done = {path: path.stat().st_mtime_ns for path in (job.output / "lines").glob("part-*")}
    recorded = {path.stem for path in (job.output / "_mhpipe/done").rglob("part-*.json")}
    expect(not (job.output / "_SUCCESS").exists(), "there is a _SUCCESS of half a job")
    again = round_.start("driver", [], *parts)
    wait_for("parts are put together", lambda: (job.output / "_mhpipe/compaction.jsonl").exists())
    for path, time_ in done.items():
        if path.name.partition(".")[0] in recorded and path.exists():
            expect(path.stat().st_mtime_ns == time_, f"{path.name} was done, and was done again")
    time.sleep(chance.random() * 2)
    again.process.kill()
    again.process.wait()
    wait_for("all that the driver had started has ended", lambda: not processes(str(round_.folder)))
    last = round_.start("driver", [], *parts)
    round_.check(last, last.end())
    expect(not list((job.output / "lines").glob("part-*")), "parts are left beside what they were put together to")


def hangs_and_is_overtaken(round_: Round, _: random.Random) -> None:
    job = round_.start("hangs", [0, 5], "--task-timeout", "20", "--part-bytes", "1m", "--conf", "spark.speculation=true",
                       "--conf", "spark.speculation.interval=200ms", "--conf", "spark.speculation.quantile=0.6",
                       "--conf", "spark.speculation.minTaskRuntime=1s")  # fmt: skip
    round_.check(job, job.end())


def each_once(round_: Round, _: random.Random) -> None:
    job = round_.start("once", [1, 4])
    os.kill(job.held_anywhere(1), signal.SIGKILL)
    os.kill(executor_of(job.held_anywhere(4)), signal.SIGKILL)
    wait_for("the second stage has begun", lambda: (job.output / "_mhpipe/plan.jsonl").exists())
    job.process.kill()
    job.process.wait()
    wait_for("all that the driver had started has ended", lambda: not processes(str(round_.folder)))
    again = round_.start("once", [])
    round_.check(again, again.end())
    expect(not (job.output / "_mhpipe/keyed/events").exists(), "events are left between the stages")


def over_a_bucket(round_: Round, _: random.Random) -> None:
    # Elsewhere, since what has the round's folder in its arguments is taken for a process of the job.
    with tempfile.TemporaryDirectory(prefix="mhpipe-weed-") as name, seaweed.seaweed(pathlib.Path(name)) as (client, url):
        for path in sorted((round_.folder / "logs").rglob("*.json*")):
            client.put_object(Bucket="trail", Key=str(path.relative_to(round_.folder / "logs")), Body=path.read_bytes())
        far = f"  far: {{type: jsonl, path: 's3://trail/lake/x.jsonl.gz', endpoint: '{url}', region: us-east-1}}\n"
        (round_.folder / "p.conf").write_text(trail.over_bucket(trail.PIPELINE, url) + trail.LAKE + far)
        keys = {"AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
        with mock.patch.dict(os.environ, keys):
            job = round_.start("bucket", [1, 4])
            os.kill(job.held(1), signal.SIGKILL)
            os.kill(executor_of(job.held(4)), signal.SIGKILL)
            round_.check(job, job.end())
        listed = json.loads((job.output / "_total.json").read_text())["listing"]
        changes = [listed[kind] for kind in ("exitCode", "appeared", "gone", "changed")]
        expect(changes == [0, 0, 0, 0], f"the listing tells of {listed}")
        lines: collections.Counter[bytes] = collections.Counter()
        for found in client.list_objects_v2(Bucket="trail", Prefix="lake/far/part-")["Contents"]:
            data = client.get_object(Bucket="trail", Key=found["Key"])["Body"].read()
            lines.update(gzip.decompress(data).splitlines() if data else [])
        expect(lines == round_.contents["lines"]["."], "the objects have not what one machine writes")
        texts = [path for path in (*job.output.rglob("*"), job.output.with_suffix(".log")) if path.is_file()]
        told = [str(path) for path in texts if aws.SECRET.encode() in path.read_bytes()]
        expect(not told, f"a secret is in {told}")


def executor_of(process: int) -> int:
    """The Java process above a child of one of its Python workers."""
    while b"CoarseGrainedExecutorBackend" not in command_line(process):
        process = int(re.search(r"PPid:\s+(\d+)", pathlib.Path(f"/proc/{process}/status").read_text())[1])
        expect(process > 1, "a child has no executor above it")
    return process


def command_line(process: int) -> bytes:
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def processes(text: str) -> list[int]:
    """The mhpipe processes whose arguments hold a text."""
    numbers = [int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if number != os.getpid() and text.encode() in command_line(number)]


def contents(root: pathlib.Path) -> dict[str, collections.Counter[bytes]]:
    """The lines of files by the folder they stand in, of tables without the names of columns; of Parquet the ids of events."""
    found: dict[str, collections.Counter[bytes]] = collections.defaultdict(collections.Counter)
    for path in [root] if root.is_file() else (path for path in root.rglob("*") if path.is_file()):
        folder = "." if root.is_file() else str(path.relative_to(root).parent)
        if path.suffix == ".parquet":
            ids = pyarrow.parquet.ParquetFile(path).read(["eventID"]).column("eventID").to_pylist()
            found[folder].update((word or "").encode() for word in ids)
            continue
        data = path.read_bytes()
        text = gzip.decompress(data) if path.suffix == ".gz" and data else data
        found[folder].update(line for line in text.splitlines() if not line.startswith(b"eventTime,"))
    return {folder: lines for folder, lines in found.items() if lines}


def check_listed(output: pathlib.Path) -> None:
    """Every file of a sink is in `_files.jsonl` with its bytes and its hash, and none else is there."""
    listed = [json.loads(line) for line in (output / "_files.jsonl").read_text().splitlines()]
    listed = [entry for entry in listed if "://" not in entry["path"]]
    found = {str(path.relative_to(output)) for sink in SINKS for path in (output / sink).rglob("*") if path.is_file()}
    expect({entry["path"] for entry in listed} == found, "the files are not those that are listed")
    for entry in listed:
        data = (output / entry["path"]).read_bytes()
        expect(len(data) == entry["bytes"], f"{entry['path']} has {len(data)} bytes, not {entry['bytes']}")
        expect(hashlib.sha256(data).hexdigest() == entry["sha256"], f"{entry['path']} has another hash")


def wait_for(what: str, found: Callable[[], object]) -> int:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if result := found():
            return int(result)
        time.sleep(0.02)
    raise AssertionError(f"in vain: {what}")


def expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise AssertionError(what)


@contextlib.contextmanager
def telling(folder: pathlib.Path) -> Iterator[None]:
    """Shows what the drivers have said when something is not as it should be, and leaves no process."""
    try:
        yield
    except BaseException:
        for path in sorted(folder.rglob("*.log")):
            print(f"--- {path.name}\n{path.read_text(errors='replace')[-6000:]}", file=sys.stderr)
        raise
    finally:
        for number in processes(str(folder)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


def main() -> None:
    mhpipe = os.path.abspath(sys.argv[1])
    rounds, seed = (int(word) for word in (sys.argv[2:] + ["1", "1"][len(sys.argv) - 2 :])[:2])
    chance = random.Random(seed)
    for number in range(rounds):
        for case in (child_and_executor, driver, hangs_and_is_overtaken, each_once, over_a_bucket):
            if case is over_a_bucket and seaweed.program() is None:
                print("test-spark: SeaweedFS is not installed, so no bucket is tried")
                continue
            begin = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="mhpipe-spark-test-") as name, telling(pathlib.Path(name)):
                pipeline = trail.ONCE if case is each_once else trail.PIPELINE
                case(Round(pathlib.Path(name), mhpipe, chance.randrange(10**6), pipeline), chance)
            print(f"test-spark: {case.__name__.replace('_', ' ')}: {time.monotonic() - begin:.0f} s ({number + 1} of {rounds})")


if __name__ == "__main__":
    main()
