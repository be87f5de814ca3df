"""Fails, shortens and kills at every call of a run that reaches what is below a folder, one in each run.

    python3 Tests/Faults/failing_calls.py MHPIPE [RUNS] [SEED]

Whatever fails, a run either does what it would have done, or ends with a documented exit code and says what failed; it never
ends well with other outputs, leaves half of one under its name, crashes or hangs. The same command then ends with the outputs
of a run where nothing fails. RUNS bounds the runs of each pipeline; without it all calls are tried with all faults.
"""

import errno
import pathlib
import random
import sys
import tempfile

import scenario
import shim
from scenario import Scenario, one_sink

SINKS = {
    "jsonl": "type: jsonl, path: all.jsonl",
    "jsonl.gz": "type: jsonl, path: all.jsonl.gz",
    "jsonl.zst": "type: jsonl, path: all.jsonl.zst",
    "csv": "type: csv, path: all.csv",
    "sqlite": "type: sqlite, path: all.db, indexes: [eventTime]",
}
SCENARIOS = [
    *(Scenario(f"{name}, with a state", one_sink(sink, ordered=True)) for name, sink in SINKS.items()),
    *(Scenario(f"{name}, without a state", one_sink(sink), keeps_state=False) for name, sink in SINKS.items()),
    Scenario(
        "files by fields",
        one_sink('type: jsonl, path: "lake/{recipientAccountId}/{eventName}.jsonl"'),
        keeps_state=False,
    ),
]
# What is tried on each call: error numbers, half of what was asked for, a kill before it.
FAULTS = {
    "open": ["EIO", "ENOSPC", "ENOMEM", "EINTR", "EMFILE", "kill"],
    "opendir": ["EIO", "ENOMEM", "EMFILE"],
    "readdir": ["EIO"],
    "read": ["EIO", "ENOMEM", "EINTR", "short"],
    "write": ["EIO", "ENOSPC", "ENOMEM", "EINTR", "short", "kill"],
    "sync": ["EIO", "ENOSPC", "ENOMEM", "EINTR", "kill"],
    "truncate": ["EIO", "ENOSPC", "ENOMEM", "EINTR", "kill"],
    "rename": ["EIO", "ENOSPC", "ENOMEM", "kill"],
    "unlink": ["EIO", "ENOMEM", "kill"],
    "mkdir": ["EIO", "ENOSPC", "ENOMEM", "kill"],
    "stat": ["EIO", "ENOMEM"],
}
UNITS = 5


class Test:
    def __init__(self, mhpipe, library, base, one, chance):
        self.mhpipe, self.library, self.base, self.one, self.chance = mhpipe, library, base, one, chance
        self.out = base / "out"
        self.calls_file = base / "calls"
        (base / "p.conf").write_text(one.pipeline)
        plain = Scenario(one.name, one.pipeline, keeps_state=False)
        scenario.make_logs(base / "logs", 2, random.Random(1))
        scenario.fresh(self.out)
        scenario.run(mhpipe, plain, self.out)
        self.old = {
            str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()
        }
        self.before = scenario.outputs(self.out)
        (base / "logs").rename(base / "logs-before")
        scenario.make_logs(base / "logs", UNITS, random.Random(2))
        (base / "logs/damaged.json").write_bytes(b'{"Records":[{"eventVersion":"1.08"},{"eventVersion"')
        self.code, errors = scenario.run(mhpipe, plain, self.out)
        self.whole = scenario.outputs(self.out)
        if self.code != 3:
            sys.exit(f"{one.name}: the run in which nothing fails ends with {self.code}: {errors}")

    def run(self, action):
        environment = shim.environment(self.library, self.base, action, self.calls_file)
        return scenario.run(self.mhpipe, self.one, self.out, environment)

    def calls(self):
        return [line.split()[1] for line in self.calls_file.read_text().splitlines()]

    def mistake(self, action, name, code, errors):
        """What is wrong with a run in which a call failed; None when nothing is."""
        found = scenario.outputs(self.out)
        half = [name for name in {**self.before, **self.whole}
                if found.get(name) not in (self.before.get(name), self.whole.get(name))]  # fmt: skip
        if half:
            return f"half an output: {half}"
        if action.startswith("kill"):
            return None if code in (-9, self.code) else f"exit code {code}"
        if code is None:
            return "it hangs"
        if code not in (1, 4, self.code):
            return f"exit code {code}"
        if code != 1 and found != self.whole:
            return f"exit code {code} with other outputs"
        if code == 1 and "mhpipe: " not in errors:
            return "exit code 1 without a message"
        if code == 4 and "is in its place" not in errors and "are in their places" not in errors:
            return "exit code 4 without a word on the outputs"
        if code == self.code and self.one.keeps_state and "st/checkpoint" in scenario.left_over(self.out):
            return "it is done, but its state is still there"
        return None

    def then(self):
        """What is wrong with the run behind it."""
        code, errors = scenario.run(self.mhpipe, self.one, self.out)
        found = scenario.outputs(self.out)
        different = [name for name in self.whole.keys() | found.keys() if found.get(name) != self.whole.get(name)]
        left = scenario.left_over(self.out)
        if code != self.code or different or left:
            return f"the run behind it: exit code {code}, different {different}, left over {left}: {errors}"
        return None

    def check(self, most):
        scenario.fresh(self.out, self.old)
        self.run("count")
        calls = self.calls()
        faults = []
        for number, call in enumerate(calls, 1):
            for fault in FAULTS[call]:
                faults.append(f"fail:{number}:{getattr(errno, fault)}" if fault.startswith("E") else f"{fault}:{number}")
        if most and most < len(faults):
            faults = self.chance.sample(faults, most)
        mistakes = []
        for action in faults:
            scenario.fresh(self.out, self.old)
            code, errors = self.run(action)
            number = int(action.split(":")[1])
            calls = self.calls()
            name = calls[number - 1] if number <= len(calls) else "none"
            mistake = self.mistake(action, name, code, errors) or self.then()
            if mistake:
                words = action.split(":")
                reason = errno.errorcode[int(words[2])] if len(words) > 2 else words[0]
                mistakes.append(f"{self.one.name}, call {number} ({name}) {reason}: {mistake}\n    {errors.strip()}")
                print(mistakes[-1], flush=True)
        return len(faults), mistakes


def main():
    mhpipe = str(pathlib.Path(sys.argv[1]).resolve())
    most = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else None
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    print(f"failing calls, seed {seed}", flush=True)
    mistakes = []
    with tempfile.TemporaryDirectory(prefix="mhpipe-faults-", dir=scenario.memory_folder()) as name:
        base = pathlib.Path(name).resolve()
        library = shim.build(base)
        for number, one in enumerate(SCENARIOS):
            folder = base / str(number)
            folder.mkdir()
            test = Test(mhpipe, library, folder, one, random.Random(seed + number))
            count, found = test.check(most)
            mistakes += found
            print(f"{one.name}: {count} faults, {len(found)} mistakes", flush=True)
    if mistakes:
        sys.exit(f"{len(mistakes)} mistakes")


main()
