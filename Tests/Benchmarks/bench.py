"""Measures mhpipe against what its libraries and other programs take for the same input; `make bench` runs it.

Every case runs once in each round, in turn, so that a machine that slows down slows all of them down; ratios are taken
within a round. Each result is counted before it is removed.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import chart
import corpus
import measuring
import table
from cases import STATE_AIMS, Catalog
from peers import installed
from results import Before, Results

ROOT = Path(__file__).resolve().parents[2]
FULL_SIZE, FULL_ROUNDS = 10**9, 5
MARKERS = ("<!-- figures: make bench writes them -->", "<!-- end of figures -->")


def arguments():
    parser = argparse.ArgumentParser(description="Measures mhpipe; the release binaries have to be built.")
    parser.add_argument("--size", type=corpus.size, default=FULL_SIZE, help="bytes of text, such as 100MB")
    parser.add_argument("--rounds", type=int, default=FULL_ROUNDS, help="counted rounds, after a warm-up")
    parser.add_argument("--peer-rounds", type=int, default=2, help="rounds in which other programs run too; 0 for none")
    parser.add_argument("--tools", type=Path, default=ROOT / ".build/release", help="where the binaries are")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="where input and figures are kept")
    parser.add_argument("--only", action="append", help="cases whose name begins so, and the floor; no tables")
    parser.add_argument("--state", action="store_true", help="what a state costs, and nothing else; no tables")
    parser.add_argument("--docs", action="store_true", help="write docs/, however small the input is")
    return parser.parse_args()


def scratch_folder(folder, size, needs_disk):
    """Memory, where there is enough: a disk that writes back disturbs the figures. In memory a state costs too little."""
    memory = Path("/dev/shm")
    if not needs_disk and memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 12 * size:
        return memory / f"mhpipe-bench-{os.getpid()}", "memory (/dev/shm)"
    return folder / f"scratch-{os.getpid()}", "the disk"


def corpora(options):
    """The trail itself, and those of other sizes; the largest only where the disk has room for it."""
    maker = options.tools / "mhpipe-corpus"
    made = {}
    clustered = corpus.Corpus(options.folder / "corpus", options.size, "clustered").make(maker, ["gzip"])
    for factor in (0.1, 1, 4):
        trail = corpus.Corpus(options.folder / "corpus", int(options.size * factor))
        if factor > 1 and shutil.disk_usage(options.folder).free < trail.size * 2:
            print(f"leaving out {corpus.name(trail.size)}: the disk has too little room", file=sys.stderr)
            continue
        print(f"input of {corpus.name(trail.size)}", file=sys.stderr)
        made[corpus.name(trail.size)] = trail.make(maker, corpus.FORMS if factor == 1 else ["gzip"])
    return made, clustered


def prepared_rows(measurer, catalog, trail):
    """The rows of the SQLite case, for the loop that only inserts."""
    database = catalog.conversion("sqlite", trail)
    rows = catalog.scratch / "rows"
    measurer.run(database.command)
    measurer.run([catalog.tools / "mhpipe-limits", "rows", database.output, rows])
    database.output.unlink()
    return rows


def run_rounds(cases, rounds, measurer):
    for number in range(rounds + 1):
        name = f"round {number} of {rounds}" if number else "warm-up"
        # Every other round backwards: what a case leaves to write back, or makes the machine find memory for, falls on the next.
        for index, case in enumerate(cases if number % 2 else reversed(cases)):
            # A peer takes long: no warm-up, and a few rounds only.
            if case.rounds is not None and not 1 <= number <= case.rounds:
                continue
            progress(f"{name}: {case.key} ({index + 1} of {len(cases)})")
            runs = [case.run(measurer) for _ in range(case.times)]
            if number:
                case.runs.append(runs)
    progress("")


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)


def environment(options, catalog, scratch_name):
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    version = subprocess.run([catalog.tools / "mhpipe", "--version"], stdout=subprocess.PIPE, text=True, check=True)
    return {
        "processor": processor,
        "workers": catalog.workers,
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        # With the form of the proof, and of the checksum.
        "version": version.stdout.splitlines()[0].removeprefix("mhpipe "),
        "rounds": options.rounds,
        "scratch": scratch_name,
    }


def compare_states(results):
    """Says how many times as long runs take that keep a state; ends badly where that is more than it may be."""
    failed = False
    for kind, aim in STATE_AIMS.items():
        plain, kept = f"{kind} run", f"{kind} run with a state"
        ratio = results.ratio(kept, plain)
        failed = failed or ratio > aim
        print(f"{kind:8} {results.median(plain):8.4f} s, with a state {results.median(kept):8.4f} s: {ratio:.3f} of at most {aim}")
    if failed:
        sys.exit("a state costs more than it may")


def write(options, results, report, trail, about):
    """Keeps what was measured; a full run also goes into the documentation."""
    figures = {"environment": about, "input": trail.forms, "cases": results.as_json()}
    markdown = report.markdown()
    picture = chart.svg(results, f"{corpus.name(trail.size)} of trail in gzip files")
    options.folder.mkdir(exist_ok=True)
    (options.folder / "performance.json").write_text(json.dumps(figures, indent=1) + "\n")
    (options.folder / "performance.md").write_text(markdown)
    (options.folder / "performance.svg").write_text(picture)
    print(markdown)
    if not options.docs and (options.size < FULL_SIZE or options.rounds < FULL_ROUNDS):
        print(f"Kept in {options.folder}; docs/ takes the figures of a full run, or those of --docs.", file=sys.stderr)
        return
    docs = ROOT / "docs"
    (docs / "performance.json").write_text(json.dumps(figures, indent=1) + "\n")
    (docs / "performance.svg").write_text(picture)
    page = (docs / "performance.md").read_text()
    before, rest = page.split(MARKERS[0])
    after = rest.split(MARKERS[1])[1]
    block = f"![Seconds for each kind of work](performance.svg)\n\n{markdown}\n"
    block += "The figures of every round are in [performance.json](performance.json).\n"
    (docs / "performance.md").write_text(f"{before}{MARKERS[0]}\n\n{block}\n{MARKERS[1]}{after}")


def main():
    options = arguments()
    options.folder.mkdir(parents=True, exist_ok=True)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    scratch, scratch_name = scratch_folder(options.folder, options.size, options.state)
    scratch.mkdir(parents=True)
    try:
        measurer = measuring.Measurer(options.tools / "mhpipe-limits", scratch)
        catalog = Catalog(options.tools, scratch, workers)
        sizes, clustered = corpora(options)
        trail = sizes[corpus.name(options.size)]
        rows = None if options.state else prepared_rows(measurer, catalog, trail)
        others = [(made, size) for size, made in sizes.items()]
        if options.state:
            cases = catalog.with_state(trail)
            run_rounds(cases, options.rounds, measurer)
            return compare_states(Results(cases))
        cases = catalog.main(trail, rows) + [catalog.start()]
        cases += catalog.one_worker(trail) + catalog.other_forms(trail) + catalog.sizes(others)
        cases += [catalog.filter_clustered(clustered), *catalog.months(others[-1][0], measurer)]
        cases += [catalog.peer(*peer, trail, options.peer_rounds) for peer in installed(options.folder / "peers")]
        if options.only:
            cases = [case for case in cases if case.key == "floor" or case.key.startswith(tuple(options.only))]
        run_rounds(cases, options.rounds, measurer)
        results = Results(cases)
        if options.only:
            for key in results.cases:
                ratio = results.ratio("floor", key) if key != "start" else 0
                print(f"{key:24} {results.median(key):8.4f} s {results.peak(key) / 1e6:6.0f} MB {ratio:6.2f} of the floor")
            return
        about = environment(options, catalog, scratch_name)
        before = Before(json.loads((ROOT / "docs" / "performance.json").read_text()))
        write(options, results, table.Report(results, trail, list(sizes), about, before), trail, about)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    try:
        main()
    except measuring.Failed as failure:
        sys.exit(f"error: {failure}")
