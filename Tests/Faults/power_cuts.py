"""Cuts the power after every call of a run that changes something on the disk, and goes on with what may be left.

    python3 Tests/Faults/power_cuts.py MHPIPE [CUTS] [SEED]

A kill keeps what the system has in its memory, so that it cannot find a missing sync. Here a whole run is recorded
(`shim.c`) and played on a disk that forgets (`disk.py`). After each call, the folder is made as it may be then: nothing there
that was not synced, pages of it, names of files without their bytes, entries of folders that are or are not there. The same
command then goes on, which is recorded and cut in its turn. It has to end with the outputs of a run that was never stopped, and at
no cut may there be half an output under its name. CUTS bounds the cuts of each pipeline; without it all are tried. In the end,
two syncs are swapped in the record, which has to be noticed.
"""

import hashlib
import random
import sys

import disk
import scenario
import shim
from scenario import EVERYTHING, HEAD, Scenario

SCENARIOS = [
    Scenario("everything", EVERYTHING),
    Scenario(
        "without ordered transforms",
        HEAD
        + """
sinks:
  all: {type: jsonl, inputs: [logs], path: all.jsonl}
  table: {type: csv, inputs: [logs], path: all.csv.gz}
  rows: {type: sqlite, inputs: [logs], path: all.db}
""",
    ),
    Scenario(
        "a lake alone",
        HEAD.replace("quarantine: bad.jsonl\n", "")
        + """
sinks:
  lake: {type: csv, inputs: [logs], path: "data/{recipientAccountId}/{eventName}/{eventTime:%Y-%m-%d}.csv"}
""",
    ),
    Scenario(
        "without a state",
        HEAD
        + """
sinks:
  all: {type: jsonl, inputs: [logs], path: all.jsonl.gz}
  rows: {type: sqlite, inputs: [logs], path: all.db}
  lake: {type: jsonl, inputs: [logs], path: "lake/{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl"}
""",
        keeps_state=False,
    ),
]
UNITS = 14


class Test:
    def __init__(self, mhpipe, library, base, one, chance):
        self.begin(mhpipe, library, base, one, chance)
        # What stands under the names before, of other files.
        scenario.make_logs(base / "logs", 3, random.Random(1))
        scenario.fresh(self.out)
        plain = Scenario(one.name, one.pipeline, keeps_state=False)
        scenario.run(mhpipe, plain, self.out)
        self.old = self.files()
        (base / "logs").rename(base / "logs-before")
        scenario.make_logs(base / "logs", UNITS, random.Random(2))
        self.code, errors = scenario.run(mhpipe, plain, self.out)
        self.whole = scenario.outputs(self.out)
        if self.code not in (0, 3) or len(self.whole) < 3:
            sys.exit(f"{one.name}: the run that is not cut ends with {self.code}: {errors}")

    def begin(self, mhpipe, library, base, one, chance):
        """Takes the pipeline, which is written into the folder."""
        self.mhpipe, self.library, self.one, self.chance = mhpipe, library, one, chance
        self.out = base / "out"
        self.record_file = base / "record"
        (base / "p.conf").write_text(one.pipeline)

    def files(self):
        return {str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()}

    def record(self):
        """Runs in the folder as it is; what the disk was before, what happened on it, and how it ended."""
        before = disk.Disk(self.out)
        environment = shim.environment(self.library, self.out, "record", self.record_file)
        code, errors = scenario.run(self.mhpipe, self.one, self.out, environment)
        return before, disk.read_record(self.record_file), self.mistake(code, errors)

    def mistake(self, code, errors):
        """What is wrong with a run that has gone on; None when nothing is."""
        if code != self.code:
            return f"exit code {code}: {errors}"
        found = scenario.outputs(self.out)
        different = [name for name in self.whole.keys() | found.keys() if found.get(name) != self.whole.get(name)]
        left = scenario.left_over(self.out)
        return f"different {different}, left over {left[:9]}" if different or left else None

    def variants(self, place, torn):
        """What may be on the disk: how it came to that, and the files."""
        pending = place.pending
        yield "nothing else", place.after_cut("none", lambda change: False, self.chance)
        yield "entries without data", place.after_cut("none", lambda change: True, self.chance)
        yield "entries with zeros", place.after_cut("zeros", lambda change: True, self.chance)
        yield "data without entries", place.after_cut("all", lambda change: False, self.chance)
        for one in pending if len(pending) > 1 else []:
            yield f"without {one.text}", place.after_cut("none", lambda change: change is not one, self.chance)
            yield f"only {one.text}", place.after_cut("none", lambda change: change is one, self.chance)
        for _ in range(torn):
            kept = {change.number for change in pending if self.chance.random() < 0.5}
            yield "torn", place.after_cut("torn", lambda change: change.number in kept, self.chance)

    def cuts(self, place, events, torn=2, between=None):
        """All that may be on the disk after any of the events, each once."""
        seen = set()
        for number, event in enumerate(events):
            place.play(event)
            if between and number not in between:
                continue
            for how, tree in self.variants(place, torn):
                digest = hashlib.sha256(repr(sorted(tree.items())).encode()).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield f"after event {number} ({' '.join(map(str, event[:3]))}): {how}", tree

    def check_whole(self, cuts, finals):
        """Sees to it that each output is as before the run, or as one of the runs left it in the end."""
        for ways, tree in cuts:
            half = self.half(tree, finals)
            if half:
                self.fail(ways, f"half an output: {half}")

    def half(self, tree, finals):
        known = [self.old, *finals]
        return [name for name in self.old | self.whole if tree.get(name) not in [files.get(name) for files in known]]

    def go_on(self, tree):
        scenario.fresh(self.out)
        disk.put(tree, self.out)
        return self.record()

    def fail(self, ways, what):
        sys.exit(f"{self.one.name}, cut " + ", then ".join(ways) + f": {what}")

    def check(self, most):
        """Cuts a run, and runs that go on; returns how many cuts were gone on from, and looked at."""
        scenario.fresh(self.out, self.old)
        before, events, mistake = self.record()
        if mistake:
            self.fail(["not at all"], mistake)
        finals = [self.files()]
        cuts = [([way], tree) for way, tree in self.cuts(before, events)]
        self.check_whole(cuts, finals)
        looked_at, gone_on = len(cuts), 0
        if most and most < len(cuts):
            cuts = self.chance.sample(cuts, most)
        for ways, tree in cuts:
            here = list(finals)
            while True:
                before, events, mistake = self.go_on(tree)
                gone_on += 1
                if mistake:
                    self.fail(ways, mistake)
                if self.chance.random() < 0.7:
                    break
                at = self.chance.randrange(len(events))
                here.append(self.files())
                again = [([*ways, way], tree) for way, tree in self.cuts(before, events[: at + 1], 1, between=[at])]
                self.check_whole(again, here)
                ways, tree = self.chance.choice(again)
        return gone_on, looked_at

    def check_swap(self):
        """Swaps two syncs, or a sync and a rename, and sees to it that a cut between them is noticed."""
        scenario.fresh(self.out, self.old)
        before, events, _ = self.record()
        finals = [self.files()]
        first, second = self.swap(events)
        events[first], events[second] = events[second], events[first]
        for _, tree in self.cuts(before, events, between=range(first, second)):
            if self.half(tree, finals):
                return
            if self.one.keeps_state and self.go_on(tree)[2]:
                return
        sys.exit(f"{self.one.name}: a cut between two swapped syncs is not noticed, so this test is worth nothing")

    def swap(self, events):
        """The events to swap: an output is given its name, or named by a checkpoint, before it is on the disk."""
        hidden = [event for event in events if event[0] == "create" and (".all.jsonl" in event[2] or ".files-" in event[2])]
        output = hidden[0][1]
        if not self.one.keeps_state:
            rename = next(at for at, event in enumerate(events) if event[0] == "rename" and ".all.jsonl" in event[1])
            return max(at for at, event in enumerate(events[:rename]) if event == ("sync", output)), rename
        rename = next(at for at, event in enumerate(events) if event[0] == "rename" and event[2].endswith("/st/checkpoint"))
        folder = next(event[1] for event in events if event[0] == "mkdir")
        return (
            max(at for at, event in enumerate(events[:rename]) if event == ("sync", output)),
            next(at for at, event in enumerate(events) if at > rename and event == ("sync", folder)),
        )


def main():
    mhpipe, most, seed = scenario.arguments("power cuts")
    for one, folder, library, chance in scenario.each(SCENARIOS, seed):
        test = Test(mhpipe, library, folder, one, chance)
        gone_on, looked_at = test.check(most)
        test.check_swap()
        print(f"{one.name}: {looked_at} cuts looked at, {gone_on} gone on from: 0 differences", flush=True)


if __name__ == "__main__":
    main()
