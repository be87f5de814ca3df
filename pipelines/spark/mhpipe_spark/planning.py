"""Packs units into tasks, in their order, so that the parts in the order of their numbers are in the order of the input."""

import hashlib
import json
import os
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from .files import replaced, sync_folder
from .packing import Packing
from .units import Unit, read_list


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


def task_of(number: int, lines: list[bytes], size: int) -> tuple[Task, bytes]:
    """The task of some units, by their lines and the bytes of all, and its list."""
    text = b"".join(lines)
    return Task(number, len(lines), size, hashlib.sha256(text).hexdigest()), text


def pack(units: Iterable[Unit], most_bytes: int, most_units: int) -> Iterator[tuple[Task, bytes]]:
    """The tasks with their lists. A unit that is larger than a task may be has one of its own."""
    # Lines alone, which take less memory than units.
    packing: Packing[bytes] = Packing(most_bytes, most_units)
    number = 0
    for unit in units:
        size = packing.bytes
        if full := packing.add(unit.line, unit.size):
            yield task_of(number, full, size)
            number += 1
    if packing.items:
        yield task_of(number, packing.items, packing.bytes)


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

    def units(self) -> Iterator[Unit]:
        """All that the tasks read, in order."""
        for task in self.tasks():
            with open(self.list_path(task.number), "rb") as lines:
                yield from read_list(lines)


def line(value: dict[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True).encode() + b"\n"


