"""Exec plugins in Python: the handshake, the batches and the answers, so that a plugin is left with its own work.

Copy this file beside your program; it needs Python 3.8 and nothing else. docs/exec-plugins.md of mhpipe describes the
protocol. What a plugin prints goes to standard error, since standard output belongs to the answers.
"""

import json
import os
import sys

PROTOCOL = 1


class Problem(Exception):
    """Raised for one event that cannot be worked on: mhpipe reports and quarantines it, and goes on."""


class Failure(Exception):
    """Raised when the plugin cannot go on: the run fails with this text, and nothing is committed."""


class Added(dict):
    """Keys for an event that is left as it is otherwise; much faster than writing the whole event anew."""


SAME = Added()
"""The answer that leaves an event as it is."""


def transform(name, version, begin, options=None):
    """Runs a transform.

    begin(options) is called once and returns answer(event). It is given each event as a dict, and returns the dict
    that goes on in its place, Added(key=value, ...), SAME, or None to drop the event. `options` declares each option:
    {"field": {"type": "text", "required": True, "help": "What it is for."}}.
    """
    reader, writer = _hello("transform", name, version, options)
    answer = _start(reader, writer, begin)
    if answer is None:
        return
    encode = json.JSONEncoder(separators=(",", ":")).encode
    loads = json.loads
    for line in reader:
        if line == b"\n":
            writer.write(line)
            writer.flush()
            continue
        event = loads(line.decode())
        try:
            result = answer(event)
        except Problem as problem:
            result = str(problem)
        if type(result) is Added and event.keys().isdisjoint(result):
            if result:
                line = line[:-2] + (b"," if event else b"") + encode(result)[1:].encode() + b"\n"
            writer.write(line)
            continue
        if type(result) is Added:
            event.update(result)
            result = event
        writer.write(encode(result).encode() + b"\n")


def sink(name, version, begin, options=None):
    """Runs a sink.

    begin(options) is called once and returns an object with write(lines), finish(), commit() and abort(). `lines` is a
    list of bytes, one JSON object each. `finish` makes all durable, `commit` puts it in its place, and `abort` removes
    what was written; it is called when mhpipe goes away without a commit.
    """
    reader, writer = _hello("sink", name, version, options)
    target = _start(reader, writer, begin)
    if target is None:
        return
    committed = False
    lines = []
    try:
        for line in reader:
            if line == b"\n":
                target.write(lines)
                _say(writer, ["ok", len(lines)])
                lines = []
            elif line[:1] == b"[":
                verb = json.loads(line)[0]
                if verb == "finish":
                    target.finish()
                elif verb == "commit":
                    target.commit()
                    committed = True
                _say(writer, ["ok"])
            else:
                lines.append(line)
    except Failure as failure:
        _say(writer, ["error", str(failure)])
    finally:
        if not committed:
            target.abort()


def source(name, version, begin, options=None):
    """Runs a source: begin(options) returns an iterable of events, each a dict or a line of JSON as bytes."""
    reader, writer = _hello("source", name, version, options)
    events = _start(reader, writer, begin)
    if events is None:
        return
    for event in events:
        writer.write(event.rstrip(b"\n") if isinstance(event, bytes) else json.dumps(event).encode())
        writer.write(b"\n")
    writer.flush()


def _hello(kind, name, version, options):
    reader = sys.stdin.buffer
    # The answers have a descriptor of their own; whatever else writes to standard output goes to standard error.
    writer = os.fdopen(os.dup(1), "wb", 1 << 16)
    os.dup2(2, 1)
    declaration = {"protocol": PROTOCOL, "kind": kind, "name": name, "version": version, "options": options or {}}
    _say(writer, ["hello", declaration])
    return reader, writer


def _start(reader, writer, begin):
    line = reader.readline()
    if not line:  # `mhpipe check` wanted to hear the declaration only.
        return None
    try:
        result = begin(json.loads(line)[1]["options"])
    except Failure as failure:
        _say(writer, ["error", str(failure)])
        return None
    _say(writer, ["ok"])
    return result


def _say(writer, message):
    writer.write(json.dumps(message).encode() + b"\n")
    writer.flush()
