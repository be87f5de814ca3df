"""Changes small good files at random and compares what mhpipe and the oracle make of them.

    python3 fuzz.py [--seed N] [--count N] [--keep DIRECTORY] MHPIPE

The specification does not settle every broken text, so recovery that differs is only counted and sampled.
What must never happen is printed in full: a crash or a hang, an exit code other than 0 and 3, a clean file
read otherwise, damage that goes unreported, an output line that is no JSON object.
"""

import argparse
import collections
import concurrent.futures
import os
import random
import sys
import tempfile

from cases import Tree, compact, pretty, trail, zipped
from cases_containers import bridge, logs, lookup
from cases_envelopes import CONTROL, WRAPPINGS
from checks import short
from jsontext import BadJSON, read_value
from program import Run
from trail import problems_of, read_file, records_of

BYTES = [bytes([each]) for each in b'{}[]",:\\ \n\r\t0-1.eEtfnaZ/\x00\x01\x7f\x80\xc3\xe6\xf0\xff'] + [
    b'\\"', b"\\u", b"\\ud800", b"null", b"{}", b"[]", b"},{", b'"Records":[', b"]}", b"\xef\xbb\xbf", b"\xc3\xa9", b"\n\n", b'{"a":"',
]
GRAVE = ("crash", "a clean file is read otherwise", "damage is not reported", "no JSON object comes out")


def bases(tree):
    """Good files of every container, small, so that a change hits something that matters."""
    event = lambda: tree.event(userIdentity=tree.random.choice(({"type": "Root"}, {}, None)), x=tree.random.choice(([1, {"a": "b\\\"é"}], "", -1.5e3)))
    line = lambda: compact(event())
    return [
        ("a.json", trail([line(), line(), line()])),
        ("b.json", pretty({"Records": [event(), event()], "n": None})),
        ("c.jsonl", b"\n".join([line(), line(), line(), line()]) + b"\n"),
        ("d.json", b"[" + line() + b"," + line() + b"]"),
        ("e.json", line()),
        ("f.json", compact({"Events": [lookup(tree), lookup(tree)]})),
        ("g.json", compact(logs(tree, [line().decode(), line().decode()]))),
        ("h.json", pretty(bridge(tree))),
        ("i.jsonl", trail([line(), line()]) + b"\n" + trail([line()]) + b"\n" + trail([])),
        ("j.json", b'{"a":[{"b":"]}"}],"Records":[' + line() + b'],"Records":[' + line() + b'],"z":{"Records":[]}}'),
        ("k.json.gz", zipped(trail([line(), line(), line()]))),
        ("l.json", trail([line()]) + b"\n" + trail([line(), line()])),
        ("m.jsonl", b"\n".join(b"2026-01-01T00:00:00.000Z " + line() for _ in range(4)) + b"\n"),
        ("n.jsonl", b"\n".join([line(), compact(CONTROL), b"CloudTrail validation message.", line()])),
        ("o.json", trail([compact(wrap(line())) for wrap in WRAPPINGS.values()])),
        ("p.json", pretty(WRAPPINGS["sqs"](compact(WRAPPINGS["sns"](trail([line(), line()])))))),
        ("q.jsonl", b"\n".join(compact(wrap(trail([line(), line()]))) for wrap in WRAPPINGS.values())),
    ]


def changed(choose, data):
    for _ in range(choose.choice((1, 1, 1, 2, 3))):
        at = choose.randrange(len(data) + 1)
        other = min(len(data), at + choose.choice((1, 1, 1, 2, 5, 40, 300)))
        how = choose.randrange(6)
        if how == 0:
            data = data[:at] + data[other:]
        elif how == 1:
            data = data[:at] + choose.choice(BYTES) + data[at:]
        elif how == 2:
            data = data[:at] + choose.choice(BYTES) + data[at + 1 :]
        elif how == 3:
            data = data[:at] + data[at:other] * 2 + data[other:]
        elif how == 4:
            data = data[:at]
        else:
            start = choose.randrange(len(data) + 1)
            data = data[:at] + data[start : start + 40] + data[at:]
    return data


def verdict(program, path, name, work):
    run = Run(program, [path], os.path.join(work, name + ".out.jsonl"), timeout=30)
    lines = list(run.lines())
    items, _ = read_file(path, name)
    records, problems = [record.raw for record in records_of(items)], problems_of(items)
    found = []
    if run.code not in (0, 3):
        found.append(("crash", f"exit {run.code}: {short(run.stderr)}"))
    elif run.code == 0 and problems:
        found.append(("damage is not reported", f"{problems[0].reason} at {problems[0].offset}"))
    elif run.code == 3 and not problems:
        found.append(("a clean file is read otherwise", short(run.stderr)))
    elif not problems and lines != records:
        found.append(("a clean file is read otherwise", f"{len(records)} records, mhpipe {len(lines)}"))
    elif lines != records:
        kind = "recovery: more comes out" if len(lines) > len(records) else "recovery: less comes out" if len(lines) < len(records) else "recovery: other records"
        found.append((kind, f"{len(records)} records, mhpipe {len(lines)}; oracle {problems[0].reason}; mhpipe {short(run.stderr.splitlines()[0], 200)}"))
    for line in lines:
        try:
            value, end, _ = read_value(line, 0, len(line))
            if end != len(line) or not isinstance(value, dict):
                raise BadJSON(end, "more")
        except BadJSON as error:
            found.append(("no JSON object comes out", f"{error}: {short(line)}"))
    run.remove()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--keep", help="where files with a grave difference are kept")
    parser.add_argument("--samples", type=int, default=5)
    arguments = parser.parse_args()
    choose = random.Random(arguments.seed)
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(2) as pool:
        tree = Tree(work, arguments.seed)
        good = bases(tree)

        def one(case):
            number, (name, data) = case
            path = os.path.join(work, f"{number:06d}-{name}")
            with open(path, "wb") as file:
                file.write(data)
            return name, data, path, verdict(os.path.abspath(arguments.program), path, os.path.basename(path), work)

        cases = ((number, (name, changed(choose, data))) for number, (name, data) in ((n, choose.choice(good)) for n in range(arguments.count)))
        for name, data, path, found in pool.map(one, cases):
            for kind, text in found:
                counts[kind] += 1
                if counts[kind] <= arguments.samples or kind in GRAVE[:1]:
                    print(f"{kind}: {name}: {text}\n    {short(data, 1500)}", flush=True)
                    if arguments.keep:
                        os.makedirs(arguments.keep, exist_ok=True)
                        with open(os.path.join(arguments.keep, kind.replace(" ", "-").replace(":", "") + "-" + os.path.basename(path)), "wb") as file:
                            file.write(data)
            os.unlink(path)
    for kind, count in sorted(counts.items()):
        print(f"{count:6d} {kind}")
    print(f"{arguments.count} files, {sum(counts[kind] for kind in GRAVE)} grave differences")
    return 1 if any(counts[kind] for kind in GRAVE) else 0


if __name__ == "__main__":
    sys.exit(main())
