"""Damage of gzip files (A29): what can be read before it comes out, the file is reported."""

import struct
import zlib

from cases import stored, trail, zipped


def add(tree):
    members(tree)
    cut_short(tree)
    corrupt(tree)
    tails(tree)


def members(tree):
    good, lines = tree.good, tree.lines
    good("gzip/members.json.gz", zipped(trail(lines(2))) + zipped(trail(lines(1))), 3)
    whole = trail(lines(3))
    good("gzip/members-inside-a-record.json.gz", zipped(whole[:300]) + zipped(whole[300:]), 3)
    good("gzip/members-a-byte-each.json.gz", b"".join(zipped(whole[n : n + 1]) for n in range(len(whole))), 3)
    good("gzip/members-empty-between.json.gz", zipped(b"") + zipped(whole) + zipped(b"") * 2, 3)
    text = "\n".join(line.decode() for line in lines(2, userAgent="é😀日")).encode()
    at = text.index("😀".encode()) + 2
    good("gzip/members-inside-a-character.jsonl.gz", zipped(text[:at]) + zipped(text[at:]), 2)
    good("gzip/stored.json.gz", stored(trail(lines(40))), 40)
    header = b"\x1f\x8b\x08\x1e" + b"\0" * 4 + b"\0\x03"
    fields = b"\x04\0abcd" + b"name.json\0" + b"a comment\0"
    crc = struct.pack("<H", zlib.crc32(header + fields) & 0xFFFF)
    text = trail(lines(2))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(text) + packer.flush() + struct.pack("<II", zlib.crc32(text), len(text))
    good("gzip/all-header-fields.json.gz", header + fields + crc + body, 2)


def cut_short(tree):
    records = tree.lines(20)
    for name, whole in (("deflated", zipped(trail(records))), ("stored", stored(trail(records)))):
        places = sorted({1, 2, 3, 9, 10, 11, 18, 40, len(whole) // 2, len(whole) - 9, len(whole) - 8, len(whole) - 5})
        for at in [*places, len(whole) - 4, len(whole) - 1]:
            if at > 1:
                tree.bad(f"gzip/cut-{name}-{at:04d}.json.gz", whole[:at], None, "A29")
    text = b"\n".join(records)
    whole = stored(text)
    for extra in (0, 1, 30):
        at = 10 + 5 + len(records[0]) + 1 + len(records[1]) + extra
        tree.bad(f"gzip/cut-in-line-{extra}.jsonl.gz", whole[:at], None, "A29")
    first = zipped(trail(tree.lines(2)))
    second = zipped(trail(tree.lines(20)))
    tree.bad("gzip/cut-second-member.json.gz", first + second[: len(second) // 2], None, "A29")
    tree.bad("gzip/cut-second-header.json.gz", first + second[:5], 2, "A29")
    sized = zipped(trail(tree.lines(4000)))
    tree.bad("gzip/cut-long.json.gz", sized[: len(sized) * 2 // 3], None, "A29")


def corrupt(tree):
    records = tree.lines(20)
    whole = zipped(trail(records))
    crc, size = whole[:-8] + b"\0\0\0\0" + whole[-4:], whole[:-4] + b"\xff\0\0\0"
    tree.bad("gzip/bad-crc.json.gz", crc, 20, "A29")
    tree.bad("gzip/bad-length.json.gz", size, 20, "A29")
    tree.bad("gzip/bad-crc-then-member.json.gz", crc + zipped(trail(tree.lines(2))), None, "A29")
    for at in (10, 12, 100, len(whole) // 2, len(whole) - 20):
        for flip in (0x01, 0x10, 0xFF):
            changed = bytearray(whole)
            changed[at] ^= flip
            tree.bad(f"gzip/flip-{at:04d}-{flip:02x}.json.gz", bytes(changed), None, "A29")
    plain = stored(trail(records))
    changed = bytearray(plain)
    changed[plain.index(b"alice", 900)] ^= 0x02
    tree.bad("gzip/flip-in-text.json.gz", bytes(changed), 20, "A29: the checksum fails, the text is still JSON")
    lengths = bytearray(plain)
    lengths[12] ^= 0xFF
    tree.bad("gzip/stored-bad-length.json.gz", bytes(lengths), None, "A29")
    reserved = b"\x1f\x8b\x08" + b"\0" * 6 + b"\x03" + b"\x07" + b"\0" * 20
    tree.bad("gzip/reserved-block.json.gz", reserved, 0, "A29")
    method = bytearray(whole)
    method[2] = 7
    tree.bad("gzip/unknown-method.json.gz", bytes(method), 0, "A29")
    flags = bytearray(whole)
    flags[3] = 0xE0
    tree.bad("gzip/reserved-flags.json.gz", bytes(flags), None, "A29")


def tails(tree):
    whole = zipped(trail(tree.lines(3)))
    for name, tail in (("text", b"tail"), ("newline", b"\n"), ("half-magic", b"\x1f"), ("json", b'{"Records":[]}')):
        tree.bad(f"gzip/tail-{name}.json.gz", whole + tail, 3, "A29: bytes after the last member")
    tree.bad("gzip/tail-magic.json.gz", whole + b"\x1f\x8b", 3, "A29")
    tree.good("gzip/tail-zeros.json.gz", whole + b"\0" * 512, 3, "A48: padding")
    tree.bad("gzip/tail-zeros-and-more.json.gz", whole + b"\0" * 512 + b"x", 3, "A29: bytes after the last member")
    tree.bad("gzip/no-gzip.json.gz", b"this is no gzip", 0, "not gzip, not JSON")
