"""Records larger than a read window, and dense text over many window edges."""

from cases import compact, pretty, trail, zipped

KIB, MIB = 1 << 10, 1 << 20


def add(tree):
    sizes = [64 * KIB, 256 * KIB, MIB, 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB] if tree.full else [64 * KIB, MIB]
    for size in sizes:
        around(tree, size)
    dense(tree, (9 if tree.full else 1) * MIB)
    padded(tree)
    if tree.full:
        too_large(tree)


def sized(tree, size):
    """A record of exactly `size` bytes."""
    empty = tree.line(userAgent="")
    mark = b'"userAgent":"'
    at = empty.index(mark) + len(mark)
    return empty[:at] + (b"0123456789abcdef" * (size // 16 + 1))[: size - len(empty)] + empty[at:]


def around(tree, size):
    for delta in (-1, 0, 1, 63):
        records = [tree.line(), sized(tree, size + delta), tree.line()]
        tree.good(f"sizes/{size // KIB:06d}k{delta:+d}.json.gz", zipped(trail(records), 1), 3, "A34")
    tree.good(f"sizes/{size // KIB:06d}k.jsonl.gz", zipped(b"\n".join([sized(tree, size), tree.line()]), 1), 2)
    space = trail([tree.line(), b" " * size + tree.line(), tree.line() + b"\n" * size])
    tree.good(f"sizes/space-{size // KIB:06d}k.json.gz", zipped(space, 1), 3)
    wide = b'{"eventVersion":"1","x":[' + b",".join([b'{"a":[1,"b"]}'] * (size // 14)) + b"]}"
    tree.good(f"sizes/wide-{size // KIB:06d}k.json.gz", zipped(trail([wide, tree.line()]), 1), 2)
    bad = sized(tree, size)
    tree.bad(f"sizes/bad-{size // KIB:06d}k.json.gz", zipped(trail([tree.line(), bad[:-1] + b",}", tree.line()]), 1), 2)
    cut = trail([tree.line(), sized(tree, size)])[:-40]
    tree.bad(f"sizes/cut-{size // KIB:06d}k.json.gz", zipped(cut, 1), 1)
    open_string = b"\n".join([tree.line(), b'{"x":"' + bad[1:].replace(b'"', b""), tree.line()])
    tree.bad(f"sizes/open-line-{size // KIB:06d}k.jsonl.gz", zipped(open_string, 1), 2)
    behind = trail([tree.line()])[:-1] + b',"x":"' + b"a" * size + b'","Records":[' + tree.line() + b"]}"
    tree.good(f"sizes/skipped-{size // KIB:06d}k.json.gz", zipped(behind, 1), 2, "A25")
    before = b'{"x":[' + b"1," * (size // 2) + b'2],"Records":[' + tree.line() + b"]}"
    tree.good(f"sizes/before-{size // KIB:06d}k.json.gz", zipped(before, 1), 1, "A25")


PIECES = (
    "é", "日本", "😀", "\\\\", "\\\"", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "{", "}", "[", "]", ":", ",", "a", "/", "\\/", "\\n", " ",
    "\\\\\\\\\\\"", "0", "-", "true",
)


def dense_record(tree, spaces):
    """A record full of what a scanner may stumble over, of a length that never repeats for long."""
    choose = tree.random
    strings = ["".join(choose.choice(PIECES) for _ in range(choose.randrange(40))) for _ in range(choose.randrange(1, 9))]
    gap = (lambda: choose.choice((" ", "\n", "\r\n", "\t", "  ", ""))) if spaces else (lambda: "")
    values = [f'"{each}"' for each in strings]
    values += [choose.choice(("0", "-1", "1.5e+10", "true", "false", "null", "[]", "{}", "12345678901234567890")) for _ in range(5)]
    choose.shuffle(values)
    members = f"{gap()},{gap()}".join(f'"{strings[n % len(strings)]}"{gap()}:{gap()}{each}' for n, each in enumerate(values))
    nested = "{" + gap() + members + gap() + "}"
    text = tree.line(userAgent="@").decode()
    return text.replace('"@"', gap() + f"[{nested},{gap()}[{gap()}{nested}{gap()}]{gap()}]").encode()


def dense(tree, size):
    for spaces in (False, True):
        records = [dense_record(tree, spaces) for _ in range(size // 1500)]
        word = "spaced" if spaces else "compact"
        tree.good(f"dense/{word}.json.gz", zipped(trail(records), 1), len(records))
        flat = [each.replace(b"\r\n", b" ").replace(b"\n", b" ") for each in records]
        tree.good(f"dense/{word}.jsonl.gz", zipped(b"\n".join(flat), 1), len(records))
        broken, left = [], 0
        for number, each in enumerate(flat):
            wrong = tree.random.choice((b"\xff", b"\x01", b"\\x", b"\xe6\x97")) if number % 23 == 7 else None
            left += wrong is None
            broken.append(each if wrong is None else each.replace(b"alice", b"al" + wrong + b"ice"))
        tree.bad(f"dense/{word}-bad.json.gz", zipped(trail(broken), 1), left, "A33")
        tree.bad(f"dense/{word}-bad.jsonl.gz", zipped(b"\n".join(broken), 1), left, "A33")
    tree.good("dense/pretty.json.gz", zipped(pretty({"Records": [tree.event() for _ in range(size // 600)]}), 1), size // 600)


def padded(tree):
    """The same records pushed over the edges of 64-byte blocks and pages, byte by byte."""
    for pad in range(0, 130, 3 if tree.full else 7):
        records = [tree.line(userAgent="x" * pad), dense_record(tree, False), tree.line(), dense_record(tree, True)]
        tree.good(f"padded/{pad:03d}.json", b" " * (pad % 64) + trail(records), 4)
        broken = [tree.line(userAgent="x" * pad), tree.line().replace(b"alice", b"al\\xice"), tree.line()]
        tree.bad(f"padded/{pad:03d}-bad.json", trail(broken), 2)
        tree.bad(f"padded/{pad:03d}-bad.jsonl", b"\n".join(broken), 2)


def too_large(tree):
    records = [tree.line(), sized(tree, (64 << 20) + 4096), tree.line()]
    tree.bad("sizes/too-large.json.gz", zipped(trail(records), 1), 2, "A34")
    tree.bad("sizes/too-large.jsonl.gz", zipped(b"\n".join(records), 1), 2, "A34")
    fits = [tree.line(), sized(tree, (64 << 20) - 4096), tree.line()]
    tree.good("sizes/just-fits.json.gz", zipped(trail(fits), 1), 3, "A34")
    endless = b'{"Records":[' + tree.line() + b',{"x":"' + b"a" * (70 << 20)
    tree.bad("sizes/endless.json.gz", zipped(endless, 1), 1, "A34")
