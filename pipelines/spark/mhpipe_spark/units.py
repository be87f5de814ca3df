"""What there is to read: files with their sizes, as a stream, so that a trail of any size fits into memory."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .failure import Failure, mistake

ADDRESS = b"s3://"
ETAG = re.compile(rb'"([!#-~]+)"')
# As source `directory` of mhpipe takes them.
ENDINGS = tuple(form + packed for form in (b".json", b".jsonl", b".ndjson") for packed in (b"", b".gz", b".zst"))


class Unit(NamedTuple):
    """A file or an object. A path that holds the end of a line cannot stand in a list."""

    name: bytes
    size: int
    etag: bytes = b""
    """Of an object, by what it is told from another of its name and size."""

    @property
    def line(self) -> bytes:
        return b'%s\t%d\t"%s"\n' % self if self.etag else b"%s\t%d\n" % self[:2]


@dataclass
class PassedOver:
    """What stands in a folder and is not read."""

    others: int = 0
    """How many files have other endings than logs."""
    links: int = 0
    """How many links lead to folders."""
    names: dict[str, str] = field(default_factory=dict)
    """The first one of each kind."""

    def note(self, kind: str, path: bytes) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.names.setdefault(kind, path.decode(errors="replace"))

    @property
    def words(self) -> list[str]:
        found = []
        if self.others:
            found.append(f"files of other kinds, which are not read: {self.others}, such as {self.names['others']}")
        if self.links:
            found.append(f"links to folders, which are not followed: {self.links}, such as {self.names['links']}")
        return found


def walk(folder: bytes, excluded: frozenset[bytes] = frozenset(), passed: PassedOver | None = None) -> Iterator[Unit]:
    """The log files below a folder in the order of their paths; one folder's names are in memory at a time, and those
    on the way to it. Folders whose names are excluded are not opened; links to folders are not followed."""
    passed = passed or PassedOver()
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name + (b"/" if is_folder(entry) else b""))
    except OSError as error:
        raise Failure(f"cannot list '{os.fsdecode(folder)}': {error.strerror}") from error
    for entry in found:
        if is_folder(entry):
            if entry.name not in excluded:
                yield from walk(entry.path, excluded, passed)
        elif is_link_to_folder(entry):
            passed.note("links", entry.path)
        elif entry.name.lower().endswith(ENDINGS):
            yield Unit(listable(entry.path), size(entry))
        else:
            passed.note("others", entry.path)


def is_folder(entry: os.DirEntry[bytes]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def is_link_to_folder(entry: os.DirEntry[bytes]) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:
        # It leads round in a circle, say: the task that is given it tells of it.
        return False


def size(entry: os.DirEntry[bytes]) -> int:
    try:
        return entry.stat().st_size
    except OSError as error:
        if entry.is_symlink():
            # It leads nowhere: the task that is given it tells of it.
            return 0
        raise Failure(f"cannot look at '{os.fsdecode(entry.path)}': {error.strerror}") from error


def listable(path: bytes) -> bytes:
    if b"\n" in path:
        raise Failure(f"{os.fsdecode(path)!r} has the end of a line in its name, and cannot stand in a list: rename it")
    return path


def read_list(lines: Iterable[bytes]) -> Iterator[Unit]:
    """The units of a list: on each line a path or s3:// address, behind a tab the size in bytes, and behind another one the ETag of
    an object."""
    for number, line in enumerate(lines, 1):
        line = line.rstrip(b"\n")
        if not line:
            continue
        etag = b""
        name, tab, digits = line.rpartition(b"\t")
        if line.startswith(ADDRESS) and (quoted := ETAG.fullmatch(digits)):
            etag = quoted[1]
            name, tab, digits = name.rpartition(b"\t")
        if not tab or not name or not digits.isdigit():
            raise mistake(f"line {number} of the list needs a path, a tab and a size in bytes: {os.fsdecode(line)!r}")
        yield Unit(name, int(digits), etag)
