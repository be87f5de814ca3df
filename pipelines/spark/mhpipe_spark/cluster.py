"""The one place that talks to Spark."""

import os
import pathlib
import tempfile
import zipfile
from functools import partial

from .failure import Failure
from .job import Job
from .planning import Task
from .worker import run_tasks

ATTEMPTS = "4"


def run_on_spark(tasks: list[Task], job: Job, mhpipe: str, master: str | None, settings: list[str]) -> list[str]:
    """Runs tasks, one to a task of Spark; why those cannot be done that no attempt can do."""
    # An empty one is taken for a path.
    if not os.environ.get("SPARK_HOME", "x"):
        del os.environ["SPARK_HOME"]
    try:
        from pyspark import SparkConf, SparkContext
    except ImportError as error:
        raise Failure(f"pyspark is not there ({error}): `pip install pyspark`, or start this with spark-submit") from error
    conf = SparkConf().setAppName("mhpipe").set("spark.task.maxFailures", ATTEMPTS).set("spark.ui.enabled", "false")
    if master:
        conf.setMaster(master)
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign:
            raise Failure(f"--conf needs KEY=VALUE, not '{setting}'", code=2)
        conf.set(key, value)
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        context = SparkContext(conf=conf)
        try:
            context.addPyFile(packed(pathlib.Path(folder)))
            if job.is_sent:
                context.addFile(mhpipe)
            results = context.parallelize(tasks, len(tasks)).mapPartitions(partial(run_tasks, job=job))
            return [why for _, why in results.collect() if why]
        except Exception as error:
            raise Failure(f"Spark has given up: {reason(error)}\nwhat is done is kept: the same command goes on with it") from error
        finally:
            context.stop()


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
