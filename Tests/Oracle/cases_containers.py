"""Where records are found: every container and file shape (A25 to A28, A30 to A32, A38)."""

import json

from cases import compact, pretty, trail, zipped


def add(tree):
    trails(tree)
    arrays_and_lines(tree)
    envelopes(tree)
    not_cloudtrail(tree)
    encodings(tree)
    empties(tree)


def trails(tree):
    good, line, lines = tree.good, tree.line, tree.lines
    good("containers/trail.json", trail(lines(3)), 3)
    good("containers/trail.json.gz", zipped(trail(lines(3))), 3)
    good("containers/trail-pretty.json", pretty({"Records": [tree.event(), tree.event()]}), 2)
    good("containers/trail-pretty-crlf.json", pretty({"Records": [tree.event(), tree.event()]}, "\r\n"), 2)
    good("containers/trail-tabs.json", b'\t{ "Records"\t:\r[\n' + line() + b"\t,\r\n" + line() + b" ] }\r\n", 2)
    good("containers/trail-one-record-a-line.json", b'{"Records":[\n' + b",\n".join(lines(4)) + b"\n]}\n", 4)
    extra = b'"note":{"Records":[{"eventVersion":"no"}],"a":[[1],{}]},"n":-1.5e3'
    good("containers/records-last.json", b"{" + extra + b',"Records":[' + line() + b"]}", 1, "A25")
    good("containers/records-first.json", b'{"Records":[' + line() + b"]," + extra + b"}", 1, "A25")
    twice = b'{"Records":[' + line() + b'],"x":1,"Records":[' + line() + b"," + line() + b"]}"
    good("containers/records-twice.json", twice, 3, "A25")
    good("containers/records-escaped-key.json", b'{"Rec\\u006frds":[' + line() + b"]}", 1, "A25")
    good("containers/records-empty.json", b'{"Records":[]}', 0, "A32")
    good("containers/records-empty-spaced.json.gz", zipped(b' {"Records" : [ ] } \n'), 0, "A32")
    good("containers/records-deep-key-ignored.json", b'{"a":{"Records":[1]},"Records":[' + line() + b"]}", 1, "A25")
    good("containers/two-documents.json", trail(lines(2)) + trail(lines(1)), 3)
    good("containers/two-documents-pretty.json", pretty({"Records": [tree.event()]}) * 2, 2)
    good("containers/documents-and-records.json", trail(lines(1)) + line() + b" " + line() + b"[" + line() + b"]", 4)
    good("containers/insight.json", trail([compact(_insight(tree)), line()]), 2, "A30")
    aggregated = {"eventVersion": "1.0", "eventId": "x", "accountId": "1", "eventCategory": "Aggregated"}
    good("containers/aggregated.json", trail([compact(aggregated)]), 1, "A30")
    for kind, text in (("null", b"null"), ("number", b"1"), ("string", b'"x"'), ("array", b"[]"), ("bool", b"true")):
        body = trail([line(), text, line()])
        tree.bad(f"containers/trail-element-{kind}.json", body, 2, "other non-objects are quarantined")
    tree.bad("containers/trail-any-object.json", trail([b'{"foo":1}', b"{}", line()]), 1, "A39: inside Records")


def _insight(tree):
    return {
        "eventVersion": "1.07",
        "eventType": "AwsCloudTrailInsight",
        "eventID": "i",
        "insightDetails": {"state": "Start", "eventSource": "migrationhub.amazonaws.com", "n": 9.8},
        "eventCategory": "Insight",
    }


def arrays_and_lines(tree):
    good, line, lines = tree.good, tree.line, tree.lines
    good("containers/array.json", b"[" + b",".join(lines(3)) + b"]", 3)
    good("containers/array-pretty.json", pretty([tree.event(), tree.event()]), 2)
    good("containers/array-empty.json", b"[]", 0, "A32")
    tree.bad("containers/array-mixed.json", b"[" + line() + b",1,null,[" + line() + b"]," + line() + b"]", 2)
    good("containers/single.json", line(), 1, "A26")
    good("containers/single-pretty.json", pretty(tree.event()), 1, "A26")
    good("containers/single-name-and-source.json", b'{"eventName":"A","eventSource":"b"}', 1, "A26")
    good("containers/single-version-only.json", b'{"eventVersion":"1.05"}', 1, "A26")
    good("containers/lines.jsonl", b"\n".join(lines(3)) + b"\n", 3)
    good("containers/lines-no-last-newline.jsonl", b"\n".join(lines(3)), 3)
    good("containers/lines-crlf.jsonl", b"\r\n".join(lines(3)) + b"\r\n", 3)
    good("containers/lines-blank-lines.jsonl", b"\n\n" + b"\n \t\n\n".join(lines(3)) + b"\n\n", 3)
    good("containers/lines-spaces.jsonl", b"\n".join(b"  " + each + b" \t" for each in lines(3)), 3)
    good("containers/lines.jsonl.gz", zipped(b"\n".join(lines(3))), 3)
    good("containers/lines-in-json.json", b"\n".join(lines(3)), 3, "A27")
    good("containers/trail-in-jsonl.jsonl", trail(lines(2)), 2, "A27")
    good("containers/pretty-in-jsonl.jsonl", pretty({"Records": [tree.event()]}), 1, "A27")
    good("containers/lines-of-trails.jsonl", trail(lines(2)) + b"\n" + trail([]) + b"\n" + trail(lines(1)), 3)
    good("containers/lines-of-arrays.jsonl", b"[" + line() + b"]\n[]\n[" + line() + b"," + line() + b"]\n", 3)
    good("containers/lines-joined.jsonl", line() + line() + b"\n" + line(), 3)
    tree.bad("containers/lines-scalars.jsonl", line() + b'\n1\n"x"\nnull\n' + line() + b"\n", 2)
    mixed = [line(), compact(bridge(tree)), compact(lookup(tree)), trail(lines(2)), b"[" + line() + b"]"]
    good("containers/lines-mixed.jsonl", b"\n".join(mixed), 6, "A38")


def lookup(tree, text=None):
    return {
        "EventId": "e",
        "EventName": "x",
        "ReadOnly": "true",
        "Resources": [],
        "CloudTrailEvent": tree.line().decode() if text is None else text,
    }


def bridge(tree, **fields):
    return {
        "version": "0",
        "id": "i",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.migrationhub",
        "resources": [],
        "detail": tree.event(**fields),
    }


def logs(tree, messages):
    events = [{"id": str(n), "timestamp": 1700000000000 + n, "message": each} for n, each in enumerate(messages)]
    return {"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": "s", "logEvents": events}


def envelopes(tree):
    good, bad, line = tree.good, tree.bad, tree.line
    good("containers/lookup.json", compact({"NextToken": "t", "Events": [lookup(tree), lookup(tree)]}), 2, "A38")
    good("containers/lookup-pretty.json", pretty({"Events": [lookup(tree)]}), 1, "A38")
    spaced = json.dumps(tree.event(userAgent="tab\there \"quoted\" back\\slash é 😀"), indent=1)
    good("containers/lookup-spaced-inside.json", compact({"Events": [lookup(tree, " \n" + spaced + "\n")]}), 1, "A38")
    escaped = json.dumps({"Events": [lookup(tree, json.dumps(tree.event(userAgent="é😀\u2028/")))]}).replace("/", "\\/")
    good("containers/lookup-ascii.json", escaped.encode(), 1, "A38")
    good("containers/lookup-lines.jsonl", b"\n".join(compact(lookup(tree)) for _ in range(3)), 3, "A38")
    good("containers/lookup-array.json", compact([lookup(tree), lookup(tree)]), 2, "A38")
    good("containers/lookup-records-inside.json", compact({"Events": [tree.event(), tree.event()]}), 2, "A26, A30")
    damaged = [lookup(tree), lookup(tree, '{"eventVersion":"1.08",}'), lookup(tree, ""), lookup(tree, "no json")]
    damaged += [lookup(tree, "[1]"), lookup(tree, line().decode() + "}"), lookup(tree, line().decode()[:-9]), lookup(tree)]
    bad("containers/lookup-damaged.json", compact({"Events": damaged}), 3, "A40, A33")
    bad("containers/lookup-damaged.jsonl", b"\n".join(map(compact, damaged)), 3, "A40, A33")
    good("containers/bridge.json", compact(bridge(tree)), 1, "A38")
    good("containers/bridge-pretty.json", pretty(bridge(tree)), 1, "A38")
    good("containers/bridge.jsonl", b"\n".join(compact(bridge(tree)) for _ in range(2)), 2, "A38")
    good("containers/bridge-array.json", compact([bridge(tree), bridge(tree)]), 2, "A38")
    first = dict(reversed(list(bridge(tree).items())))
    good("containers/bridge-detail-first.json", compact(first), 1, "A38")
    good("containers/logs.json", compact(logs(tree, [line().decode(), line().decode()])), 2, "A38")
    good("containers/logs.json.gz", zipped(compact(logs(tree, [line().decode()]))), 1, "A38")
    good("containers/logs-lines.jsonl", b"\n".join(compact(logs(tree, [line().decode()])) for _ in range(2)), 2, "A38")
    good("containers/logs-joined.json", compact(logs(tree, [line().decode()])) * 2, 2, "A38")
    filtered = [{"logStreamName": "s", "timestamp": 1, "message": line().decode(), "ingestionTime": 2, "eventId": "3"}]
    good("containers/logs-filter.json", pretty({"events": filtered, "searchedLogStreams": []}), 1, "A38")
    bad("containers/logs-damaged.json", compact(logs(tree, [line().decode(), "not json", line().decode()])), 2, "A38")


def not_cloudtrail(tree):
    bad, line = tree.bad, tree.line
    bad("containers/object.json", b'{"a":1}', 0, "A26")
    bad("containers/object-empty.json", b"{}", 0, "A26")
    bad("containers/object-name-only.json", b'{"eventName":"x"}', 0, "A26")
    bad("containers/object-source-only.json", b'{"eventSource":"x"}', 0, "A26")
    bad("containers/object-in-lines.jsonl", line() + b'\n{"a":1}\n' + line(), 2, "A26")
    bad("containers/object-in-array.json", b"[" + line() + b',{"a":1},' + line() + b"]", 2, "A26")
    other = {"version": "0", "detail-type": "EC2 Instance State-change Notification", "detail": {"state": "running"}}
    bad("containers/bridge-other.json", compact(other), 0, "A26")
    bad("containers/bridge-empty-detail.json", compact({"detail-type": "Scheduled Event", "detail": {}}), 0, "A26")
    created = {"version": "0", "detail-type": "Object Created", "detail": {"version": "0", "bucket": {"name": "b"}}}
    bad("containers/bridge-s3.json", compact(created), 0, "A26")
    notice = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {}}}
    bad("containers/s3-notification.json", trail([compact(notice)]), 0, "A26")
    bad("containers/s3-notification-single.json", compact(notice), 0, "A26")
    bad("containers/s3-notification.jsonl", line() + b"\n" + compact(notice) + b"\n" + trail([compact(notice)]), 1, "A26")
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}
    tree.good("containers/s3-test-event.json", compact(test), 0, "A41")
    for kind, text in (("null", b"null"), ("object", b"{}"), ("string", b'"x"'), ("number", b"0"), ("bool", b"false")):
        bad(f"containers/records-not-an-array-{kind}.json", b'{"Records":' + text + b"}", 0, "Records missing")
    for kind, text in (("string", b'"Records"'), ("number", b"12"), ("null", b"null"), ("true", b"true")):
        bad(f"containers/scalar-{kind}.json", text, 0, "other non-objects are quarantined")
    digest = {"awsAccountId": "1", "digestS3Bucket": "b", "digestS3Object": "o", "logFiles": [], "newestEventTime": None}
    name = "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2024/05/01/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20240501T000000Z"
    tree.good(f"containers/{name}.json.gz", zipped(compact(digest)), 0, "digest files are counted apart")
    tree.good("containers/digest.json", pretty(digest), 0, "digest files are counted apart")


def encodings(tree):
    line, lines = tree.line, tree.lines
    mark = b"\xef\xbb\xbf"
    tree.good("encodings/bom.json", mark + trail(lines(2)), 2, "A28")
    tree.good("encodings/bom.json.gz", zipped(mark + trail(lines(2))), 2, "A28")
    tree.good("encodings/bom-lines.jsonl", mark + b"\n".join(lines(2)), 2, "A28")
    tree.good("encodings/bom-space.json", mark + b"\n " + line(), 1, "A28")
    tree.bad("encodings/bom-only.json", mark, 0, "A32")
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        text = ("\ufeff" + trail(lines(2)).decode()).encode(name)
        tree.bad(f"encodings/{name}.json", text, 0, "A28")
        tree.bad(f"encodings/{name}.json.gz", zipped(text), 0, "A28")
        tree.bad(f"encodings/{name}-no-mark.json", trail(lines(2)).decode().encode(name), 0, "A28")
    tree.good("encodings/gzip-named-json.json", zipped(trail(lines(2))), 2, "A27")
    tree.good("encodings/plain-named-gz.json.gz", trail(lines(2)), 2, "A27")
    tree.good("encodings/gzip-lines-named-jsonl.jsonl", zipped(b"\n".join(lines(2))), 2, "A27")
    tree.bad("encodings/gzip-twice.json.gz", zipped(zipped(trail(lines(2)))), 0, "A27: one layer")
    text = tree.line(userAgent="é ü 日本語 😀 \u2028 \ufffd \U0010ffff \x7f \x80")
    tree.good("encodings/text-beyond-ascii.json", trail([text, tree.line(**{"clé 日本": "é"})]), 2)


def empties(tree):
    for name, text in (("empty", b""), ("space", b" \r\n\t \n"), ("newline", b"\n"), ("long-space", b" " * 70000)):
        tree.bad(f"empty/{name}.json", text, 0, "A32")
        tree.bad(f"empty/{name}.jsonl", text, 0, "A32")
        tree.bad(f"empty/{name}.json.gz", zipped(text), 0, "A32")
    tree.bad("empty/no-bytes.json.gz", b"", 0, "A32")
