"""Kills runs that keep their state, lets them go on, and compares the outputs with those of a run that was not killed.

    python3 Tests/Faults/kills.py MHPIPE [KILLS] [SEED]

Every sink is in it, compressed or not, with and without ordered transforms. Some kills come at a random moment, some when
the state says of a certain number of files. The comparison is byte by byte; of databases, the statements that make them.
Kills at each call that changes something are in `failing_calls.py`.
"""

import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import scenario

ONE = scenario.Scenario("everything", scenario.EVERYTHING)
UNITS = 60


def start(mhpipe, folder):
    return subprocess.Popen(
        [mhpipe, *ONE.arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def kill(process, folder, duration, chance):
    """Kills a run; false when it ended before."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, duration))
    else:
        bytes_ = 32 * chance.randrange(1, UNITS + 1)
        while process.poll() is None:
            try:
                if (folder / "st/units").stat().st_size >= bytes_:
                    break
            except FileNotFoundError:
                pass
    process.send_signal(signal.SIGKILL)
    process.stderr.read()
    return process.wait() == -signal.SIGKILL


def main():
    mhpipe, kills, seed = scenario.arguments("kills", 500)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="mhpipe-kills-") as name:
        base = pathlib.Path(name)
        folder = base / "out"
        scenario.make_logs(base / "logs", UNITS, chance, events=20, text=4000)
        (base / "p.conf").write_text(ONE.pipeline)
        scenario.fresh(folder)
        code, errors = scenario.run(mhpipe, scenario.Scenario(ONE.name, ONE.pipeline, keeps_state=False), folder)
        if code != 3:
            sys.exit(f"the run that is not killed ends with {code}: {errors}")
        whole = scenario.outputs(folder)
        begin = time.monotonic()
        scenario.run(mhpipe, ONE, folder)
        duration = time.monotonic() - begin
        done = rounds = 0
        while done < kills:
            scenario.fresh(folder)
            while done < kills and kill(start(mhpipe, folder), folder, duration, chance):
                done += 1
                if chance.random() < 0.4:
                    break
            code, errors = scenario.run(mhpipe, ONE, folder)
            if code != 3:
                sys.exit(f"seed {seed}, after {done} kills: exit code {code}\n{errors}")
            found = scenario.outputs(folder)
            different = [path for path in whole.keys() | found.keys() if found.get(path) != whole.get(path)]
            left = scenario.left_over(folder)
            if different or left:
                sys.exit(f"seed {seed}, after {done} kills: different {different}, left over {left}")
            rounds += 1
    print(f"{done} kills in {rounds} runs that went on: 0 differences (seed {seed})")


main()
