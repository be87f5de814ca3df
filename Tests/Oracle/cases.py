"""What the case modules share: sample events, a seeded choice, gzip that is the same every time, and the tree."""

import gzip
import json
import os
import random
import zlib


class Tree:
    """Collects the files of a tree of cases and writes them with a manifest."""

    def __init__(self, root, seed=20240501, full=False):
        self.root = root
        self.full = full
        self.random = random.Random(seed)
        self.serial = 0
        self.manifest = []

    def add(self, path, data, records=None, clean=None, rule="", question=""):
        """One case: how many records come out and whether all is accounted for without a problem, where known."""
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(data)
        entry = {"file": path, "records": records, "clean": clean, "rule": rule, "question": question}
        self.manifest.append(entry)

    def good(self, path, data, records, rule=""):
        self.add("main/" + path, data, records, True, rule)

    def bad(self, path, data, records, rule=""):
        """A case in which something is reported; `records` come out all the same."""
        self.add("main/" + path, data, records, False, rule)

    def open(self, path, data, question):
        self.add("open/" + path, data, question=question)

    def close(self):
        with open(os.path.join(self.root, "manifest.json"), "w", encoding="utf-8") as file:
            json.dump(self.manifest, file, indent=1)

    def event(self, **fields):
        """A small event as a dictionary, with an id of its own."""
        self.serial += 1
        base = {
            "eventVersion": "1.08",
            "userIdentity": {"type": "IAMUser", "accountId": "012345678901", "userName": "alice"},
            "eventTime": "2024-05-01T07:09:00Z",
            "eventSource": "migrationhub.amazonaws.com",
            "eventName": "ListMigrationTasks",
            "eventID": f"00000000-0000-4000-8000-{self.serial:012d}",
        }
        base.update(fields)
        return {key: value for key, value in base.items() if value is not Absent}

    def line(self, **fields):
        """The same as compact text."""
        return compact(self.event(**fields))

    def lines(self, count, **fields):
        return [self.line(**fields) for _ in range(count)]


class Absent:
    """Given for a field, leaves it out."""


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def pretty(value, newline="\n"):
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", newline).encode("utf-8")


def trail(records):
    """A trail file of records that are text already."""
    return b'{"Records":[' + b",".join(records) + b"]}"


def zipped(data, level=6):
    return gzip.compress(data, level, mtime=0)


def stored(data):
    """gzip without compression: its payload can be damaged at a known place."""
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()
