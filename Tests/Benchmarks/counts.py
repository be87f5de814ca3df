"""Counts instructions and allocations for each event, which do not depend on how busy a machine is.

`make counts` compares with what is recorded in `counts.json`, and fails when a way through mhpipe became dearer by more
than a tenth; `make counts-record` records anew. Counted are mhpipe itself, the Swift runtime and simdjson, but not the
libraries that decompress, copy and store, which choose their code by the processor and change with the system.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import corpus
from cases import ALSO_COUNTED, KINDS

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("counts.json")
INPUT_BYTES = 10 * 10**6
TOLERANCE = 0.10
COUNTED = re.compile(r"/mhpipe$|libswift|libFoundation|libdispatch|libsimdjson")
ALLOCATIONS = re.compile(r"^(malloc|calloc|realloc|posix_memalign|aligned_alloc)(?:'\d+)?$")


def profile(path):
    """The instructions spent in the counted objects, and the allocations, of a file of callgrind."""
    names, files, instructions, allocations = {}, {}, 0, 0
    counted = skip = False

    def name(text, table):
        """Callgrind writes a name once, with a number that stands for it from then on."""
        number, _, rest = text.partition(" ")
        if rest:
            table[number] = rest
        return table.get(number, text)

    called = ""
    for line in path.open():
        if line[0].isdigit() or line[0] in "+-*":
            if skip:
                skip = False
            elif counted:
                instructions += int(line.split()[1])
        elif line.startswith("ob="):
            counted = bool(COUNTED.search(name(line[3:].strip(), files)))
        elif line.startswith("cob="):
            name(line[4:].strip(), files)
        elif line.startswith("fn="):
            name(line[3:].strip(), names)
        elif line.startswith("cfn="):
            called = name(line[4:].strip(), names)
        elif line.startswith("calls="):
            skip = True
            if ALLOCATIONS.match(called):
                allocations += int(line[6:].split()[0])
    return instructions, allocations


def count(mhpipe, command, folder):
    """Runs mhpipe under callgrind; returns what `profile` found."""
    output = folder / "callgrind.out"
    valgrind = shutil.which("valgrind")
    command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={output}", mhpipe, *command]
    # Every variable is read at the start, so what is counted is the same in any environment.
    environment = {"PATH": "/usr/bin:/bin"}
    if libraries := os.environ.get("LD_LIBRARY_PATH"):
        environment["LD_LIBRARY_PATH"] = libraries
    result = subprocess.run(
        [str(word) for word in command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if result.returncode:
        sys.exit(f"error: {' '.join(map(str, command))}\n{result.stderr.decode(errors='replace')}")
    return profile(output)


def stripped(mhpipe, folder):
    """A copy of mhpipe without the debug information, at which valgrind 3.19 may give up; nothing that is counted."""
    copy = folder / "mhpipe"
    shutil.copy2(mhpipe, copy)
    if strip := shutil.which("strip"):
        subprocess.run([strip, "--strip-debug", copy], check=False)
    return copy


def measure(tools, trail):
    """The figures of every way through mhpipe, by its name."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        mhpipe = stripped(tools / "mhpipe", folder)
        start = count(mhpipe, ["--version"], folder)
        for kind, (_, suffix, options) in (KINDS | ALSO_COUNTED).items():
            command = ["convert", trail.path("gzip"), folder / f"out.{suffix}", *options, "--force", "--workers", "1", "--quiet"]
            instructions, allocations = count(mhpipe, command, folder)
            figures[kind] = {
                "instructionsPerEvent": round((instructions - start[0]) / trail.events),
                "allocationsPerEvent": round((allocations - start[1]) / trail.events, 2),
            }
        figures["start"] = {"instructions": start[0], "allocations": start[1]}
    return figures


def compare(figures, recorded):
    """Prints all figures beside those recorded; true when none is dearer by more than the tolerance."""
    dearer, cheaper = [], []
    for kind, values in figures.items():
        for figure, value in values.items():
            before = recorded.get(kind, {}).get(figure)
            change = value / before - 1 if before else 0.0
            print(f"{kind:9} {figure:21} {value:>12,} {'' if before is None else f'{before:>12,} {change:+8.1%}'}")
            # A tenth of next to no allocations is none.
            little = figure == "allocationsPerEvent" and before is not None and abs(value - before) < 0.05
            if before is None or change > TOLERANCE and not little:
                dearer.append(f"{kind} {figure}")
            elif change < -TOLERANCE and not little:
                cheaper.append(f"{kind} {figure}")
    if cheaper:
        print(f"cheaper by more than {TOLERANCE:.0%}: {', '.join(cheaper)}; `make counts-record` keeps that")
    if dearer:
        print(
            f"error: dearer than recorded by more than {TOLERANCE:.0%}: {', '.join(dearer)}\n"
            "Make it cheaper; or, when it has to be so, record it with `make counts-record` and say why in the commit.",
            file=sys.stderr,
        )
    return not dearer


def main():
    parser = argparse.ArgumentParser(description="Compares instruction counts with those recorded.")
    parser.add_argument("--record", action="store_true", help="record the counts instead")
    parser.add_argument("--tools", type=Path, default=ROOT / ".build/release", help="where the binaries are")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="where input is kept")
    options = parser.parse_args()
    machine = platform.machine()
    if not shutil.which("valgrind"):
        print("note: there is no valgrind here; instructions are not counted")
        return
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if machine not in record and not options.record:
        print(f"note: no counts are recorded for {machine}; `make counts-record` does")
        return
    trail = corpus.Corpus(options.folder / "corpus", INPUT_BYTES).make(options.tools / "mhpipe-corpus", ["gzip"])
    figures = measure(options.tools, trail)
    if options.record:
        record[machine] = figures
        RECORD.write_text(json.dumps(record, indent=1) + "\n")
        compare(figures, figures)
    elif not compare(figures, record[machine]):
        sys.exit(1)


if __name__ == "__main__":
    main()
