"""Damages texts at random, and holds what is proven of them against Python's json.

    python3 fuzz.py [--seed N] [--count N] [--target x86_64|aarch64] [--plain]

A text must be proven exactly when it begins with an object that is JSON, in UTF-8, without white space between tokens, and
no deeper than 60 levels. What is said of its keys must be so. All forms that the processor has must say the same, whatever
stands behind the text. Without `--plain` the address and undefined behaviour sanitizers watch. For `aarch64` a cross
compiler and qemu-user are needed.
"""

import argparse
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCH = 20000
DEEPEST = 60
VERSION = b'{"eventVersion":'
KEYS = ("eventSource", "eventName", "awsRegion", "errorCode")
ESCAPED = re.compile(rb'\\"([eE]vent|awsRegion|errorCode)')
HIDING = re.compile(rb"\\u00[4-7]")
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
WHITE = re.compile(rb"[ \t\r\n]")

PIECES = [
    *(bytes([each]) for each in b'{}[],:"\\0-.e \n\t\x00\x1f\x7f\x80\xc2\xed\xf4\xff'),
    *b"{} [] [{}] {{ }} [[ ]] ,, :: \"\" true false null tru nulL 01 -0 1. .5 1e5 1e -1.5E+10 1E-".split(),
    *b'"a":1 ,"a":{} "a","b" ,[[]] [1,2] [{"a":[{}]}] {"":""} \\" \\\\ \\/ \\n \\x \\u \\u12 \\u00e9 \\u0041 \\ud800'.split(),
    *"é € 😀 \u2028".encode().split(), b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xf0\x9f",
    b'"eventSource":"x",', b'"eventName":1,', b'"EventSource":"aws:sqs",', b'"x\\"eventSource":"x",', b'"event\\u0053ource":"y",',
    b'"eventSource"', b'"eventVersion":"1.08",', b"NaN", b"Infinity", b"-Infinity", b"x" * 64,
    b'"awsRegion":"r",', b'"errorCode":{},', b'"x\\"errorCode":"y",', b'"aws\\u0052egion":"z",', b"\\" * 63, b"\\" * 64, b"[" * 60,
]
TAILS = [b"", b"", b"", b',{"eventVersion":"1.08"}]}', b"]}", b'\n{"a":1}\n', b"}", b'"', b"\\", b"\xff", b"x" * 70, b"}" * 80]


def value(choose, depth):
    kind = choose.random()
    if depth <= 0 or kind < 0.35:
        return choose.choice([1, -2.5, 1e30, True, None, False, "", "s", 'q"\\', "é", "😀", "\x01", "x" * choose.randrange(150), 10**40])
    if kind < 0.6:
        return [value(choose, depth - 1) for _ in range(choose.randrange(4))]
    keys = ("a", "", "eventSource", "eventName", "awsRegion", "errorCode", "principalId", "cipherSuite", "instanceName", "x" * 40)
    return {choose.choice(keys): value(choose, depth - 1) for _ in range(choose.randrange(4))}


def text(choose):
    """An object, most often like an event."""
    kind = choose.randrange(10)
    if kind == 0:
        return choose.choice([b"{}", b'{"a":1}', b'{"a":[1,{"b":[]}],"c":{"d":{}}}', b'{"a":[[],[[1]],{}],"b":"\\"","c":-0.5e+10}'])
    if kind == 1:
        # About as deep as may be.
        levels = choose.choices((b'{"a":', b"[", b'{"":', b"[1,", b'{"b":{},"c":'), k=choose.randrange(56, 63))
        ends = (b"}" if level[:1] == b"{" else b"]" for level in reversed(levels))
        return b'{"a":' + b"".join(levels) + b"{}" + b"".join(ends) + b"}"
    event = {"eventVersion": "1.08", "userIdentity": value(choose, 3), "eventTime": "2026-05-01T07:09:00Z"}
    if choose.random() < 0.8:
        event["eventSource"] = choose.choice(["migrationhub.amazonaws.com", "", "s3.amazonaws.com", None, 7, "aws:s3", 'a"b'])
    if choose.random() < 0.8:
        event["eventName"] = choose.choice(["ListMigrationTasks", "", "x\\", {}, []])
    if choose.random() < 0.8:
        event["awsRegion"] = choose.choice(["eu-west-1", "", 'a"b', True, None, [{"awsRegion": "x"}]])
    if choose.random() < 0.2:
        event[choose.choice(('x"eventSource', 'x"eventName', "EventSource", "EventName", "eventName ", "xeventSource"))] = value(choose, 2)
    for number in range(choose.randrange(6)):
        event[choose.choice(("requestParameters", "resources", "errorCode", "z")) + "x" * number] = value(choose, choose.randrange(7))
    written = json.dumps(event, separators=(",", ":"), ensure_ascii=choose.random() < 0.7).encode()
    if choose.random() < 0.1:
        key, hidden = choose.choice(((b"eventSource", b"event\\u0053ource"), (b"eventName", b"eventN\\u0061me"), (b"EventSource", b"\\u0045ventSource")))
        written = written[:-1] + b',"' + hidden + b'":"hidden"}' if choose.random() < 0.5 else written.replace(b'"' + key + b'":', b'"' + hidden + b'":', 1)
    return written


def damaged(choose, data):
    for _ in range(choose.choice((0, 1, 1, 1, 1, 2, 3))):
        place = choose.randrange(len(data) + 1)
        if choose.random() < 0.5:
            # Next to a byte of the grammar.
            near = [each for each in range(max(0, place - 60), min(len(data), place + 60)) if data[each] in b'{}[],:"']
            place = choose.choice(near) + choose.randrange(2) if near else place
        end = min(len(data), place + choose.choice((1, 1, 1, 2, 5, 80)))
        how = choose.randrange(6)
        if how == 0:
            data = data[:place] + data[end:]
        elif how < 3:
            data = data[:place] + choose.choice(PIECES) + data[place + how - 1 :]
        elif how == 3:
            data = data[:place] + bytes([choose.randrange(256)]) + data[place + 1 :]
        elif how == 4:
            data = data[:place] + data[place:end] * 2 + data[end:]
        else:
            other = choose.randrange(len(data) + 1)
            data = data[:other] + data[place:end] + data[other:]
    return data


def refuse(name):
    raise ValueError(name)


DECODER = json.JSONDecoder(object_pairs_hook=tuple, parse_constant=refuse, parse_int=str, parse_float=str)


def depth(value):
    if isinstance(value, tuple):
        return 1 + max((depth(member) for _, member in value), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def read(data):
    """The end of the object that a text begins with, and its members; None when there is none, or there is white space in it."""
    if not data.startswith(b"{"):
        return None
    # What stands behind the object may be anything.
    decoded = data.decode("utf-8", "surrogateescape")
    try:
        members, end = DECODER.raw_decode(decoded)
        end = len(decoded[:end].encode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if depth(members) > DEEPEST or WHITE.search(STRING.sub(b"", data[:end])):
        return None
    return end, members


def mistake(data, line):
    """What is wrong with the answer to a text; None when nothing is."""
    answer = [int(word) for word in line.split()]
    expected = read(data)
    if expected is None:
        return "proven" if answer[0] else None
    end, members = expected
    if answer[0] != end:
        return f"not proven, but it ends at {end}"
    own = [key for key, _ in members]
    is_plain = data.startswith(VERSION) and all(own.count(key) < 2 for key in KEYS) and "EventSource" not in own
    if answer[3] and not is_plain:
        return "plain"
    if is_plain and not answer[3] and not HIDING.search(data[:end]) and not ESCAPED.search(data[:end]):
        return "not plain"
    for key, place in zip(KEYS, answer[1:3] + answer[4:]) if answer[3] else ():
        if (place > 0) != (key in own):
            return f"another {key}"
        try:
            found = DECODER.raw_decode(data[place:].decode("utf-8", "surrogateescape"))[0] if place else None
        except ValueError:
            return f"no value of {key}"
        if place and found != dict(members)[key]:
            return f"another value of {key}"
    return None


def compiler():
    """The one that the environment names, or the first that is there; Swift comes with one."""
    beside = Path(os.path.realpath(shutil.which("swift") or "")).with_name("clang")
    return os.environ.get("CC") or shutil.which("cc") or shutil.which("clang") or str(beside)


def build(folder, target, is_plain):
    program = os.path.join(folder, "driver")
    command = [compiler(), "-O2"] if target == "x86_64" else ["aarch64-linux-gnu-gcc", "-O2", "-static"]
    command += ["-I", ROOT / "Sources/CProof/include", *sorted((ROOT / "Sources/CProof").glob("*.c")), Path(__file__).with_name("driver.c")]
    command += ["-o", program]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    if is_plain or target == "aarch64" or subprocess.run(command + sanitizers, capture_output=True).returncode:
        if target == "x86_64" and not is_plain:
            print("The compiler has no sanitizers; loads beyond a text go unseen.", file=sys.stderr)
        subprocess.run(command, check=True)
    return ["qemu-aarch64", program] if target == "aarch64" else [program]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=BATCH)
    parser.add_argument("--target", choices=("x86_64", "aarch64"), default="x86_64", help="x86_64 is this machine, whatever it is")
    parser.add_argument("--plain", action="store_true", help="without sanitizers")
    arguments = parser.parse_args()
    proven = mistakes = 0
    with tempfile.TemporaryDirectory() as folder:
        program = build(folder, arguments.target, arguments.plain)
        for first in range(0, arguments.count, BATCH):
            choose = random.Random(f"{arguments.seed} {first}")
            texts = [damaged(choose, text(choose)) + choose.choice(TAILS) for _ in range(min(BATCH, arguments.count - first))]
            packed = b"".join(struct.pack("<I", len(each)) + each for each in texts)
            done = subprocess.run(program, input=packed, capture_output=True)
            answers = done.stdout.decode().splitlines()
            if done.returncode or len(answers) != len(texts):
                sys.stderr.buffer.write(done.stderr[:5000] + b"\n")
                return 1
            proven += sum(answer != "0" for answer in answers)
            for data, answer in zip(texts, answers):
                what = mistake(data, answer)
                mistakes += what is not None
                if what and mistakes <= 10:
                    print(f"{what}: {answer}: {data!r}", flush=True)
    print(f"{arguments.count} texts, {proven} of them proven: {mistakes} mistakes")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
