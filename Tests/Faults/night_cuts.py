"""Cuts the power after every call of a run that appends to what an earlier one has written, and goes on.

    python3 Tests/Faults/night_cuts.py MHPIPE [CUTS] [SEED]

As `power_cuts.py`, of whose disk it makes use: an earlier night is committed, and the night that is cut adds to all of its outputs.
What goes on has to end with the outputs of nights that were not cut, and no file may lose what was in it before.
"""

import random
import sys

import power_cuts
import scenario

NIGHT = scenario.Scenario(
    "nights", "mode: append\n" + scenario.EVERYTHING.replace("type: dedupe,", "type: dedupe, across: runs,")
)


class NightTest(power_cuts.Test):
    def __init__(self, mhpipe, library, base, one, chance):
        self.begin(mhpipe, library, base, one, chance)
        scenario.make_logs(base / "logs", 4, random.Random(1))
        scenario.fresh(self.out)
        self.run_whole()
        self.old = self.files()
        # Names of the second night come before those of the first, and behind.
        scenario.make_logs(base / "new", 8, random.Random(2))
        for number, log in enumerate(sorted((base / "new").iterdir())):
            log.rename(base / "logs" / f"{'09'[number % 2]}{log.name}")
        self.run_whole()
        self.code = 3
        self.whole = scenario.outputs(self.out)

    def run_whole(self):
        code, errors = scenario.run(self.mhpipe, self.one, self.out)
        if code not in (0, 3):
            sys.exit(f"the run that is not cut ends with {code}: {errors}")

    def mistake(self, code, errors):
        # A run that finds the night committed has nothing to read that is damaged.
        if code not in (0, 3):
            return f"exit code {code}: {errors}"
        found = scenario.outputs(self.out)
        different = [name for name in self.whole.keys() | found.keys() if found.get(name) != self.whole.get(name)]
        left = [name for name in scenario.left_over(self.out) if ".mhpipe-" in name or name == "st/checkpoint"]
        return f"different {different}, left over {left[:9]}" if different or left else None

    def half(self, tree, finals):
        # Files grow where they are; what a database holds is seen when the run has gone on.
        files = [name for name in self.old if not name.startswith("st/") and ".db" not in name]
        return [name for name in files if not (tree.get(name) or b"").startswith(self.old[name])]


def main():
    mhpipe, most, seed = scenario.arguments("power cuts at night")
    for one, folder, library, chance in scenario.each([NIGHT], seed):
        gone_on, looked_at = NightTest(mhpipe, library, folder, one, chance).check(most)
        print(f"{looked_at} cuts looked at, {gone_on} gone on from: 0 differences")


main()
