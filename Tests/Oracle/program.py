"""Runs mhpipe and opens what it wrote."""

import base64
import collections
import csv
import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys

csv.field_size_limit(sys.maxsize)


class Run:
    """One run of mhpipe: its exit code, what it said, its output, summary and quarantine."""

    def __init__(self, program, inputs, output, options=(), timeout=900, transforms=None):
        self.output = output
        self.summary_path = output + ".summary"
        self.quarantine_path = output + ".quarantine"
        for path in (output, self.summary_path, self.quarantine_path):
            if os.path.exists(path):
                os.unlink(path)
        command = [program, "convert", *inputs, output, *options]
        if transforms is not None:
            command = [program, "run", self.pipeline(inputs, transforms), *options]
        command += ["--summary", self.summary_path, "--quarantine", self.quarantine_path]
        self.command = command
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
            self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            self.code, self.stdout, self.stderr = "timeout", b"", ""

    def pipeline(self, inputs, transforms):
        """Writes a pipeline file for the same work. JSON is YAML, so its strings will do."""
        path = self.output + ".conf"
        kind = {".csv": "csv", ".db": "sqlite"}.get(os.path.splitext(self.output)[1], "jsonl")
        tree = {
            "pipeline": "compared",
            "sources": {"in": {"type": "directory", "path": os.path.abspath(inputs[0])}},
            "transforms": transforms,
            "sinks": {"out": {"type": kind, "path": self.output}},
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(tree, file)
        return path

    @property
    def summary(self):
        try:
            with open(self.summary_path, encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def quarantined(self, root):
        """By file (its path below `root`): the entries of the quarantine as (record, offset, bytes, reason)."""
        found = collections.defaultdict(list)
        if not os.path.exists(self.quarantine_path):
            return found
        with open(self.quarantine_path, "rb") as file:
            for line in map(json.loads, file):
                raw = base64.b64decode(line["rawBase64"]) if "rawBase64" in line else line.get("raw", "").encode()
                name = os.path.relpath(line["file"], root) if os.path.isdir(root) else os.path.basename(line["file"])
                found[name].append((line.get("record"), line.get("offset"), raw, line.get("reason")))
        return found

    def lines(self):
        """Each line of JSON lines output without its newline."""
        if not os.path.exists(self.output):
            return
        with (gzip.open if self.output.endswith(".gz") else open)(self.output, "rb") as file:
            for line in file:
                yield line.rstrip(b"\n") if line.endswith(b"\n") else line + b"<no newline>"

    def rows(self):
        """CSV rows, the header first."""
        if not os.path.exists(self.output):
            return
        with open(self.output, encoding="utf-8", newline="") as file:
            yield from csv.reader(file, strict=True)

    def table(self):
        """SQLite rows, the column names first; text as bytes."""
        if not os.path.exists(self.output):
            return
        database = sqlite3.connect(f"file:{self.output}?mode=ro", uri=True)
        database.text_factory = bytes
        try:
            names = [row[0].decode() for row in database.execute("select name from sqlite_master where type = 'table' order by rowid")]
            cursor = database.execute(f'select * from "{names[0]}" order by rowid')
            yield [column[0] for column in cursor.description]
            yield from cursor
        finally:
            database.close()

    def digest(self):
        """The hash of the output's bytes."""
        if not os.path.exists(self.output):
            return None
        found = hashlib.sha256()
        with open(self.output, "rb") as file:
            while piece := file.read(1 << 20):
                found.update(piece)
        return found.hexdigest()

    def remove(self):
        for path in (self.output, self.summary_path, self.quarantine_path):
            if os.path.exists(path):
                os.unlink(path)
