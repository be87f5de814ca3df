"""Parts that are objects of a bucket, which mhpipe writes and lists: what is there before a job, and whether all is there behind it."""

import contextlib
import heapq
import itertools
import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import listing
from .failure import Failure, mistake
from .job import Job, Sink
from .pipeline import Pipeline, escaped
from .planning import Plan, Task
from .units import ENDINGS, Unit, read_list
from .worker import done_record

# Some 200 bytes each; of a hundred million objects, as many files are open as mergers take.
MOST_HELD = 250_000


def check_empty(read: Pipeline, job: Job, mhpipe: str) -> None:
    """Refuses a prefix that holds something already, since nobody could tell it from the parts."""
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        for sink in of_objects(job):
            source = {"type": "s3", "url": escaped(f"{sink.place}/"), **read.reaching(sink)}
            listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory, f"'{sink.place}/'")
            first = next(iter(listed.units()), None)
            if first is not None or listed.others or listed.code != 0:
                what = first.name.decode(errors="replace") if first is not None else "\n".join(listed.said)
                raise mistake(f"sink '{sink.name}': there is something below '{sink.place}/' already: {what}")


@dataclass
class Beside:
    """What is below the addresses of sinks and no part of the job."""

    strangers: list[str] = field(default_factory=list)
    """In words, by name where it has the name of a log, which mhpipe lists, else how many there are."""
    notes: list[str] = field(default_factory=list)
    """What could not be looked at."""


def check(plan: Plan, read: Pipeline, job: Job, first: Job | None, mhpipe: str) -> Beside:
    """Looks at all parts of all tasks that are objects; the tasks of those that are not there as written are to be done again.

    A record is taken away only when the bucket has answered for every object of the sink, and something makes it again. What stands
    beside the parts of each sink comes back.
    """
    found = Beside()
    for sink in of_objects(job):
        # It comes first, since a bucket that is not there has none of the objects as well.
        passed_over = look_beside(plan, sink, read, job, mhpipe, found)
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
        if passed_over:
            found.notes.append(
                f"mhpipe passes {passed_over} of the job's objects over when it lists '{sink.place}/', since their folders are those of"
                " other logs than CloudTrail's: whether something else stands beside those was not looked at"
            )
    return found


def look_beside(plan: Plan, sink: Sink, read: Pipeline, job: Job, mhpipe: str, beside: Beside) -> int:
    """Lists what is below the address of a sink; how many of its parts are not in that listing, which are lost or passed over."""
    place = f"{sink.place}/"
    below = [other for other in of_objects(job) if f"{other.place}/".startswith(place)]
    others = 0

    def known() -> Iterator[Unit]:
        nonlocal others
        for other in below:
            for _, unit in parts(plan, other, job):
                if unit.name.lower().endswith(ENDINGS):
                    yield unit
                else:
                    others += 1

    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        source = {"type": "s3", "url": escaped(place), **read.reaching(sink)}
        listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory, f"'{place}'")
        found = listing.changes(ordered(known()), listed.units())
        if listed.told["refused"]:
            told = "\n".join(listed.told["refused"])
            raise Failure(
                f"what is below '{place}' cannot be told from the parts of the job:\n{told}"
                "\nwhat is done is kept: give the same command again when all of it can be listed"
            )
        marks = present([f"{other.place}/_SUCCESS" for other in below], sink, read, job, mhpipe) if listed.others > others else 0
    if not found.is_whole:
        beside.strangers.append(f"what is below '{place}' differs too much from the parts of the job for all of it to be told")
        return 0
    if found.appeared:
        beside.strangers.append(f"{below_place(found.appeared, place)}, such as {found.names['appeared'][0]}")
    surplus = listed.others - others - marks
    if surplus > 0:
        command = f"aws s3 ls --recursive {shlex.quote(place)}"
        beside.strangers.append(f"{below_place(surplus, place)}: `{command}` lists it among the others")
    return found.gone + max(0, -surplus)


def below_place(count: int, place: str) -> str:
    return f"{count} object{'' if count == 1 else 's'} below '{place}' {'is' if count == 1 else 'are'} none of the job's"


def present(names: list[str], sink: Sink, read: Pipeline, job: Job, mhpipe: str) -> int:
    """How many of some objects are there."""
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        path = f"{folder}/names.txt"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in names)
        source = {"type": "list", "path": path, **read.reaching(sink)}
        listed = listing.of_source(mhpipe, source, f"{folder}/list.conf", job.directory, f"'{names[0]}'")
        count = sum(1 for _ in listed.units())
    if count + listed.gone != len(names):
        told = "\n".join(listed.told["refused"] + listed.told["archived"])
        raise Failure(f"'{names[0]}' cannot be looked at:\n{told}\nwhat is done is kept: the same command looks again")
    return count


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
