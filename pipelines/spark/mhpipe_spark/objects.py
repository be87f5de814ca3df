"""Parts that are objects of a bucket, which mhpipe writes and lists: what is there before a job, and whether all is there behind it."""

import contextlib
import heapq
import itertools
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
from .units import Unit, read_list
from .worker import done_record

# Some 200 bytes each; of a hundred million objects, as many files are open as mergers take.
MOST_HELD = 250_000
MOST_NAMED = 5


def check_empty(read: Pipeline, job: Job, mhpipe: str) -> None:
    """Refuses a prefix that holds something already, since nobody could tell it from the parts."""
    for sink in of_objects(job):
        with listed_below(sink, read, job, mhpipe) as listed:
            first = next(iter(listed.units()), None)
        if first is not None or listed.code != 0:
            what = first.name.decode(errors="replace") if first is not None else "\n".join(listed.said)
            raise mistake(f"sink '{sink.name}': there is something below '{sink.place}/' already: {what}")


@contextlib.contextmanager
def listed_below(sink: Sink, read: Pipeline, job: Job, mhpipe: str) -> Iterator[listing.Listing]:
    """All that is below the address of a sink, whatever it is called; what stands for a folder and holds nothing is left out."""
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        source = {"type": "s3", "url": escaped(f"{sink.place}/"), **read.reaching(sink)}
        yield listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory, f"'{sink.place}/'", "--others")


def check(plan: Plan, read: Pipeline, job: Job, first: Job | None, mhpipe: str) -> list[str]:
    """Looks at all parts of all tasks that are objects; the tasks of those that are not there as written are to be done again.

    A record is taken away only when the bucket has answered for every object of the sink, and something makes it again. What stands
    beside the parts of each sink comes back, in words.
    """
    strangers: list[str] = []
    for sink in of_objects(job):
        # It comes first, since a bucket that is not there has none of the objects as well.
        strangers += beside(plan, sink, read, job, mhpipe)
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
            withdraw(read, job, mhpipe)
            said = f"{count} objects of sink '{sink.name}' are not there as they were written, such as {example}\n"
            if first is not None and not (first.own / "events").exists():
                raise Failure(
                    f"{said}'{first.own / 'events'}', from which they would be made again, is gone as well, as it is when a job is done."
                    " Run the job into another folder"
                )
            for number, name in tasks.items():
                job.done(name, number).unlink(missing_ok=True)
            raise Failure(f"{said}the same command does their tasks again")
    return strangers


def beside(plan: Plan, sink: Sink, read: Pipeline, job: Job, mhpipe: str) -> list[str]:
    """What is below the address of a sink and no part of the job."""
    place = f"{sink.place}/"
    below = [other for other in of_objects(job) if f"{other.place}/".startswith(place)]
    marks = {mark_of(other).encode() for other in below}
    with listed_below(sink, read, job, mhpipe) as listed:
        known = ordered(unit for other in below for _, unit in parts(plan, other, job))
        found = listing.changes(known, (unit for unit in listed.units() if unit.name not in marks))
    if listed.told["refused"]:
        told = "\n".join(listed.told["refused"])
        raise Failure(
            f"what is below '{place}' cannot be told from the parts of the job:\n{told}"
            "\nwhat is done is kept: give the same command again when all of it can be listed"
        )
    if not found.is_whole:
        return [f"what is below '{place}' differs too much from the parts of the job for all of it to be told"]
    if not found.appeared:
        return []
    count = found.appeared
    return [
        f"{count} object{'' if count == 1 else 's'} below '{place}' {'is' if count == 1 else 'are'} none of the job's, such as "
        + ", ".join(found.names["appeared"][:MOST_NAMED])
    ]


def ordered(units: Iterator[Unit], most_held: int = MOST_HELD) -> Iterator[Unit]:
    """Units by the bytes of their names, as a bucket is listed; what does not fit into memory waits in files."""
    with contextlib.ExitStack() as held:
        runs = []
        while some := sorted(itertools.islice(units, most_held)):
            file = held.enter_context(tempfile.TemporaryFile())
            file.writelines(unit.line for unit in some)
            file.seek(0)
            runs.append(read_list(file))
        yield from heapq.merge(*runs)


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
        write_mark(sink, read, job, mhpipe, "write", "cannot be written, and all else is there")


def withdraw(read: Pipeline, job: Job, mhpipe: str) -> None:
    """Takes away each `_SUCCESS` of a job that is not whole any more.

    Raises `Failure` where one stays, for whoever reads the objects would take them for all that there are.
    """
    (job.output / "_SUCCESS").unlink(missing_ok=True)
    for sink in of_objects(job):
        write_mark(sink, read, job, mhpipe, "remove", "cannot be removed, and says of the objects beside it that they are all there")


def write_mark(sink: Sink, read: Pipeline, job: Job, mhpipe: str, when_empty: str, otherwise: str) -> None:
    sink_of_mark = {"type": "jsonl", "path": escaped(mark_of(sink)), "when_empty": when_empty, **read.writing(sink)}
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
        raise Failure(f"'{mark_of(sink)}' {otherwise}:\n{result.stderr.strip()}")


def mark_of(sink: Sink) -> str:
    return f"{sink.place}/_SUCCESS"


def of_objects(job: Job) -> list[Sink]:
    return [sink for sink in job.sinks if sink.place]
