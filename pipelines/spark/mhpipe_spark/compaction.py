"""Puts parts together to files of a size, when all tasks are done: byte behind byte, since what is compressed may be as well.

`_mhpipe/compaction.jsonl` says which parts become which file. It is written once, and from then on no task is done again. A file has its
name when it is whole, and then a record; the parts go when all files have theirs. So it can end anywhere, and goes on there.
"""

import hashlib
import json
import os
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from .failure import Failure
from .files import replaced, sync_folder
from .job import Job, Sink
from .outputs import hashed
from .packing import Packing
from .planning import line
from .sinks import FILES
from .worker import Again, size


@dataclass(frozen=True)
class Group:
    """Parts that follow each other, and the file that they become."""

    number: int
    sink: str
    path: str
    header: str
    """The file below the job's folder that holds the line of column names, or nothing."""
    parts: tuple[dict[str, object], ...]

    @property
    def rows(self) -> int:
        return sum(part["rows"] for part in self.parts)

    @property
    def digest(self) -> str:
        return hashlib.sha256(line(asdict(self))).hexdigest()


def groups(done: Iterable[dict[str, object]], sinks: Iterable[Sink], most_bytes: int) -> Iterator[Group]:
    """The files that the parts of all tasks become; those of SQLite and Parquet stay as they are."""
    kinds = {sink.name: sink for sink in sinks if sink.kind in FILES}
    packings: dict[tuple[str, str], Packing[dict[str, object]]] = {}
    counts: dict[tuple[str, str], int] = {}
    number = 0

    def group(key: tuple[str, str], parts: list[dict[str, object]]) -> Group:
        sink = kinds[key[0]]
        count = counts.get(key, 0)
        counts[key] = count + 1
        header = header_path(sink) if sink.has_header else ""
        return Group(number, sink.name, f"{key[1]}data-{count:05d}{sink.endings}", header, tuple(parts))

    for record in done:
        for part in record["parts"]:
            if part["sink"] not in kinds:
                continue
            # Rotated parts have a number of their own behind that of the task.
            key = (part["sink"], part["path"][: part["path"].rindex(record["part"])])
            packing = packings.setdefault(key, Packing(most_bytes))
            if full := packing.add(part, part["bytes"]):
                yield group(key, full)
                number += 1
    for key, packing in packings.items():
        yield group(key, packing.items)
        number += 1


def header_path(sink: Sink) -> str:
    return f"_mhpipe/headers/{sink.name}{sink.endings}"


class Compaction:
    """The groups of a job on disk."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.path = job.own / "compaction.jsonl"

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def write(self, found: Iterable[Group]) -> None:
        with replaced(self.path) as file:
            for group in found:
                file.write(line(asdict(group)))

    def groups(self) -> Iterator[Group]:
        with open(self.path, "rb") as lines:
            for text in lines:
                value = json.loads(text)
                yield Group(**{**value, "parts": tuple(value["parts"])})

    def pending(self) -> list[Group]:
        return [group for group in self.groups() if group_record(group, self.job) is None]

    def remove_parts(self) -> None:
        """Removes what stands in the files by now, after a last look at these."""
        for group in self.groups():
            if group_record(group, self.job) is None:
                raise Failure(f"'{group.path}' is not there although it was made: something else has changed '{self.job.output}'")
        folders = set()
        for group in self.groups():
            for part in group.parts:
                path = self.job.output / part["path"]
                path.unlink(missing_ok=True)
                folders.add(path.parent)
        for folder in folders:
            sync_folder(folder)


def run_groups(found: Iterator[Group], job: Job) -> Iterator[tuple[int, str]]:
    """Makes files of groups; gives for each its number and, where another attempt would not help, why it cannot be made."""
    for group in found:
        yield group.number, compact(group, job)


def compact(group: Group, job: Job) -> str:
    """Makes one file; why it cannot be made, or nothing. Parts stay, for another attempt may be reading them."""
    if group_record(group, job) is not None:
        return ""
    try:
        is_renamed = len(group.parts) == 1 and not group.header
        digest, written = renamed(group, job) if is_renamed else joined(group, job)
        with replaced(record_path(group, job)) as file:
            value = {
                "sink": group.sink, "path": group.path, "bytes": written, "rows": group.rows, "sha256": digest, "group": group.digest,
            }  # fmt: skip
            file.write(line(value))
    except Failure as failure:
        return str(failure)
    except OSError as error:
        raise Again(f"cannot put '{group.path}' together: {error}") from error
    return ""


def renamed(group: Group, job: Job) -> tuple[str, int]:
    [part] = group.parts
    source, target = job.output / part["path"], job.output / group.path
    try:
        check_part(part, *hashed(source))
        os.rename(source, target)
    except FileNotFoundError:
        # Another attempt may have renamed it.
        try:
            check_part(part, *hashed(target))
        except FileNotFoundError:
            raise gone(part, job) from None
    sync_folder(target.parent)
    return part["sha256"], part["bytes"]


def joined(group: Group, job: Job) -> tuple[str, int]:
    digest, written = hashlib.sha256(), 0
    with replaced(job.output / group.path) as file:
        if group.header:
            text = (job.output / group.header).read_bytes()
            digest.update(text)
            written += file.write(text)
        for part in group.parts:
            try:
                own, size_of_part = hashed(job.output / part["path"], digest.update, file.write)
            except FileNotFoundError:
                raise gone(part, job) from None
            check_part(part, own, size_of_part)
            written += size_of_part
    return digest.hexdigest(), written


def check_part(part: dict[str, object], digest: str, size: int) -> None:
    if (digest, size) != (part["sha256"], part["bytes"]):
        raise Failure(f"'{part['path']}' is not as it was written: its SHA-256 is {digest}, not {part['sha256']}")


def gone(part: dict[str, object], job: Job) -> Failure:
    return Failure(
        f"'{part['path']}' is gone, and is in no file yet: something else has changed '{job.output}'. Run the job into another folder"
    )


def record_path(group: Group, job: Job) -> pathlib.Path:
    return job.own / "compacted" / f"{group.number // 1000:05d}" / f"data-{group.number:05d}.json"


def group_record(group: Group, job: Job) -> dict[str, object] | None:
    """What an earlier attempt has put down, when the file is there."""
    try:
        found = json.loads(record_path(group, job).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    is_there = found["group"] == group.digest and size(job.output / group.path) == found["bytes"]
    return found if is_there else None
