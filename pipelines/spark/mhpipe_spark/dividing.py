"""Divides the events of a task of the first stage among the tasks of the second."""

import contextlib
import gzip
import hashlib
import json
import pathlib
import re
import sys
from collections.abc import Iterator
from typing import Any

from .files import replaced
from .job import Job, Keying, Sink

# mhpipe reads a record of a thousand levels, for which Python's own limit is too low beside the frames that are there already.
MOST_FRAMES = 10_000
LONE = re.compile("[\ud800-\udfff]")


def divide(job: Job, sink: Sink, source: pathlib.Path, name: str) -> list[dict[str, object]]:
    """Divides the events of a task; the files of those buckets that have any."""
    keying = job.keying
    assert keying is not None
    paths = [job.own / "events" / f"{bucket:05d}" / (name + sink.endings) for bucket in range(keying.count)]
    rows = [0] * keying.count
    with deep(), contextlib.ExitStack() as stack:
        writers: dict[int, Any] = {}
        with open(source, "rb") as lines:
            for text in lines:
                bucket = bucket_of(text, keying)
                if bucket not in writers:
                    file = stack.enter_context(replaced(paths[bucket]))
                    # Without a name and a time, so that another attempt writes the same bytes.
                    packed = gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=1, mtime=0)
                    writers[bucket] = stack.enter_context(contextlib.closing(packed))
                writers[bucket].write(text)
                rows[bucket] += 1
    parts: list[dict[str, object]] = []
    for bucket, count in enumerate(rows):
        if count:
            below = str(paths[bucket].relative_to(job.output))
            parts.append({"sink": sink.name, "path": below, "bytes": paths[bucket].stat().st_size, "rows": count, "bucket": bucket})
    return parts


@contextlib.contextmanager
def deep() -> Iterator[None]:
    """Lets JSON be read as deep as mhpipe reads it."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MOST_FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def bucket_of(text: bytes, keying: Keying) -> int:
    """Events that could be copies of each other are in one bucket: the first field is the same. Without it, they are none."""
    # Integers stay texts, since Python refuses to read those of more than 4,300 digits.
    value: Any = json.loads(text.decode(errors="replace"), parse_int=str)
    for key in keying.by:
        value = value.get(key) if isinstance(value, dict) else None
    # Half of a pair stands for nothing, and mhpipe reads U+FFFD in its place, so both are one key.
    word = text if value is None else LONE.sub("\ufffd", json.dumps(value, ensure_ascii=False)).encode()
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "big") % keying.count
