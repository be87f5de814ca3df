#!/usr/bin/env python3
"""Writes events as Parquet files, partitioned by account, region and day; an exec sink of mhpipe.

Rows are collected for each partition and written as row groups, so memory is bounded by the rows that wait. Files are
written beside their places, with a dot before their names, synced, and renamed when the run commits. Their names are
the run's name and a number, so a second run replaces the files of the first instead of adding to them.
"""

import contextlib
import datetime
import json
import os
import pathlib
import re
import sys

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Exec"))
import mhpipe_exec as mhpipe  # noqa: E402

TEXT = pa.string()
WORD = pa.dictionary(pa.int32(), pa.string())
FLAG = pa.bool_()

# What every CloudTrail record may have. Objects whose shape differs from service to service are JSON text.
COLUMNS = [
    ("eventTime", pa.timestamp("us", "UTC")),
    ("eventVersion", WORD),
    ("eventSource", WORD),
    ("eventName", WORD),
    ("eventType", WORD),
    ("eventCategory", WORD),
    ("eventID", TEXT),
    ("requestID", TEXT),
    ("awsRegion", WORD),
    ("recipientAccountId", WORD),
    ("sourceIPAddress", TEXT),
    ("userAgent", WORD),
    ("readOnly", FLAG),
    ("managementEvent", FLAG),
    ("errorCode", WORD),
    ("errorMessage", TEXT),
    ("userIdentity.type", WORD),
    ("userIdentity.principalId", WORD),
    ("userIdentity.arn", WORD),
    ("userIdentity.accountId", WORD),
    ("userIdentity.accessKeyId", WORD),
    ("userIdentity.userName", WORD),
    ("userIdentity.invokedBy", WORD),
    ("identity.kind", WORD),
    ("identity.actor", WORD),
    ("requestParameters", TEXT),
    ("responseElements", TEXT),
    ("additionalEventData", TEXT),
    ("resources", TEXT),
]
OPTIONS = {
    "path": {"type": "text", "required": True, "help": "The folder of the data set; it is made where it is missing."},
    "name": {"type": "text", "help": "The name of the run in file names; runs of other names leave its files alone."},
    "columns": {"type": "list", "help": "Further field paths to write, as text."},
    "rows": {"type": "integer", "help": "The rows of a partition in a row group; 20000 by default."},
    "compression": {"type": "text", "choices": ["zstd", "snappy", "gzip", "none"], "help": "zstd by default."},
}
UNKNOWN = "unknown"
OPEN_FILES = 200


class Part:
    """One file that is being written, or is whole and waits for its name."""

    def __init__(self, folder, name, schema, compression):
        self.final = folder / name
        self.hidden = folder / f".{name}.{os.getpid()}.part"
        self.writer = pq.ParquetWriter(self.hidden, schema, compression=compression)

    def finish(self):
        if self.writer is not None:
            self.writer.close()
            self.writer = None
            sync(self.hidden)


class ParquetSink:
    def __init__(self, options):
        self.root = pathlib.Path(options["path"])
        self.name = options.get("name", "trail")
        self.limit = options.get("rows", 20_000)
        if self.limit < 1:
            raise mhpipe.Failure("'rows' must be at least 1")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", self.name):
            raise mhpipe.Failure("'name' must be letters, digits, '-' and '_': it begins the names of files")
        self.compression = options.get("compression", "zstd")
        known = [path for path, _ in COLUMNS]
        further = [(path, TEXT) for path in options.get("columns", []) if path not in known]
        self.columns = [(path.split("."), kind) for path, kind in COLUMNS + further]
        self.schema = pa.schema([(path.replace(".", "_"), kind) for path, kind in COLUMNS + further])
        self.rows = {}  # for each partition, the rows that wait
        self.waiting = 0
        self.parts = []
        self.open = {}  # for each partition, the part that takes rows; the one used last stands last
        self.numbers = {}
        self.made = []
        with self._writing():
            self._make(self.root)
            probe = self.root / f".{self.name}.{os.getpid()}.probe"
            probe.touch()
            probe.unlink()

    def write(self, lines):
        for line in lines:
            event = json.loads(line)
            key = partition(event)
            rows = self.rows.setdefault(key, [])
            rows.append([find(event, path) for path, _ in self.columns])
            self.waiting += 1
            if len(rows) >= self.limit:
                self._flush(key)
            elif self.waiting >= 2 * self.limit:
                # Many partitions with few rows each must not add up to a trail in memory.
                self._flush(max(self.rows, key=lambda key: len(self.rows[key])))

    def finish(self):
        for key in list(self.rows):
            self._flush(key)
        with self._writing():
            for part in self.parts:
                part.finish()

    def commit(self):
        """Puts the new files in their places, and removes what an earlier run of this name has left elsewhere."""
        with self._writing():
            current = {part.final for part in self.parts}
            for part in self.parts:
                os.replace(part.hidden, part.final)
            folders = {path.parent for path in current}
            for folder in self.root.glob("account=*/region=*/day=*"):
                for path in list(folder.iterdir()):
                    if path not in current and self._is_ours(path.name):
                        path.unlink()
                        folders.add(folder)
            for folder in folders | {folder.parent for folder in self.made}:
                sync(folder)

    def abort(self):
        for part in self.parts:
            part.hidden.unlink(missing_ok=True)
        for folder in reversed(self.made):
            try:
                folder.rmdir()
            except OSError:
                pass  # another run has put something there

    def _is_ours(self, name):
        """True for a file of a run of this name, and for what one that was killed has left."""
        return re.fullmatch(rf"{re.escape(self.name)}\.[0-9]+\.parquet|\.{re.escape(self.name)}\..*\.part", name)

    def _flush(self, key):
        rows = self.rows.pop(key)
        self.waiting -= len(rows)
        arrays = [column(values, kind) for values, (_, kind) in zip(zip(*rows), self.columns)]
        with self._writing():
            self._part(key).writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def _part(self, key):
        part = self.open.pop(key, None)
        if part is None:
            if len(self.open) >= OPEN_FILES:
                self.open.pop(next(iter(self.open))).finish()
            account, region, day = key
            folder = self.root / f"account={account}" / f"region={region}" / f"day={day}"
            self._make(folder)
            number = self.numbers.get(key, 0)
            self.numbers[key] = number + 1
            part = Part(folder, f"{self.name}.{number:04}.parquet", self.schema, self.compression)
            self.parts.append(part)
        self.open[key] = part
        return part

    def _make(self, folder):
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for folder in reversed(missing):
            folder.mkdir()
            self.made.append(folder)

    @contextlib.contextmanager
    def _writing(self):
        try:
            yield
        except OSError as error:
            raise mhpipe.Failure(f"cannot write '{error.filename or self.root}': {error.strerror or error}")


def partition(event):
    """The account, region and day of an event, as they stand in the names of folders."""
    account = event.get("recipientAccountId") or find(event, ["userIdentity", "accountId"])
    region = event.get("awsRegion")
    time = event.get("eventTime")
    return (
        account if is_word(account) else UNKNOWN,
        region if is_word(region) else UNKNOWN,
        time[:10] if parse_time(time) is not None else UNKNOWN,
    )


def is_word(text):
    """True for what may be the name of a folder as it stands."""
    return isinstance(text, str) and 0 < len(text) <= 64 and all(c.isascii() and (c.isalnum() or c == "-") for c in text)


def find(event, path):
    for key in path:
        event = event.get(key) if isinstance(event, dict) else None
    return event


def column(values, kind):
    """The values of one field as an array of a type; what is of another kind is null, or JSON in a column of text."""
    if pa.types.is_timestamp(kind):
        return pa.array([parse_time(value) for value in values], kind)
    if pa.types.is_boolean(kind):
        return pa.array([value if isinstance(value, bool) else None for value in values], kind)
    texts = [value if value is None or isinstance(value, str) else dump(value) for value in values]
    array = pa.array([clean(text) for text in texts], TEXT)
    return array.dictionary_encode() if pa.types.is_dictionary(kind) else array


def parse_time(text):
    """A time of CloudTrail as microseconds since 1970, or None."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
    return int(time.replace(tzinfo=datetime.timezone.utc).timestamp() * 1_000_000)


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def clean(text):
    """A text that UTF-8 can hold: half of a surrogate pair, which JSON allows, becomes a replacement character."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode() if any("\ud800" <= c <= "\udfff" for c in text) else text


def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    mhpipe.sink("parquet", "1.0", ParquetSink, OPTIONS)
