#!/usr/bin/env python3
"""Writes events as Parquet files, partitioned by account, region and day, or as a template says; an exec sink of mhpipe.

Rows are collected for each partition and written as row groups, so memory is bounded by the rows that wait. Files are
written beside their places, with a dot before their names, synced, and renamed when the run commits. Their names are
the run's name and a number, so a second run replaces the files of the first in the partitions that it writes, and no
others; with `append` it takes the next numbers and replaces none. What is to be renamed is written down first, so that the next run can finish it after a kill.
"""

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import pathlib
import platform
import re
import sys

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Exec"))
import mhpipe_exec as mhpipe  # noqa: E402

TEXT = pa.string()
WORD = pa.dictionary(pa.int32(), pa.string())
FLAG = pa.bool_()
TIME = pa.timestamp("us", "UTC")
TYPES = {
    "text": TEXT, "word": WORD, "boolean": FLAG, "integer": pa.int64(), "number": pa.float64(), "timestamp": TIME,
}

# What every CloudTrail record may have. Objects whose shape differs from service to service are JSON text.
COLUMNS = [
    ("eventTime", TIME),
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
    "partitions": {
        "type": "text",
        "help": "The folders, with fields such as {awsRegion} and {eventTime:%Y-%m-%d}; account, region and day by default.",
    },
    "append": {"type": "boolean", "help": "Puts files beside those of earlier runs, and replaces none."},
    "listing": {"type": "text", "help": "The file in which the files of the run are put down, as JSON lines."},
    "fields": {"type": "list", "help": "The field paths to write, in the place of those of a CloudTrail record."},
    "columns": {"type": "list", "help": "Further field paths to write."},
    "types": {
        "type": "mapping",
        "help": "The types of columns, by field path: text, word, boolean, integer, number or timestamp; text by default.",
    },
    "rows": {"type": "integer", "help": "The rows of a partition in a row group; 20000 by default."},
    "compression": {"type": "text", "choices": ["zstd", "snappy", "gzip", "none"], "help": "zstd by default."},
}
UNKNOWN = "unknown"
OPEN_FILES = 200
PARTITIONS = (
    "account={recipientAccountId|userIdentity.accountId}/region={awsRegion}/day={eventTime:%Y-%m-%d}"
)


def machine():
    """A mark of this machine, by its name and the identity that its system was installed with."""
    mark = platform.node()
    with contextlib.suppress(OSError):
        mark += pathlib.Path("/etc/machine-id").read_text()
    return hashlib.sha256(mark.encode()).hexdigest()[:8]


MACHINE = machine()


class Template:
    """The folders of the partitions: texts, and between braces field paths, of which the first that is there counts."""

    PLACE = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")

    def __init__(self, text):
        self.depth = text.count("/") + 1
        self.pieces = []
        end = 0
        for place in self.PLACE.finditer(text):
            paths = [path.split(".") for path in place[1].split("|")]
            self.pieces += [text[end:place.start()], (paths, place[2])]
            end = place.end()
        self.pieces.append(text[end:])
        folders = self.PLACE.sub("x", text).split("/")
        if not all(re.fullmatch(r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*", folder) for folder in folders):
            raise mhpipe.Failure(f"'partitions' needs folders such as account={{recipientAccountId}}, not '{text}'")
        if len(self.pieces) == 1:
            raise mhpipe.Failure(f"'partitions' needs a field such as {{recipientAccountId}}, and '{text}' has none")

    def folder(self, event):
        return "".join(piece if isinstance(piece, str) else self.word(event, *piece) for piece in self.pieces)

    @staticmethod
    def word(event, paths, form):
        for path in paths:
            value = find(event, path)
            if form is not None:
                micros = parse_time(value)
                value = None if micros is None else format_time(micros, form)
            elif isinstance(value, int) and not isinstance(value, bool):
                value = str(value)
            if is_word(value):
                return value
        return UNKNOWN


class Part:
    """One file that is being written, or is whole and waits for its name."""

    def __init__(self, folder, name, schema, compression):
        self.rows = 0
        self.final = folder / name
        self.hidden = folder / f".{name}.{MACHINE}.{os.getpid()}.part"
        self.writer = pq.ParquetWriter(self.hidden, schema, compression=compression)

    def finish(self):
        if self.writer is not None:
            self.writer.close()
            self.writer = None
            sync(self.hidden)


class Lock:
    """A lock that lasts as long as the process: one run of a name at a time."""

    def __init__(self, path):
        self.path = path
        self.is_mine = False
        self.is_sure = True  # False where the file system knows no locks
        while not self.is_mine:
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(self.descriptor)
                return
            except OSError:
                self.is_sure = False
            # Whoever had it may have removed the file meanwhile.
            with contextlib.suppress(FileNotFoundError):
                self.is_mine = os.path.samestat(os.fstat(self.descriptor), os.stat(path))
            if not self.is_mine:
                os.close(self.descriptor)

    def release(self):
        if self.is_mine:
            self.path.unlink(missing_ok=True)
            os.close(self.descriptor)
            self.is_mine = False


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
        self.template = Template(options.get("partitions", PARTITIONS))
        self.appends = options.get("append", False)
        self.listing = options.get("listing")
        columns = columns_of(options)
        self.columns = [(path.split("."), kind) for path, kind in columns]
        self.schema = pa.schema([(path.replace(".", "_"), kind) for path, kind in columns])
        self.rows = {}  # for each partition, the rows that wait
        self.waiting = 0
        self.parts = []
        self.open = {}  # for each partition, the part that takes rows; the one used last stands last
        self.numbers = {}
        self.counts = {}  # for each folder of a partition, the rows written
        self.made = []
        self.renames = self.root / f".{self.name}.commit"
        self.draft = self.root / f".{self.name}.draft"
        with self._writing():
            self._make(self.root)
            self.lock = Lock(self.root / f".{self.name}.lock")
            if not self.lock.is_mine:
                raise mhpipe.Failure(f"another run named '{self.name}' writes to '{self.root}'; give this one another 'name'")
            self._finish_killed()

    def write(self, lines):
        for line in lines:
            event = json.loads(line)
            key = self.template.folder(event)
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
        """Puts the new files in their places, and removes those of an earlier run of this name beside them."""
        with self._writing():
            new = {part.final for part in self.parts}
            old = [] if self.appends else self._earlier(self.counts)
            smaller = list(self._smaller(old))
            steps = {
                "renames": [[self._below(part.hidden), self._below(part.final)] for part in self.parts],
                "removals": [self._below(path) for path in old if path not in new],
                "folders": [self._below(folder.parent) for folder in self.made if self.root in folder.parents],
            }
            for folder in self.made:
                if self.root not in folder.parents:
                    sync(folder.parent)
            self.draft.write_text(json.dumps(steps))
            sync(self.draft)
            os.replace(self.draft, self.renames)
            sync(self.root)
            self._carry_out(steps)
            self._list()
            self.lock.release()
        for line in smaller[:5] + ([f"and {len(smaller) - 5} more"] if len(smaller) > 5 else []):
            print(line, file=sys.stderr, flush=True)

    def abort(self):
        # What is written down will be carried out by the next run; it needs the files.
        if self.lock.is_mine and not self.renames.exists():
            for path in [self.draft] + [part.hidden for part in self.parts]:
                path.unlink(missing_ok=True)
        self.lock.release()
        for folder in reversed(self.made):
            try:
                folder.rmdir()
            except OSError:
                pass  # another run has put something there

    def _list(self):
        """Puts down the files of this run, their rows and their bytes, for who takes them on from here."""
        if self.listing is None:
            return
        entries = [(self._below(part.final), part.rows, part.final.stat().st_size) for part in self.parts]
        text = "".join(json.dumps({"path": path, "rows": rows, "bytes": size}) + "\n" for path, rows, size in entries)
        hidden = pathlib.Path(f"{self.listing}.{os.getpid()}.part")
        hidden.write_text(text)
        sync(hidden)
        os.replace(hidden, self.listing)

    def _carry_out(self, steps):
        """Makes the renames and removals that are written down, those that were made already left out."""
        folders = {self.root} | {self.root / folder for folder in steps["folders"]}
        for hidden, final in steps["renames"]:
            with contextlib.suppress(FileNotFoundError):
                os.replace(self.root / hidden, self.root / final)
            folders.add((self.root / final).parent)
        for path in steps["removals"]:
            (self.root / path).unlink(missing_ok=True)
        for folder in folders:
            sync(folder)
        self.renames.unlink(missing_ok=True)
        sync(self.root)

    def _finish_killed(self):
        """Finishes what a run of this name had written down when it was killed, and removes what others have left."""
        if self.renames.exists():
            steps = json.loads(self.renames.read_text())
            self._carry_out(steps)
            print(f"finished the commit of a run that was killed: {len(steps['renames'])} files", file=sys.stderr, flush=True)
        if self.lock.is_sure:
            for path in self.root.glob("*/" * self.template.depth + f".{self.name}.*.{MACHINE}.*.part"):
                if re.fullmatch(rf"\.{self.name}\.[0-9]+\.parquet\.{MACHINE}\.[0-9]+\.part", path.name):
                    path.unlink(missing_ok=True)

    def _smaller(self, old):
        """What to say of partitions that hold fewer rows than the files that are replaced."""
        before = {}
        for path in old:
            rows = pq.read_metadata(path).num_rows
            before[path.parent] = before.get(path.parent, 0) + rows
        for folder, rows in sorted(before.items()):
            if self.counts[folder] < rows:
                yield f"{self._below(folder)} had {rows} events and has {self.counts[folder]} now, those of this run"

    def _earlier(self, folders):
        """The files of earlier runs of this name in some folders."""
        return [path for folder in folders for path in folder.iterdir() if self._is_ours(path.name)]

    def _number(self, key, folder):
        """The number of the next file of a partition, behind those that are there when this run adds to them."""
        if key not in self.numbers:
            earlier = self._earlier([folder]) if self.appends else []
            for path in earlier:
                self._check_types(path)
            self.numbers[key] = max((int(path.name.split(".")[-2]) + 1 for path in earlier), default=0)
        number = self.numbers[key]
        self.numbers[key] = number + 1
        return number

    def _check_types(self, path):
        """One table has one type for a column, so a run that would give it another one is refused."""
        there = pq.read_schema(path)
        for field in self.schema:
            place = there.get_field_index(field.name)
            if place >= 0 and plain(there.field(place).type) != plain(field.type):
                raise mhpipe.Failure(
                    f"'{field.name}' is {there.field(place).type} in '{path}' and would be {field.type} now;"
                    " give it that type with 'types', or this run another 'path'"
                )

    def _below(self, path):
        return str(path.relative_to(self.root))

    def _is_ours(self, name):
        """True for a file of a run of this name."""
        return re.fullmatch(rf"{self.name}\.[0-9]+\.parquet", name)

    def _flush(self, key):
        rows = self.rows.pop(key)
        self.waiting -= len(rows)
        arrays = [column(values, kind) for values, (_, kind) in zip(zip(*rows), self.columns)]
        with self._writing():
            part = self._part(key)
            part.writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))
        part.rows += len(rows)
        folder = part.final.parent
        self.counts[folder] = self.counts.get(folder, 0) + len(rows)

    def _part(self, key):
        part = self.open.pop(key, None)
        if part is None:
            if len(self.open) >= OPEN_FILES:
                self.open.pop(next(iter(self.open))).finish()
            folder = self.root / key
            self._make(folder)
            number = self._number(key, folder)
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


def columns_of(options):
    """The field paths to write, each with its type."""
    fields = options.get("fields")
    columns = COLUMNS if fields is None else [(path, TEXT) for path in fields]
    known = [path for path, _ in columns]
    columns = columns + [(path, TEXT) for path in options.get("columns", []) if path not in known]
    types = options.get("types", {})
    for path, word in types.items():
        if word not in TYPES:
            raise mhpipe.Failure(f"'types' needs one of {', '.join(TYPES)} for '{path}', not '{word}'")
        if path not in [path for path, _ in columns]:
            raise mhpipe.Failure(f"'types' has '{path}', which is no column; name it in 'columns' too")
    columns = [(path, TYPES[types[path]] if path in types else kind) for path, kind in columns]
    names = [path.replace(".", "_") for path, _ in columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise mhpipe.Failure(f"two columns would be named '{twice}'")
    if not columns:
        raise mhpipe.Failure("'fields' needs at least one field path")
    return columns


def plain(kind):
    """A type without what is only a way to store it."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


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
    if pa.types.is_integer(kind):
        return pa.array([value if is_integer(value) else None for value in values], kind)
    if pa.types.is_floating(kind):
        numbers = [isinstance(value, (int, float)) and not isinstance(value, bool) for value in values]
        return pa.array([float(value) if is_number else None for value, is_number in zip(values, numbers)], kind)
    texts = [value if value is None or isinstance(value, str) else dump(value) for value in values]
    array = pa.array([clean(text) for text in texts], TEXT)
    return array.dictionary_encode() if pa.types.is_dictionary(kind) else array


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def parse_time(value):
    """A time as microseconds since 1970, or None: a text with its zone as RFC 3339 has it, or a number of milliseconds."""
    if is_integer(value):
        return value * 1000 if 0 <= value < 253_402_300_800_000 else None
    match = TIME_FORM.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        time = datetime.datetime.fromisoformat(match[1] + ("+00:00" if match[3] == "Z" else match[3]))
    except ValueError:
        return None
    return (time - EPOCH) // datetime.timedelta(seconds=1) * 1_000_000 + int((match[2] or "").ljust(6, "0")[:6])


TIME_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def format_time(micros, form):
    return (EPOCH + datetime.timedelta(microseconds=micros)).strftime(form)


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
