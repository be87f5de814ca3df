"""Adds up what the tasks did, and checks that nothing is lost or doubled."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .failure import Failure
from .job import Job
from .planning import Task
from .worker import done_record

FILES = ("files", "filesLeftOut", "otherFiles", "filesPruned", "unreadable", "filesNotReached", "filesCommitted", "filesChanged")
STAGE = ("eventsOut", "eventsFiltered", "eventsDuplicate", "eventsConsumed", "eventsQuarantined")
MOST_PROBLEMS = 1000


@dataclass
class Total:
    """The sum of the summaries; of files with problems the first thousand."""

    tasks: int = 0
    units: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    sinks: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[dict[str, object]] = field(default_factory=list)
    more_problems: int = 0
    has_problems: bool = False
    warnings: dict[tuple[str, str], int] = field(default_factory=dict)
    """What stages have warned of, by the stage and the message, and in how many tasks; of messages the first thousand."""
    listing: dict[str, object] | None = None
    """What the listing of a folder or a bucket has told, and how that has changed since."""

    def add(self, task: Task, done: dict[str, object]) -> None:
        summary = done["summary"]
        check(task, summary, done["parts"])
        self.tasks += 1
        self.units += task.units
        for key, value in summary.items():
            # Not the form of the summary, its exit code and what is no count.
            if type(value) is int and key not in ("schema", "exitCode", "moreProblemFiles"):
                self.counts[key] = self.counts.get(key, 0) + value
        for stage in summary["stages"]:
            if stage["kind"] == "sink":
                sink = self.sinks.setdefault(stage["name"], {"eventsIn": 0, "eventsOut": 0, "bytesOut": 0})
                for key in sink:
                    sink[key] += stage[key]
        room = MOST_PROBLEMS - len(self.problems)
        self.problems += summary["problemFiles"][:room]
        self.more_problems += summary["moreProblemFiles"] + max(0, len(summary["problemFiles"]) - room)
        self.has_problems = self.has_problems or done["exitCode"] != 0
        self.add_warnings({(warning["stage"], warning["message"]): 1 for warning in summary["warnings"]})

    def add_warnings(self, warnings: dict[tuple[str, str], int]) -> None:
        for warning, tasks in warnings.items():
            if warning in self.warnings or len(self.warnings) < MOST_PROBLEMS:
                self.warnings[warning] = self.warnings.get(warning, 0) + tasks

    def add_listing(self, listed: dict[str, object]) -> None:
        self.listing = listed
        # What tasks are not given, and one machine counts.
        for key in ("filesSeen", "otherFiles"):
            self.counts[key] = self.counts.get(key, 0) + listed["others"]
        self.has_problems = self.has_problems or listed["exitCode"] != 0 or listed["again"]["exitCode"] != 0

    def text(self) -> str:
        value: dict[str, object] = {
            "contract": 1, "tasks": self.tasks, "units": self.units, **self.counts, "sinks": self.sinks,
            "problemFiles": self.problems, "moreProblemFiles": self.more_problems,
            "warnings": [{"stage": stage, "message": text, "tasks": tasks} for (stage, text), tasks in self.warnings.items()],
        }  # fmt: skip
        if self.listing is not None:
            value["listing"] = self.listing
        return json.dumps(value, indent=2, sort_keys=True) + "\n"


def check(task: Task, summary: dict[str, object], parts: list[dict[str, object]]) -> None:
    """The two equations of `docs/run-summary.md`, the plan's, every unit of the list was met, and that of the files: the rows in
    those of a sink are the events that it wrote."""
    equations = [
        ("the files of the list", task.units, summary["filesSeen"]),
        ("the files that were seen", summary["filesSeen"], sum(summary[key] for key in FILES)),
        (
            "the events",
            summary["eventsIn"] + summary["eventsMade"],
            summary["eventsKept"] + summary["eventsFiltered"] + summary["eventsQuarantined"],
        ),
    ]
    for stage in summary["stages"]:
        if stage["kind"] != "sink":
            events = stage["eventsIn"] + stage["eventsMade"]
            equations.append((f"the events of '{stage['name']}'", events, sum(stage[key] for key in STAGE)))
        else:
            rows = [part["rows"] for part in parts if part["sink"] == stage["name"]]
            equations.append((f"the events that '{stage['name']}' wrote", stage["eventsOut"], sum(rows)))
    for what, given, found in equations:
        if given != found:
            raise Failure(f"{task.name} does not add up: of {what}, {given} went in, and {found} are accounted for")


def add_up(tasks: Iterable[Task], job: Job, put: Callable[[dict[str, object]], None], is_whole: bool = True) -> Total:
    """The sum over all tasks of a plan, each of which must be done; `put` is given the record of each."""
    total = Total()
    for task in tasks:
        done = done_record(task, job, is_whole)
        if done is None:
            raise Failure(f"{task.name} is not there although its task ended: something else has changed '{job.output}'")
        total.add(task, done)
        put(done)
    return total
