"""What a task has written: its files with their hashes and rows, as mhpipe and parquet_sink.py have put them down."""

import base64
import hashlib
import json
import os
import pathlib
from collections.abc import Callable

from .dividing import divide
from .files import sync_folder
from .job import Job, Sink

BLOCK = 1 << 20


class Incomplete(Exception):
    """The child has ended well, and does not say what it wrote."""


def committed(job: Job, name: str, manifest: pathlib.Path, staging: pathlib.Path) -> tuple[list[dict[str, object]], int]:
    """The files of all sinks, those of Parquet put in their places before, and the bytes in the quarantine."""
    found = outputs(manifest)
    # A sink may be called so too, and then its files and this one are of one stage.
    quarantine = str(job.quarantine(name))
    parts: list[dict[str, object]] = []
    for sink in job.sinks:
        if sink.kind == "parquet":
            parts += put_in_place(job, sink, staging / sink.name)
            continue
        if sink.kind == "keyed":
            parts += divide(job, sink, staging / sink.name, name)
            continue
        for line in found.get(sink.name, ()):
            path = path_of(line)
            if path != quarantine:
                below = path if sink.place else str(pathlib.Path(path).relative_to(job.output))
                parts.append(part(sink, below, line["bytes"], line["rows"], line["sha256"]))
    return parts, sum(line["bytes"] for line in found.get("quarantine", ()) if path_of(line) == quarantine)


def part(sink: Sink, below: str, size: int, rows: int | None, digest: str) -> dict[str, object]:
    return {"sink": sink.name, "path": below, "bytes": size, "rows": rows, "sha256": digest}


def outputs(manifest: pathlib.Path) -> dict[str, list[dict]]:
    """The outputs in a manifest of mhpipe, by stage."""
    found: dict[str, list[dict]] = {}
    last: dict = {}
    try:
        with open(manifest, "rb") as lines:
            for text in lines:
                # There may be as many inputs as a task has files.
                if text.startswith(b'{"type":"input"'):
                    continue
                last = json.loads(text)
                if last["type"] == "output":
                    found.setdefault(last["stage"], []).append(last)
    except (OSError, ValueError, KeyError) as error:
        raise Incomplete(f"its manifest cannot be read: {error}") from error
    if last.get("type") != "end" or not last["committed"]:
        raise Incomplete("its manifest does not say that the outputs are in their places")
    return found


def path_of(line: dict) -> str:
    return os.fsdecode(base64.b64decode(line["pathBase64"])) if line.get("pathBase64") else line["path"]


def put_in_place(job: Job, sink: Sink, staging: pathlib.Path) -> list[dict[str, object]]:
    """Gives the files that parquet_sink.py has made in a folder of the attempt their names among those of the other tasks.

    The names follow from the task alone, so another attempt puts the same files in the same places.
    """
    try:
        with open(staging / "_files.jsonl", "rb") as lines:
            listed = [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise Incomplete(f"sink '{sink.name}' does not say what it wrote: {error}") from error
    root = job.output / sink.name
    parts, folders = [], {root}
    for entry in listed:
        source, final = staging / entry["path"], root / entry["path"]
        digest, size = hashed(source)
        final.parent.mkdir(parents=True, exist_ok=True)
        os.rename(source, final)
        folders.update(folder for folder in final.parents if root in folder.parents)
        parts.append(part(sink, str(final.relative_to(job.output)), size, entry["rows"], digest))
    for folder in folders:
        sync_folder(folder)
    return parts


def hashed(path: pathlib.Path, *takers: Callable[[bytes], object]) -> tuple[str, int]:
    """The SHA-256 and the size of a file, each block of which is given to takers as well."""
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            for take in takers:
                take(block)
            size += len(block)
    return digest.hexdigest(), size
