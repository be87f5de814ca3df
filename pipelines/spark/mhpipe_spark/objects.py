"""Parts that are objects of a bucket, which mhpipe writes and lists: what is there before a job, and whether all is there behind it."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator

from . import listing
from .failure import Failure, mistake
from .job import Job, Sink
from .pipeline import Pipeline, escaped
from .planning import Plan, Task
from .units import Unit
from .worker import done_record


def check_empty(read: Pipeline, job: Job, mhpipe: str) -> None:
    """Refuses a prefix that holds something already, since nobody could tell it from the parts."""
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        for sink in of_objects(job):
            source = {"type": "s3", "url": escaped(f"{sink.place}/"), **read.reaching(sink)}
            listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory)
            first = next(iter(listed.units()), None)
            others = [line for line in listed.said if " of other kinds" in line]
            if first is not None or others or listed.code != 0:
                what = first.name.decode(errors="replace") if first is not None else "\n".join(others or listed.said)
                raise mistake(f"sink '{sink.name}': there is something below '{sink.place}/' already: {what}")


def check(plan: Plan, read: Pipeline, job: Job, mhpipe: str) -> None:
    """Looks at all parts of all tasks that are objects; the tasks of those that are not there as written are to be done again."""
    for sink in of_objects(job):
        missing: dict[str, list[str]] = {}
        with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
            path = f"{folder}/parts.txt"
            with open(path, "wb") as file:
                for _, unit in parts(plan, sink, job):
                    file.write(unit.line)
            source = {"type": "list", "path": path, **read.reaching(sink)}
            listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory)
            for task, unit in lost(parts(plan, sink, job), listed.units()):
                missing.setdefault(task.name, []).append(unit.name.decode())
                job.done(task.name, task.number).unlink(missing_ok=True)
        if missing:
            (job.output / "_SUCCESS").unlink(missing_ok=True)
            names = [name for names in missing.values() for name in names]
            raise Failure(
                f"{len(names)} objects of sink '{sink.name}' are not there as they were written, such as {names[0]}:\n"
                + "\n".join(line for line in listed.said if "s3://" in line)[:2000]
                + "\nthe same command does their tasks again"
            )


def parts(plan: Plan, sink: Sink, job: Job) -> Iterator[tuple[Task, Unit]]:
    for task in plan.tasks():
        for part in (done_record(task, job) or {"parts": []})["parts"]:
            if part["sink"] == sink.name:
                yield task, Unit(os.fsencode(part["path"]), part["bytes"])


def lost(written: Iterable[tuple[Task, Unit]], there: Iterator[Unit]) -> Iterator[tuple[Task, Unit]]:
    """What was written and is not there; what is there comes in the same order."""
    found = next(there, None)
    for task, unit in written:
        if found == unit:
            found = next(there, None)
        else:
            yield task, unit


def mark(read: Pipeline, job: Job, mhpipe: str) -> None:
    """Puts an empty `_SUCCESS` beside the parts, as the last object of the job."""
    for sink in of_objects(job):
        sink_of_mark = {"type": "jsonl", "path": escaped(f"{sink.place}/_SUCCESS"), **read.writing(sink)}
        tree = {"sources": {"none": {"type": "list", "path": os.devnull}}, "sinks": {"mark": sink_of_mark}}
        with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
            path = f"{folder}/mark.conf"
            with open(path, "w", encoding="utf-8") as file:
                json.dump(tree, file, indent=1)
            words = [mhpipe, "run", path, "--quiet", "--progress", "never", "--on-empty", "ignore"]
            result = subprocess.run(
                words, cwd=job.directory, capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL
            )
        if result.returncode != 0:
            raise Failure(f"'{sink.place}/_SUCCESS' cannot be written, and all else is there:\n{result.stderr.strip()}")


def of_objects(job: Job) -> list[Sink]:
    return [sink for sink in job.sinks if sink.place]
