"""A trail of two accounts with a damaged file in it, and the pipeline that is run over it."""

import gzip
import json
import pathlib
import random

PIPELINE = """\
pipeline: spark-test
sources:
  logs:
    type: directory
    path: ${LOGS}
    exclude: [CloudTrail-Digest/]
transforms:
  some:
    type: filter
    field: eventName
    matches: "^E[0-5]$"
  who:
    type: identity
sinks:
  lines:
    type: jsonl
    path: lines.jsonl.gz
  table:
    type: csv
    path: table.csv
  days:
    type: jsonl
    path: days/account={recipientAccountId}/day={eventTime:%Y-%m-%d}/events.jsonl.gz
  tables:
    type: csv
    path: tables/{awsRegion}/{eventSource}.csv.gz
"""
LAKE = """\
  lake:
    type: exec
    command: ["${PYTHON}", "${PARQUET}"]
    protocol: handshake
    options: {path: lake, rows: 40}
"""
ONCE = PIPELINE.replace("  who:", "  once:\n    type: dedupe\n  who:")
FOLDER = """\
    type: directory
    path: ${LOGS}
    exclude: [CloudTrail-Digest/]
"""
BUCKET = """\
    type: s3
    url: s3://trail/AWSLogs/
    endpoint: URL
    region: us-east-1
"""
DAMAGED = b'{"Records":[{"eventVersion":"1","eventName":"E1"},{"eventVersion":x},{"eventVersion":"1","eventName":"E2"'


def over_bucket(pipeline: str, url: str) -> str:
    """The same pipeline over a bucket `trail`."""
    assert FOLDER in pipeline
    return pipeline.replace(FOLDER, BUCKET.replace("URL", url))


def write(folder: pathlib.Path, seed: int, files: int = 12) -> None:
    chance = random.Random(seed)
    for account in ("111122223333", "444455556666"):
        for day in range(1, 5):
            path = folder / f"AWSLogs/{account}/CloudTrail/eu-west-1/2026/05/{day:02d}"
            path.mkdir(parents=True)
            for number in range(files):
                records = [record(chance, account, day, f"{number}-{event}") for event in range(chance.randrange(1, 80))]
                packed = gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)
                (path / f"{number:03d}.json.gz").write_bytes(packed)
    (path / "damaged.json").write_bytes(DAMAGED)
    digests = folder / "AWSLogs/111122223333/CloudTrail-Digest"
    digests.mkdir()
    (digests / "left-out.json").write_bytes(DAMAGED)


def write_copies(folder: pathlib.Path) -> None:
    """Delivers some files again, far from where they were, and other in what is no key: which copy is the first is seen."""
    paths = sorted(folder.rglob("*.gz"))
    for number in (0, 5, 9, 20):
        events = json.loads(gzip.decompress(paths[number].read_bytes()))["Records"]
        for event in events:
            event["sourceIPAddress"] = "198.51.100.9"
        path = paths[-1 - number].with_name(f"copy-{number}.json.gz")
        path.write_bytes(gzip.compress(json.dumps({"Records": events}).encode(), mtime=0))


def record(chance: random.Random, account: str, day: int, name: str) -> dict[str, object]:
    return {
        "eventVersion": "1.08",
        "eventTime": f"2026-05-{day:02d}T{chance.randrange(24):02d}:00:00Z",
        "eventSource": chance.choice(["mgh.amazonaws.com", "s3.amazonaws.com"]),
        "eventName": f"E{chance.randrange(9)}",
        "eventID": f"{account}-{day}-{name}",
        "awsRegion": "eu-west-1",
        "recipientAccountId": account,
        "userIdentity": {"type": "IAMUser", "userName": f"u{chance.randrange(5)}", "accountId": account},
        "requestParameters": {"n": chance.randrange(10**6), "text": "x" * chance.randrange(200)},
    }
