"""Records and documents that break the grammar (A33, A34): in trail files, arrays and JSON lines."""

from cases import compact, trail, zipped

# What makes one record bad while its brackets and quotes still pair. %s is a record's text without its first brace.
PAIRED = {
    "bad-literal": b'{"x":tru,',
    "upper-literal": b'{"x":True,',
    "nan": b'{"x":NaN,',
    "infinity": b'{"x":-Infinity,',
    "leading-zero": b'{"x":01,',
    "minus-zero-one": b'{"x":-01,',
    "bare-point": b'{"x":1.,',
    "point-first": b'{"x":.5,',
    "bare-exponent": b'{"x":1e,',
    "bare-exponent-sign": b'{"x":1E+,',
    "plus": b'{"x":+1,',
    "bare-minus": b'{"x":-,',
    "hex": b'{"x":0x10,',
    "two-points": b'{"x":1.2.3,',
    "number-word": b'{"x":12ab,',
    "single-quotes": b"{'x':1,",
    "bare-key": b"{x:1,",
    "number-key": b"{1:1,",
    "null-key": b"{null:1,",
    "no-colon": b'{"x" 1,',
    "two-colons": b'{"x"::1,',
    "no-value": b'{"x":,',
    "two-commas": b'{"x":1,,',
    "comma-first": b"{,",
    "no-comma": b'{"x":1 ',
    "two-values": b'{"x":1 2,',
    "two-strings": b'{"x":"a" "b",',
    "comment": b'{"x":1,/* c */',
    "array-trailing-comma": b'{"x":[1,],',
    "array-leading-comma": b'{"x":[,1],',
    "array-no-comma": b'{"x":[1 2],',
    "array-colon": b'{"x":[1:2],',
    "object-trailing-comma": b'{"x":{"y":1,},',
    "object-in-key": b'{{}:1,',
    "array-in-key": b'{["a"]:1,',
    "bad-escape": b'{"x":"\\x",',
    "bad-escape-quote": b'{"x":"\\\'",',
    "bad-escape-key": b'{"\\q":1,',
    "short-unicode": b'{"x":"\\u12",',
    "bad-unicode": b'{"x":"\\u12G4",',
    "upper-unicode": b'{"x":"\\U0041",',
    "raw-nul": b'{"x":"a\0b",',
    "raw-tab": b'{"x":"a\tb",',
    "raw-cr": b'{"x":"a\rb",',
    "raw-unit": b'{"x":"a\x1fb",',
    "raw-tab-key": b'{"a\tb":1,',
    "nul-between": b'{"x":1,\0',
    "formfeed-between": b'{"x":1,\x0c',
    "no-break-space-between": b'{"x":1,\xc2\xa0',
    "bom-between": b'{"x":1,\xef\xbb\xbf',
    "utf8-alone": b'{"x":"\x80",',
    "utf8-short": b'{"x":"\xc3",',
    "utf8-short-3": b'{"x":"\xe6\x97",',
    "utf8-short-4": b'{"x":"\xf0\x9f\x98",',
    "utf8-overlong": b'{"x":"\xc0\xaf",',
    "utf8-overlong-3": b'{"x":"\xe0\x80\xaf",',
    "utf8-overlong-4": b'{"x":"\xf0\x80\x80\xaf",',
    "utf8-surrogate": b'{"x":"\xed\xa0\x80",',
    "utf8-beyond": b'{"x":"\xf4\x90\x80\x80",',
    "utf8-f8": b'{"x":"\xf8\x88\x80\x80\x80",',
    "utf8-ff": b'{"x":"\xff",',
    "utf8-key": b'{"\xff":1,',
    "utf8-between": b'{"x":1,\xff',
    "latin-1": b'{"x":"caf\xe9",',
    "brackets-in-string": b'{"x":"]}{[\\"}",y,',
    "quote-escaped-before-end": b'{"x":"\\\\","y":"\\"",z,',
}

# What is good although it looks odd.
ODD = {
    "numbers": b'{"x":[1e400,-0,1E5,1e-400,-0.0e+00,123456789012345678901234567890,0.1,9.82222E-5],',
    "escapes": b'{"x":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\uD83D\\uDE00",',
    "lone-surrogates": b'{"x":["\\ud800","\\udc00","\\udc00\\ud800","a\\uD83Dz","\\ud83d\\ud83d\\ude00"],',
    "delete": b'{"x":"\x7f",',
    "noncharacters": '{"x":"\ufffe\uffff\U0001fffe\u0080\u2028\u2029\u00a0",'.encode(),
    "empty-key": b'{"":{"":""},',
    "repeated-key": b'{"eventName":"first","x":1,"x":2,',
    "many-backslashes": b'{"x":"' + b"\\\\" * 517 + b'","y":"\\\\\\"","z":"' + b"\\\\" * 64 + b'",',
    "empties": b'{"a":{},"b":[],"c":"","d":[[],{},[{}]],',
    "spaces": b'{ \t\r\n"x" \n:\t[ 1 ,\r\n2 ] , ',
    "bracket-strings": b'{"x":"{[","y":"]}","z":"\\"{",',
    "long-key": b'{"' + b"k" * 5000 + b'":1,',
}


def add(tree):
    paired(tree)
    unpaired(tree)
    containers(tree)
    lines(tree)
    tree.good("damage/none.json", trail(tree.lines(3)), 3)
    for name, start in ODD.items():
        records = [tree.line(), start + tree.line()[1:], tree.line()]
        tree.good(f"odd/{name}.json", trail(records), 3)
        if name != "spaces":
            tree.good(f"odd/{name}.jsonl", b"\n".join(records), 3)
    depth(tree)


def bad_record(tree, start):
    return start + tree.line()[1:]


def paired(tree):
    """A33: the record costs only itself, wherever it stands."""
    for name, start in PAIRED.items():
        records = [tree.line(), bad_record(tree, start), tree.line()]
        tree.bad(f"damage/paired/{name}.json", trail(records), 2, "A33")
        tree.bad(f"damage/paired/{name}.jsonl", b"\n".join(records) + b"\n", 2, "A33")
        tree.bad(f"damage/paired/{name}-array.json", b"[" + b",".join(records) + b"]", 2, "A33")
    for name, start in (("escape", PAIRED["bad-escape"]), ("utf8", PAIRED["utf8-ff"]), ("literal", PAIRED["bad-literal"])):
        good, bad = tree.line, lambda: bad_record(tree, start)
        tree.bad(f"damage/paired/{name}-first.json", trail([bad(), good(), good()]), 2, "A33")
        tree.bad(f"damage/paired/{name}-last.json", trail([good(), good(), bad()]), 2, "A33")
        tree.bad(f"damage/paired/{name}-only.json", trail([bad()]), 0, "A33")
        tree.bad(f"damage/paired/{name}-all.json", trail([bad() for _ in range(5)]), 0, "A33")
        tree.bad(f"damage/paired/{name}-single.json", bad(), 0, "A33")
        every = [bad() if n % 3 else good() for n in range(200)]
        tree.bad(f"damage/paired/{name}-many.json.gz", zipped(trail(every)), 67, "A33")
        tree.bad(f"damage/paired/{name}-many.jsonl.gz", zipped(b"\n".join(every)), 67, "A33")
        spread = b'{"Records": [\n  ' + b",\n  ".join([good(), bad(), good()]) + b"\n]}\n"
        tree.bad(f"damage/paired/{name}-a-line-each.json", spread, 2, "A33")
    raw_newline = bad_record(tree, b'{"x":"a\nb",')
    tree.bad("damage/paired/raw-newline.json", trail([tree.line(), raw_newline, tree.line()]), 2, "A33")
    for name, text in (("nul", b"nul"), ("nan", b"NaN"), ("zero-one", b"01"), ("point", b"1."), ("word", b"hello")):
        tree.bad(f"damage/paired/element-{name}.json", trail([tree.line(), text, tree.line()]), 2, "A33")
    for name, text in (("escape", b'"\\x"'), ("control", b'"\x01"'), ("utf8", b'"\xff"'), ("list", b"[1,]")):
        tree.bad(f"damage/paired/element-{name}.json", trail([tree.line(), text, tree.line()]), 2, "A33")


def unpaired(tree):
    """A33: the records before it come out, the rest of the document is reported."""
    lines = tree.lines
    cases = {
        "unclosed-string": b'{"x":"a,',
        "unclosed-array": b'{"x":[1,',
        "unclosed-object": b'{"x":{"y":1,',
        "crossed": b'{"x":[{"y":1],"z":[2}],',
        "extra-bracket": b'{"x":1],',
    }
    for name, start in cases.items():
        bad = start + tree.line()[1:]
        tree.bad(f"damage/unpaired/{name}-last.json", trail([*lines(2), bad]), 2, "A33")
        tree.bad(f"damage/unpaired/{name}-first.json", trail([bad, *lines(2)]), 0, "A33")
        tree.bad(f"damage/unpaired/{name}-middle.json", trail([*lines(3), bad, *lines(3)]), 3, "A33")
    whole = trail(lines(3))
    second = whole.index(b'},{"') + 1
    for name, at in {
        "after-brace": 1, "in-key": 4, "after-key": 10, "after-colon": 11, "after-bracket": 12, "in-first": 200,
        "after-first": second, "after-comma": second + 1, "in-second": second + 100, "after-last": len(whole) - 2,
        "after-array": len(whole) - 1,
    }.items():
        tree.bad(f"damage/cut/{name}.json", whole[:at], None, "A33: cut short")
        tree.bad(f"damage/cut/{name}-zipped.json.gz", zipped(whole[:at]), None, "A33: cut short")
    array = b"[" + b",".join(lines(2)) + b"]"
    for name, at in (("bracket", 1), ("first", 90), ("end", len(array) - 1)):
        tree.bad(f"damage/cut/array-{name}.json", array[:at], None, "A33: cut short")
    single = tree.line()
    for at in (1, 2, 20, len(single) - 1):
        tree.bad(f"damage/cut/single-{at}.json", single[:at], 0, "A33: cut short")
    for name, tail in (("word", b"garbage"), ("brace", b"}"), ("bracket", b"]"), ("nul", b"\0"), ("comma", b",")):
        tree.bad(f"damage/tail/{name}.json", trail(lines(2)) + tail, 2, "what stands behind the document is reported")
        tree.bad(f"damage/tail/{name}-single.json", tree.line() + tail, 1)
    tree.bad("damage/tail/members-behind-records.json", trail(lines(2))[:-1] + b',"x":tru}', 2, "A33")
    tree.bad("damage/tail/members-cut-behind-records.json", trail(lines(2))[:-1] + b',"x":', 2, "A33")


def containers(tree):
    """A33 in every container, also where other members stand before its array (A25)."""
    good = tree.line
    paired, open_string = b'{"x":tru,"y":[1,{}]}', b'{"x":"a,"y":1}'
    entry = lambda: compact({"id": "1", "timestamp": 1, "message": good().decode()})
    found = lambda: compact({"EventId": "1", "CloudTrailEvent": good().decode()})
    heads = {
        "records-behind-number": (b'{"a":1,"Records":[', good),
        "records-behind-string": (b'{"a":"x","Records":[', good),
        "records-behind-object": (b'{"a":{"Records":[1]},"b":null,"Records":[', good),
        "records-second": (b'{"Records":[' + good() + b'],"Records":[', good),
        "events": (b'{"Events":[', good),
        "events-behind-token": (b'{"NextToken":"t","Events":[', good),
        "lookup": (b'{"NextToken":"t","Events":[', found),
        "logs": (b'{"messageType":"DATA_MESSAGE","owner":"1","subscriptionFilters":["f"],"logEvents":[', entry),
        "logs-filter": (b'{"searchedLogStreams":[],"events":[', entry),
        "array": (b"[", good),
    }
    for name, (head, make) in heads.items():
        extra = 1 if name == "records-second" else 0
        tail = b"]" if name == "array" else b"]}"
        body = head + make() + b"," + paired + b"," + make() + tail
        tree.bad(f"damage/containers/{name}-paired.json", body, 2 + extra, "A33, A25")
        body = head + make() + b"," + make() + b"," + open_string + b"," + make() + tail
        tree.bad(f"damage/containers/{name}-unpaired.json", body, 2 + extra, "A33, A25")
        body = head + make() + b"," + make() + b"," + make()[:-9]
        tree.bad(f"damage/containers/{name}-cut.json", body, 2 + extra, "A33, A25: cut short")


def lines(tree):
    """In JSON lines the line end bounds a bad line, whatever its quotes do."""
    cases = {
        "unclosed-string": b'{"x":"a,',
        "unclosed-array": b'{"x":[1,',
        "unclosed-object": b'{"x":{"y":1,',
        "extra-brace": b'{"x":1}},',
        "crossed": b'{"x":[1},',
        "ends-in-backslash": b'{"x":"a\\',
    }
    for name, start in cases.items():
        bad = lambda: start + tree.line()[1:] + (b"\\" if name == "ends-in-backslash" else b"")
        good = tree.line
        tree.bad(f"damage/lines/{name}-middle.jsonl", b"\n".join([good(), bad(), good(), good()]), 3)
        tree.bad(f"damage/lines/{name}-last.jsonl", b"\n".join([good(), good(), bad()]) + b"\n", 2)
        tree.bad(f"damage/lines/{name}-first.jsonl", b"\n".join([bad(), good(), good()]) + b"\n", 2)
        tree.bad(f"damage/lines/{name}-twice.jsonl", b"\r\n".join([good(), bad(), bad(), good(), bad(), good()]), 3)
        many = [bad() if n % 7 == 3 else good() for n in range(280)]
        tree.bad(f"damage/lines/{name}-many.jsonl.gz", zipped(b"\n".join(many)), 240)
    good = tree.line
    for name, text in {
        "word": b"hello", "unclosed": b'"abc', "open-brace": b"{", "open-bracket": b"[", "nul": b"\0\0",
        "utf8": b"\xff\xfe\xfd", "log-prefix": b"2024-05-01 INFO {}", "bad-number": b"01",
    }.items():
        tree.bad(f"damage/lines/line-{name}.jsonl", b"\n".join([good(), text, good()]) + b"\n", 2)
    # A second line that begins with a comma or a closing bracket may also go on with the first one.
    for name, text in {"brackets": b"}]", "comma": b","}.items():
        data = b"\n".join([good(), text, good()]) + b"\n"
        tree.open(f"damage/line-{name}.jsonl", data, "whether the file is JSON lines when its second line goes on with the first")
    tree.bad("damage/lines/raw-newline.jsonl", good() + b'\n{"eventVersion":"1","x":"a\nb"}\n' + good() + b"\n", 2)
    cut = b'{"eventVersion":"1","x":{"y":[1,'
    tree.bad("damage/lines/cut-last.jsonl", good() + b"\n" + good() + b"\n" + cut, 2)
    line = trail([good(), b'{"x":"open}', good()])
    tree.bad("damage/lines/trail-in-a-line.jsonl", good() + b"\n" + line + b"\n" + trail([good()]) + b"\n", 3)


def nested(record, levels):
    """The record with a member that makes it nest so many levels in all."""
    inner = levels - 1
    half = inner // 2
    return b'{"deep":' + b"[" * half + b'{"a":' * (inner - half) + b"1" + b"}" * (inner - half) + b"]" * half + b"," + record[1:]


def depth(tree):
    for levels in (100, 500, 990, 999, 1000):
        tree.good(f"depth/{levels}.jsonl", b"\n".join([tree.line(), nested(tree.line(), levels), tree.line()]), 3, "A34")
    for levels in (1001, 1010, 5000, 100000 if tree.full else 20000):
        records = [tree.line(), nested(tree.line(), levels), tree.line()]
        tree.bad(f"depth/{levels}.jsonl", b"\n".join(records), 2, "A34")
        if levels > 1001:
            tree.bad(f"depth/{levels}.json", trail(records), 2, "A34")
    for levels in (100, 500, 990):
        tree.good(f"depth/{levels}.json", trail([tree.line(), nested(tree.line(), levels), tree.line()]), 3, "A34")
    tree.bad("depth/unclosed-brackets.json", b"[" * (200000 if tree.full else 20000), 0, "A33, A34")
    tree.bad("depth/unclosed-braces.json", b'{"a":' * (200000 if tree.full else 20000), 0, "A33, A34")
