"""Writes a tree of nasty input files, the same on every machine.

    python3 torture.py [--full] [--check] DIRECTORY

`main/` holds what the specification settles, file by file; `open/` what it leaves open, each with its
question; `walk/` and `walk-odd/` are trees to be read whole. `manifest.json` says for each file which rule it
is for and how many records must come out. `--full` adds records up to 64 MiB and more; `--check` holds the
oracle's reading against the manifest's numbers.
"""

import argparse
import json
import os
import sys

import cases_call
import cases_containers
import cases_damage
import cases_envelopes
import cases_gzip
import cases_identity
import cases_migration
import cases_open
import cases_records
import cases_sizes
import cases_walk
from cases import Tree
from trail import problems_of, read_file, records_of

MODULES = (
    cases_containers, cases_envelopes, cases_gzip, cases_damage, cases_records, cases_identity, cases_call, cases_migration, cases_walk, cases_open, cases_sizes,
)


def write(root, full=False):
    tree = Tree(root, full=full)
    for module in MODULES:
        module.add(tree)
    tree.close()
    return tree.manifest


def check(root):
    """Where the oracle reads something else than the case was made for."""
    with open(os.path.join(root, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    wrong = 0
    for case in manifest:
        items, _ = read_file(os.path.join(root, case["file"]), case["file"])
        records, problems = records_of(items), problems_of(items)
        right = case["records"] in (None, len(records)) and case["clean"] in (None, not problems)
        if not right:
            wrong += 1
            reasons = ", ".join(problem.reason for problem in problems)
            print(f"{case['file']}: {len(records)} records, wanted {case['records']}; problems: {reasons or 'none'}")
    print(f"{len(manifest)} cases, {wrong} read otherwise than meant")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    manifest = write(arguments.directory, arguments.full)
    if arguments.check:
        return 1 if check(arguments.directory) else 0
    print(f"{len(manifest)} cases in {arguments.directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
