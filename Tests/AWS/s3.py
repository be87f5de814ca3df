"""Reads buckets with mhpipe: one in memory that has all the faults of AWS, and SeaweedFS, where that can be had.

    python3 Tests/AWS/s3.py MHPIPE [SEED]

Each test is a function; what it says is what must hold.
"""

import contextlib
import datetime
import gzip
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

import bucket as aws
import identity
from seaweed import free_port, seaweed

MHPIPE = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
# NIGHTS=30 is the full form.
NIGHTS = int(os.environ.get("NIGHTS", 7))
# So many bytes make the events of large objects.
LINE = 16 << 10
ACCOUNTS, REGIONS = ("111122223333", "444455556666"), ("eu-west-1", "us-east-1")


def record(number, account, region, day, text=0):
    event = {"eventVersion": "1.08", "eventSource": "mgh.amazonaws.com", "eventName": "ListProgressUpdateStreams"}
    event |= {"awsRegion": region, "recipientAccountId": account, "eventTime": f"2026-05-{day:02}T11:00:00Z"}
    event |= {"eventID": f"e{number}", "requestParameters": {"x": "y" * text} if text else None}
    return event


def key(number, account, region, day, kind="CloudTrail"):
    folder = f"AWSLogs/{account}/{kind}/{region}/2026/05/{day:02}/"
    return f"{folder}{account}_{kind}_{region}_202605{day:02}T12{number % 60:02}Z_{number:016}.json.gz"


def fill(bucket, days=3, each=4, events=2, text=0):
    number = 0
    for account in ACCOUNTS:
        for region in REGIONS:
            for day in range(1, days + 1):
                for _ in range(each):
                    records = [record(number * events + i, account, region, day, text) for i in range(events)]
                    body = gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)
                    bucket.put(key(number, account, region, day), body)
                    number += 1
    return number


def expected(bucket, wanted=lambda key: True):
    """The ids of all events, in the order of the keys."""
    ids = []
    for name in sorted(bucket.objects, key=str.encode):
        if wanted(name):
            ids += [event["eventID"] for event in json.loads(gzip.decompress(bucket.objects[name].body))["Records"]]
    return ids


def environment(server, **more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    clean |= {"AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
    clean |= {"AWS_ENDPOINT_URL_S3": server.url, "HOME": "/nonexistent"} | more
    return {name: value for name, value in clean.items() if value is not None}


class Run:
    def __init__(self, folder, server, *arguments, timeout=240, **more):
        done = subprocess.run(
            [MHPIPE, *map(str, arguments)], cwd=folder, env=environment(server, **more),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
        )
        self.code, self.errors, self.output = done.returncode, done.stderr.decode(), done.stdout.decode()
        for secret in (aws.SECRET, identity.TOKEN, "web-token", "container-token"):
            assert secret not in self.errors + done.stdout.decode(), "a secret is shown"


def convert(folder, server, url, *arguments, output="out.jsonl", **more):
    run = Run(folder, server, "convert", url, output, "--force", *arguments, **more)
    path = folder / output
    run.ids = [json.loads(line)["eventID"] for line in path.read_text().splitlines()] if path.exists() else []
    return run


def check(condition, what):
    if not condition:
        raise AssertionError(what)


@contextlib.contextmanager
def world(**more):
    bucket = aws.Bucket(**more)
    with tempfile.TemporaryDirectory(prefix="mhpipe-s3-") as name, aws.Server(bucket) as server:
        yield pathlib.Path(name), server, bucket


# What is listed and read


def test_everything_is_read_in_the_order_of_the_keys():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.put("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/05/01/x.json.gz", b"never read")
        bucket.put("AWSLogs/111122223333/Config/us-east-1/x.json.gz", b"never read")
        bucket.page = 3
        run = convert(folder, server, "s3://trail/")
        check(run.code == 0, run.errors)
        check(run.ids == expected(bucket, lambda name: "/CloudTrail/" in name), "not the same events, or another order")
        lists = [prefix for kind, prefix, _ in bucket.requests if kind == "LIST"]
        check(not any("Digest" in prefix or "Config" in prefix for prefix in lists), f"listed: {lists}")


def test_only_what_is_asked_for_is_listed():
    with world() as (folder, server, bucket):
        fill(bucket, days=20)
        arguments = ["--account", ACCOUNTS[0], "--region", REGIONS[1], "--since", "2026-05-04", "--until", "2026-05-05", "--late", "1d"]
        run = convert(folder, server, "s3://trail/AWSLogs", *arguments)
        check(run.code == 0, run.errors)
        days = ("/2026/05/04/", "/2026/05/05/", "/2026/05/06/")
        wanted = lambda name: f"/{ACCOUNTS[0]}/CloudTrail/{REGIONS[1]}/" in name and any(day in name for day in days[:2])
        check(run.ids == expected(bucket, wanted), f"{run.ids}")
        lists = [prefix for kind, prefix, _ in bucket.requests if kind == "LIST"]
        base = f"AWSLogs/{ACCOUNTS[0]}/CloudTrail/{REGIONS[1]}/2026/"
        tree = ["AWSLogs", "AWSLogs/", f"AWSLogs/{ACCOUNTS[0]}/", f"AWSLogs/{ACCOUNTS[0]}/CloudTrail/", base[:-5], base, base + "05/"]
        check(sorted(lists) == sorted(tree + [base[:-6] + day for day in days]), f"listed: {lists}")
        gets = [name for kind, name, _ in bucket.requests if kind == "GET"]
        check(len(gets) == len(set(gets)) and all(any(day in name for day in days) for name in gets), f"got: {gets}")


def test_prefixes_mean_folders_and_objects():
    with world() as (folder, server, bucket):
        fill(bucket)
        one = sorted(bucket.objects)[0]
        bucket.put("AWSLogs/1111222233334/CloudTrail/us-east-1/2026/05/01/x.json.gz", b"a neighbour")
        for url, wanted in (
            (f"AWSLogs/{ACCOUNTS[0]}", lambda name: f"/{ACCOUNTS[0]}/" in name),
            (f"AWSLogs/{ACCOUNTS[0]}/CloudTrail/us-east-1/2026/05/02/", lambda name: f"{ACCOUNTS[0]}/CloudTrail/us-east-1/2026/05/02/" in name),
            (one, lambda name: name == one),
        ):
            run = convert(folder, server, f"s3://trail/{url}")
            check(run.code == 0 and run.ids == expected(bucket, wanted), f"{url}: {run.errors}")


def test_names_that_need_encoding():
    with world() as (folder, server, bucket):
        for number, name in enumerate(["a b.json", "a+b.json", "ä(1)!*'.json", "x//y.json", "%41.json", "a&b=<c>.json", "..%2F.json"]):
            bucket.put(f"odd/{name}", gzip.compress(json.dumps(record(number, ACCOUNTS[0], REGIONS[0], 1)).encode()))
        run = convert(folder, server, "s3://trail/odd/")
        check(run.code == 0 and len(run.ids) == 7, run.errors)


def test_what_comes_first_is_listed_however_much_comes_behind():
    with world() as (folder, server, bucket):
        bucket.put("a/b/c/d/e.json", json.dumps(record(1, ACCOUNTS[0], REGIONS[0], 1)).encode())
        for number in range(20000):
            bucket.put(f"b/{number:05}.txt", b"")
        bucket.put("b/z.json", json.dumps(record(2, ACCOUNTS[0], REGIONS[0], 1)).encode())
        bucket.page = 30000
        bucket.delay = lambda prefix: 4 if prefix == "a/" else 0
        run = convert(folder, server, "s3://trail/")
        check(run.code == 0 and run.ids == ["e1", "e2"], run.errors)


def test_nothing_there():
    with world() as (folder, server, bucket):
        run = convert(folder, server, "s3://trail/none/")
        check("there is no object below 's3://trail/none/'" in run.errors, run.errors)
        run = convert(folder, server, "s3://other/none/")
        check(run.code == 1 and "NoSuchBucket" in run.errors, run.errors)


def test_an_object_that_is_larger_than_a_part():
    with world() as (folder, server, bucket):
        lines = b"".join(json.dumps(record(n, ACCOUNTS[0], REGIONS[0], 1, 2000)).encode() + b"\n" for n in range(12000))
        bucket.put("big/a.jsonl", lines)
        bucket.faults = aws.Faults(0.3, SEED, kinds=("reset", "truncate", "late_reset", "unavailable"))
        run = convert(folder, server, "s3://trail/big/")
        check(run.code == 0 and run.ids == [f"e{n}" for n in range(12000)], run.errors)
        check(any(part for kind, _, part in bucket.requests if kind == "GET"), "no ranges")


# What goes wrong


def test_faults_cost_nothing():
    with world() as (folder, server, bucket):
        server.stall_seconds = 0.2
        fill(bucket, days=8, each=20)
        bucket.faults = aws.Faults(0.1, SEED)
        bucket.page = 7
        run = convert(folder, server, "s3://trail/")
        check(run.code == 0 and run.ids == expected(bucket), f"{bucket.faults.made} faults: {run.errors}")
        check(bucket.faults.made > 20, "too few faults to tell")


def test_a_storm_passes():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.faults = aws.Faults(storm=3)
        run = convert(folder, server, "s3://trail/")
        check(run.code == 0 and run.ids == expected(bucket), run.errors)


def test_a_server_that_stays_away_fails_the_run():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.faults = aws.Faults(1, SEED, kinds=("unavailable",))
        run = convert(folder, server, "s3://trail/")
        check(run.code == 1 and "503" in run.errors and not (folder / "out.jsonl").exists(), run.errors)


def test_a_broken_get_goes_on_where_it_broke():
    with world() as (folder, server, bucket):
        fill(bucket, days=2, each=5, events=400)
        bucket.faults = aws.Faults(0.4, SEED, kinds=("truncate", "late_reset"))
        run = convert(folder, server, "s3://trail/")
        check(run.code == 0 and run.ids == expected(bucket), run.errors)
        check(any(part for kind, _, part in bucket.requests if kind == "GET"), "everything was asked for from the start")


def test_a_clock_that_is_wrong():
    for hours in (-3, 20):
        with world() as (folder, server, bucket):
            fill(bucket)
            bucket.skew = datetime.timedelta(hours=hours)
            run = convert(folder, server, "s3://trail/")
            check(run.code == 0 and run.ids == expected(bucket), run.errors)
            said = "3 hours ahead of" if hours < 0 else "hours behind"
            check(run.errors.count("the clock of this machine is") == 1 and said in run.errors, run.errors)


def test_a_bucket_of_another_region():
    with world(region="eu-central-1") as (folder, server, bucket):
        fill(bucket)
        run = convert(folder, server, "s3://trail/")
        check(run.code == 0 and run.ids == expected(bucket), run.errors)
        (folder / "p.conf").write_text(
            "pipeline: p\nsources:\n  in: {type: s3, url: \"s3://trail/\", region: us-east-1}\n"
            "sinks:\n  out: {type: jsonl, path: o.jsonl}\n"
        )
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "the bucket is in eu-central-1" in run.errors, run.errors)


def test_archived_objects_are_named_and_counted():
    with world() as (folder, server, bucket):
        fill(bucket)
        names = sorted(bucket.objects)
        gone = names[3:6]
        for name, kind in zip(gone, ("GLACIER", "DEEP_ARCHIVE", "INTELLIGENT_TIERING")):
            bucket.objects[name].storage_class = kind
        bucket.objects[names[8]].storage_class, bucket.objects[names[8]].restored = "GLACIER", True
        run = convert(folder, server, "s3://trail/")
        check(run.code == 3, run.errors)
        check(run.ids == expected(bucket, lambda name: name not in gone), run.errors)
        for name in gone:
            check(f"restore-object --bucket trail --key {name}" in run.errors, run.errors)
        check("3 objects are archived" in run.errors, run.errors)


def test_what_is_refused_does_not_hide_the_rest():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.denied_prefixes = [f"AWSLogs/{ACCOUNTS[0]}/CloudTrail/eu-west-1/"]
        hidden = key(5, ACCOUNTS[1], REGIONS[0], 1)
        sealed = sorted(bucket.objects)[-1]
        bucket.objects[sealed].kms = True
        run = convert(folder, server, "s3://trail/")
        wanted = lambda name: not name.startswith(bucket.denied_prefixes[0]) and name != sealed
        check(run.code == 3 and run.ids == expected(bucket, wanted), run.errors)
        check("s3:ListBucket" in run.errors and "kms:Decrypt" in run.errors, run.errors)


def test_an_object_that_is_never_given_does_not_hide_the_rest():
    for others in (True, False):
        with world() as (folder, server, bucket):
            fill(bucket, days=1, each=2)
            name = sorted(bucket.objects)[2]
            bucket.broken = {name}
            run = convert(folder, server, "s3://trail/" if others else f"s3://trail/{name}")
            check(run.code == 3 and "InternalError" in run.errors and name in run.errors, f"{run.code} {run.errors}")
            if others:
                check(run.ids == expected(bucket, lambda key: key != name), run.errors)


PART = 8 << 20


def large(bucket, name, events=700):
    """An object that is got in parts."""
    chance = random.Random(SEED)
    records = [record(number, *name.split("/")[1:4:2], 1) | {"requestParameters": {"x": chance.randbytes(LINE).hex()}} for number in range(events)]
    bucket.put(name, gzip.compress(json.dumps({"Records": records}).encode(), 1))
    check(len(bucket.objects[name].body) > PART, "too little to tell")


def test_an_object_of_which_a_part_cannot_be_had_is_left_to_the_next_run():
    for refusal in ((500, "InternalError"), (412, "PreconditionFailed"), (404, "NoSuchKey"), (403, "AccessDenied")):
        with world() as (folder, server, bucket):
            fill(bucket, days=1, each=1)
            name = key(500, ACCOUNTS[0], REGIONS[1], 1)
            large(bucket, name)

            def refuse(bucket):
                kind, what, part = bucket.requests[-1]
                return refusal if kind == "GET" and what == name and part.startswith(f"bytes={PART}-") else None

            bucket.after_request = refuse
            (folder / "p.conf").write_text(APPEND)
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 3 and f"s3://trail/{name}: cannot be opened" in run.errors, f"{refusal}: {run.code} {run.errors}")
            check(lines(folder) == expected(bucket, lambda key: key != name), f"{refusal}: the rest is not there: {run.errors}")
            bucket.after_request = None
            if refusal[0] == 412:
                bucket.put(name, bucket.objects[name].body + gzip.compress(b"\n"))
            if refusal[0] == 404:
                del bucket.objects[name]
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0 and sorted(lines(folder)) == sorted(expected(bucket)), f"{refusal}: {len(lines(folder))} of {len(expected(bucket))}: {run.errors}")


def test_an_interrupt_ends_what_is_on_its_way():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.delay = lambda name: 20 if name.endswith(".gz") else 0
        process = subprocess.Popen(
            [MHPIPE, "convert", "s3://trail/", "o.jsonl"], cwd=folder, env=environment(server),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while sum(kind == "GET" for kind, _, _ in bucket.requests) < 10:
            check(time.monotonic() < end, "no requests")
            time.sleep(0.02)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        check(process.wait(30) == 130 and time.monotonic() - begin < 1, f"{process.returncode} after {time.monotonic() - begin:.1f} s")


def test_wrong_credentials():
    with world() as (folder, server, bucket):
        fill(bucket)
        run = convert(folder, server, "s3://trail/", AWS_SECRET_ACCESS_KEY="wrong-but-secret")
        check(run.code == 1 and "SignatureDoesNotMatch" in run.errors and "wrong-but-secret" not in run.errors, run.errors)
        run = convert(folder, server, "s3://trail/", AWS_ACCESS_KEY_ID=None)
        check(run.code == 1 and "no AWS credentials" in run.errors, run.errors)


def test_an_object_that_changes_meanwhile():
    with world() as (folder, server, bucket):
        fill(bucket)
        name = sorted(bucket.objects)[-1]
        original = bucket.objects[name].body

        def change(bucket):
            if bucket.requests[-1][:2] == ("GET", name):
                bucket.put(name, original + gzip.compress(b"\n"))
                bucket.after_request = None

        bucket.after_request = change
        (folder / "p.conf").write_text(APPEND)
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 3 and "has changed since it was listed; the next run reads it" in run.errors, run.errors)
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and lines(folder) == expected(bucket), run.errors)


def test_keys_of_the_customer_and_requester_pays():
    with world() as (folder, server, bucket):
        fill(bucket)
        secret = bytes(range(32))
        for found in bucket.objects.values():
            found.customer_key = secret
        bucket.requester_pays = True
        (folder / "trail.key").write_bytes(secret)
        (folder / "p.conf").write_text(
            "pipeline: p\nsources:\n  in: {type: s3, url: \"s3://trail/\", customer_key: trail.key, requester_pays: true}\n"
            "sinks:\n  out: {type: jsonl, path: o.jsonl}\n"
        )
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and len((folder / "o.jsonl").read_text().splitlines()) == len(expected(bucket)), run.errors)


def test_versions_and_delete_markers():
    with world() as (folder, server, bucket):
        bucket.has_versions = True
        fill(bucket)
        names = sorted(bucket.objects)
        texts = {name: bucket.objects[name].body for name in names}
        number = 1000
        for name in names[2:4]:
            body = gzip.compress(json.dumps({"Records": [record(number, ACCOUNTS[0], REGIONS[0], 1)]}).encode())
            bucket.put(name, body)
            number += 1
        for name in (names[3], names[5]):
            bucket.delete(name)
        bucket.put("AWSLogs/other.txt", b"x")
        bucket.delete("AWSLogs/other.txt")
        config = "pipeline: p\nsources:\n  in: {type: s3, url: \"s3://trail/%s\", versions: %s}\nsinks:\n  out: {type: jsonl, path: o.jsonl}\n"
        for page in (1000, 3, 1):
            bucket.page = page
            (folder / "p.conf").write_text(config % ("AWSLogs", "all"))
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0, run.errors)
            wanted = []
            for name in names:
                wanted += [id for _, found in bucket.versions[name] if found for id in (event["eventID"] for event in json.loads(gzip.decompress(found.body))["Records"])]
            check(lines(folder) == wanted, f"{page}: {lines(folder)} {run.errors}")
            check("delete marker as their latest version: 2, such as s3://trail/" + names[3] in run.errors, run.errors)
        bucket.page = 1000
        (folder / "p.conf").write_text(config % (names[5], "all"))
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and len(lines(folder)) == 2, f"{run.code} {run.errors}")
        (folder / "p.conf").write_text(config % ("", "latest"))
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and lines(folder) == expected(bucket) and "delete marker" not in run.errors, run.errors)
        old = bucket.versions[names[2]][1]
        old[1].storage_class = "GLACIER"
        (folder / "p.conf").write_text(config % ("", "all") + "mode: append\nstate: st\n")
        (folder / "o.jsonl").unlink()
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 3 and "--version-id 'v" in run.errors, f"{run.code} {run.errors}")
        old[1].storage_class = "STANDARD"
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and sorted(lines(folder)) == sorted(wanted), run.errors)
        bucket.denied_lists = [f"AWSLogs/{ACCOUNTS[0]}/"]
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 3 and "s3:ListBucketVersions" in run.errors, run.errors)


def test_nothing_secret_is_written():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.put("AWSLogs/damaged.json", b'{"Records":[{"eventVersion"')
        bucket.objects[sorted(bucket.objects)[0]].storage_class = "GLACIER"
        more = ["--manifest", "m.jsonl", "--summary", "s.json", "--quarantine", "q.jsonl", "--metrics-file", "metrics"]
        run = convert(folder, server, "s3://trail/", *more, AWS_SESSION_TOKEN=identity.TOKEN)
        check(run.code == 3 and len(run.ids) == len(expected(bucket, lambda name: "AWSLogs/damaged" not in name)) - 2, run.errors)
        written = [path for path in folder.iterdir() if path.is_file()]
        check(len(written) >= 5, f"{written}")
        for path in written:
            for secret in (aws.SECRET, aws.ACCESS, identity.TOKEN):
                check(secret.encode() not in path.read_bytes(), f"{path.name} holds a secret")


def test_a_database_of_what_migration_hub_did():
    with world() as (folder, server, bucket):
        fill(bucket)
        run = Run(folder, server, "convert", "s3://trail/AWSLogs/", "out.db", "--hub")
        check(run.code == 0, run.errors)
        with contextlib.closing(sqlite3.connect(folder / "out.db")) as database:
            found = database.execute("SELECT count(*) FROM events").fetchone()[0]
        check(found == len(expected(bucket)), f"{found} rows")


# Night after night


APPEND = (
    "pipeline: p\nmode: append\nstate: st\nsources:\n  in: {type: s3, url: \"s3://trail/\"}\n"
    "sinks:\n  out: {type: jsonl, path: o.jsonl}\n"
)


def lines(folder):
    return [json.loads(line)["eventID"] for line in (folder / "o.jsonl").read_text().splitlines()]


def test_nights_with_late_keys_are_what_one_run_over_all_is():
    with world() as (folder, server, bucket):
        server.stall_seconds = 0.2
        (folder / "p.conf").write_text(APPEND)
        bucket.faults = aws.Faults(0.05, SEED)
        number, chance = 0, random.Random(SEED)
        for night in range(1, NIGHTS + 1):
            # Each night brings its own day, one of three days ago, and now and then one of any day before.
            for day in sorted({night, max(1, night - 3), chance.randint(1, night)}):
                records = [record(number * 3 + i, ACCOUNTS[0], REGIONS[0], day) for i in range(3)]
                # Late ones come before and behind those of their day.
                name = key(number, ACCOUNTS[0], REGIONS[0], day).replace("_0", f"_{number % 3}")
                bucket.put(name, gzip.compress(json.dumps({"Records": records}).encode()))
                number += 1
            bucket.requests.clear()
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0, f"night {night}: {run.errors}")
        found = lines(folder)
        check(sorted(found) == sorted(expected(bucket)) and len(set(found)) == len(found), f"{len(found)} of {len(expected(bucket))}")
        bucket.faults = aws.Faults()
        (folder / "whole").mkdir()
        (folder / "whole/p.conf").write_text(APPEND)
        check(Run(folder / "whole", server, "run", "p.conf").code == 0, "one run over all")
        nights, whole = (sorted((place / "o.jsonl").read_text().splitlines()) for place in (folder, folder / "whole"))
        check(nights == whole, "the nights together are not what one run over all writes")
        bucket.requests.clear()
        check(Run(folder, server, "run", "p.conf").code == 0, "a night with nothing new")
        gets = [name for kind, name, _ in bucket.requests if kind == "GET"]
        check(not gets, f"what was committed is got again: {len(gets)}")


def test_killed_runs_go_on():
    with world() as (folder, server, bucket):
        fill(bucket, days=4, each=20)
        bucket.delay = 0.01
        (folder / "p.conf").write_text(APPEND)
        for wait in (0.15, 0.3, 0.5):
            process = subprocess.Popen(
                [MHPIPE, "run", "p.conf", "--quiet"], cwd=folder, env=environment(server),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            process.wait()
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and lines(folder) == expected(bucket), run.errors)


# Who asks


@contextlib.contextmanager
def identities():
    """A bucket that takes temporary credentials alone, and all that hands them out."""
    with world() as (folder, server, bucket), identity.Server() as giver:
        fill(bucket, days=1)
        bucket.token = identity.TOKEN
        yield folder, server, bucket, giver


def signed_in(folder, server, config="", *, profile=None, **more):
    (folder / "config").write_text(config)
    more = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_CONFIG_FILE": folder / "config"} | more
    more |= {"AWS_SHARED_CREDENTIALS_FILE": folder / "none", "HOME": str(folder), "AWS_PROFILE": profile}
    return convert(folder, server, "s3://trail/", **{k: None if v is None else str(v) for k, v in more.items()})


def check_read(run, bucket):
    check(run.code == 0 and run.ids == expected(bucket), run.errors)


def test_keys_of_the_environment_and_of_a_profile():
    with identities() as (folder, server, bucket, _):
        keys = f"aws_access_key_id = {aws.ACCESS}\naws_secret_access_key = {aws.SECRET}\naws_session_token = {identity.TOKEN}\n"
        check_read(signed_in(folder, server, f"[profile a]\n{keys}", profile="a"), bucket)
        check_read(signed_in(folder, server, f"[default]\n{keys}"), bucket)
        check_read(convert(folder, server, "s3://trail/", AWS_SESSION_TOKEN=identity.TOKEN), bucket)
        run = signed_in(folder, server, f"[profile audit]\n{keys}", profile="audt")
        check(run.code == 1 and "did you mean 'audit'?" in run.errors, run.errors)


def test_files_of_profiles_that_may_not_be_read():
    for variables in (True, False):
        with world() as (folder, server, bucket):
            fill(bucket, days=1)
            # Nobody may read a folder, not even root.
            (folder / "config").mkdir()
            more = {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "config"), "HOME": str(folder)}
            more |= {} if variables else {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
            run = convert(folder, server, "s3://trail/", **more)
            if variables:
                check_read(run, bucket)
            else:
                check(run.code == 1 and "cannot read" in run.errors and "/config" in run.errors, run.errors)
            run = convert(folder, server, "s3://trail/", AWS_PROFILE="audit", **more)
            check(run.code == 1 and "cannot read" in run.errors, run.errors)


def test_keys_of_two_files_are_not_mixed():
    with world() as (folder, server, bucket):
        fill(bucket, days=1)
        (folder / "config").write_text(
            "[default]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\naws_session_token = stale\n"
            f"[profile audit]\naws_access_key_id = {aws.ACCESS}\naws_secret_access_key = {aws.SECRET}\n"
        )
        (folder / "credentials").write_text(
            f"[default]\naws_access_key_id = {aws.ACCESS}\naws_secret_access_key = {aws.SECRET}\n[audit]\naws_session_token = stale\n"
        )
        more = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_CONFIG_FILE": str(folder / "config")}
        more |= {"AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"), "HOME": str(folder)}
        for profile in (None, "audit"):
            # A token that nobody asks for is refused.
            bucket.token = None
            run = convert(folder, server, "s3://trail/", AWS_PROFILE=profile, **more)
            check_read(run, bucket)
            check(not any("stale" in str(token) for token in bucket.tokens), "a token of another file was sent")


def test_a_clock_that_is_wrong_and_credentials_that_end():
    with identities() as (folder, server, bucket, giver):
        bucket.skew = giver.skew = datetime.timedelta(hours=-20)
        run = signed_in(
            folder, server,
            "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nexternal_id = outside\n"
            "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = x\n",
            AWS_ENDPOINT_URL_STS=giver.url,
        )
        check_read(run, bucket)
        assumed = [call for call in giver.calls if isinstance(call, dict) and call.get("Action") == "AssumeRole"]
        check(len(assumed) <= 3, f"the role was assumed {len(assumed)} times")


def test_a_role_by_a_profile():
    with identities() as (folder, server, bucket, giver):
        config = (
            "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n"
            "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = base\nexternal_id = {}\n"
            "role_session_name = night\nduration_seconds = 900\n"
        )
        run = signed_in(folder, server, config.format("outside"), profile="role", AWS_ENDPOINT_URL_STS=giver.url)
        check_read(run, bucket)
        check(giver.calls[0]["RoleSessionName"] == "night" and giver.calls[0]["DurationSeconds"] == "900", giver.calls)
        check(len(giver.calls) == 1, "asked more than once")
        run = signed_in(folder, server, config.format("wrong"), profile="role", AWS_ENDPOINT_URL_STS=giver.url)
        check(run.code == 1 and "sts:AssumeRole" in run.errors and "base-secret" not in run.errors, run.errors)
        circle = "[profile a]\nrole_arn = x\nsource_profile = b\n[profile b]\nrole_arn = y\nsource_profile = a\n"
        run = signed_in(folder, server, circle, profile="a")
        check(run.code == 1 and "in a circle: a -> b -> a" in run.errors, run.errors)


def test_a_web_identity():
    with identities() as (folder, server, bucket, giver):
        (folder / "token").write_text("web-token\n")
        run = signed_in(
            folder, server, AWS_WEB_IDENTITY_TOKEN_FILE=folder / "token", AWS_ROLE_ARN="arn:aws:iam::1:role/r",
            AWS_ENDPOINT_URL_STS=giver.url,
        )
        check_read(run, bucket)


def test_a_sign_in():
    with identities() as (folder, server, bucket, giver):
        config = (
            "[profile s]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Audit\n"
            "[sso-session corp]\nsso_start_url = https://corp.example.com/start\nsso_region = eu-west-1\n"
        )
        cache = folder / ".aws/sso/cache"
        cache.mkdir(parents=True)
        name = hashlib.sha1(b"corp").hexdigest() + ".json"
        for until, token, message in (
            ("2999-01-01T00:00:00Z", "sso-token", None),
            ("2001-01-01T00:00:00Z", "sso-token", "has ended at"),
            ("2999-01-01T00:00:00UTC", "other", "aws sso login --profile s"),
        ):
            (cache / name).write_text(json.dumps({"accessToken": token, "expiresAt": until}))
            run = signed_in(folder, server, config, profile="s", AWS_ENDPOINT_URL_SSO=giver.url)
            if message:
                check(run.code == 1 and message in run.errors and "sso-token" not in run.errors, run.errors)
            else:
                check_read(run, bucket)
        (cache / name).unlink()
        run = signed_in(folder, server, config, profile="s")
        check(run.code == 1 and "nobody is signed in" in run.errors, run.errors)


def test_a_container_and_an_instance():
    with identities() as (folder, server, bucket, giver):
        run = signed_in(
            folder, server, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{giver.url}/container",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="container-token",
        )
        check_read(run, bucket)
        run = signed_in(folder, server, AWS_CONTAINER_CREDENTIALS_FULL_URI="http://example.com/x")
        check(run.code == 1 and "neither https nor" in run.errors, run.errors)
        run = signed_in(
            folder, server, AWS_EC2_METADATA_DISABLED=None, AWS_EC2_METADATA_SERVICE_ENDPOINT=giver.url + "/",
        )
        check_read(run, bucket)


def test_a_program_that_prints_credentials():
    with identities() as (folder, server, bucket, _):
        program = folder / "give me.sh"
        found = {"Version": 1, "AccessKeyId": aws.ACCESS, "SecretAccessKey": aws.SECRET, "SessionToken": identity.TOKEN}
        program.write_text(f"#!/bin/sh\necho {aws.SECRET} >&2\necho '{json.dumps(found)}'\nexit $1\n")
        program.chmod(0o755)
        config = f"[default]\ncredential_process = '{program}' "
        check_read(signed_in(folder, server, config + "0\n"), bucket)
        run = signed_in(folder, server, config + "4\n")
        check(run.code == 1 and "ended with status 4" in run.errors, run.errors)


def test_credentials_that_end_are_renewed():
    with identities() as (folder, server, bucket, _):
        fill(bucket, days=6, each=20)
        token = folder / "token"
        token.write_text("first")
        bucket.token = "first"
        program = folder / "give.py"
        program.write_text(
            "import json\nprint(json.dumps({'Version': 1, 'AccessKeyId': %r, 'SecretAccessKey': %r, 'SessionToken': open(%r).read()}))\n"
            % (aws.ACCESS, aws.SECRET, str(token))
        )

        def end(bucket):
            if len(bucket.requests) == 40:
                token.write_text("second")
                bucket.token = "second"

        bucket.after_request = end
        check_read(signed_in(folder, server, f"[default]\ncredential_process = {sys.executable} {program}\n"), bucket)
        check(bucket.token == "second", "nothing has ended")


# Who is asked


def test_a_server_with_a_certificate_of_our_own():
    with tempfile.TemporaryDirectory(prefix="mhpipe-tls-") as name:
        folder = pathlib.Path(name)
        make = lambda *arguments: subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
        make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test")
        make("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "s.key", "-out", "s.csr", "-subj", "/CN=127.0.0.1")
        (folder / "x").write_text("subjectAltName=IP:127.0.0.1\n")
        make("x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "s.pem", "-days", "2", "-extfile", "x")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "s.pem", folder / "s.key")
        bucket = aws.Bucket()
        fill(bucket)
        with aws.Server(bucket) as server:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            server = Address(server.url.replace("http:", "https:"))
            check_read(convert(folder, server, "s3://trail/", AWS_CA_BUNDLE=str(folder / "ca.pem")), bucket)
            run = convert(folder, server, "s3://trail/")
            check(run.code == 1 and "certificate" in run.errors and "ca_file" in run.errors, run.errors)
            other = Address(server.url.replace("127.0.0.1", "localhost"))
            run = convert(folder, other, "s3://trail/", AWS_CA_BUNDLE=str(folder / "ca.pem"))
            check(run.code == 1 and "localhost" in run.errors, run.errors)


def test_nobody_there():
    with world() as (folder, server, bucket):
        run = convert(folder, Address(f"http://127.0.0.1:{free_port()}"), "s3://trail/")
        check(run.code == 1 and "does not answer" in run.errors, run.errors)


class Address:
    def __init__(self, url):
        self.url = url


# What is listed for others


def listed(folder, server, source, *arguments, **more):
    """What `mhpipe list` says of a source, and what a run over its list reads."""
    pipeline = "sources:\n  in: {%s}\nsinks:\n  out: {type: jsonl, path: %s}\n"
    (folder / "p.conf").write_text(pipeline % (source, "o.jsonl"))
    run = Run(folder, server, "list", "p.conf", *arguments, **more)
    (folder / "list.txt").write_text(run.output)
    (folder / "l.conf").write_text(pipeline % ("type: list, path: list.txt", "l.jsonl"))
    return run


def test_a_list_of_a_bucket_is_read_as_the_bucket_is():
    with world() as (folder, server, bucket):
        fill(bucket)
        bucket.put("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/05/01/x.json.gz", b"never listed")
        bucket.put("other/a b+c\té%.json", json.dumps(record(1, ACCOUNTS[0], REGIONS[0], 1)).encode())
        bucket.page = 3
        run = listed(folder, server, "type: s3, url: s3://trail")
        keys = sorted((name for name in bucket.objects if "Digest" not in name), key=str.encode)
        lines = [f's3://trail/{name}\t{len(bucket.objects[name].body)}\t"{bucket.objects[name].etag}"\n' for name in keys]
        check(run.output == "".join(lines), run.output)
        check(run.code == 0 and f"{len(keys)} files listed" in run.errors, run.errors)
        check(not any(kind == "GET" for kind, _, _ in bucket.requests), "an object was read")
        for file in ("p.conf", "l.conf"):
            run = Run(folder, server, "run", file)
            check(run.code == 0, run.errors)
        check((folder / "l.jsonl").read_bytes() == (folder / "o.jsonl").read_bytes(), "the list gives other events")


def test_an_object_that_was_replaced_by_one_of_its_size_is_not_taken_for_it():
    with world() as (folder, server, bucket):
        fill(bucket)
        listed(folder, server, "type: s3, url: s3://trail")
        name = sorted(bucket.objects)[1]
        body = bytearray(bucket.objects[name].body)
        body[-1] ^= 1
        bucket.put(name, bytes(body))
        run = Run(folder, server, "run", "l.conf", "--summary", "s.json")
        check(run.code == 3 and f"s3://trail/{name}: its ETag is" in run.errors, run.errors)
        summary = json.loads((folder / "s.json").read_text())
        check((summary["unreadable"], summary["files"]) == (1, len(bucket.objects) - 1), f"{summary}")
        # Who does not know ETags has said nothing of them.
        text = (folder / "list.txt").read_text()
        (folder / "list.txt").write_text("".join(f"{line.rpartition(chr(9))[0]}\n" for line in text.splitlines()))
        check("its ETag" not in Run(folder, server, "run", "l.conf").errors, "an ETag comes from nowhere")


def test_what_a_run_passes_over_is_named_on_demand():
    with world() as (folder, server, bucket):
        fill(bucket)
        others = ["AWSLogs/111122223333/Config/us-east-1/2026/5/1/x.json.gz", "AWSLogs/x.csv", "AWSLogs/folder that is not empty/"]
        for name in others:
            bucket.put(name, b"x")
        # As consoles make a folder.
        bucket.put("AWSLogs/a/", b"")
        run = listed(folder, server, "type: s3, url: s3://trail/AWSLogs", "--others")
        names = [line.partition("\t")[0] for line in run.output.splitlines()]
        check(names == [f"s3://trail/{name}" for name in sorted(bucket.objects, key=str.encode) if not name.endswith("/a/")], run.output)
        run = listed(folder, server, "type: s3, url: s3://trail/AWSLogs")
        check(not any(name in run.output for name in others) and ", 3 of other kinds" in run.errors, run.output + run.errors)
        run = listed(folder, server, "type: directory, path: in", "--others")
        check(run.code == 2 and "--others is for source 's3'" in run.errors, run.errors)


def test_a_list_says_what_it_has_not():
    with world() as (folder, server, bucket):
        fill(bucket)
        first, *_, last = sorted(bucket.objects)
        # As consoles make a folder.
        bucket.put("AWSLogs/", b"")
        bucket.objects[first].storage_class = "GLACIER"
        bucket.denied_lists = [f"AWSLogs/{ACCOUNTS[1]}/CloudTrail/us-east-1/"]
        run = listed(folder, server, "type: s3, url: s3://trail/AWSLogs/")
        check(run.code == 3 and f"s3://trail/{first}\t" in run.output and last not in run.output, run.output)
        check("AWSLogs/\t" not in run.output and ", 1 of other kinds" in run.errors, run.errors)
        check("archived" in run.errors and "cannot be listed" in run.errors and "2 told of above" in run.errors, run.errors)
        run = Run(folder, server, "run", "l.conf")
        check(run.code == 3 and "archived" in run.errors, run.errors)
        bucket.denied_lists, bucket.has_versions = [], True
        bucket.put(last, bucket.objects[last].body)
        run = listed(folder, server, "type: s3, url: s3://trail/AWSLogs/, versions: all")
        check(run.code == 2 and "which no list can name" in run.errors, run.errors)
        run = listed(folder, server, "type: s3, url: s3://trail/AWSLogs/", AWS_SECRET_ACCESS_KEY="wrong")
        check(run.code == 1 and run.output == "", run.errors)


# SeaweedFS


def test_seaweedfs():
    if not (pathlib.Path(sys.executable).parent / "weed").exists():
        print("  SeaweedFS is not installed, so it is not tried")
        return
    with tempfile.TemporaryDirectory(prefix="mhpipe-weed-") as name:
        folder = pathlib.Path(name)
        with seaweed(folder) as (client, url):
            bucket = aws.Bucket()
            fill(bucket)
            for name, found in bucket.objects.items():
                client.put_object(Bucket="trail", Key=name, Body=found.body)
            run = convert(folder, Address(url), "s3://trail/AWSLogs/")
            check(run.code == 0 and run.ids == expected(bucket), run.errors)
            run = convert(folder, Address(url), "s3://trail/AWSLogs/", AWS_SECRET_ACCESS_KEY="wrong")
            check(run.code == 1 and "SignatureDoesNotMatch" in run.errors, run.errors)
            key = bytes(range(32))
            client.put_object(Bucket="trail", Key="sealed/a b+c(1).json", Body=json.dumps(record(1, ACCOUNTS[0], REGIONS[0], 1)).encode(), SSECustomerAlgorithm="AES256", SSECustomerKey=key)
            (folder / "k").write_bytes(key)
            (folder / "p.conf").write_text(
                "pipeline: p\nsources:\n  in: {type: s3, url: \"s3://trail/sealed\", customer_key: k}\nsinks:\n  out: {type: jsonl, path: o.jsonl}\n"
            )
            run = Run(folder, Address(url), "run", "p.conf")
            check(run.code == 0 and lines(folder) == ["e1"], run.errors)


def main(tests):
    wanted = sys.argv[3:]
    tests = [(name, test) for name, test in tests.items() if name.startswith("test_") and (not wanted or name in wanted)]
    failed = 0
    for name, test in tests:
        begin = time.monotonic()
        try:
            test()
            print(f"ok      {name[5:].replace('_', ' ')}, {time.monotonic() - begin:.1f} s", flush=True)
        except (AssertionError, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"FAILED  {name[5:].replace('_', ' ')}: {failure}", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main(globals())
