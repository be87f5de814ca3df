"""The first of two stages, for a transform that needs like events in one place: `dedupe`.

Its tasks run what stands before the transform, and divide the events that come out by a hash of its key. What has the same hash, of
all tasks and in the order of the trail, is the list of one task of the second stage, which runs the rest of the pipeline.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

from .accounting import Total
from .failure import Failure
from .job import Job, Keying, Sink
from .planning import Plan, Task, task_of
from .units import Unit, listable
from .worker import done_record

STAGE = "keyed"
SINK = Sink("keyed", ".jsonl.gz", "keyed")
# Each task of the first stage may have a file for each of the second.
MOST_BUCKETS = 200


def first_stage(job: Job) -> Job:
    return replace(job, stage=STAGE, sinks=(SINK,))


def with_keying(first: Job, plan: Plan, by: tuple[str, ...]) -> Job:
    """The first stage with as many buckets as it has tasks."""
    count = sum(1 for _ in plan.tasks())
    return replace(first, keying=Keying(by, max(1, min(count, MOST_BUCKETS))))


def second_lists(plan: Plan, first: Job) -> Iterator[tuple[Task, bytes]]:
    """The tasks of the second stage with their lists, when the first one is done."""
    assert first.keying is not None
    lists: list[list[Unit]] = [[] for _ in range(first.keying.count)]
    for task in plan.tasks():
        done = done_record(task, first)
        if done is None:
            raise Failure(f"{task.name} of the first stage is not there although it ended: something else has changed '{first.output}'")
        for part in done["parts"]:
            path = os.fsencode(first.output / part["path"])
            lists[part["bucket"]].append(Unit(listable(path), part["bytes"]))
    for number, units in enumerate(units for units in lists if units):
        yield task_of(number, [unit.line for unit in units], sum(unit.size for unit in units))


SUMMED = ("eventsMade", "eventsFiltered", "eventsQuarantined", "eventsRejected", "quarantineLeftOut")


def combined(first: Total, last: Total) -> Total:
    """The sums of a job of two stages: files and events in are those of the first, sinks those of the second."""
    if last.counts.get("unreadable", 0) or last.counts.get("filesDamaged", 0):
        raise Failure("the second stage could not read what the first one wrote: something else has changed it. Run the job anew")
    written, read = first.counts.get("eventsKept", 0), last.counts.get("eventsIn", 0)
    if written != read:
        raise Failure(f"the stages do not add up: the first one wrote {written} events, and the second one read {read}")
    total = Total(first.tasks + last.tasks, first.units, dict(first.counts), last.sinks)
    for key in SUMMED:
        total.counts[key] = first.counts.get(key, 0) + last.counts.get(key, 0)
    total.counts["eventsKept"] = last.counts.get("eventsKept", 0)
    total.problems = first.problems + last.problems
    total.more_problems = first.more_problems + last.more_problems
    total.has_problems = first.has_problems or last.has_problems
    for stage in (first, last):
        total.add_warnings(stage.warnings)
    return total
