"""The comparisons of one output with the oracle's records, one record at a time and in step."""

import collections
import itertools
import json

from call import call
from identity import identity
from jsontext import Number, member_spans
from migration import KEPT, migration
from tables import BY_COLUMN, NUMERIC, Row, csv_text, parts_of, same_in_sqlite

END = object()
GIVE_UP = 200
LOOK_AHEAD = 50


class Differences:
    """What differed: printed up to a limit for each kind, all counted."""

    def __init__(self, limit=10):
        self.limit = limit
        self.counts = collections.Counter()

    def add(self, kind, file, number, text):
        self.counts[kind] += 1
        if self.counts[kind] <= self.limit:
            place = file if number is None else f"{file} record {number}"
            print(f"DIFF {kind}: {place}: {text}", flush=True)

    @property
    def total(self):
        return sum(self.counts.values())


def short(value, length=300):
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    value = str(value)
    return value if len(value) <= length else f"{value[:length]}... ({len(value)} characters)"


class InStep:
    """Walks an output beside the records that are expected; the next line either is the record's, or the record is missing."""

    def __init__(self, kind, entries, differences):
        self.kind = kind
        self.entries = iter(entries)
        self.differences = differences
        self.ahead = collections.deque()
        self.current = next(self.entries, END)
        self.missed = 0

    def advance(self):
        self.current = self.ahead.popleft() if self.ahead else next(self.entries, END)
        self.missed = 0

    def skip_to(self, record, matches):
        """When the line that matches comes a little later, reports those before it and goes there."""
        if self.missed > GIVE_UP:
            return False
        while len(self.ahead) < LOOK_AHEAD and (entry := next(self.entries, END)) is not END:
            self.ahead.append(entry)
        at = next((at for at, entry in enumerate(self.ahead) if matches(entry)), None)
        if at is None:
            return False
        self.differences.add(f"{self.kind}: lines that no record explains", record.file, record.number, f"{at + 1} before it, the first {short(self.current)}")
        for _ in range(at + 1):
            self.advance()
        return True

    def missing(self, record, text=""):
        self.missed += 1
        if self.missed <= GIVE_UP:
            seen = "the output ends" if self.current is END else f"the output has {short(self.current)}"
            self.differences.add(f"{self.kind}: a record is missing", record.file, record.number, text or f"{short(record.raw, 120)}; {seen}")

    def finish(self):
        left = sum(1 for _ in itertools.chain([self.current], self.ahead, self.entries)) if self.current is not END else 0
        if left:
            self.differences.add(f"{self.kind}: lines that no record explains", "(end)", None, f"{left}, the first {short(self.current)}")


class Lines(InStep):
    """JSON lines as they came."""

    def record(self, record):
        """Whether the record was found, and nothing before it."""
        if self.current == record.raw:
            self.advance()
            return True
        if self.skip_to(record, lambda entry: entry == record.raw):
            self.advance()
        else:
            self.missing(record)
        return False


class EnrichedLines(InStep):
    """JSON lines with `migration` (and only Migration Hub's records), `identity` and `call`, or some, in that order."""

    def __init__(self, kind, entries, differences, added, services=KEPT):
        super().__init__(kind, entries, differences)
        self.added = added
        self.services = services

    def record(self, record):
        hub = migration(record.fields, self.services) if "migration" in self.added else None
        if self.current is END:
            mine = False
        elif any(name in record.fields for name in self.added):
            mine = self.without_added(self.current) == self.without_added(record.raw)
        else:
            mine = self.current.startswith(record.raw[:-1]) and (self.current[len(record.raw) - 1 :][:1] in (b",", b"") or record.raw == b"{}")
        if "migration" in self.added and hub is None:
            if mine and self.current[len(record.raw) - 1 :].startswith(b',"migration"'):
                self.differences.add(f"{self.kind}: kept, not of the family", record.file, record.number, short(record.raw))
                self.advance()
            return
        if not mine:
            return self.missing(record)
        expected = []
        for name in self.added:
            value = hub if name == "migration" else {"identity": identity, "call": call}[name](record.fields)
            if value is not None:
                expected.append((name, list(value.items())))
        try:
            found = self.tail(record)
        except ValueError as error:
            found = []
            self.differences.add(f"{self.kind}: not JSON", record.file, record.number, f"{error}: {short(self.current)}")
        if found != expected:
            self.report(record, expected, found)
        self.advance()

    def without_added(self, line):
        try:
            return [(key, line[start:end]) for key, start, end in member_spans(line) if key not in self.added]
        except (ValueError, IndexError):
            return None

    def tail(self, record):
        if any(name in record.fields for name in self.added):
            spans = [span for span in member_spans(self.current) if span[0] in self.added]
            return [(key, _pairs(self.current[start:end])) for key, start, end in spans]
        text = self.current[len(record.raw) - 1 :]
        return _pairs(b"{" + (text[1:] if text[:1] == b"," else text))

    def report(self, record, expected, found):
        names = [name for name, _ in expected], [name for name, _ in found]
        if names[0] != names[1]:
            self.differences.add(f"{self.kind}: keys", record.file, record.number, f"expected {names[0]}, found {names[1]}")
            return
        for (name, mine), (_, theirs) in zip(expected, found):
            mine_by, theirs_by = dict(mine), dict(theirs)
            for key in dict.fromkeys([*mine_by, *theirs_by]):
                if mine_by.get(key) != theirs_by.get(key):
                    text = f"expected {short(mine_by.get(key))}, found {short(theirs_by.get(key))}; {short(context(record, name), 900)}"
                    self.differences.add(f"{self.kind}: {name}.{key}", record.file, record.number, text)
            if mine_by == theirs_by and mine != theirs:
                self.differences.add(f"{self.kind}: order of keys", record.file, record.number, f"{mine} {theirs}")


def context(record, name):
    """The part of a record that decides about an enrichment."""
    if name == "call":
        part = {key: value for key, value in record.fields.items() if key not in ("userIdentity", "additionalEventData")}
    elif name == "identity":
        part = {key: record.fields.get(key) for key in ("userIdentity", "eventType", "recipientAccountId") if key in record.fields}
    else:
        part = {key: record.fields.get(key) for key in ("eventSource", "eventName", "readOnly", "requestParameters") if key in record.fields}
    return json.dumps(part, default=lambda number: number.text)


def _pairs(text):
    return json.loads(text, object_pairs_hook=list, parse_float=Number, parse_int=Number)


class Table(InStep):
    """CSV or SQLite with the columns that its own header names."""

    def __init__(self, kind, entries, differences, added=(), paths=None, hub=False):
        super().__init__(kind, entries, differences)
        header = [] if self.current is END else list(self.current)
        self.advance()
        self.paths = paths or [BY_COLUMN.get(name) for name in header]
        self.added = added
        self.hub = hub
        self.differences = differences
        wanted = ["_".join(parts_of(path)).replace(".", "_") for path in paths] if paths else header
        if header != wanted or None in self.paths:
            differences.add(f"{kind}: header", "(header)", None, f"{header}, wanted {wanted}")
            self.paths = [path or "no such column" for path in self.paths]

    def record(self, record):
        if self.hub and migration(record.fields) is None:
            return
        if self.current is END:
            return self.missing(record)
        row = Row(record, self.added)
        for path, cell in zip(self.paths, self.current):
            value = row.value(path)
            if not self.same(path, value, cell):
                text = f"{path}: expected {short(repr(value))}, found {short(repr(cell))}"
                self.differences.add(f"{self.kind}: {path}", record.file, record.number, text)
        if len(self.current) != len(self.paths):
            self.differences.add(f"{self.kind}: width", record.file, record.number, f"{len(self.current)} cells")
        self.advance()


class CSV(Table):
    guard = True

    def same(self, path, value, cell):
        return csv_text(value, self.guard) == cell


class SQLite(Table):
    def same(self, path, value, cell):
        return same_in_sqlite(value, cell, path in NUMERIC)
