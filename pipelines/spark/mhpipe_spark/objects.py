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
            listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory, f"'{sink.place}/'")
            first = next(iter(listed.units()), None)
            others = [line for line in listed.said if " of other kinds" in line]
            if first is not None or others or listed.code != 0:
                what = first.name.decode(errors="replace") if first is not None else "\n".join(others or listed.said)
                raise mistake(f"sink '{sink.name}': there is something below '{sink.place}/' already: {what}")


def check(plan: Plan, read: Pipeline, job: Job, first: Job | None, mhpipe: str) -> None:
    """Looks at all parts of all tasks that are objects; the tasks of those that are not there as written are to be done again.

    A record is taken away only when the bucket has answered for every object of the sink, and something makes it again.
    """
    for sink in of_objects(job):
        with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
            path = f"{folder}/parts.txt"
            with open(path, "wb") as file:
                for _, unit in parts(plan, sink, job):
                    # Without the size, so that what is there comes with its own.
                    file.write(unit.name + b"\n")
            source = {"type": "list", "path": path, **read.reaching(sink)}
            listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory, f"what sink '{sink.name}' wrote")
            count, example, tasks = 0, "", {}
            for task, unit, why in lost(sink.name, parts(plan, sink, job), listed):
                count, example = count + 1, example or f"{os.fsdecode(unit.name)}: {why}"
                tasks[task.number] = task.name
        if count:
            (job.output / "_SUCCESS").unlink(missing_ok=True)
            said = f"{count} objects of sink '{sink.name}' are not there as they were written, such as {example}\n"
            if first is not None and not (first.own / "events").exists():
                raise Failure(
                    f"{said}'{first.own / 'events'}', from which they would be made again, is gone as well, as it is when a job is done."
                    " Run the job into another folder"
                )
            for number, name in tasks.items():
                job.done(name, number).unlink(missing_ok=True)
            raise Failure(f"{said}the same command does their tasks again")


def parts(plan: Plan, sink: Sink, job: Job) -> Iterator[tuple[Task, Unit]]:
    for task in plan.tasks():
        for part in (done_record(task, job) or {"parts": []})["parts"]:
            if part["sink"] == sink.name:
                yield task, Unit(os.fsencode(part["path"]), part["bytes"])


def lost(sink: str, written: Iterable[tuple[Task, Unit]], listed: listing.Listing) -> Iterator[tuple[Task, Unit, str]]:
    """What was written and is not there, or has another size, and what the bucket says of it; what is there comes in the same order.

    Raises `Failure` behind the last one when the bucket has said anything else of one: nobody knows what is there then.
    """
    there = listed.units()
    found = next(there, None)
    absent, example = 0, ""
    for task, unit in written:
        if found is None or found.name != unit.name:
            absent, example = absent + 1, example or os.fsdecode(unit.name)
            yield task, unit, "it is gone"
            continue
        if found.size != unit.size:
            yield task, unit, f"it has {found.size} bytes, and {unit.size} were written"
        found = next(there, None)
    for _ in there:
        pass
    if absent != listed.gone:
        told = "\n".join(listed.told["refused"] + listed.told["archived"]) or f"{example}: mhpipe list says nothing of it"
        raise Failure(
            f"of {absent} objects of sink '{sink}', the bucket does not say whether they are there as they were written, such as {example}:\n"
            f"{told}\nwhat is done is kept: give the same command again when they can be looked at (by s3:GetObject and s3:ListBucket, the"
            " right credentials and keys; an archived object when it is restored)"
        )


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
