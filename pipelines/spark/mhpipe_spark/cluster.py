"""The one place that talks to Spark."""

import os
import pathlib
import re
import tempfile
import types
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from .failure import Failure
from .job import Job

ATTEMPTS = "4"


class Cluster:
    """Spark, from the first thing that there is to do on it; leaving ends it."""

    def __init__(self, job: Job, mhpipe: str, master: str | None, settings: list[str]) -> None:
        self.job, self.mhpipe, self.master, self.settings = job, mhpipe, master, settings
        self.context: Any = None
        self.folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | types.TracebackType | None) -> None:
        if self.context is not None:
            self.context.stop()
        if self.folder is not None:
            self.folder.cleanup()

    def run(self, items: list[Any], work: Callable[[Iterator[Any], Job], Iterator[tuple[int, str]]], job: Job) -> list[str]:
        """Does items, one to a task of Spark; why those cannot be done that no attempt can do."""
        if self.context is None:
            self.context = self.start()
        job = replace(job, attempts_allowed=attempts(self.context.master, self.context.getConf().get("spark.task.maxFailures")))
        try:
            results = self.context.parallelize(items, len(items)).mapPartitions(partial(work, job=job))
            return [why for _, why in results.collect() if why]
        except Exception as error:
            raise Failure(f"Spark has given up: {reason(error)}\nwhat is done is kept: the same command goes on with it") from error

    def start(self) -> Any:  # noqa: ANN401
        # An empty one is taken for a path.
        if not os.environ.get("SPARK_HOME", "x"):
            del os.environ["SPARK_HOME"]
        try:
            from pyspark import SparkConf, SparkContext
        except ImportError as error:
            raise Failure(f"pyspark is not there ({error}): `pip install pyspark`, or start this with spark-submit") from error
        conf = SparkConf().setAppName("mhpipe").set("spark.task.maxFailures", ATTEMPTS).set("spark.ui.enabled", "false")
        if self.master:
            conf.setMaster(self.master)
        for setting in self.settings:
            key, sign, value = setting.partition("=")
            if not sign:
                raise Failure(f"--conf needs KEY=VALUE, not '{setting}'", code=2)
            conf.set(key, value)
        try:
            context = SparkContext(conf=conf)
        except Exception as error:
            raise Failure(f"Spark cannot be started: {reason(error)}\nwhat is done is kept: the same command goes on with it") from error
        # Executors fetch it from there as long as the job lasts.
        self.folder = tempfile.TemporaryDirectory(prefix="mhpipe-spark-")
        context.addPyFile(packed(pathlib.Path(self.folder.name)))
        if self.job.is_sent:
            context.addFile(self.mhpipe)
        return context


def attempts(master: str, most_failures: str) -> int:
    """How often Spark lets a task fail; on one machine by what stands in the master's name."""
    local = re.fullmatch(r"local(\[[^,\]]*(,\s*(\d+))?\])?", master)
    return int(local[3] or 1) if local else int(most_failures)


def reason(error: BaseException) -> str:
    """What a person needs of an error that comes with the stacks of two languages."""
    lines = str(error).splitlines()
    told = [line.strip() for line in lines if "mhpipe_spark.worker.Again" in line or "mhpipe:" in line]
    return "\n".join(told[:6] or lines[:3])


def packed(folder: pathlib.Path) -> str:
    """This package as a file that Spark sends to its executors."""
    path = folder / "mhpipe_spark.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(pathlib.Path(__file__).parent.glob("*.py")):
            archive.write(file, f"mhpipe_spark/{file.name}")
    return str(path)
