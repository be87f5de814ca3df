"""Whole jobs without Spark, with the real mhpipe: what they are run by in tests, and what comes out."""

import collections
import contextlib
import gzip
import hashlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import trail  # noqa: E402
from mhpipe_spark import cluster, command  # noqa: E402
from mhpipe_spark.job import Job  # noqa: E402

MHPIPE = os.environ.get("MHPIPE", str(HERE.parents[2] / ".build/debug/mhpipe"))
KILLED = 137
STEPS = ("rename", "unlink", "fsync", "mkdir")


class Here(cluster.Cluster):
    """In the place of Spark: one task behind the other, in this process."""

    def run(self, items: list[Any], work: Callable[[Iterator[Any], Job], Iterator[tuple[int, str]]], job: Job) -> list[str]:
        with mock.patch("mhpipe_spark.worker.attempt_name", return_value="0"):
            return [why for _, why in work(iter(items), job) if why]


class Jobs(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory(prefix="mhpipe spark {x} ")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        trail.write(self.folder / "logs", 5, files=4)
        (self.folder / "p.conf").write_text(trail.PIPELINE)
        self.output = self.folder / "out"
        self.total = sum(path.stat().st_size for path in (self.folder / "logs").rglob("*.gz"))

    def run_job(self, *more: str, pipeline: str = "p.conf") -> int:
        words = [
            str(self.folder / pipeline), str(self.output), "--set", f"LOGS={self.folder}/logs", "--mhpipe", MHPIPE,
            "--task-bytes", str(self.total // 4), *more,
        ]  # fmt: skip
        self.said = io.StringIO()
        with mock.patch.object(command, "Cluster", Here), contextlib.redirect_stderr(self.said):
            return command.main(words)

    def killed_at(self, step: int, *more: str) -> bool:
        """Runs the job in a process that ends before a step; whether it came to that step."""
        child = os.fork()
        if child == 0:
            count = 0

            def counted(call: Callable[..., Any]) -> Callable[..., Any]:
                def wrapper(*words: Any, **named: Any) -> Any:  # noqa: ANN401
                    nonlocal count
                    count += 1
                    if count == step:
                        os._exit(KILLED)
                    return call(*words, **named)

                return wrapper

            for name in STEPS:
                setattr(os, name, counted(getattr(os, name)))
            try:
                os._exit(self.run_job(*more))
            finally:
                os._exit(99)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self.assertIn(code, (3, KILLED))
        return code == KILLED

    def lines(self, sink: str) -> dict[str, collections.Counter[bytes]]:
        """The lines of a sink by the folder they stand in."""
        found: dict[str, collections.Counter[bytes]] = collections.defaultdict(collections.Counter)
        for path in sorted((self.output / sink).rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                folder = str(path.relative_to(self.output / sink).parent)
                found[folder].update((gzip.decompress(data) if path.suffix == ".gz" else data).splitlines(keepends=True))
        return found

    def contents(self) -> dict[str, dict[str, collections.Counter[bytes]]]:
        """What the sinks hold, of tables the rows."""
        found = {sink: self.lines(sink) for sink in ("lines", "table", "days", "tables")}
        for sink in ("table", "tables"):
            for lines in found[sink].values():
                for line in [line for line in lines if line.startswith(b"eventTime,")]:
                    del lines[line]
        return found

    def check_files(self) -> list[dict[str, Any]]:
        """Every file is in `_files.jsonl` as it is, and nothing else is there."""
        listed = [json.loads(line) for line in (self.output / "_files.jsonl").read_text().splitlines()]
        found = {str(path.relative_to(self.output)) for path in self.output.rglob("*") if path.is_file()}
        found = {path for path in found if not path.startswith("_")}
        self.assertEqual(sorted(entry["path"] for entry in listed), sorted(found))
        for entry in listed:
            data = (self.output / entry["path"]).read_bytes()
            self.assertEqual((entry["bytes"], entry["sha256"]), (len(data), hashlib.sha256(data).hexdigest()))
        self.assertEqual([str(path) for path in self.output.rglob(".*")], [])
        return listed
