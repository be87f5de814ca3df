"""Packs units into tasks, in their order, so that the parts in the order of their numbers are in the order of the input."""

import hashlib
import json
import os
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from .files import replaced, sync_folder
from .units import Unit


@dataclass(frozen=True)
class Task:
    """A list of units, which stands in a file of its own; its digest tells one plan's list from another's."""

    number: int
    units: int
    bytes: int
    digest: str

    @property
    def name(self) -> str:
        return part_name(self.number)


def part_name(number: int) -> str:
    return f"part-{number:05d}"


class Packing:
    """Collects the lines of one task; what it holds is bounded by the units that a task may have."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lines: list[bytes] = []
        self.bytes = 0

    def add(self, unit: Unit) -> None:
        self.lines.append(unit.line)
        self.bytes += unit.size

    def is_full(self, unit: Unit, most_bytes: int, most_units: int) -> bool:
        return bool(self.lines) and (self.bytes + unit.size > most_bytes or len(self.lines) >= most_units)

    def task(self) -> tuple[Task, bytes]:
        text = b"".join(self.lines)
        digest = hashlib.sha256(text).hexdigest()
        return Task(self.number, len(self.lines), self.bytes, digest), text


def pack(units: Iterable[Unit], most_bytes: int, most_units: int) -> Iterator[tuple[Task, bytes]]:
    """The tasks with their lists. A unit that is larger than a task may be has one of its own."""
    packing = Packing(0)
    for unit in units:
        if packing.is_full(unit, most_bytes, most_units):
            yield packing.task()
            packing = Packing(packing.number + 1)
        packing.add(unit)
    if packing.lines:
        yield packing.task()


class Plan:
    """The tasks of a job on disk: `plan.jsonl`, written last, and the list of each task in `lists`.

    A plan that is there is kept: what a part holds is fixed by it, however often the driver begins anew.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.path = folder / "plan.jsonl"

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def list_path(self, number: int) -> pathlib.Path:
        # A folder of a million files is slow to list.
        return self.folder / "lists" / f"{number // 1000:05d}" / f"{part_name(number)}.txt"

    def write(self, identity: dict[str, object], tasks: Iterable[tuple[Task, bytes]]) -> None:
        """Writes the lists, and then the plan under its name."""
        with replaced(self.path) as plan:
            plan.write(line(identity))
            for task, text in tasks:
                path = self.list_path(task.number)
                if task.number % 1000 == 0:
                    path.parent.mkdir(parents=True, exist_ok=True)
                with open(path, "wb") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                if task.number % 1000 == 999:
                    sync_folder(path.parent)
                plan.write(line(asdict(task)))

    def identity(self) -> dict[str, object]:
        with open(self.path, "rb") as lines:
            return json.loads(next(lines))

    def tasks(self) -> Iterator[Task]:
        with open(self.path, "rb") as lines:
            next(lines)
            for text in lines:
                yield Task(**json.loads(text))


def line(value: dict[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True).encode() + b"\n"


