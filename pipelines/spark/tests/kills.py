"""Kills what a job on Spark is made of, and compares what comes out with one machine's run.

    python pipelines/spark/tests/kills.py MHPIPE [ROUNDS] [SEED]

On a cluster of two executors on loopback: kill -9 of a child, of an executor and of the driver, a child that hangs, and one that
is overtaken by a speculative copy. Behind each, the lines are those of one machine, nothing hidden is left over, and no process.
"""

import collections
import contextlib
import gzip
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

import trail

HERE = pathlib.Path(__file__).resolve().parent
MASTER = "local-cluster[2,1,1024]"
LIMIT = 170


class Round:
    """A trail, what one machine makes of it, and the jobs over it."""

    def __init__(self, folder: pathlib.Path, mhpipe: str, seed: int) -> None:
        self.folder, self.mhpipe = folder, mhpipe
        trail.write(folder / "logs", seed)
        (folder / "p.conf").write_text(trail.PIPELINE)
        single = folder / "single"
        single.mkdir()
        words = [mhpipe, "run", str(folder / "p.conf"), "--quiet", "--set", f"LOGS={folder}/logs"]
        code = subprocess.run(words, cwd=single, stderr=subprocess.DEVNULL, check=False).returncode
        expect(code == 3, f"one machine's run ends with {code}")
        self.lines = lines([single / "lines.jsonl.gz"])
        self.rows = lines([single / "table.csv"])
        total = sum(path.stat().st_size for path in (folder / "logs").rglob("*") if path.is_file())
        self.task_bytes = total // 8
        self.pipe = folder / "pipe"
        os.mkfifo(self.pipe)
        # As long as somebody could write, who reads waits.
        self.end = os.open(self.pipe, os.O_RDWR)

    def start(self, name: str, held: list[int], *more: str) -> "Job":
        hold = self.folder / f"hold-{name}"
        hold.mkdir(exist_ok=True)
        shutil.copy(HERE / "holding.py", hold / "mhpipe")
        tasks = [f"part-{number:05d}" for number in held]
        (hold / "hold.json").write_text(json.dumps({"mhpipe": self.mhpipe, "tasks": tasks, "pipe": str(self.pipe)}))
        words = [
            sys.executable, str(HERE.parent / "mhpipe-spark"), "p.conf", f"out-{name}", "--set", "LOGS=logs",
            "--mhpipe", str(hold / "mhpipe"), "--task-bytes", str(self.task_bytes), "--master", MASTER,
            "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1", *more,
        ]  # fmt: skip
        return Job(self, words, self.folder / f"out-{name}")

    def check(self, job: "Job", code: int) -> None:
        expect(code == 3, f"the job ends with {code}")
        expect((job.output / "_SUCCESS").exists(), "there is no _SUCCESS")
        expect(lines(sorted((job.output / "lines").iterdir())) == self.lines, "the JSON lines are not those of one machine")
        tables = sorted((job.output / "table").iterdir())
        # Each part has the header.
        rows = lines(tables)
        header = tables[0].read_bytes().splitlines()[0]
        rows[header] -= len(tables) - 1
        expect(rows == self.rows, "the rows are not those of one machine")
        total = json.loads((job.output / "_total.json").read_text())
        expect(total["eventsKept"] == sum(self.lines.values()), "the total is another")
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
    job = round_.start("driver", [held])
    job.held(held)
    wait_for("other tasks are done", lambda: len(list((job.output / "_mhpipe/done").rglob("part-*.json"))) >= 2)
    job.process.kill()
    job.process.wait()
    wait_for("all that the driver had started has ended", lambda: not processes(str(round_.folder)))
    done = {path: path.stat().st_mtime_ns for path in (job.output / "lines").glob("part-*")}
    recorded = {path.stem for path in (job.output / "_mhpipe/done").rglob("part-*.json")}
    expect(not (job.output / "_SUCCESS").exists(), "there is a _SUCCESS of half a job")
    again = round_.start("driver", [])
    round_.check(again, again.end())
    for path, time_ in done.items():
        if path.name.partition(".")[0] in recorded:
            expect(path.stat().st_mtime_ns == time_, f"{path.name} was done, and was done again")


def hangs_and_is_overtaken(round_: Round, _: random.Random) -> None:
    job = round_.start("hangs", [0, 5], "--task-timeout", "6", "--conf", "spark.speculation=true",
                       "--conf", "spark.speculation.interval=200ms", "--conf", "spark.speculation.quantile=0.6",
                       "--conf", "spark.speculation.minTaskRuntime=1s")  # fmt: skip
    round_.check(job, job.end())


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


def lines(paths: list[pathlib.Path]) -> collections.Counter[bytes]:
    found: collections.Counter[bytes] = collections.Counter()
    for path in paths:
        data = path.read_bytes()
        found.update((gzip.decompress(data) if path.suffix == ".gz" and data else data).splitlines())
    return found


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
        for case in (child_and_executor, driver, hangs_and_is_overtaken):
            begin = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="mhpipe-spark-test-") as name, telling(pathlib.Path(name)):
                case(Round(pathlib.Path(name), mhpipe, chance.randrange(10**6)), chance)
            print(f"test-spark: {case.__name__.replace('_', ' ')}: {time.monotonic() - begin:.0f} s ({number + 1} of {rounds})")


if __name__ == "__main__":
    main()
