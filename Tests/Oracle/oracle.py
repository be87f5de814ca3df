"""An independent reading of what mhpipe must put out, from the specification alone.

    python3 oracle.py [--records] [--limit N] PATH...

prints per path what is found: files, records, problems, Migration Hub records, kinds of identity; with
`--records` every record and problem as a JSON line. It shares no code with mhpipe and is compared with it
by compare.py.
"""

import argparse
import collections
import json
import sys

from documents import MAX_DEPTH, MAX_RECORD_BYTES, Record
from identity import identity
from jsontext import Number
from migration import migration
from trail import files_under, read_file


def read_tree(root, max_depth=MAX_DEPTH, max_record_bytes=MAX_RECORD_BYTES):
    """For each file in order: (items, report)."""
    files, skipped = files_under(root)
    for relative, path in files:
        yield read_file(path, relative, max_depth, max_record_bytes)


def plain(value):
    """A value for json.dumps: numbers as their text says them."""
    if isinstance(value, Number):
        return json.loads(value.text)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value


def summary_of(root):
    count = collections.Counter()
    kinds, reasons, services = collections.Counter(), collections.Counter(), collections.Counter()
    files, skipped = files_under(root)
    for relative, path in files:
        items, report = read_file(path, relative)
        count["files"] += 1
        count["housekeeping"] += report.housekeeping
        count["bytes of text"] += report.bytes_text
        for item in items:
            if isinstance(item, Record):
                count["records"] += 1
                kinds[identity(item.fields)["kind"]] += 1
                hub = migration(item.fields)
                if hub is not None:
                    count["migration hub"] += 1
                    services[hub["service"]] += 1
            else:
                count["problems"] += 1
                reasons[item.reason] += 1
    count["skipped"] = len(skipped)
    return {"counts": count, "kinds": kinds, "services": services, "problems": reasons}


def print_records(root, limit):
    for items, _ in read_tree(root):
        for item in items[:limit]:
            line = {"file": item.file, "number": item.number, "offset": item.offset}
            if isinstance(item, Record):
                line["record"] = item.raw.decode("utf-8")
                line["identity"] = identity(item.fields)
                line["migration"] = plain(migration(item.fields))
            else:
                line["problem"] = item.reason
            print(json.dumps(line))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--records", action="store_true")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    for path in arguments.paths:
        if arguments.records:
            print_records(path, arguments.limit)
            continue
        print(path)
        for name, counts in summary_of(path).items():
            print(f"  {name}:", ", ".join(f"{key} {value}" for key, value in counts.most_common()) or "none")


if __name__ == "__main__":
    sys.exit(main())
