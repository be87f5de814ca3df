"""Kills runs with `mode: append`, night after night, and compares each night with one in a folder where nothing is killed.

    python3 Tests/Faults/nights.py MHPIPE [KILLS] [SEED]

Every sink is in it, with a `dedupe` that spans the nights. Late files come with names before those that were read. Most kills
come while outputs are put in their places, some several in one night. The comparison is byte by byte; of databases, the
statements that make them.
"""

import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import scenario

PIPELINE = "mode: append\n" + scenario.EVERYTHING.replace("type: dedupe,", "type: dedupe, across: runs,")
NIGHT = scenario.Scenario("nights", PIPELINE)
NIGHTS = 6


def add_logs(folder, units, first, chance):
    """Adds files under names that come before or behind those of earlier nights."""
    new = folder.parent / "new"
    scenario.make_logs(new, units, chance, events=20, text=2000)
    for number, log in enumerate(sorted(new.iterdir())):
        log.rename(folder / f"{chance.randrange(1000)}-{first + number}.{log.name.split('.', 1)[1]}")
    new.rmdir()


def wait_for_commit(process, folder):
    """Waits until the run begins to put outputs in their places, or ends."""
    while process.poll() is None:
        try:
            if b"ended yes" in (folder / "st/checkpoint").read_bytes():
                return
        except FileNotFoundError:
            pass


def kill(mhpipe, folder, duration, chance):
    """Starts a run and kills it; false when it ended before."""
    process = subprocess.Popen(
        [mhpipe, *NIGHT.arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if chance.random() < 0.6:
        wait_for_commit(process, folder)
        time.sleep(chance.choice([0, chance.uniform(0, 0.003), chance.uniform(0, 0.05)]))
    else:
        time.sleep(chance.uniform(0, duration))
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def main():
    mhpipe, kills, seed = scenario.arguments("kills at night", 500)
    chance = random.Random(seed)
    done = rounds = 0
    while done < kills:
        with tempfile.TemporaryDirectory(prefix="mhpipe-nights-") as name:
            base = pathlib.Path(name)
            (sound, torn, logs) = (base / "sound", base / "torn", base / "logs")
            for folder in sound, torn, logs:
                folder.mkdir()
            (base / "p.conf").write_text(PIPELINE)
            taken = 0
            for night in range(NIGHTS):
                count = chance.choice([0, 1, 5, 15])
                add_logs(logs, count, taken, chance)
                taken += count
                begin = time.monotonic()
                code, errors = scenario.run(mhpipe, NIGHT, sound)
                duration = time.monotonic() - begin
                if code not in (0, 3):
                    sys.exit(f"seed {seed}, night {night}: a run that is not killed ends with {code}: {errors}")
                while done < kills and chance.random() < 0.8 and kill(mhpipe, torn, duration, chance):
                    done += 1
                code, errors = scenario.run(mhpipe, NIGHT, torn)
                context = f"seed {seed}, night {night}, after {done} kills"
                if code not in (0, 3):
                    sys.exit(f"{context}: exit code {code}\n{errors}")
                (whole, found) = (scenario.outputs(sound), scenario.outputs(torn))
                different = [path for path in whole.keys() | found.keys() if whole.get(path) != found.get(path)]
                left = [path for path in scenario.left_over(torn) if ".mhpipe-" in path or path == "st/checkpoint"]
                if different or left:
                    sys.exit(f"{context}: different {different}, left over {left}")
        rounds += 1
    print(f"{done} kills in {NIGHTS * rounds} nights: 0 differences (seed {seed})")


main()
