"""Files and trees of them: which files count (A31), gzip and its damage (A29), byte order marks (A27, A28)."""

import os
import stat
import zlib

from documents import MAX_DEPTH, MAX_RECORD_BYTES, Problem, Reader, Record

ENDINGS = tuple(stem + packed for stem in (b".json", b".jsonl", b".ndjson") for packed in (b"", b".gz"))
GZIP = b"\x1f\x8b"
MARKS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
STEP = 1 << 16


def files_under(root):
    """Two lists: the files of a tree as (relative path, path), by the bytes of the relative path; what was skipped.

    Links to files are followed, links to folders are not. `root` may be a file itself.
    """
    if not os.path.isdir(root):
        return [(os.path.basename(root), root)], []
    found, skipped = [], []
    base = os.fsencode(root)

    def visit(folder):
        for entry in os.scandir(folder):
            relative = os.path.relpath(entry.path, base)
            if entry.is_dir(follow_symlinks=False):
                visit(entry.path)
            elif entry.name.lower().endswith(ENDINGS):
                try:
                    mode = os.stat(entry.path).st_mode
                except OSError as error:
                    skipped.append((relative, error.strerror))
                    continue
                if stat.S_ISREG(mode):
                    found.append((relative, entry.path))
                elif not (entry.is_symlink() and stat.S_ISDIR(mode)):
                    skipped.append((relative, "not a regular file"))

    visit(base)
    found.sort()
    return [(os.fsdecode(relative), os.fsdecode(path)) for relative, path in found], skipped


def wide(text):
    """The name of UTF-16 or UTF-32 when the text is that, by its mark or by its zero bytes, else None."""
    mark = next((kind for mark, kind in MARKS if text.startswith(mark)), None)
    zeros = tuple(byte == 0 for byte in text[:4])
    if mark or len(zeros) < 4:
        return mark
    return {(True, True, True, False): "UTF-32", (False, True, True, True): "UTF-32",
            (True, False, True, False): "UTF-16", (False, True, False, True): "UTF-16"}.get(zeros)


def refused(text):
    """Why a text is not read at all, or None."""
    if text[:2] == GZIP:
        return "gzip inside gzip"
    mark = wide(text)
    return f"{mark} text" if mark else None


def inflated(data):
    """All text that a gzip file gives, member after member, and what is wrong with it (None: nothing)."""
    text, position = [], 0
    while position < len(data):
        if position and not data[position:].strip(b"\0"):
            # A48: padding.
            break
        if data[position : position + 2] != GZIP:
            return b"".join(text), "bytes behind the last gzip member"
        member = zlib.decompressobj(wbits=31)
        output, used, problem = _member(member, data, position)
        text.append(output)
        if problem:
            return b"".join(text), problem
        position += used
    return b"".join(text), None


def _member(member, data, position):
    """One member's text as far as it can be had. After an error it is read again byte by byte, to lose nothing."""
    try:
        output = member.decompress(data[position:])
    except zlib.error:
        return _slowly(data, position)
    if not member.eof:
        return output, 0, "the gzip file is cut short"
    return output, len(data) - position - len(member.unused_data), None


def _slowly(data, position):
    member, output, at = zlib.decompressobj(wbits=31), [], position
    step = STEP
    while at < len(data):
        before = member.copy()
        try:
            output.append(member.decompress(data[at : at + step]))
            at += step
        except zlib.error as error:
            if step == 1:
                return b"".join(output) + _remaining(before, data[at : at + 1]), 0, f"gzip: {error}"
            member, step = before, 1
    return b"".join(output), 0, "the gzip file is cut short"


def _remaining(member, byte):
    """What the last byte before an error still gives, one byte of text at a time."""
    output = []
    try:
        while piece := member.decompress(byte, 1):
            output.append(piece)
            byte = member.unconsumed_tail
    except zlib.error:
        pass
    return b"".join(output)


def read_file(path, name=None, max_depth=MAX_DEPTH, max_record_bytes=MAX_RECORD_BYTES):
    """(items, report): the Records and Problems of a file in order, each with its file's name set."""
    name = os.path.basename(path) if name is None else name
    with open(path, "rb") as file:
        data = file.read()
    return read_bytes(data, name, max_depth, max_record_bytes)


class Report:
    """What became of one file as a whole."""

    def __init__(self):
        self.bytes_read = 0
        self.bytes_text = 0
        self.housekeeping = 0
        self.damage = None


def read_bytes(data, name, max_depth=MAX_DEPTH, max_record_bytes=MAX_RECORD_BYTES):
    report = Report()
    report.bytes_read = len(data)
    items = []
    text = data
    if data[:2] == GZIP:
        text, report.damage = inflated(data)
    report.bytes_text = len(text)
    refusal = refused(text)
    if refusal:
        items.append(Problem(None, 0, refusal))
    else:
        stem = name.lower().removesuffix(".gz")
        reader = Reader(text, stem.endswith((".jsonl", ".ndjson")), max_depth, max_record_bytes)
        items += reader.items()
        report.housekeeping = reader.tally.housekeeping
    if report.damage:
        items.append(Problem(None, 0, report.damage))
    for item in items:
        item.file = name
    return items, report


def records_of(items):
    return [item for item in items if isinstance(item, Record)]


def problems_of(items):
    return [item for item in items if isinstance(item, Problem)]
