"""Compares mhpipe with the oracle, record by record and field by field.

    python3 compare.py [options] MHPIPE INPUT...

An input is a file, a tree of trail files, or a directory that torture.py wrote. Each input is converted in
several ways (see WAYS) and every output is read beside the oracle's reading of the same input. Prints every
difference up to a limit for each kind, then the count; exit 1 when there was one.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import sys
import tempfile
import time

from checks import CSV, Differences, EnrichedLines, Lines, SQLite, short
from migration import ACTIONS, AROUND
from program import Run
from trail import files_under, problems_of, read_file, records_of

COLUMNS = """
    eventID eventTime eventName eventSource userIdentity.type userIdentity.sessionContext
    userIdentity.sessionContext.sessionIssuer.userName userIdentity requestParameters responseElements resources readOnly
    managementEvent recipientAccountId sourceIPAddress userAgent errorMessage additionalEventData
    identity.kind identity.rootOrUser identity.actor identity.mfa identity.session migration.service migration.action
    resources.0 resources.0.ARN resources.1.accountId "odd.key" additionalEventData."x.y" userIdentity.sessionContext.attributes
""".split()
ENRICH = ["--hub", "--identity"]


class Way:
    """One way to convert: the ending of the output, the options, and what reads the output."""

    def __init__(self, name, ending, options, reader, transforms=None):
        self.name, self.ending, self.options, self.reader = name, ending, options, reader
        self.transforms = transforms


def ways():
    chosen = ["--identity", "--columns", ",".join(COLUMNS)]
    hub = [*ENRICH, "--columns", ",".join(COLUMNS)]

    def lines(run, found):
        return Lines("lines", run.lines(), found)

    def zipped(run, found):
        return Lines("zipped lines", run.lines(), found)

    def identities(run, found):
        return EnrichedLines("identity", run.lines(), found, ("identity",))

    def hubs(run, found):
        return EnrichedLines("hub", run.lines(), found, ("migration", "identity"))

    def families(run, found):
        return EnrichedLines("run, all services", run.lines(), found, ("migration", "identity"), tuple(ACTIONS))

    def calls(run, found):
        return EnrichedLines("call", run.lines(), found, ("identity", "call"))

    def csv_call(run, found):
        return CSV("csv call", run.rows(), found, ("identity", "call"))

    def sqlite_call(run, found):
        return SQLite("sqlite call", run.table(), found, ("identity", "call"))

    both = {"who": {"type": "identity"}, "what": {"type": "call"}}
    def around(run, found):
        services = (*ACTIONS, *AROUND.values())
        return EnrichedLines("run, migration", run.lines(), found, ("migration", "identity"), services)

    migrating = {"hub": {"type": "migration_hub", "services": ["migration"]}, "who": {"type": "identity"}}
    every = {"hub": {"type": "migration_hub", "services": "all"}, "who": {"type": "identity"}}

    def csv_default(run, found):
        return CSV("csv", run.rows(), found)

    def csv_chosen(run, found):
        return CSV("csv columns", run.rows(), found, ("identity",), COLUMNS)

    def csv_hub(run, found):
        return CSV("csv hub", run.rows(), found, ("migration", "identity"), None, True)

    def sqlite_default(run, found):
        return SQLite("sqlite", run.table(), found)

    def sqlite_chosen(run, found):
        return SQLite("sqlite columns", run.table(), found, ("identity",), COLUMNS)

    def sqlite_hub(run, found):
        return SQLite("sqlite hub", run.table(), found, ("migration", "identity"), COLUMNS, True)

    return [
        Way("lines", ".jsonl", [], lines),
        Way("zipped", ".jsonl.gz", [], zipped),
        Way("identity", ".jsonl", ["--identity"], identities),
        Way("hub", ".jsonl", ENRICH, hubs),
        Way("all-services", ".jsonl", [], families, every),
        Way("call", ".jsonl", [], calls, both),
        Way("csv-call", ".csv", [], csv_call, both),
        Way("sqlite-call", ".db", [], sqlite_call, both),
        Way("around", ".jsonl", [], around, migrating),
        Way("csv", ".csv", [], csv_default),
        Way("csv-columns", ".csv", chosen, csv_chosen),
        Way("csv-hub", ".csv", ENRICH, csv_hub),
        Way("sqlite", ".db", [], sqlite_default),
        Way("sqlite-columns", ".db", chosen, sqlite_chosen),
        Way("sqlite-hub", ".db", hub, sqlite_hub),
    ]


class Comparison:
    def __init__(self, program, work, limit, only=None, workers=(1, 2, 3, 8)):
        self.program = program
        self.work = work
        self.found = Differences(limit)
        self.ways = [way for way in ways() if not only or way.name in only]
        self.workers = workers
        self.kept = None

    def tree(self, root, title):
        """All ways over a whole tree, in one pass of the oracle."""
        runs = []
        for way in self.ways:
            started = time.monotonic()
            run = Run(self.program, [root], os.path.join(self.work, way.name + way.ending), way.options, transforms=way.transforms)
            print(f"{title}: {way.name}: exit {run.code}, {time.monotonic() - started:.1f} s", flush=True)
            runs.append((way, run))
        readers = [way.reader(run, self.found) for way, run in runs]
        files, skipped = files_under(root)
        count = collections.Counter(files=len(files), skipped=len(skipped))
        for relative, path in files:
            items, report = self.read(path, relative)
            for record in records_of(items):
                for reader in readers:
                    reader.record(record)
            count_file(count, items, report)
        for reader in readers:
            reader.finish()
        for way, run in runs:
            self.whole_run(title, way, run, count)
        self.same_for_workers(root, title)
        for _, run in runs:
            run.remove()
        print(f"{title}: {count['files']} files, {count['records']} records, {count['problems']} problems; "
              f"{self.found.total} differences so far", flush=True)

    def whole_run(self, title, way, run, count):
        """Exit code and counts of a run against what the oracle counted."""
        place = f"{title} ({way.name})"
        expected = 3 if count["problems"] or count["skipped"] else 0
        if run.code != expected:
            self.found.add("exit code", place, None, f"expected {expected}, found {run.code}: {short(run.stderr)}")
        if run.stdout:
            self.found.add("standard output", place, None, short(run.stdout))
        self.summary(place, run.summary, count, "--hub" in way.options or way.transforms is not None)

    def summary(self, place, summary, count, hub):
        if not summary:
            self.found.add("summary", place, None, "there is none")
            return
        get = summary.get
        if get("eventsIn") != get("eventsKept", 0) + get("eventsFiltered", 0) + get("eventsQuarantined", 0):
            self.found.add("summary: the sum", place, None, json.dumps(summary))
        kept = get("eventsKept", 0) + get("eventsFiltered", 0) if hub else get("eventsKept")
        wanted = {
            "eventsKept": (kept, count["records"]),
            "eventsQuarantined": (get("eventsQuarantined"), count["bad records"]),
            "housekeeping": (get("housekeeping"), count["housekeeping"]),
            "files": (get("files"), count["files"]),
            "unreadable": (get("unreadable"), count["skipped"]),
            "bytesRead": (get("bytesRead"), count["bytes read"]),
        }
        if not count["damaged"]:
            wanted["bytesDecompressed"] = (get("bytesDecompressed"), count["bytes of text"])
        for key, (found, expected) in wanted.items():
            if found != expected:
                self.found.add(f"summary: {key}", place, None, f"expected {expected}, found {found}")

    def same_for_workers(self, root, title):
        for way in self.ways:
            if way.name not in ("lines", "zipped", "hub", "csv"):
                continue
            digests = {}
            for workers in self.workers:
                output = os.path.join(self.work, f"workers{way.ending}")
                run = Run(self.program, [root], output, [*way.options, "--workers", str(workers)])
                digests[workers] = run.digest()
                run.remove()
            if len(set(digests.values())) > 1 or None in digests.values():
                self.found.add("workers", f"{title} ({way.name})", None, str(digests))

    def read(self, path, name):
        """The oracle's reading of a file, kept where the same files are read more than once."""
        if self.kept is None:
            return read_file(path, name)
        if name not in self.kept:
            self.kept[name] = read_file(path, name)
        return self.kept[name]

    def file(self, path, name):
        """One file as it comes: records, exit code, counts, quarantine. Returns the differences, and what happened."""
        found = []
        handle, output = tempfile.mkstemp(suffix=".jsonl", dir=self.work)
        os.close(handle)
        run = Run(self.program, [path], output, timeout=120)
        items, report = self.read(path, name)
        records = records_of(items)
        lines = list(run.lines())
        if lines != [record.raw for record in records]:
            found.append(("file: records", f"expected {len(records)}, found {len(lines)}{first_difference(records, lines)}"))
        problems = problems_of(items)
        expected = 3 if problems else 0
        if run.code != expected:
            reasons = ", ".join(problem.reason for problem in problems[:3])
            found.append(("file: exit code", f"expected {expected} ({reasons}), found {run.code}: {short(run.stderr)}"))
        if problems and run.code == 3 and os.path.basename(path) not in run.stderr:
            found.append(("file: not named on stderr", short(run.stderr)))
        count = collections.Counter(files=1)
        count_file(count, items, report)
        found += self.file_counts(run, count)
        found += quarantine_differences(run.quarantined(path)[os.path.basename(path)], items, report.damage)
        run.remove()
        return found, describe(run, lines, items)

    def file_counts(self, run, count):
        summary = run.summary
        if not summary:
            return [("file: no summary", short(run.stderr))]
        found = []
        total = summary["eventsKept"] + summary["eventsFiltered"] + summary["eventsQuarantined"]
        if summary["eventsIn"] != total:
            found.append(("file: the sum", json.dumps(summary)))
        if summary["eventsQuarantined"] != count["bad records"]:
            found.append(("file: eventsQuarantined", f"expected {count['bad records']}, found {summary['eventsQuarantined']}"))
        if summary["housekeeping"] != count["housekeeping"]:
            found.append(("file: housekeeping", f"expected {count['housekeeping']}, found {summary['housekeeping']}"))
        return found

    def torture(self, root, each):
        """The settled cases: file by file when asked, else as one tree; then all ways over the files that agree."""
        with open(os.path.join(root, "manifest.json"), encoding="utf-8") as file:
            settled = [case for case in json.load(file) if not case["question"]]
        rules = {os.path.relpath(case["file"], "main"): case["rule"] for case in settled}
        self.kept = {}
        main = os.path.join(root, "main")
        agreed = (self.each_file if each else self.one_run)(main, rules)
        print(f"{len(rules)} files, the same in {len(agreed)}", flush=True)
        links = os.path.join(self.work, "agreed")
        for name in agreed:
            path = os.path.join(links, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(os.path.abspath(os.path.join(main, name)), path)
        self.tree(links, "agreed files")
        self.kept = None
        for name in ("walk", "walk-odd"):
            self.tree(os.path.join(root, name), name)

    def each_file(self, root, rules):
        """A run for each file. Returns the names of those that give the same records."""
        agreed = []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = pool.map(lambda name: self.file(os.path.join(root, name), name), rules)
            for name, (found, _) in zip(rules, results):
                for kind, text in found:
                    self.found.add(kind, name, None, f"{text} [{rules[name]}]")
                if not any(kind == "file: records" for kind, _ in found):
                    agreed.append(name)
        return agreed

    def one_run(self, root, rules):
        """One run for all of them. Returns the names of those that give the same records."""
        run = Run(self.program, [root], os.path.join(self.work, "main.jsonl"))
        quarantined = run.quarantined(root)
        reader = Lines("file: records", run.lines(), self.found)
        agreed = []
        for name, path in files_under(root)[0]:
            items, report = self.read(path, name)
            before = self.found.total
            for record in records_of(items):
                reader.record(record)
            if self.found.total == before:
                agreed.append(name)
            for kind, text in quarantine_differences(quarantined[name], items, report.damage):
                self.found.add(kind, name, None, f"{text} [{rules[name]}]")
        reader.finish()
        if run.code != 3:
            self.found.add("exit code", root, None, f"expected 3, found {run.code}: {short(run.stderr[-1000:])}")
        run.remove()
        return agreed

    def questions(self, root):
        """What mhpipe and the oracle do with the cases that the specification leaves open."""
        with open(os.path.join(root, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        for case in manifest:
            if not case["question"]:
                continue
            path = os.path.join(root, case["file"])
            found, told = self.file(path, case["file"])
            enriched = self.enriched(path) if case["file"].startswith(("open/identity", "open/migration")) else []
            verdict = "as the oracle" if not found and not enriched else "OTHERWISE"
            print(f"OPEN {case['file']}: {case['question']}\n     {verdict}; {told}")
            for kind, text in [*found, *enriched]:
                print(f"     {kind}: {text}")

    def enriched(self, path):
        """The fields in which an enrichment differs, for one file."""
        found = Differences(0)
        items, _ = read_file(path)
        for name, options in (("identity", ["--identity"]), ("hub", ENRICH)):
            run = Run(self.program, [path], os.path.join(self.work, "open.jsonl"), options)
            added = ("identity",) if name == "identity" else ("migration", "identity")
            reader = EnrichedLines(name, run.lines(), found, added)
            for record in records_of(items):
                reader.record(record)
            reader.finish()
            lines = list(run.lines())
            run.remove()
            if found.total and len(lines) == 1:
                return [(f"{kind}", short(lines[0][-400:])) for kind in found.counts]
        return [(kind, f"{count} times") for kind, count in found.counts.items()]


def quarantine_differences(entries, items, damaged):
    """One file's quarantine against the oracle's problems: whether there are any, and each bad record's place and bytes.

    Of a record mhpipe keeps up to 1 MiB. What can be had of damaged deflate data differs from one program to the next.
    """
    problems = problems_of(items)
    if bool(problems) != bool(entries):
        expected = ", ".join(problem.reason for problem in problems[:3]) or "nothing"
        return [("file: quarantine", f"expected {expected}; found {short([entry[3] for entry in entries])}")]
    if damaged:
        return []
    expected = [(each.number, each.offset, each.raw[: 1 << 20]) for each in problems if each.number is not None]
    found = [entry for entry in entries if entry[0] is not None]
    if len(expected) != len(found):
        return [("file: quarantined records", f"{len(expected)} expected, {len(found)} found: {short(found)}")]
    for mine, theirs in zip(expected, found):
        for what, one, other in zip(("record", "offset", "bytes"), mine, theirs):
            if one != other:
                return [(f"file: quarantine {what}", f"record {mine[0]}: expected {short(one)}, found {short(other)}; {theirs[3]}")]
    return []


def count_file(count, items, report):
    problems = problems_of(items)
    count["records"] += len(items) - len(problems)
    count["problems"] += len(problems)
    count["bad records"] += sum(problem.number is not None for problem in problems)
    count["housekeeping"] += report.housekeeping
    count["bytes read"] += report.bytes_read
    count["bytes of text"] += report.bytes_text
    count["damaged"] += report.damage is not None


def first_difference(records, lines):
    for number, (record, line) in enumerate(zip(records, lines)):
        if record.raw != line:
            return f"; the first that differs is {number}: expected {short(record.raw)}, found {short(line)}"
    if len(records) > len(lines):
        return f"; missing {short(records[len(lines)].raw)}"
    return f"; unexplained {short(lines[len(records)])}"


def describe(run, lines, items):
    problems = problems_of(items)
    return (
        f"mhpipe: exit {run.code}, {len(lines)} records, says {short(run.stderr.splitlines()[0] if run.stderr else '', 160)!r}; "
        f"oracle: {len(items) - len(problems)} records, {'; '.join(problem.reason for problem in problems[:3]) or 'no problem'}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--limit", type=int, default=10, help="differences printed for each kind")
    parser.add_argument("--work", help="where outputs go; a temporary directory unless given")
    parser.add_argument("--ways", help="only these ways to convert, by comma")
    parser.add_argument("--each", action="store_true", help="run mhpipe for each file of a torture directory")
    parser.add_argument("--workers", default="1,2,3,8", help="worker counts whose output must be the same")
    parser.add_argument("--questions", action="store_true", help="show the open cases of a torture directory, and no more")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        only = arguments.ways.split(",") if arguments.ways else None
        comparison = Comparison(os.path.abspath(arguments.program), work, arguments.limit, only, arguments.workers.split(","))
        for path in arguments.inputs:
            torture = os.path.exists(os.path.join(path, "manifest.json"))
            if arguments.questions and torture:
                comparison.questions(path)
            elif torture:
                comparison.torture(path, arguments.each)
            else:
                comparison.tree(path, os.path.basename(os.path.normpath(path)))
        for kind, count in sorted(comparison.found.counts.items()):
            print(f"{count:8d} {kind}")
        print(f"{comparison.found.total} differences")
        return 1 if comparison.found.total else 0


if __name__ == "__main__":
    sys.exit(main())
