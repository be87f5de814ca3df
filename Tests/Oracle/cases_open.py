"""Cases in which the specification leaves open what happens; each with its question, kept apart in `open/`."""

import json

from cases import compact, pretty, trail, zipped
from cases_identity import ACCOUNT, LINKED


def add(tree):
    documents(tree)
    containers(tree)
    identities(tree)
    migrations(tree)


def documents(tree):
    add_open, line, lines = tree.open, tree.line, tree.lines
    question = "a comma is missing, or there is one too many, between two records: does the rest of the document go on?"
    add_open("comma-missing.json", b'{"Records":[' + line() + line() + b"," + line() + b"]}", question)
    add_open("comma-missing-space.json", b'{"Records":[' + line() + b"\n" + line() + b"]}", question)
    add_open("comma-trailing.json", b'{"Records":[' + line() + b"," + line() + b",]}", question)
    add_open("comma-leading.json", b'{"Records":[,' + line() + b"," + line() + b"]}", question)
    add_open("comma-double.json", b'{"Records":[' + line() + b",," + line() + b"]}", question)
    add_open("comma-missing-lines.json", b'{"Records":[\n' + b"\n".join(lines(3)) + b"\n]}", question)
    add_open("comma-semicolon.json", b'{"Records":[' + line() + b";" + line() + b"]}", question)
    question = "a byte between two records that is no JSON: does it cost a record, or the rest of the document?"
    for name, junk in (("word", b"x"), ("nul", b"\0"), ("utf8", b"\xff"), ("brackets", b"[1]")):
        add_open(f"between-{name}.json", trail([line(), line() + junk, line()]), question)
    question = "a brace too many ends a record that is valid up to there: does that record come out?"
    add_open("extra-brace.json", trail([line(), b'{"eventVersion":"1"}},' + line()[1:], line()]), question)
    question = "the document is broken before `Records`: are the records read all the same?"
    for name, head in (("literal", b'{"x":tru,'), ("utf8", b'{"x":"\xff",'), ("escape", b'{"x":"\\q",'), ("no-colon", b'{"x" 1,')):
        add_open(f"before-records-{name}.json", head + b'"Records":[' + line() + b"]}", question)
    question = "a broken document is followed by another one: is that read?"
    broken = b'{"Records":[' + line() + b" " + line() + b"]}"
    add_open("broken-then-document.json", broken + trail([line()]), question)
    add_open("broken-then-document-pretty.json", pretty({"Records": [tree.event()]}) + b"x\n" + pretty({"Records": [tree.event()]}), question)
    question = "what is JSON lines when the first line is damaged and the file is called .json?"
    for name, bad in (("open-string", b'{"x":"a,"y":1}'), ("open-brace", b'{"x":{"y":1}'), ("word", b"hello")):
        add_open(f"lines-first-bad-{name}.json", b"\n".join([bad, line(), line()]), question)
        add_open(f"lines-middle-bad-{name}.json", b"\n".join([line(), bad, line()]), "the same with the damage in a later line")
    question = "a record in a .jsonl file that spans lines: read, or two bad lines?"
    add_open("lines-spanning.jsonl", line() + b'\n{"eventVersion":"1",\n"x":1}\n' + line(), question)
    question = "does the depth limit count from the record or from the document (two levels more in a trail file)?"
    from cases_damage import nested

    for levels in (998, 999, 1000, 1001):
        add_open(f"depth-{levels}.json", trail([line(), nested(line(), levels), line()]), question)
        add_open(f"depth-{levels}-array.json", b"[" + nested(line(), levels) + b"]", question)
    add_open("depth-beside-records.json", b'{"x":' + b"[" * 1500 + b"]" * 1500 + b',"Records":[' + line() + b"]}", "too deep outside of the records")
    add_open("bom-second-document.json", b"\xef\xbb\xbf" + line() + b"\n\xef\xbb\xbf" + line(), "a byte order mark at the head of a second document")
    add_open("bom-second-member.json.gz", zipped(b"\xef\xbb\xbf" + line() + b"\n") + zipped(b"\xef\xbb\xbf" + line()), "the same in a second gzip member")
    add_open("escape-member.json", b'{"eventVersion":"1"}' + b"\x1a", "a DOS end-of-file mark behind the document")


def containers(tree):
    add_open, line = tree.open, tree.line
    event = tree.event
    add_open("events-empty.json", b'{"Events":[]}', "no events in lookup-events: fine like Records, or reported?")
    add_open("events-strangers.json", b'{"Events":[{"a":1},' + line() + b"]}", "an object in `Events` that is no event")
    add_open("log-events-empty.json", b'{"messageType":"DATA_MESSAGE","logEvents":[]}', "no log events: fine?")
    control = {"messageType": "CONTROL_MESSAGE", "logEvents": [{"id": "", "timestamp": 1, "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}
    add_open("log-control.json", compact(control), "a CloudWatch control message: quarantined, or passed over?")
    add_open("log-event-alone.jsonl", compact({"timestamp": 1, "message": line().decode()}), "one log event without its `logEvents`")
    bridge = {"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": event()}
    add_open("log-of-bridge.json", compact({"logEvents": [{"message": json.dumps(bridge)}]}), "an EventBridge envelope inside a log event: nested envelopes")
    add_open("log-of-trail.json", compact({"logEvents": [{"message": trail([line(), line()]).decode()}]}), "a trail inside a log event")
    add_open("log-of-object.json", compact({"logEvents": [{"message": '{"a":1}'}]}), "an object that is no event inside a log event")
    add_open("log-no-message.json", b'{"logEvents":[{"id":"1"},' + line() + b"]}", "a log event without a message")
    add_open("lookup-of-object.json", compact({"Events": [{"CloudTrailEvent": '{"a":1}'}]}), "an object that is no event in CloudTrailEvent")
    add_open("lookup-object.json", b'{"Events":[{"CloudTrailEvent":' + line() + b"}]}", "CloudTrailEvent is an object, not a string")
    add_open("lookup-null.json", b'{"Events":[{"CloudTrailEvent":null,"EventId":"1"}]}', "CloudTrailEvent is null")
    add_open("lookup-surrogate.json", b'{"Events":[{"CloudTrailEvent":"{\\"eventVersion\\":\\"1\\",\\"x\\":\\"\\ud800\\"}"}]}', "an unpaired surrogate escape of the outer string")
    add_open("lookup-newline.json", b'{"Events":[{"CloudTrailEvent":"{\\"eventVersion\\":\\"1\\",\\"x\\":\\"a\\nb\\"}"}]}', "a raw newline inside a string of the inner record: its bytes are bad JSON")
    add_open("lookup-in-records.json", compact({"Records": [{"EventId": "1", "CloudTrailEvent": line().decode()}]}), "an envelope inside `Records`")
    add_open("bridge-in-records.json", compact({"Records": [bridge]}), "an EventBridge envelope inside `Records`")
    add_open("bridge-typed-strange.json", compact({"detail-type": "AWS API Call via CloudTrail", "detail": {"a": 1}}), "detail-type says CloudTrail, detail is no event")
    add_open("bridge-and-version.json", compact({"eventVersion": "1", "detail": event()}), "an object that is an event itself and has a `detail`")
    add_open("events-and-records.json", compact({"Records": [event()], "Events": [event()]}), "`Records` and `Events` in one document")
    add_open("event-with-records.json", compact({**event(), "Records": [event(), event()]}), "an event with a top-level `Records` of its own")
    add_open("event-with-events.json", compact({**event(), "events": [{"message": "x"}]}), "an event with a top-level `events` of its own")
    add_open("records-null-and-array.json", b'{"Records":null,"Records":[' + line() + b"]}", "one occurrence of `Records` is no array: reported?")
    add_open("records-array-and-null.json", b'{"Records":[' + line() + b'],"Records":null}', "one occurrence of `Records` is no array: reported?")
    add_open("s3-key-alone.json", trail([b'{"eventVersion":"2.1","s3":{"bucket":{}}}']), "an `s3` member without eventSource aws:s3")
    add_open("s3-source-alone.json", trail([b'{"eventVersion":"2.1","eventSource":"aws:s3"}']), "eventSource aws:s3 without an `s3` member")
    add_open("s3-then-events.json", trail([b'{"eventSource":"aws:s3","s3":{}}', line()]), "one S3 notification among events")
    sns = {"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Message": "x"}}
    add_open("sns-records.json", trail([compact(sns)]), "Lambda's form of SNS in `Records`: an event by the letter")
    add_open("sqs-records.json", trail([b'{"messageId":"1","body":"x","eventSource":"aws:sqs"}']), "Lambda's form of SQS in `Records`: an event by the letter")
    digest = {"digestS3Object": "o", "logFiles": []}
    add_open("digest-in-lines.jsonl", line() + b"\n" + compact(digest) + b"\n" + line(), "a digest among JSON lines")
    add_open("AWSLogs/1/CloudTrail-Digest/us-east-1/x.json", trail([line()]), "a trail file on a digest's path")
    add_open("digest-no-object.json", b'{"digestStartTime":"x","logFiles":[]}', "a digest without digestS3Object")
    add_open("null-version.json", b'{"eventVersion":null}', "eventVersion is null: does the object have it?")
    add_open("empty-name-and-source.json", b'{"eventName":"","eventSource":""}', "eventName and eventSource are empty")


def identities(tree):
    def one(name, question, user, **fields):
        tree.open(f"identity/{name}.json", compact({**tree.event(), "userIdentity": user, **fields}), question)

    arn = f"arn:aws:iam::{ACCOUNT}:"
    one("service-event-invoked", "no type, invokedBy and AwsServiceEvent: which is the basis?", {"invokedBy": "AWS Internal"}, eventType="AwsServiceEvent")
    linked = {"sessionContext": {"sessionIssuer": {"arn": LINKED}}}
    one("service-event-linked", "no type, a service-linked role's ARN and AwsServiceEvent: the basis?", linked, eventType="AwsServiceEvent")
    one("issuer-type-strange", "no type, sessionIssuer.type is none of Role, Root, IAMUser", {"arn": arn + "user/Bob", "sessionContext": {"sessionIssuer": {"type": "Robot"}}})
    one("user-arn-no-slash", "IAMUser: the last part of an ARN without a slash", {"type": "IAMUser", "arn": "arn:aws:iam::00000:robot"})
    one("session-of-user-arn", "AssumedRole with the ARN of a user: is its last element a session?", {"type": "AssumedRole", "arn": arn + "user/Bob", "principalId": "AROAX:real"})
    one("session-of-role-arn", "type Role with the ARN of a role: is its last element a session?", {"type": "Role", "arn": arn + "role/path/Sally"})
    one("role-of-role-arn", "the role from an ARN `:role/path/NAME`", {"type": "Role", "arn": arn + "role/path/Sally", "principalId": "AROAX"})
    one("role-of-issuer-arn", "the role from sessionIssuer.arn alone", {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"arn": arn + "role/path/Sally"}}})
    for name, value in (("empty", {}), ("no-user", {"identityStoreArn": "a"}), ("empty-user", {"userId": ""})):
        one(f"on-behalf-{name}", "onBehalfOf without a userId: still Identity Center?", {"type": "Unknown", "onBehalfOf": value})
    both = {"type": "WebIdentityUser", "identityProvider": "first", "sessionContext": {"webIdFederationData": {"federatedProvider": "second"}}}
    one("two-providers", "identityProvider and federatedProvider: which is `provider`?", both)
    hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"
    one("hidden-issuer", "the hidden name as the role or the issuer's userName", {"type": "FederatedUser", "accountId": "1", "sessionContext": {"sessionIssuer": {"type": "IAMUser", "userName": hidden}}})
    one("hidden-role", "the hidden name as the role", {"type": "AssumedRole", "accountId": "1", "sessionContext": {"sessionIssuer": {"type": "Role", "userName": hidden}}})
    one("linked-no-name", "a service-linked role's ARN that ends behind the service", {"sessionContext": {"sessionIssuer": {"arn": arn + "role/aws-service-role/dms.amazonaws.com"}}})
    one("linked-nothing", "a service-linked role's ARN without a service", {"sessionContext": {"sessionIssuer": {"arn": arn + "role/aws-service-role/"}}})
    for name, value in (("root-path", arn + "root/x"), ("root-late", arn + "user/x:root"), ("no-arn", "x:user/Bob"), ("spaces", "arn: aws: iam: : 1: user/Bob"), ("bare-root", ":root")):
        one(f"arn-{name}", "no type, an ARN that is not quite one: by its sixth field or by its text?", {"arn": value})
    one("blank-names", "strings of white space alone: as missing?", {"type": " ", "userName": " ", "accountId": "  "})
    one("session-ends-in-slash", "an ARN that ends in a slash", {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/R/", "principalId": "AROAX:s"})


def migrations(tree):
    def one(name, question, **fields):
        tree.open(f"migration/{name}.json", compact(tree.event(**fields)), question)

    one("empty-then-upper", "a parameter is empty in the exact case and filled in another", requestParameters={"migrationTaskName": "", "MigrationTaskName": "upper"})
    one("wrong-then-upper", "a parameter is of the wrong type in the exact case", requestParameters={"dryRun": 1, "DryRun": True})
    one("two-odd-cases", "two spellings, neither exact", requestParameters={"MIGRATIONTASKNAME": "first", "migrationtaskname": "second"})
    one("blank-source", "an eventSource of white space: blank?", eventSource="  ")
    one("read-only-capital", "readOnly is the string `True`", eventName="PutX", readOnly="True")
    one("other-service-state", "NotifyMigrationTaskState under another service of the family", eventSource="migrationhub-orchestrator.amazonaws.com", eventName="NotifyMigrationTaskState", requestParameters={"task": {"status": "x"}})
    one("alias-no-source", "an alias of an action's name without an eventSource", eventSource="", eventName="CreateMigrationWorkflow")
    one("list-of-objects", "a resource parameter that is a list of objects", requestParameters={"deleteAgents": [{"agentId": "a", "force": True}], "vpcId": "v"})
    one("list-of-lists", "a resource parameter that is a list of lists", requestParameters={"agentIds": [["a"]], "vpcId": "v"})
    one("status-elsewhere", "a status in a call other than the two Notify calls", eventName="ListApplicationStates", requestParameters={"status": "x"})
