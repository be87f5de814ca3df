"""What the source of a pipeline would read, as mhpipe lists it: a bucket is listed by what reads it, and not by a second program."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .failure import Failure, mistake
from .units import PassedOver, Unit, read_list, walk
from .worker import described

MOST_LINES = 1000
# What waits to be found in the other list, at about 400 bytes each.
MOST_WAITING = 1_000_000
MOST_NAMES = 10
OTHERS = re.compile(r"mhpipe: [\d,]+ files? listed, .*?, ([\d,]+) of other kinds.*")
# Behind names, in which anything may stand, so one who is not sure takes it for refused.
FORMS = (
    ("gone", re.compile(r"': it is gone: nothing of that name is in bucket '[^']*' any more$")),
    ("archived", re.compile(r"': it is archived \([^']*$|': it is archived \(.*: aws s3api restore-object ")),
)
KINDS = ("appeared", "gone", "changed")


@dataclass
class Listing:
    """One listing, which is whole when its units have come to their end."""

    words: list[str]
    directory: str
    what: str = "the input"
    code: int = 0
    said: list[str] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=lambda: {"gone": [], "archived": [], "refused": []})
    """The first lines that tell of an object or a prefix, by what they say: all that is neither gone nor archived is refused."""
    others: int = 0
    """How many objects it has passed over since their names are not those of logs."""
    gone: int = 0
    """How many objects the bucket says that it has not."""
    is_torn: bool = False
    """Whether it ended in the middle of a line, which says nothing: also what looks like a size may be the half of one."""

    def units(self) -> Iterator[Unit]:
        """The units as they come, so that a trail of any size fits into memory.

        Raises `Failure` when the listing broke off, so that no part of one is taken for the whole.
        """
        with tempfile.TemporaryFile() as errors:
            try:
                child = subprocess.Popen(
                    self.words, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
                )
            except OSError as error:
                raise Failure(f"cannot start '{self.words[0]}': {error.strerror}") from error
            assert child.stdout is not None
            try:
                yield from read_list(self.whole_lines(child.stdout))
                self.code = child.wait()
            finally:
                child.stdout.close()
                if child.poll() is None:
                    child.kill()
                    child.wait()
            errors.seek(0)
            for line in map(os.fsdecode, errors):
                self.hear(line.rstrip("\n"))
        if self.code == 2:
            raise mistake(f"mhpipe refuses to list {self.what}:\n" + "\n".join(self.said))
        if self.code not in (0, 3) or self.is_torn:
            torn = " in the middle of a line" if self.is_torn else ""
            told = "\n".join(self.said[-20:]) or "it said nothing"
            raise Failure(
                f"{self.what} cannot be listed: mhpipe ended with {described(self.code)}{torn}:\n{told}"
                "\nwhat is done is kept: the same command tries again"
            )

    def hear(self, line: str) -> None:
        if len(self.said) < MOST_LINES:
            self.said.append(line)
        if found := OTHERS.fullmatch(line):
            self.others += int(found[1].replace(",", ""))
        if line.startswith("mhpipe: '"):
            kind = next((kind for kind, form in FORMS if form.search(line)), "refused")
            self.gone += kind == "gone"
            if len(self.told[kind]) < MOST_NAMES:
                self.told[kind].append(line)

    def whole_lines(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            if not line.endswith(b"\n"):
                self.is_torn = True
                return
            yield line

    @property
    def is_whole(self) -> bool:
        """Whether what it has not is not there."""
        return not self.told["refused"]

    @property
    def record(self) -> dict[str, object]:
        return {"exitCode": self.code, "said": self.said, "others": self.others}


@dataclass
class FolderListing:
    """The files of a folder; one that cannot be listed as a whole ends the job."""

    folder: bytes
    excluded: frozenset[bytes]
    passed: PassedOver = field(default_factory=PassedOver)
    is_whole = True

    def units(self) -> Iterator[Unit]:
        return walk(self.folder, self.excluded, self.passed)

    @property
    def record(self) -> dict[str, object]:
        return {"exitCode": 0, "said": self.passed.words, "others": self.passed.others, "isFolder": True}


def of_source(mhpipe: str, source: dict[str, object], pipeline: str, directory: str, what: str, *more: str) -> Listing:
    """The listing of a source by itself, whose pipeline is written to a path; more words are for `mhpipe list`."""
    tree = {"sources": {"objects": source}, "sinks": {"none": {"type": "jsonl", "path": os.devnull}}}
    with open(pipeline, "w", encoding="utf-8") as file:
        json.dump(tree, file, indent=1)
    return Listing([mhpipe, "list", *more, pipeline], directory, what)


def of_pipeline(mhpipe: str, path: str, settings: list[str], directory: str) -> Listing:
    return Listing([mhpipe, "list", *(word for text in settings for word in ("--set", text)), path], directory)


@dataclass
class Changes:
    """What another listing has that the plan has not, and the other way round."""

    appeared: int = 0
    gone: int = 0
    changed: int = 0
    names: dict[str, list[str]] = field(default_factory=dict)
    """The first names of each kind."""
    is_whole: bool = True
    """False where there were too many to go on with; then the counts are those up to there."""

    @property
    def record(self) -> dict[str, object]:
        return {"appeared": self.appeared, "gone": self.gone, "changed": self.changed, "names": self.names, "isWhole": self.is_whole}

    @property
    def record_of_some(self) -> dict[str, object]:
        """The same where the other listing was not whole: what it has not may be gone, or stand where nobody could look."""
        names = {"notListedAgain" if kind == "gone" else kind: found for kind, found in self.names.items()}
        return {**self.record, "gone": None, "notListedAgain": self.gone, "names": names}

    def note(self, kind: str, name: bytes) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        names = self.names.setdefault(kind, [])
        if len(names) < MOST_NAMES:
            names.append(name.decode(errors="replace"))


def changes(planned: Iterable[Unit], now: Iterable[Unit], most_waiting: int = MOST_WAITING) -> Changes:
    """Holds two listings against each other that have nearly the same order: what is in memory are their differences.

    Both go on in step, and what one has and the other has not had yet waits.
    """
    found = Changes()
    waiting: tuple[dict[bytes, Unit], dict[bytes, Unit]] = ({}, {})
    both = (iter(planned), iter(now))
    is_open = [True, True]
    while any(is_open):
        for side in (0, 1):
            unit = next(both[side], None) if is_open[side] else None
            if unit is None:
                is_open[side] = False
                continue
            other = waiting[1 - side].pop(unit.name, None)
            if other is None:
                waiting[side][unit.name] = unit
            elif other.size != unit.size or other.etag and unit.etag and other.etag != unit.etag:
                found.note("changed", unit.name)
        if len(waiting[0]) + len(waiting[1]) > most_waiting:
            found.is_whole = False
            return found
    for name in waiting[0]:
        found.note("gone", name)
    for name in waiting[1]:
        found.note("appeared", name)
    return found
