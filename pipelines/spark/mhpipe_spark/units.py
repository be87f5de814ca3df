"""What there is to read: files with their sizes, as a stream, so that a trail of any size fits into memory."""

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .failure import Failure, mistake

# As source `directory` of mhpipe takes them.
ENDINGS = tuple(form + packed for form in (b".json", b".jsonl", b".ndjson") for packed in (b"", b".gz", b".zst"))


class Unit(NamedTuple):
    """A file or an object. A path that holds the end of a line cannot stand in a list."""

    name: bytes
    size: int

    @property
    def line(self) -> bytes:
        return b"%s\t%d\n" % (self.name, self.size)


def walk(folder: bytes, excluded: frozenset[bytes] = frozenset()) -> Iterator[Unit]:
    """The log files below a folder in the order of their paths; one folder's names are in memory at a time, and those
    on the way to it. Folders whose names are excluded are not opened; links to folders are not followed."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name + (b"/" if is_folder(entry) else b""))
    except OSError as error:
        raise Failure(f"cannot list '{os.fsdecode(folder)}': {error.strerror}") from error
    for entry in found:
        if is_folder(entry):
            if entry.name not in excluded:
                yield from walk(entry.path, excluded)
        elif entry.name.lower().endswith(ENDINGS):
            yield Unit(listable(entry.path), size(entry))


def is_folder(entry: os.DirEntry[bytes]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def size(entry: os.DirEntry[bytes]) -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:
        # A link that leads nowhere: the task that is given it tells of it.
        return 0
    except OSError as error:
        raise Failure(f"cannot look at '{os.fsdecode(entry.path)}': {error.strerror}") from error


def listable(path: bytes) -> bytes:
    if b"\n" in path:
        raise Failure(f"{os.fsdecode(path)!r} has the end of a line in its name, and cannot stand in a list: rename it")
    return path


def read_list(lines: Iterable[bytes]) -> Iterator[Unit]:
    """The units of a list: a path or s3:// address and, behind a tab, the size in bytes on each line."""
    for number, line in enumerate(lines, 1):
        line = line.rstrip(b"\n")
        if not line:
            continue
        name, tab, digits = line.rpartition(b"\t")
        if not tab or not name or not digits.isdigit():
            raise mistake(f"line {number} of the list needs a path, a tab and a size in bytes: {os.fsdecode(line)!r}")
        yield Unit(name, int(digits))
