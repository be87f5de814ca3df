"""What a job reads: a folder, a bucket or what a list names; what has told of it, and whether it is the same when the job goes on."""

import argparse
import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from . import listing, units
from .failure import Failure, mistake
from .files import replaced
from .job import Job
from .pipeline import Pipeline
from .planning import Plan, line


def check_apart(given: argparse.Namespace, read: Pipeline, job: Job) -> None:
    """Refuses a folder inside of the one that is read: the next job would take the parts of this one for logs."""
    if is_list(given, read) or read.is_bucket:
        return
    root, output = (os.path.realpath(path) for path in (read.path, job.output))
    below = os.path.relpath(output, root).split(os.sep)
    if below[0] != os.pardir and not read.excluded & {os.fsencode(name) for name in below}:
        raise mistake(f"'{job.output}' is inside of '{read.path}', which the pipeline reads: give a folder elsewhere")


def found(given: argparse.Namespace, read: Pipeline, job: Job, mhpipe: str) -> Iterator[units.Unit]:
    """What there is to read; what has told of it is put down behind the last one."""
    if is_list(given, read):
        digest = hashlib.sha256()
        with list_of(given, read) as lines:
            yield from units.read_list(noted(lines, digest.update))
        told: dict[str, object] = {"sha256": digest.hexdigest()}
    else:
        listed = listing_of(given, read, job, mhpipe)
        yield from listed.units()
        told = listed.record
    with replaced(job.listing) as file:
        file.write(line(told))


def is_list(given: argparse.Namespace, read: Pipeline) -> bool:
    return given.list is not None or read.source["type"] == "list"


@contextlib.contextmanager
def list_of(given: argparse.Namespace, read: Pipeline) -> Iterator[BinaryIO]:
    path = given.list or read.path
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(path, "rb") as lines:
            yield lines
    except OSError as error:
        raise Failure(f"cannot read '{path}': {error.strerror}") from error


def noted(lines: Iterable[bytes], take: Callable[[bytes], None]) -> Iterator[bytes]:
    for text in lines:
        take(text)
        yield text


def check_list(given: argparse.Namespace, read: Pipeline, job: Job) -> None:
    """Refuses another list than the one that the plan was made from; none at all is taken for going on with that plan."""
    path = given.list or read.path
    if not is_list(given, read) or path != "-" and not os.path.exists(path):
        return
    digest, count = hashlib.sha256(), 0
    with list_of(given, read) as lines:
        for text in lines:
            digest.update(text)
            count += 1
    if count and digest.hexdigest() != json.loads(job.listing.read_bytes())["sha256"]:
        name = "standard input" if path == "-" else f"'{path}'"
        raise mistake(
            f"{name} is another list than the one that the job in '{job.output}' was begun with, which '{job.own}/lists' has: give another"
            " folder for another list, or, to go on with the job, no list at its place (< /dev/null)"
        )


def listing_of(
    given: argparse.Namespace, read: Pipeline, job: Job, mhpipe: str
) -> listing.Listing | listing.FolderListing:
    if read.is_bucket:
        return listing.of_pipeline(mhpipe, given.pipeline, given.set, job.directory)
    return listing.FolderListing(os.fsencode(read.path.rstrip("/") or "/"), read.excluded)


def look_again(
    given: argparse.Namespace, read: Pipeline, job: Job, begun: Plan, mhpipe: str
) -> dict[str, object] | None:
    """What the listing for the plan has told, and what the input has and has not any more when all tasks are done."""
    if is_list(given, read):
        return None
    told = json.loads(job.listing.read_bytes())
    again = listing_of(given, read, job, mhpipe)
    changes = listing.changes(begun.units(), again.units())
    return {**told, **(changes.record if again.is_whole else changes.record_of_some), "again": again.record}
