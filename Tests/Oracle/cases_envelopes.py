"""Envelopes of every kind (A39 to A41): alone, among records, in each other, damaged, empty, with nothing in them."""

import base64
import json

from cases import compact, pretty, trail, zipped


def b64(data):
    return base64.b64encode(data).decode()


def sqs(text):
    element = {"messageId": "m", "body": text.decode(), "attributes": {"SentTimestamp": "1"}, "eventSource": "aws:sqs"}
    return {"Records": [element]}


def received(text):
    return {"Messages": [{"MessageId": "m", "ReceiptHandle": "h", "MD5OfBody": "x", "Body": text.decode()}]}


def sns(text):
    return {"Type": "Notification", "MessageId": "m", "TopicArn": "arn:x", "Message": text.decode(), "Timestamp": "t"}


def sns_lambda(text):
    return {"Records": [{"EventVersion": "1.0", "EventSource": "aws:sns", "Sns": sns(text)}]}


def kinesis(text, pack=bytes):
    record = {"kinesisSchemaVersion": "1.0", "partitionKey": "1", "data": b64(pack(text))}
    names = {"eventSource": "aws:kinesis", "eventVersion": "1.0", "eventName": "aws:kinesis:record"}
    return {"Records": [{"kinesis": record, **names}]}


def fetched(text):
    return {"Records": [{"SequenceNumber": "1", "PartitionKey": "1", "Data": b64(text)}], "MillisBehindLatest": 0}


def firehose(text, pack=bytes):
    return {"invocationId": "i", "deliveryStreamArn": "arn:x", "records": [{"recordId": "r", "data": b64(pack(text))}]}


def subscription(text):
    return {"awslogs": {"data": b64(zipped(text))}}


def data_message(text):
    event = {"id": "1", "timestamp": 1, "message": text.decode()}
    return {"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "subscriptionFilters": ["f"], "logEvents": [event]}


def filtered(text):
    return {"events": [{"logStreamName": "s", "timestamp": 1, "message": text.decode()}], "searchedLogStreams": []}


def bridge(text):
    return {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.x", "detail": json.loads(text)}


def lookup(text):
    return {"Events": [{"EventId": "e", "EventSource": "s.amazonaws.com", "CloudTrailEvent": text.decode()}]}


WRAPPINGS = {
    "sqs": sqs,
    "received": received,
    "sns": sns,
    "sns-lambda": sns_lambda,
    "kinesis": kinesis,
    "kinesis-zipped": lambda text: kinesis(text, zipped),
    "fetched": fetched,
    "firehose": firehose,
    "firehose-zipped": lambda text: firehose(text, zipped),
    "subscription": subscription,
    "data-message": data_message,
    "filtered": filtered,
    "bridge": bridge,
    "lookup": lookup,
}
CONTROL = {
    "messageType": "CONTROL_MESSAGE",
    "owner": "CloudwatchLogs",
    "logEvents": [{"id": "", "timestamp": 1, "message": "CWL CONTROL MESSAGE: Checking health of destination."}],
}
HOUSEKEEPING = {
    "digest": {"awsAccountId": "1", "digestS3Object": "o", "logFiles": [{"s3Object": "k"}]},
    "control": CONTROL,
    "control-bare": {"messageType": "CONTROL_MESSAGE"},
    "test-event": {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "t", "Bucket": "b"},
    "confirmation": {"Type": "SubscriptionConfirmation", "Message": "You have chosen", "SubscribeURL": "u"},
}


def add(tree):
    for name, wrap in WRAPPINGS.items():
        alone(tree, name, wrap)
        nested(tree, name, wrap)
        empty(tree, name, wrap)
        housekeeping(tree, name, wrap)
    foreign(tree)
    exported(tree)


def alone(tree, name, wrap):
    good, line, lines = tree.good, tree.line, tree.lines
    good(f"envelopes/{name}.json", compact(wrap(line())), 1, "A40")
    good(f"envelopes/{name}-pretty.json", pretty(wrap(line())), 1, "A40")
    good(f"envelopes/{name}.json.gz", zipped(compact(wrap(line()))), 1, "A40")
    good(f"envelopes/{name}-lines.jsonl", b"\n".join(compact(wrap(line())) for _ in range(3)), 3, "A40")
    good(f"envelopes/{name}-array.json", compact([wrap(line()), wrap(line())]), 2, "A40")
    among = trail([line(), compact(wrap(line())), line()])
    good(f"envelopes/{name}-among-records.json", among, 3, "A39, A40")
    good(f"envelopes/{name}-holds-a-trail.json", compact(wrap(trail(lines(3)))), 3, "A40")
    if name == "bridge":
        return
    good(f"envelopes/{name}-holds-an-array.json", compact(wrap(b"[" + b",".join(lines(2)) + b"]")), 2, "A40")
    good(f"envelopes/{name}-holds-lines.json", compact(wrap(b"\n".join(lines(3)) + b"\n")), 3, "A40")
    good(f"envelopes/{name}-holds-pretty.json", compact(wrap(pretty({"Records": [tree.event(), tree.event()]}))), 2, "A40")


def nested(tree, name, wrap):
    for other, middle in WRAPPINGS.items():
        two = compact(middle(tree.line()))
        tree.good(f"envelopes/nested/{name}-{other}.json", compact(wrap(two)), 1, "A40: two deep")
        three = compact(middle(compact(bridge(trail(tree.lines(2))))))
        tree.good(f"envelopes/nested/{name}-{other}-bridge.json", compact(wrap(three)), 2, "A40: three deep")
    four = wrap(compact(sqs(compact(sns(compact(bridge(tree.line())))))))
    among = trail([tree.line(), compact(four), tree.line()])
    tree.bad(f"envelopes/nested/{name}-four.json", among, 2, "A40: four deep")


def empty(tree, name, wrap):
    bodies = {
        "empty-object": b"{}",
        "empty-trail": b'{"Records":[]}',
        "no-cloudtrail": b'{"a":1}',
        "names-objects": b'{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","s3":{"bucket":{"name":"b"}}}]}',
        "notification": b'{"s3Bucket":"b","s3ObjectKey":["k"]}',
    }
    if name != "bridge":
        bodies |= {
            "empty": b"",
            "space": b" \n",
            "empty-array": b"[]",
            "text": b"hello",
            "null": b"null",
            "bad-literal": b'{"eventVersion":tru}',
            "cut": b'{"eventVersion":"1"',
            "cut-string": b'{"eventVersion":"1',
        }
    for what, body in bodies.items():
        among = b"[" + tree.line() + b"," + compact(wrap(body)) + b"," + tree.line() + b"]"
        tree.bad(f"envelopes/{name}-{what}.json", among, 2, "A40: yields nothing")


def housekeeping(tree, name, wrap):
    for what, message in HOUSEKEEPING.items():
        among = b"[" + tree.line() + b"," + compact(wrap(compact(message))) + b"]"
        tree.good(f"envelopes/{name}-{what}.json", among, 1, "A41")
    if name != "bridge":
        tree.good(f"envelopes/{name}-validation.json", compact(wrap(b"CloudTrail validation message.")), 0, "A41")


def foreign(tree):
    good, bad, line = tree.good, tree.bad, tree.line
    for what, message in HOUSEKEEPING.items():
        good(f"envelopes/{what}-in-records.json", trail([line(), compact(message), line()]), 2, "A41")
        good(f"envelopes/{what}-in-lines.jsonl", line() + b"\n" + compact(message) + b"\n" + line(), 2, "A41")
        good(f"envelopes/{what}-alone.json", pretty(message), 0, "A41")
    good("envelopes/validation.jsonl", line() + b"\nCloudTrail validation message.\n" + line() + b"\n", 2, "A41")
    dynamodb = {"eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "dynamodb": {}}
    for what, value in {
        "dynamodb": dynamodb,
        "ses": {"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {}},
        "sqs-without-body": {"eventSource": "aws:sqs", "messageId": "m"},
        "sqs-object-body": {"eventSource": "aws:sqs", "body": {"eventVersion": "1"}},
        "sns-without-message": {"EventSource": "aws:sns", "Sns": {}},
        "kinesis-without-data": {"eventSource": "aws:kinesis", "kinesis": {}},
        "kinesis-no-base64": {"eventSource": "aws:kinesis", "kinesis": {"data": "@"}},
        "kinesis-cut-gzip": kinesis(zipped(line())[:40])["Records"][0],
        "something-else": {"foo": 1},
        "empty-container": {"x": 1, "logEvents": []},
    }.items():
        bad(f"envelopes/{what}.json", trail([line(), compact(value), line()]), 2, "A39: quarantined by name")
    good("envelopes/version-before-records.json", b'{"eventVersion":"1","Records":[{"a":1}]}', 1, "A39")
    good("envelopes/records-before-version.json", b'{"x":1,"Records":[' + line() + b'],"eventVersion":"1"}', 1, "A25")
    good("envelopes/aws-in-another-field.json", trail([line(userAgent="aws:sqs", eventName="aws:kinesis:record")]), 1, "A39")


def exported(tree):
    good, bad, lines = tree.good, tree.bad, tree.lines
    stamp = b"2026-01-01T00:00:00.000Z "
    good("envelopes/exported.json", b"\n".join(stamp + each for each in lines(3)) + b"\n", 3, "A40")
    good("envelopes/exported.json.gz", zipped(b"\n".join(stamp + each for each in lines(3)) + b"\n"), 3, "A40")
    good("envelopes/exported-one.json", stamp + lines(1)[0], 1, "A40")
    good("envelopes/exported-bridge.jsonl", stamp + compact(bridge(tree.line())) + b"\n", 1, "A40")
    mixed = [stamp + lines(1)[0], stamp + b"hello", stamp + lines(1)[0], b"more", stamp + b'{"a":1}', stamp + lines(1)[0]]
    bad("envelopes/exported-mixed.jsonl", b"\n".join(mixed) + b"\n", 3, "A40")
    bad("envelopes/exported-other-first.json", b"\n".join([stamp + b"hello", *(stamp + each for each in lines(2))]), 2, "A40")
