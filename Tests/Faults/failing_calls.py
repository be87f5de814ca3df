"""Fails, shortens and kills at every call of a run that reaches what is below a folder, one in each run.

    python3 Tests/Faults/failing_calls.py MHPIPE [RUNS] [SEED]

Whatever fails, a run either does what it would have done, or ends with a message and an exit code that are in the table in
docs/reliability.md, which is read for that; it never ends well with other outputs, leaves half of one under its name, crashes or
hangs. The same command then ends with the outputs of a run where nothing fails. RUNS bounds the runs of each pipeline; without it all calls are tried with all faults.
"""

import errno
import os
import pathlib
import random
import re
import sys
import time

import scenario
import shim
from scenario import Scenario, one_sink

SINKS = {
    "jsonl": "type: jsonl, path: all.jsonl",
    "jsonl.gz": "type: jsonl, path: all.jsonl.gz",
    "jsonl.zst": "type: jsonl, path: all.jsonl.zst",
    "csv": "type: csv, path: all.csv",
    "sqlite": "type: sqlite, path: all.db, indexes: [eventTime]",
    "lake": 'type: csv, path: "lake/{recipientAccountId}/{eventName}.csv"',
    "parts": "type: jsonl, path: parts.jsonl, rotate: 1kB",
}
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/reliability.md"
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "Plugins/Exec/keep_file.sh"
SCENARIOS = [
    *(Scenario(f"{name}, with a state", one_sink(sink, ordered=True)) for name, sink in SINKS.items()),
    *(Scenario(f"{name}, without a state", one_sink(sink), keeps_state=False) for name, sink in SINKS.items()),
    *(
        Scenario(f"{name}, appending", "mode: append\n" + one_sink(sink, ordered=True).replace("dedupe", "dedupe, across: runs"))
        for name, sink in SINKS.items()
    ),
    Scenario(
        "exec",
        one_sink(f"type: exec, protocol: handshake, command: [{PROGRAM}, all.jsonl], writes: all.jsonl"),
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


def documented(path):
    """The messages in the table of a page, each as a pattern with its exit codes."""
    rows = re.findall(r"^\| `((?:mhpipe|error): [^`]*)` \| ([0-9, ]+) \|", path.read_text(), re.MULTILINE)
    if not rows:
        sys.exit(f"{path.name} has no table of messages")
    return [(message, [int(code) for code in codes.split(",")]) for message, codes in rows]


class Test:
    def __init__(self, mhpipe, library, base, one, chance):
        self.mhpipe, self.library, self.base, self.one, self.chance = mhpipe, library, base, one, chance
        self.messages = documented(PAGE)
        self.appends = one.pipeline.startswith("mode: append")
        self.out = base / "out"
        self.calls_file = base / "calls"
        (base / "p.conf").write_text(one.pipeline)
        sound = one if self.appends else Scenario(one.name, one.pipeline, keeps_state=False)
        scenario.make_logs(base / "logs", 2, random.Random(1))
        scenario.fresh(self.out)
        scenario.run(mhpipe, sound, self.out)
        self.old = {
            str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()
        }
        self.before = scenario.outputs(self.out)
        scenario.make_logs(base / "new", UNITS, random.Random(2))
        (base / "new/damaged.json").write_bytes(b'{"Records":[{"eventVersion":"1.08"},{"eventVersion"')
        if self.appends:
            # Names of the new files come before those of the earlier run, and behind.
            for number, log in enumerate(sorted((base / "new").iterdir())):
                log.rename(base / "logs" / f"{'09'[number % 2]}{log.name}")
        else:
            (base / "logs").rename(base / "logs-before")
            (base / "new").rename(base / "logs")
        self.code, errors = scenario.run(mhpipe, sound, self.out)
        self.whole = scenario.outputs(self.out)
        if self.code != 3:
            sys.exit(f"{one.name}: the run in which nothing fails ends with {self.code}: {errors}")

    def run(self, action):
        environment = shim.environment(self.library, self.base, action, self.calls_file)
        result = scenario.run(self.mhpipe, self.one, self.out, environment)
        # Programs of a run that is killed end by themselves, with their files.
        end = time.monotonic() + 60
        while any(self.out.glob(".all.jsonl.[0-9]*")) and time.monotonic() < end:
            time.sleep(0.01)
        return result

    def calls(self):
        return [line.split()[1] for line in self.calls_file.read_text().splitlines()]

    def is_sound(self, name, data, was_killed):
        """Whether an output is as before or as it shall be; a file that grows may have grown by a part when the run is killed."""
        if was_killed and self.appends and isinstance(data, bytes):
            return self.whole[name].startswith(data) and data.startswith(self.before.get(name, b""))
        return data in (self.before.get(name), self.whole.get(name))

    def mistake(self, action, name, code, errors):
        """What is wrong with a run in which a call failed; None when nothing is."""
        found = scenario.outputs(self.out)
        half = [name for name in {**self.before, **self.whole}
                if not self.is_sound(name, found.get(name), action.startswith("kill"))]  # fmt: skip
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
        if code != self.code and not self.is_documented(action, code, errors):
            return f"exit code {code} with a message that is not in {PAGE.name}"
        if code == 4 and "is in its place" not in errors and "are in their places" not in errors:
            return "exit code 4 without a word on the outputs"
        if code == self.code and self.one.keeps_state and "st/checkpoint" in scenario.left_over(self.out):
            return "it is done, but its state is still there"
        return None

    def is_documented(self, action, code, errors):
        """Whether one of the lines says what the page has for this exit code, with the reason that the system gave."""
        words = action.split(":")
        reason = re.escape(os.strerror(int(words[2]))) if words[0] == "fail" else ".*"
        for message, codes in self.messages:
            pattern = re.escape(message)
            for word, part in (("PATH", "'[^']+'"), ("REASON", reason), ("WORDS", r"[^\n]+"), ("STEP", r"[\w .]+")):
                pattern = pattern.replace(word, part)
            if code in codes and re.search(f"^{pattern}$", errors, re.MULTILINE):
                return True
        return False

    def then(self, call):
        """What is wrong with the run behind it."""
        code, errors = scenario.run(self.mhpipe, self.one, self.out)
        found = scenario.outputs(self.out)
        different = [name for name in self.whole.keys() | found.keys() if found.get(name) != self.whole.get(name)]
        left = scenario.left_over(self.out)
        codes = [self.code]
        if self.appends:
            # What was committed is not read again, damage included.
            codes.append(0)
            left = [name for name in left if ".mhpipe-" in name or name == "st/checkpoint"]
            # What could not be removed is written over by the next run that finds something new.
            if call == "unlink" and code == 0:
                left = [name for name in left if not name.endswith(".kept")]
        if code not in codes or different or left:
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
            mistake = self.mistake(action, name, code, errors) or self.then(name)
            if mistake:
                words = action.split(":")
                reason = errno.errorcode[int(words[2])] if len(words) > 2 else words[0]
                mistakes.append(f"{self.one.name}, call {number} ({name}) {reason}: {mistake}\n    {errors.strip()}")
                print(mistakes[-1], flush=True)
        return len(faults), mistakes


def main():
    mhpipe, most, seed = scenario.arguments("failing calls")
    mistakes = []
    for one, folder, library, chance in scenario.each(SCENARIOS, seed):
        count, found = Test(mhpipe, library, folder, one, chance).check(most)
        mistakes += found
        print(f"{one.name}: {count} faults, {len(found)} mistakes", flush=True)
    if mistakes:
        sys.exit(f"{len(mistakes)} mistakes")


main()
