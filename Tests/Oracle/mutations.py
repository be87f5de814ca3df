"""Damages many small files at random, has mhpipe read them all at once, and holds what comes out against Python's json.

    python3 mutations.py [--seed N] [--count N] [--keep DIRECTORY] MHPIPE

What must hold for every file: each line that comes out is one JSON object; every record that ends before the damage
is out, and every whole line where lines stand for themselves; a file that Python's json reads gives all its events
and no problem; one that it cannot read is reported. For every run: the counts add up, and events, problems and lost
bytes are the same with one worker and three, from gzip of several members, without a quarantine, and, for some
files, from standard input. A filter keeps, counts and reports the same whatever proves the records that it drops.
"""

import argparse
import codecs
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from cases import compact
from cases_envelopes import WRAPPINGS
from checks import short
from fuzz import changed
from program import Run

SPACE = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)
ARRAYS = {"Records", "Events", "logEvents", "events", "Messages", "records"}
BATCH = 4000
KEPT = "mgh.amazonaws.com"
PROOFS = ("off", "portable", "avx2", "avx512", "neon")
LARGE = 1 << 62


def minified(text):
    return SPACE.sub(lambda match: match.group(1) or b"", text)


def reject(name):
    raise ValueError(name)


DECODER = json.JSONDecoder(object_pairs_hook=lambda pairs: pairs, parse_constant=reject)


class Document:
    """A sound text: its bytes, and for each record where it ends in them and how it comes out."""

    def __init__(self, choose, number):
        event = lambda place: self.event(choose, number, place)
        records = [event(place) for place in range(choose.randrange(1, 6))]
        kind = choose.randrange(10)
        self.is_lines = kind in (3, 4, 5)
        self.records, self.text = [], b""
        wrap, between, end = b'{"Records":[', b",", b"]}"
        if kind == 1:
            wrap, between, end = b'{\n  "Records": [\n    ', b",\n    ", b"\n  ]\n}\n"
        elif kind == 2:
            wrap, end = b"[", b"]"
        elif kind in (3, 4):
            wrap, between, end = b"", choose.choice((b"\n", b"\r\n", b"\n\n")), choose.choice((b"", b"\n"))
        elif kind == 5:
            wrap, between, end = b'{"Records":[', b']}\n{"Records":[', b"]}\n"
        elif kind == 6:
            wrap, end = b'{"n":[1,{}],"Records":[', b'],"Records":[],"z":null}'
        elif kind == 7:
            wrap, end = b'{"Events":[', b"]}"
        elif kind == 8:
            wrap, end = b'{"messageType":"DATA_MESSAGE","logEvents":[', b"]}"
        self.put(wrap)
        for place, record in enumerate(records):
            if place:
                self.put(between)
            line = compact(record)
            inside = line
            if not self.is_lines and choose.randrange(3) == 0:
                inside = json.dumps(record, indent=choose.choice((1, None))).encode()
            if kind == 7:
                inside = compact({"EventId": "e", "CloudTrailEvent": line.decode()})
            elif kind == 8:
                inside = compact({"id": "1", "timestamp": 1, "message": line.decode()})
            elif kind == 9:
                inside = compact(choose.choice(list(WRAPPINGS.values()))(line))
            self.put(inside)
            # A container in an array is read before its own end, and counts after.
            if kind != 9:
                self.records.append((len(self.text), line if kind in (7, 8) else minified(inside)))
        self.put(end)

    def put(self, text):
        self.text += text

    @staticmethod
    def event(choose, number, place):
        value = choose.choice(([1, {"a": 'b\\"é'}], "", -1.5e3, "x" * choose.randrange(300), {"b": [[], {}, "]}"]}, None))
        source = choose.choice(({}, {"eventSource": KEPT}, *3 * [{"eventSource": "s3.amazonaws.com"}]))
        return {"eventVersion": "1.08", "id": f"{number}-{place}", **source, "x": value, "y": choose.choice((True, "\u2028\n", 0))}


def values(text):
    """The JSON values that stand one behind the other in a text, with objects as lists of pairs; None when it is anything else."""
    try:
        text = text.decode("utf-8")
        place, found = 0, []
        while True:
            while place < len(text) and text[place] in " \t\r\n":
                place += 1
            if place == len(text):
                return found
            value, place = DECODER.raw_decode(text, place)
            found.append(value)
    except (ValueError, RecursionError):
        return None


def is_event(value):
    """True for what is an event beyond doubt; None where that takes more knowledge."""
    keys = [key for key, _ in value] if isinstance(value, list) and all(isinstance(each, tuple) for each in value) else []
    if "eventVersion" not in keys or ARRAYS & set(keys) or "EventSource" in keys:
        return None
    sources = [member for key, member in value if key == "eventSource"]
    return True if all(isinstance(each, str) and not each.startswith("aws:") for each in sources) else None


def all_events(found):
    """How many events the values of a sound text hold, when they are nothing else; else None."""
    count = 0
    for value in found:
        if is_event(value):
            count += 1
        elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], tuple) and value[0][0] == "Records":
            records = value[0][1]
            if not isinstance(records, list) or not all(is_event(each) for each in records):
                return None
            count += len(records)
        else:
            return None
    return count


class Case:
    """A damaged text and what must come of it."""

    def __init__(self, name, choose, number):
        self.name = name
        document = Document(choose, number)
        self.text = changed(choose, document.text) if choose.randrange(20) else document.text
        damage = len(os.path.commonprefix((document.text, self.text)))
        if damage == len(document.text) == len(self.text):
            damage = LARGE
        self.required = [line for end, line in document.records if end <= damage]
        first = document.text.find(b"\n") + 1
        lines = self.text.split(b"\n")
        # Where the first line is whole and another follows, each stands for itself.
        self.is_lines = document.is_lines and 0 < first <= damage and any(line.strip() for line in lines[1:])
        if self.is_lines:
            read = [(line, values(line)) for line in lines]
            found = None if any(each is None for _, each in read) else [value for _, each in read for value in each]
            whole = [minified(line) for line, each in read if each is not None and len(each) == 1 and is_event(each[0])]
            self.required += [line for line in whole if line not in self.required]
        else:
            # A byte order mark at the start is passed over.
            found = values(self.text.removeprefix(codecs.BOM_UTF8))
        self.is_sound = found is not None and found != []
        # Where the first line is damaged, a value in several lines may be one or many.
        is_told = self.is_lines or not document.is_lines or damage == LARGE
        self.events = all_events(found) if self.is_sound and is_told else None


def write(cases, folder, store, ending):
    os.makedirs(folder)
    for case in cases:
        with open(os.path.join(folder, case.name + ending), "wb") as file:
            file.write(store(case.text))


def members(text):
    third, half = len(text) // 3, len(text) // 2
    return b"".join(gzip.compress(part, 1, mtime=0) for part in (text[:third], text[third:half], text[half:]))


def entries(run, folder):
    """The quarantine's entries without the ending of the file's name."""
    found = []
    with open(run.quarantine_path, "rb") as file:
        for line in map(json.loads, file):
            line["file"] = os.path.relpath(line["file"], folder).removesuffix(".gz")
            found.append(line)
    return found


class Batch:
    """Some files, read in several settings."""

    def __init__(self, program, work, cases):
        self.program, self.work, self.cases = program, work, cases
        self.found = []

    def fail(self, what, name="", text=""):
        self.found.append((what, name, text))

    def check(self):
        plain, packed = os.path.join(self.work, "plain"), os.path.join(self.work, "packed")
        write(self.cases, plain, lambda text: text, ".json")
        write(self.cases, packed, members, ".json.gz")
        run = Run(self.program, [plain], os.path.join(self.work, "out.jsonl"), ["--workers", "1"])
        lines, problems = list(run.lines()), entries(run, plain)
        self.check_counts(run, lines, problems)
        self.check_lines(lines)
        self.check_files(lines, problems)
        for folder, workers in ((plain, "3"), (packed, "1"), (packed, "3")):
            other = Run(self.program, [folder], os.path.join(self.work, "other.jsonl"), ["--workers", workers])
            if list(other.lines()) != lines:
                self.fail("other events", f"{os.path.basename(folder)}, {workers} workers")
            if entries(other, folder) != problems:
                self.fail("other problems", f"{os.path.basename(folder)}, {workers} workers")
        bare = os.path.join(self.work, "bare.jsonl")
        done = subprocess.run([self.program, "convert", "-q", plain, bare], stdin=subprocess.DEVNULL, capture_output=True)
        with open(bare, "rb") as file:
            if file.read() != b"".join(line + b"\n" for line in lines) or done.returncode != run.code:
                self.fail("other events", "without a quarantine")
        self.check_input()
        self.check_sound()
        self.check_dropped()
        return self.found

    def check_counts(self, run, lines, problems):
        summary = run.summary
        bad = sum("record" in problem for problem in problems)
        counts = (summary["eventsIn"], summary["eventsKept"], summary["eventsQuarantined"], summary["files"])
        if counts != (len(lines) + bad, len(lines), bad, len(self.cases)):
            self.fail("the counts do not add up", text=f"{counts}, {len(lines)} lines, {bad} bad records")
        if run.code != (3 if problems else 0):
            self.fail("the exit code is wrong", text=f"{run.code}, {len(problems)} problems: {short(run.stderr)}")

    def check_lines(self, lines):
        for line in lines:
            found = values(line)
            if found is None or len(found) != 1 or not isinstance(found[0], list) or line != minified(line):
                self.fail("no JSON object comes out", text=short(line))

    def check_files(self, lines, problems):
        places = {}
        for place, line in enumerate(lines):
            places.setdefault(line, []).append(place)
        reported = {problem["file"].removesuffix(".json") for problem in problems}
        for case in self.cases:
            missing = [line for line in case.required if line not in places]
            if missing:
                self.fail("a valid record is not out", case.name, short(missing[0]))
            if not case.is_sound and case.name not in reported:
                self.fail("damage is not reported", case.name)
            if case.events is not None:
                if case.name in reported:
                    self.fail("a sound file is reported", case.name)

    def check_input(self):
        """Some of the files by themselves, from a pipe."""
        for case in self.cases[:: max(len(self.cases) // 20, 1)]:
            path = os.path.join(self.work, "plain", case.name + ".json")
            ways = []
            for command in ([self.program, "convert", "-q", path, "-"], [self.program, "convert", "-q", "-", "-"]):
                source = subprocess.PIPE if command[3] == "-" else subprocess.DEVNULL
                process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                output, errors = process.communicate(case.text if source == subprocess.PIPE else None)
                shown = errors.replace(os.fsencode(path), b"X").replace(b"standard input", b"X")
                ways.append((process.returncode, output, shown))
            if ways[0][:2] != ways[1][:2] or ways[0][2].count(b"\n") != ways[1][2].count(b"\n"):
                self.fail("standard input is read otherwise", case.name, short(str(ways)))

    def check_dropped(self):
        """What is dropped by a filter, whatever proves it; from the first file on it has kept something."""
        first, plain = os.path.join(self.work, "first.json"), os.path.join(self.work, "plain")
        with open(first, "wb") as file:
            file.write(compact({"Records": [{"eventVersion": "1.08", "eventSource": KEPT}]}))
        expected = None
        for proof in PROOFS:
            os.environ["MHPIPE_PROOF"] = proof
            run = Run(self.program, [first, plain], os.path.join(self.work, "kept.jsonl"), ["--workers", "1", "--where", f'eventSource == "{KEPT}"'])
            counts = [(stage["eventsIn"], stage["eventsOut"]) for stage in run.summary["stages"]]
            found = (run.code, list(run.lines()), entries(run, plain), counts)
            if found != (expected or found):
                self.fail("other events are dropped", proof, str([len(found[1]), len(found[2]), found[3]]))
            expected = expected or found
        del os.environ["MHPIPE_PROOF"]

    def check_sound(self):
        """The files that Python's json reads, and nothing but events in them."""
        sound = [case for case in self.cases if case.events is not None]
        folder = os.path.join(self.work, "sound")
        write(sound, folder, lambda text: text, ".json")
        run = Run(self.program, [folder], os.path.join(self.work, "sound.jsonl"))
        count, wanted = sum(1 for _ in run.lines()), sum(case.events for case in sound)
        if run.code or count != wanted:
            self.fail("other events than Python reads", text=f"{wanted} events in {len(sound)} files, not {count}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=BATCH)
    parser.add_argument("--keep", help="where files with a difference are kept")
    arguments = parser.parse_args()
    program, total, sound, required = os.path.abspath(arguments.program), 0, 0, 0
    for first in range(0, arguments.count, BATCH):
        count = min(BATCH, arguments.count - first)
        choose = random.Random(f"{arguments.seed} {first}")
        cases = [Case(f"{first + number:07d}", choose, first + number) for number in range(count)]
        with tempfile.TemporaryDirectory() as work:
            found = Batch(program, work, cases).check()
        total += len(found)
        sound += sum(case.is_sound for case in cases)
        required += sum(len(case.required) for case in cases)
        texts = {case.name: case.text for case in cases}
        for what, name, text in found[:10]:
            print(f"{what}: {name}: {text}\n    {short(texts.get(name, b''), 1500)}", flush=True)
            if arguments.keep and name in texts:
                os.makedirs(arguments.keep, exist_ok=True)
                with open(os.path.join(arguments.keep, name + ".json"), "wb") as file:
                    file.write(texts[name])
    print(f"{arguments.count} files, {sound} of them sound, {required} records that must be out: {total} differences")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
