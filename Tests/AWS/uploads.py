"""Writes objects with mhpipe: into a bucket in memory that has all the faults of AWS, and into SeaweedFS.

    python3 Tests/AWS/uploads.py MHPIPE [SEED [TEST...]]

Each test is a function; what it says is what must hold.
"""

import datetime
import gzip
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import bucket as aws
import s3
from s3 import ACCOUNTS, MHPIPE, REGIONS, SEED, Address, Run, check, environment, record, seaweed, world

# Parts begin at 8 MiB, so that these records make some.
LINE = 16 << 10


def logs(folder, files=3, each=400, text=LINE):
    """Files whose events do not compress to nothing."""
    chance = random.Random(SEED)
    (folder / "in").mkdir(exist_ok=True)
    number = 0
    for name in range(files):
        with gzip.open(folder / "in" / f"{name:03}.json.gz", "wt", compresslevel=1) as file:
            events = []
            for _ in range(each):
                event = record(number, ACCOUNTS[number % 2], REGIONS[0], 1 + number % 3)
                event["requestParameters"] = {"x": chance.randbytes(text // 2).hex()}
                events.append(event)
                number += 1
            file.write(json.dumps({"Records": events}))


def expected(folder, name, *arguments):
    """What a file output is."""
    run = subprocess.run([MHPIPE, "convert", "in", name, "--force", "--quiet", *arguments], cwd=folder, capture_output=True)
    check(run.returncode == 0, run.stderr.decode())
    return (folder / name).read_bytes()


def body(bucket, key):
    return bucket.objects[key].body if key in bucket.objects else None


def kinds(bucket):
    return [kind for kind, _, _ in bucket.requests]


# What is written


def test_a_small_output_is_one_request():
    with world() as (folder, server, bucket):
        logs(folder, text=10)
        for name in ("a/out.jsonl", "a b+c(ä)&.jsonl.gz", "out.csv", "out.csv.zst"):
            local = "local" + name[name.index("."):]
            bucket.requests.clear()
            run = Run(folder, server, "convert", "in", f"s3://trail/{name}")
            check(run.code == 0, run.errors)
            check(body(bucket, name) == expected(folder, local), f"{name}: other bytes than a file")
            check(kinds(bucket) == ["GET", "PUT"], f"{kinds(bucket)}")


def test_a_large_output_comes_in_parts():
    with world() as (folder, server, bucket):
        logs(folder)
        for name in ("out.jsonl", "out.jsonl.gz"):
            bucket.requests.clear()
            run = Run(folder, server, "convert", "in", f"s3://trail/{name}")
            check(run.code == 0, run.errors)
            check(body(bucket, name) == expected(folder, name), f"{name}: other bytes than a file")
            check("COMPLETE" in kinds(bucket) and kinds(bucket).count("PART") > 1, f"{kinds(bucket)}")
            check(not bucket.uploads, "an upload is left")


def pipeline(folder, path, source="{type: directory, path: in}", top="", **options):
    more = "".join(f", {name}: {value}" for name, value in options.items())
    (folder / "p.conf").write_text(
        f"pipeline: p\n{top}sources:\n  in: {source}\nsinks:\n  out: {{type: jsonl, path: \"{path}\"{more}}}\n"
    )


TEMPLATE = "{recipientAccountId}/{eventTime:%Y-%m-%d}.jsonl.gz"


def test_a_template_makes_the_objects_of_its_files():
    with world() as (folder, server, bucket):
        logs(folder, each=600)
        (folder / "local").mkdir()
        for place, top, manifest in (("local", "", "lo.jsonl"), ("s3://trail/lake", "", "s3.jsonl"), ("s3://trail/kept", STATE, "kept.jsonl")):
            pipeline(folder, f"{place}/{TEMPLATE}", top=top)
            run = Run(folder, server, "run", "p.conf", "--manifest", manifest)
            check(run.code == 0, run.errors)
        kept = {key.removeprefix("kept/"): bucket.objects.pop(key).body for key in list(bucket.objects) if key.startswith("kept/")}
        files = {str(path.relative_to(folder / "local")): path.read_bytes() for path in (folder / "local").glob("*/*.gz")}
        objects = {key.removeprefix("lake/"): found.body for key, found in bucket.objects.items()}
        check(len(files) == 6 and objects == files == kept, f"{sorted(objects)}, {sorted(files)}, {sorted(kept)}")
        outputs = [[json.loads(line) for line in (folder / name).read_text().splitlines() if '"output"' in line] for name in ("lo.jsonl", "s3.jsonl", "kept.jsonl")]
        known = [{(pathlib.Path(line["path"]).parts[-2:], line["sha256"], line["bytes"], line["rows"]) for line in lines} for lines in outputs]
        check(known[0] == known[1] == known[2] and len(known[0]) == 6, f"{known}")


def test_a_template_of_large_objects_sends_parts():
    with world() as (folder, server, bucket):
        logs(folder, files=4, each=1000, text=40 << 10)
        (folder / "local").mkdir()
        for place in ("local", "s3://trail"):
            pipeline(folder, place + "/{recipientAccountId}.jsonl")
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0, run.errors)
        for path in (folder / "local").iterdir():
            check(body(bucket, path.name) == path.read_bytes(), f"{path.name}: other bytes than a file")
        check(kinds(bucket).count("COMPLETE") == 2 and not bucket.uploads, f"{kinds(bucket)}")


def test_what_is_there_stays_unless_it_is_forced():
    with world() as (folder, server, bucket):
        for text in (10, LINE):
            logs(folder, text=text)
            bucket.requests.clear()
            bucket.put("out.jsonl", b"old")
            run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl")
            check(run.code == 1 and "'s3://trail/out.jsonl' is there already" in run.errors and "--force" in run.errors, run.errors)
            check(body(bucket, "out.jsonl") == b"old" and "PUT" not in kinds(bucket), "it is replaced")
            # Somebody else comes in between, or whoever writes may not read.
            for may_read in (True, False):
                del bucket.objects["out.jsonl"]
                bucket.may_read = may_read

                def come(bucket):
                    if bucket.requests[-1][0] in ("PUT", "COMPLETE"):
                        bucket.put("out.jsonl", b"theirs")

                bucket.after_request = come
                run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl")
                bucket.after_request = None
                check(run.code == 1 and "is there already" in run.errors, run.errors)
                check(body(bucket, "out.jsonl") == b"theirs" and not bucket.uploads, f"{bucket.uploads}")
            bucket.may_read = True
            run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl", "--force")
            check(run.code == 0 and body(bucket, "out.jsonl") == expected(folder, "out.jsonl"), run.errors)
            bucket.objects.clear()
            pipeline(folder, "s3://trail/out.jsonl")
            for _ in range(2):
                run = Run(folder, server, "run", "p.conf")
                check(run.code == 0 and body(bucket, "out.jsonl") == expected(folder, "out.jsonl"), run.errors)
        bucket.put("lake/x/y", b"old")
        run = Run(folder, server, "convert", "in", "s3://trail/lake/{recipientAccountId}.jsonl")
        check(run.code == 1 and "there are objects below 's3://trail/lake/' already" in run.errors, run.errors)


def many(folder, keys=60, each=70, text=LINE):
    """Files whose events go to many objects, and are more than is held in memory."""
    chance = random.Random(SEED)
    (folder / "in").mkdir()
    for name in range(4):
        events = []
        for number in range(keys * each // 4):
            event = record(number, ACCOUNTS[0], REGIONS[0], 1)
            events.append(event | {"eventName": f"Op{number % keys}", "requestParameters": {"x": chance.randbytes(text // 2).hex()}})
        with gzip.open(folder / "in" / f"{name}.json.gz", "wt", compresslevel=1) as file:
            file.write(json.dumps({"Records": events}))


def test_a_template_of_many_objects_does_not_stay_in_memory():
    with world() as (folder, server, bucket):
        many(folder)
        (folder / "local").mkdir()
        for place in ("local", "s3://trail/x"):
            pipeline(folder, place + "/{eventName}.jsonl")
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0, run.errors)
        files = {path.name: path.read_bytes() for path in (folder / "local").iterdir()}
        check(len(files) == 60 and sum(map(len, files.values())) > 60 << 20, "too little to tell")
        check({key[2:]: found.body for key, found in bucket.objects.items()} == files, "other bytes than files")
        check("BEGIN" not in kinds(bucket), f"{kinds(bucket)}")


def test_a_template_of_small_objects_needs_little_memory_at_its_commit():
    with world() as (folder, server, bucket):
        many(folder, text=96 << 10)
        pipeline(folder, "s3://trail/x/{eventName}.jsonl")
        peaks = []

        def look(bucket):
            if kinds(bucket)[-1] != "PUT":
                return
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peaks.append(int(status.split("VmHWM:")[1].split()[0]) << 10)

        bucket.after_request = look
        with bucket.lock:
            process = start(folder, server, "run", "p.conf")
        errors = process.communicate(timeout=200)[1].decode()
        written = sum(len(found.body) for found in bucket.objects.values())
        check(process.returncode == 0 and written > 390 << 20 and kinds(bucket).count("PUT") == 60, errors)
        check(peaks[-1] - peaks[0] < 150 << 20, f"{peaks[-1] >> 20} MiB, {peaks[0] >> 20} MiB when the first was written")


def test_a_template_whose_temporary_file_is_damaged():
    with world() as (folder, server, bucket):
        many(folder)
        pipeline(folder, "s3://trail/x/{eventName}.jsonl")

        def cut(bucket):
            if kinds(bucket).count("PUT") == 3:
                for number in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
                    if "deleted" in os.readlink(number) or "mhpipe" in os.readlink(number):
                        os.truncate(number, 0)

        bucket.after_request = cut
        with bucket.lock:
            process = start(folder, server, "run", "p.conf")
        errors = process.communicate(timeout=60)[1].decode()
        there = len(bucket.objects)
        check(process.returncode == 1 and f"{there} of 60 objects are in place" in errors, f"{process.returncode}: {errors}")


def test_a_template_that_stops_half_way_says_so():
    with world() as (folder, server, bucket):
        logs(folder, each=600)

        def deny(bucket):
            bucket.may_write = kinds(bucket).count("PUT") + kinds(bucket).count("COMPLETE") < 3

        bucket.after_request = deny
        pipeline(folder, "s3://trail/lake/" + TEMPLATE)
        run = Run(folder, server, "run", "p.conf")
        there = len(bucket.objects)
        check(run.code == 1 and "AccessDenied" in run.errors and not bucket.uploads, run.errors)
        check(there < 6 and f"{there} of 6 objects are in place" in run.errors, run.errors)
        check("; run again, which" in run.errors, run.errors)
        bucket.objects.clear()
        bucket.requests.clear()
        run = Run(folder, server, "convert", "in", "s3://trail/lake/" + TEMPLATE)
        check(run.code == 1 and "; run again with --force, which" in run.errors, run.errors)


def test_nothing_at_all():
    with world() as (folder, server, bucket):
        logs(folder, text=10)
        for name in ("out.jsonl", "out.jsonl.gz", "out.csv"):
            run = Run(folder, server, "convert", "in", f"s3://trail/{name}", "--where", "eventName == 'x'")
            check(run.code == 0 and body(bucket, name) == expected(folder, name, "--where", "eventName == 'x'"), run.errors)


def test_an_object_that_would_be_empty_is_removed():
    with world() as (folder, server, bucket):
        logs(folder, text=10)
        (folder / "none").mkdir()
        for top in ("", STATE):
            bucket.put("lake/out.jsonl", b"of an earlier run")
            empty = {"source": "{type: directory, path: none}", "top": f"on_empty: ignore\n{top}", "when_empty": "remove"}
            pipeline(folder, "s3://trail/lake/out.jsonl", **empty)
            bucket.may_remove = False
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 1 and "cannot remove 's3://trail/lake/out.jsonl'" in run.errors and "s3:DeleteObject" in run.errors, run.errors)
            check(body(bucket, "lake/out.jsonl") == b"of an earlier run", "it was replaced")
            bucket.may_remove = True
            for _ in range(2):
                bucket.requests.clear()
                run = Run(folder, server, "run", "p.conf")
                check(run.code == 0 and not bucket.objects.keys() & {"lake/out.jsonl"}, f"{run.errors} {sorted(bucket.objects)}")
            # Where objects have versions, that would be a delete marker before nothing.
            check("REMOVE" not in kinds(bucket), f"{kinds(bucket)}")
        pipeline(folder, "s3://trail/lake/out.jsonl", when_empty="remove")
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and body(bucket, "lake/out.jsonl"), run.errors)
        pipeline(folder, "s3://trail/lake/{awsRegion}.jsonl", when_empty="remove")
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 2 and "is for a path without fields" in run.errors, run.errors)
        pipeline(folder, "out.jsonl", when_empty="remove")
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 2 and "begins with s3://" in run.errors, run.errors)


def test_a_manifest_tells_of_objects():
    with world() as (folder, server, bucket):
        for text, name in ((10, "a/out.jsonl"), (LINE, "a/out.jsonl.gz")):
            logs(folder, text=text)
            more = ("--manifest", "m.jsonl", "--summary", "s.json")
            run = Run(folder, server, "convert", "in", f"s3://trail/{name}", "--force", *more)
            wanted = body(bucket, name)
            line = [json.loads(line) for line in (folder / "m.jsonl").read_text().splitlines()][-2]
            found = {"type": "output", "stage": "output", "path": f"s3://trail/{name}", "kind": "object", "rows": 1200}
            found |= {"sha256": hashlib.sha256(wanted).hexdigest(), "bytes": len(wanted)}
            check(run.code == 0 and line == found, f"{line}: {run.errors}")
            sinks = [stage for stage in json.loads((folder / "s.json").read_text())["stages"] if stage["kind"] == "sink"]
            check(sinks[0]["eventsOut"] == 1200 and sinks[0]["paths"] == [f"s3://trail/{name}"], f"{sinks}")
            bucket.put(name + ".other", b"never looked at")
            for content, code, word in (
                (wanted, 0, ""), (wanted[:-1], 5, "truncated"), (wanted + b"x", 5, "longer"), (b"x" * len(wanted), 5, "changed"), (None, 5, "missing"),
            ):
                if content is None:
                    del bucket.objects[name]
                else:
                    bucket.put(name, content)
                run = Run(folder, server, "verify", "m.jsonl")
                check(run.code == code and (not word or f"{word}: output s3://trail/{name}" in run.output), f"{word}: {run.output}{run.errors}")
            bucket.put(name, wanted)
            bucket.may_read = False
            run = Run(folder, server, "verify", "m.jsonl")
            check(run.code == 5 and "unreadable" in run.output and "s3:GetObject" in run.output, f"{run.output}{run.errors}")
            bucket.may_read = True


# How it is kept


def test_keys_and_classes_are_asked_for():
    with world() as (folder, server, bucket):
        secret = bytes(range(32))
        (folder / "k").write_bytes(secret)
        bucket.requester_pays = True
        for text in (10, LINE):
            logs(folder, text=text)
            wanted = expected(folder, "out.jsonl")
            pipeline(folder, "s3://trail/o.jsonl", customer_key="k", requester_pays="true", storage_class="STANDARD_IA")
            run = Run(folder, server, "run", "p.conf")
            found = bucket.objects["o.jsonl"]
            check(run.code == 0 and found.body == wanted, run.errors)
            check(found.customer_key == secret and found.storage_class == "STANDARD_IA", "it is kept in another way")
            pipeline(folder, "s3://trail/o.jsonl", kms_key="alias/audit", requester_pays="true")
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0 and bucket.objects["o.jsonl"].body == wanted and bucket.objects["o.jsonl"].kms, run.errors)


# What goes wrong


def test_faults_cost_nothing():
    with world() as (folder, server, bucket):
        logs(folder, files=6, each=500)
        for kind, rate in [("", 0.1)] + [(kind, 0.3) for kind in aws.Faults.WRITING]:
            for name, wanted in (("small.csv", None), ("out.jsonl.gz", None)):
                bucket.objects.clear()
                bucket.uploads.clear()
                bucket.write_faults = aws.Faults(rate, SEED, kinds=(kind,) if kind else aws.Faults.WRITING)
                run = Run(folder, server, "convert", "in", f"s3://trail/{name}")
                check(run.code == 0 and body(bucket, name) == expected(folder, name), f"{kind}: {run.errors}")
                check(bucket.written[name] == 1 or "lost" in (kind or "lost") or "wrong_etag" in kind, f"{kind}: written {bucket.written}")
                # Of an upload whose beginning got no answer, nobody knows the id.
                check(len(bucket.uploads) <= (kinds(bucket).count("BEGIN") - 1 if kind in ("", "lost") else 0), f"{kind}: {bucket.uploads}")
                bucket.requests.clear()
                bucket.written.clear()


def losing(kind):
    """Loses the first answer to a request of that kind."""
    seen = []

    def lose(bucket):
        if bucket.requests[-1][0] == kind and not seen:
            seen.append(kind)
            return "lost"

    return lose


# What is written, with the bytes of each event, and the request that ends it.
ENDS = (("out.jsonl.gz", LINE, "COMPLETE"), ("small.csv", 10, "PUT"))


def test_a_lost_answer_to_the_last_request():
    for name, text, last in ENDS:
        for force in (["--force"], []):
            with world() as (folder, server, bucket):
                logs(folder, text=text)
                bucket.after_request = losing(last)
                run = Run(folder, server, "convert", "in", f"s3://trail/{name}", *force)
                check(run.code == 0 and body(bucket, name) == expected(folder, name), f"{name} {force}: {run.errors}")
                check(kinds(bucket).count(last) == 2, f"{kinds(bucket)}")


def test_a_lost_answer_of_what_may_not_be_seen():
    for name, text, last in ENDS:
        with world() as (folder, server, bucket):
            logs(folder, text=text)
            bucket.may_read = False
            bucket.after_request = losing(last)
            run = Run(folder, server, "convert", "in", f"s3://trail/{name}")
            check(body(bucket, name) == expected(folder, name), f"{name}: {run.errors}")
            # An upload that is completed is known no more, and one that is there is not refused as another's.
            check(run.code == 1 and ("or was written by this run" in run.errors) == (last == "PUT"), f"{name}: {run.errors}")


def test_a_clock_that_is_wrong_is_said():
    for name in ("out.jsonl", "{awsRegion}.jsonl"):
        with world() as (folder, server, bucket):
            logs(folder, text=10)
            bucket.skew = datetime.timedelta(hours=-3)
            run = Run(folder, server, "convert", "in", f"s3://trail/{name}")
            check(run.code == 0 and run.errors.count("the clock of this machine is 3 hours ahead of") == 1, run.errors)


def test_a_failed_run_leaves_nothing():
    with world() as (folder, server, bucket):
        logs(folder)
        bucket.put("out.jsonl", b"old")
        (folder / "in" / "x.json").write_bytes(b"{")
        pipeline(folder, "s3://trail/out.jsonl", top="on_error: fail\n")
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "BEGIN" in kinds(bucket), run.errors)
        check(body(bucket, "out.jsonl") == b"old" and not bucket.uploads, f"{bucket.uploads}")
        bucket.may_abort = False
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "s3:AbortMultipartUpload" in run.errors, run.errors)
        check(f"abort-multipart-upload --bucket trail --key out.jsonl --upload-id '{list(bucket.uploads)[0]}'" in run.errors, run.errors)


def test_refusals_are_said():
    with world() as (folder, server, bucket):
        logs(folder, text=10)
        run = Run(folder, server, "convert", "in", "s3://other/out.jsonl")
        check(run.code == 1 and "NoSuchBucket" in run.errors, run.errors)
        for text, last in ((10, "PUT"), (LINE, "BEGIN")):
            logs(folder, text=text)
            bucket.may_write = False
            run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl")
            check(run.code == 1 and "AccessDenied" in run.errors and "s3:PutObject" in run.errors, run.errors)
            check("kms:GenerateDataKey" in run.errors and last in kinds(bucket), f"{kinds(bucket)}: {run.errors}")
        bucket.may_write, bucket.may_read = True, False
        for text in (10, LINE):
            logs(folder, text=text)
            run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl", "--force")
            check(run.code == 0 and body(bucket, "out.jsonl") == expected(folder, "out.jsonl"), run.errors)
        run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl", AWS_SECRET_ACCESS_KEY="wrong-but-secret")
        check(run.code == 1 and "SignatureDoesNotMatch" in run.errors and "PUT" != kinds(bucket)[-1], run.errors)
    with world(region="eu-central-1") as (folder, server, bucket):
        for text in (10, LINE):
            logs(folder, text=text)
            run = Run(folder, server, "convert", "in", "s3://trail/out.jsonl", "--force")
            check(run.code == 0 and body(bucket, "out.jsonl") == expected(folder, "out.jsonl"), run.errors)
        pipeline(folder, "s3://trail/out.jsonl", region="us-east-1")
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "the bucket is in eu-central-1" in run.errors, run.errors)


def test_what_cannot_be_is_refused_before_anything_runs():
    with world() as (folder, server, bucket):
        logs(folder, text=10)
        for path, more, top, message in (
            ("s3://trail/a.jsonl", {"rotate": "1MB"}, "", "'rotate'"),
            ("s3://trail/a.jsonl", {}, "mode: append\nstate: st\n", "cannot be appended to"),
            ("s3://trail/{awsRegion}.jsonl", {}, "mode: append\nstate: st\n", "cannot be appended to"),
            ("s3://trail/a.jsonl", {}, "manifest: s3://trail/m.jsonl\n", "and mhpipe writes files"),
            ("s3://trail/a.jsonl", {}, "quarantine: s3://trail/q.jsonl\n", "and mhpipe writes files"),
            ("s3://trail/", {}, "", "names a bucket"),
            ("s3://trail", {}, "", "names a bucket"),
            ("s3://trail/a/", {}, "", "names a folder"),
            ("s3://tr{awsRegion}/a", {}, "", "needs a bucket and a key"),
            ("s3:///a", {}, "", "needs a bucket and a key"),
            ("s3://trail/a/../b.jsonl", {}, "", "'..'"),
            ("s3://trail/" + "a" * 1020 + ".jsonl", {}, "", "S3 takes 1024"),
            ("s3:/trail/a.jsonl", {}, "", "write 's3://trail/a.jsonl'"),
            ("S3://trail/a.jsonl", {}, "", "write 's3://trail/a.jsonl'"),
            ("s3://trail/a.parquet", {}, "", "Parquet"),
            ("a.jsonl", {"region": "eu-west-1"}, "", "'region' is for a path that begins with s3://"),
            ("a.jsonl", {"kms_key": "k"}, "", "'kms_key' is for a path that begins with s3://"),
            ("a.jsonl", {"storage_class": "GLACIER"}, "", "'storage_class' is for a path that begins with s3://"),
            ("a.jsonl", {"customer_key": "p.conf"}, "", "'customer_key' is for a path that begins with s3://"),
            ("a.jsonl", {"requester_pays": "true"}, "", "'requester_pays' is for a path that begins with s3://"),
            ("a.jsonl", {"anonymous": "true"}, "", "'anonymous' is for a path that begins with s3://"),
            ("a.jsonl", {"profile": "x"}, "", "'profile' is for a path that begins with s3://"),
            ("a.jsonl", {"endpoint": "'https://s3.example.com'"}, "", "'endpoint' is for a path that begins with s3://"),
            ("a.jsonl", {"path_style": "false"}, "", "'path_style' is for a path that begins with s3://"),
            ("a.jsonl", {"dual_stack": "true"}, "", "'dual_stack' is for a path that begins with s3://"),
            ("a.jsonl", {"fips": "false"}, "", "'fips' is for a path that begins with s3://"),
            ("a.jsonl", {"proxy": "'http://x:1'"}, "", "'proxy' is for a path that begins with s3://"),
            ("a.jsonl", {"ca_file": "p.conf"}, "", "'ca_file' is for a path that begins with s3://"),
            ("s3://trail/a.jsonl", {"kms_key": "k", "customer_key": "p.conf"}, "", "two keys"),
            ("s3://trail/a.jsonl", {"storage_class": "COLD"}, "", "DEEP_ARCHIVE"),
        ):
            pipeline(folder, path, top=top, **more)
            run = Run(folder, server, "check", "p.conf")
            check(run.code == 2 and message in run.errors and "p.conf:" in run.errors, f"{path} {more} {top}: {run.errors}")
        (folder / "p.conf").write_text(
            "pipeline: p\nsources:\n  in: {type: directory, path: in}\nsinks:\n  a: {type: sqlite, path: \"s3://trail/a.db\"}\n"
        )
        run = Run(folder, server, "check", "p.conf")
        check(run.code == 2 and "sinks jsonl and csv write objects" in run.errors, run.errors)
        for one, other in (("a.jsonl", "a.jsonl"), ("{awsRegion}.jsonl", "a.jsonl"), ("x/{awsRegion}.jsonl", "x/{eventName}.jsonl")):
            (folder / "p.conf").write_text(
                "pipeline: p\nsources:\n  in: {type: directory, path: in}\nsinks:\n"
                f"  a: {{type: jsonl, path: \"s3://trail/{one}\"}}\n  b: {{type: csv, path: \"s3://trail/{other}\"}}\n"
            )
            run = Run(folder, server, "check", "p.conf")
            check(run.code == 2 and "the same file as sink 'a'" in run.errors, run.errors)
        for url, path, is_inside in (
            ("s3://trail/AWSLogs", "s3://trail/AWSLogs/out.jsonl", True), ("s3://trail/", "s3://trail/out.jsonl", True),
            ("s3://trail/a/", "s3://trail/a/{awsRegion}/x.jsonl", True), ("s3://trail/a/b", "s3://trail/a/{awsRegion}/x.jsonl", True),
            ("s3://trail/AWSLogs", "s3://trail/AWSLogs2/out.jsonl", False), ("s3://other", "s3://trail/out.jsonl", False),
        ):
            pipeline(folder, path, source=f"{{type: s3, url: \"{url}\"}}")
            run = Run(folder, server, "check", "p.conf")
            check((run.code == 2) == is_inside and ("into the folder that source 'in' reads" in run.errors) == is_inside, f"{url} {path}: {run.errors}")
        run = Run(folder, server, "convert", "s3://trail/AWSLogs", "s3://trail/AWSLogs/out.jsonl")
        check(run.code == 2 and "the next run would read it as input" in run.errors, run.errors)
        check(not bucket.requests, "the check asked the bucket")


# Runs that are stopped


def start(folder, server, *arguments):
    return subprocess.Popen(
        [MHPIPE, *arguments], cwd=folder, env=environment(server),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )


def test_an_interrupted_run_leaves_nothing():
    with world() as (folder, server, bucket):
        logs(folder, files=8, each=600)
        bucket.put("out.jsonl", b"old")
        pipeline(folder, "s3://trail/out.jsonl")
        for kind in ("PART", "BEGIN"):
            process = None

            def interrupt(bucket):
                if bucket.requests[-1][0] == kind:
                    process.send_signal(signal.SIGINT)

            bucket.after_request = interrupt
            bucket.delay = 0.2
            with bucket.lock:
                process = start(folder, server, "run", "p.conf")
            errors = process.communicate(timeout=60)[1].decode()
            bucket.after_request, bucket.delay = None, 0
            check(process.returncode == 130 and "nothing was written" in errors, errors)
            check(body(bucket, "out.jsonl") == b"old", "it is replaced")
            told = [upload for upload in bucket.uploads if f"--upload-id '{upload}'" in errors]
            # The answer that named it was never seen.
            check(len(told) == len(bucket.uploads) or kind == "BEGIN", f"{bucket.uploads}: {errors}")
            check(not bucket.uploads or kind == "BEGIN", f"{bucket.uploads}: {errors}")
            bucket.uploads.clear()


def test_what_cannot_be_aborted_in_time_is_named():
    with world() as (folder, server, bucket):
        logs(folder, files=8, each=600)
        pipeline(folder, "s3://trail/out.jsonl")
        process = None

        def interrupt(bucket):
            if kinds(bucket).count("PART") == 2:
                process.send_signal(signal.SIGINT)

        bucket.after_request = interrupt
        bucket.delay = lambda key: 6 if kinds(bucket)[-1] == "ABORT" else 0.2
        with bucket.lock:
            process = start(folder, server, "run", "p.conf")
        begin = time.monotonic()
        errors = process.communicate(timeout=60)[1].decode()
        check(process.returncode == 130 and time.monotonic() - begin < 5, f"{time.monotonic() - begin}: {errors}")
        check("1 upload could not be aborted in time" in errors, errors)
        check("aws s3api abort-multipart-upload --bucket trail --key out.jsonl --upload-id '2~up/load+1'" in errors, errors)


def test_a_replay_leaves_objects_alone():
    with world() as (folder, server, bucket):
        logs(folder, text=10)
        (folder / "in" / "x.json").write_bytes(b'{"Records":[{"eventVersion":"1.08",}]}')
        pipeline(folder, "s3://trail/out.jsonl", top="quarantine: q.jsonl\n")
        run = Run(folder, server, "run", "p.conf")
        old = body(bucket, "out.jsonl")
        check(run.code == 3 and old, run.errors)
        again = ("replay", "q.jsonl", "p.conf", "--quarantine", "again.jsonl")
        run = Run(folder, server, *again)
        check(run.code == 1 and "is there already" in run.errors and body(bucket, "out.jsonl") == old, run.errors)
        run = Run(folder, server, *again, "--force")
        check(run.code == 3 and body(bucket, "out.jsonl") == b"", f"{run.code}: {run.errors}")


# Runs that go on


STATE = "state: st\ncheckpoint_every: 0s\n"


def run_killed_at(number, before, folder, server, bucket):
    """Ends a run with its request of that number, before or after it is done; the kind of that request."""
    seen, process = [], None

    def count(bucket):
        seen.append(bucket.requests[-1][0])
        if len(seen) != number:
            return None
        process.kill()
        process.wait()
        return "reset" if before else "lost"

    bucket.after_request = count
    with bucket.lock:
        process = start(folder, server, "run", "p.conf")
    process.communicate(timeout=60)
    # What it has sent before that may be on its way still.
    server.settle()
    bucket.after_request = None
    return seen[number - 1] if len(seen) >= number else "the end"


def test_killed_runs_go_on():
    for path, files, each in (("small.csv", 3, 20), ("out.jsonl.gz", 5, 500)):
        with world() as (folder, server, bucket):
            logs(folder, files=files, each=each)
            wanted = expected(folder, path)
            pipeline(folder, f"s3://trail/{path}", top=STATE)
            if path.endswith("csv"):
                text = (folder / "p.conf").read_text().replace("jsonl", "csv", 1)
                (folder / "p.conf").write_text(text)
            bucket.put(path, b"old")
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0 and body(bucket, path) == wanted, run.errors)
            usual = len(bucket.requests)
            check(usual > 6 or path.endswith("csv"), f"{kinds(bucket)}")
            for number in range(1, usual + 1):
                for before in (True, False):
                    bucket.put(path, b"old")
                    bucket.written.clear()
                    bucket.uploads.clear()
                    bucket.requests.clear()
                    kind = run_killed_at(number, before, folder, server, bucket)
                    where = f"{path}, {number} {'before' if before else 'after'} {kind}"
                    # The id in an answer that never came is known to nobody.
                    lost = set(bucket.uploads) if kind == "BEGIN" else set()
                    check(len(lost) == (0 if before or kind != "BEGIN" else 1), f"{where}: {bucket.uploads}")
                    run = Run(folder, server, "run", "p.conf")
                    check(run.code == 0, f"{where}: {run.errors}")
                    check(body(bucket, path) == wanted, f"{where}: other bytes than a file")
                    check(bucket.written[path] == 1, f"{where}: written {bucket.written[path]} times")
                    check(set(bucket.uploads) == lost, f"{where}: {bucket.uploads}")
                    check(sorted(os.listdir(folder / "st")) == ["lock"], f"{where}: {os.listdir(folder / 'st')}")


def noted(folder):
    """The uploads that a run has written down."""
    lines = [line.split() for path in (folder / "st").glob("uploads-*") for line in path.read_text().splitlines()]
    return {bytes.fromhex(words[2]).decode() for words in lines if len(words) == 3}


def test_killed_runs_of_a_template_go_on():
    for path, files, each in (("x/" + TEMPLATE, 3, 20), ("x/{recipientAccountId}.jsonl", 3, 500)):
        with world() as (folder, server, bucket):
            logs(folder, files=files, each=each)
            pipeline(folder, f"s3://trail/{path}", top=STATE)
            bucket.put("x/111122223333/2026-05-01.jsonl.gz", b"old")
            run = Run(folder, server, "run", "p.conf")
            wanted = {key: found.body for key, found in bucket.objects.items()}
            check(run.code == 0 and len(wanted) == (6 if each == 20 else 3), f"{sorted(wanted)}: {run.errors}")
            check(("COMPLETE" in kinds(bucket)) == (each == 500), f"{kinds(bucket)}")
            for number in range(1, len(bucket.requests) + 1):
                for before in (True, False):
                    for key in wanted:
                        bucket.put(key, b"old")
                    bucket.uploads.clear()
                    bucket.requests.clear()
                    kind = run_killed_at(number, before, folder, server, bucket)
                    where = f"{path}, {number} {'before' if before else 'after'} {kind}"
                    # Several are begun at once, and the answers to some may not have come yet.
                    lost = set(bucket.uploads) - noted(folder)
                    check(len(lost) <= kinds(bucket).count("BEGIN"), f"{where}: {bucket.uploads}")
                    run = Run(folder, server, "run", "p.conf")
                    check(run.code == 0, f"{where}: {run.errors}")
                    check({key: found.body for key, found in bucket.objects.items()} == wanted, f"{where}: other objects")
                    check(set(bucket.uploads) == lost, f"{where}: {bucket.uploads} instead of {lost}")
                    check(sorted(os.listdir(folder / "st")) == ["lock"], f"{where}: {os.listdir(folder / 'st')}")


def test_a_template_goes_on_behind_the_last_checkpoint():
    for stop in (signal.SIGKILL, signal.SIGTERM):
        with world() as (folder, server, bucket):
            logs(folder, files=8, each=300)
            pipeline(folder, "s3://trail/" + TEMPLATE, top=STATE + "workers: 1\n")
            run = Run(folder, server, "run", "p.conf")
            wanted = {key: found.body for key, found in bucket.objects.items()}
            check(run.code == 0 and len(wanted) == 6, run.errors)
            bucket.objects.clear()
            process = start(folder, server, "run", "p.conf")
            while not (folder / "st" / "checkpoint").exists() and process.poll() is None:
                time.sleep(0.001)
            process.send_signal(stop)
            process.communicate(timeout=60)
            server.settle()
            check(process.returncode in (-stop, 130) and not bucket.objects, "it was not stopped in the middle")
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0 and "8  files read" in run.errors, run.errors)
            check({key: found.body for key, found in bucket.objects.items()} == wanted, f"{stop}: other objects: {run.errors}")
            check(sorted(os.listdir(folder / "st")) == ["lock"], f"{os.listdir(folder / 'st')}")


def test_a_template_that_fails_at_its_commit_goes_on():
    with world() as (folder, server, bucket):
        logs(folder, each=600)
        pipeline(folder, "s3://trail/" + TEMPLATE, top=STATE)
        run = Run(folder, server, "run", "p.conf")
        wanted = {key: found.body for key, found in bucket.objects.items()}
        bucket.objects.clear()
        bucket.requests.clear()

        def deny(bucket):
            bucket.may_write = kinds(bucket).count("PUT") + kinds(bucket).count("COMPLETE") < 3

        bucket.after_request = deny
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "of 6 objects are in place" in run.errors and not bucket.uploads, run.errors)
        bucket.after_request, bucket.may_write = None, True
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and {key: found.body for key, found in bucket.objects.items()} == wanted, run.errors)


def test_uploads_of_a_sink_with_another_name_are_let_go_of():
    with world() as (folder, server, bucket):
        logs(folder, files=5, each=500)
        pipeline(folder, "s3://trail/out.jsonl.gz", top=STATE)
        killed = []

        def kill(bucket):
            if bucket.requests[-1][0] == "PART" and not killed:
                killed.append(process.kill())
                process.wait()
                return "reset"

        bucket.after_request = kill
        with bucket.lock:
            process = start(folder, server, "run", "p.conf")
        process.communicate(timeout=60)
        server.settle()
        check(len(bucket.uploads) == 1, "nothing is left to let go of")
        (folder / "p.conf").write_text((folder / "p.conf").read_text().replace("out: {", "other: {"))
        run = Run(folder, server, "run", "p.conf", "--restart")
        check(run.code == 0 and not bucket.uploads, f"{bucket.uploads}: {run.errors}")
        check(sorted(os.listdir(folder / "st")) == ["lock"], f"{os.listdir(folder / 'st')}")


def test_a_run_goes_on_before_an_object_with_another_key():
    secret = bytes(range(32))
    for path, kind in (("small.jsonl", "PUT"), ("out.jsonl.gz", "COMPLETE")):
        for own in ({}, {"customer_key": "k"}):
            with world() as (folder, server, bucket):
                logs(folder, each=20 if kind == "PUT" else 500)
                (folder / "k").write_bytes(secret)
                pipeline(folder, f"s3://trail/{path}", top=STATE, **own)
                # HEAD of it is 400, without a word.
                bucket.put(path, b"old", customer_key=bytes(32))
                killed = []

                def kill(bucket):
                    if bucket.requests[-1][0] == kind and not killed:
                        killed.append(process.kill())
                        process.wait()
                        return "reset"

                bucket.after_request = kill
                with bucket.lock:
                    process = start(folder, server, "run", "p.conf")
                process.communicate(timeout=60)
                server.settle()
                check(killed and body(bucket, path) == b"old", "it was not killed")
                run = Run(folder, server, "run", "p.conf")
                check(run.code == 0 and body(bucket, path) == expected(folder, path), f"{path} {own}: {run.errors}")


def test_an_interrupted_run_goes_on():
    with world() as (folder, server, bucket):
        logs(folder, files=8, each=500)
        wanted = expected(folder, "out.jsonl.gz")
        pipeline(folder, "s3://trail/out.jsonl.gz", top=STATE + "workers: 1\n")
        process = None

        def interrupt(bucket):
            if kinds(bucket).count("PART") == 2:
                process.send_signal(signal.SIGTERM)

        bucket.after_request = interrupt
        with bucket.lock:
            process = start(folder, server, "run", "p.conf")
        errors = process.communicate(timeout=60)[1].decode()
        bucket.after_request = None
        check(process.returncode == 130 and "is kept" in errors and len(bucket.uploads) == 1, errors)
        parts = kinds(bucket).count("PART")
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 0 and body(bucket, "out.jsonl.gz") == wanted, run.errors)
        check(kinds(bucket).count("BEGIN") == 1 and parts > 1, f"{kinds(bucket)}")
        check(kinds(bucket).count("PART") <= len(wanted) // (8 << 20) + 1, f"parts were sent again: {kinds(bucket)}")


def test_an_upload_that_is_gone_is_said():
    with world() as (folder, server, bucket):
        logs(folder, files=8, each=500)
        wanted = expected(folder, "out.jsonl.gz")
        pipeline(folder, "s3://trail/out.jsonl.gz", top=STATE + "workers: 1\n")

        def stop():
            process = []

            def interrupt(bucket):
                if kinds(bucket).count("PART") == 2:
                    process[0].send_signal(signal.SIGTERM)

            bucket.requests.clear()
            bucket.after_request = interrupt
            with bucket.lock:
                process.append(start(folder, server, "run", "p.conf"))
            check(process[0].communicate(timeout=60) and process[0].returncode == 130, "it was not stopped")
            bucket.after_request = None

        stop()
        kept = dict(bucket.uploads)
        bucket.uploads.clear()
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "it was aborted since" in run.errors and "--restart" in run.errors, run.errors)
        bucket.uploads.update(kept)
        list(kept.values())[0].parts[1] = b"others"
        run = Run(folder, server, "run", "p.conf")
        check(run.code == 1 and "part 1 is not as that run has sent it" in run.errors, run.errors)
        run = Run(folder, server, "run", "p.conf", "--restart")
        check(run.code == 0 and body(bucket, "out.jsonl.gz") == wanted and not bucket.uploads, f"{bucket.uploads}: {run.errors}")


# SeaweedFS


def test_seaweedfs():
    if not (pathlib.Path(sys.executable).parent / "weed").exists():
        print("  SeaweedFS is not installed, so it is not tried")
        return
    with tempfile.TemporaryDirectory(prefix="mhpipe-weed-") as name:
        folder = pathlib.Path(name)
        with seaweed(folder) as (client, url):
            server = Address(url)
            get = lambda key, **more: client.get_object(Bucket="trail", Key=key, **more)["Body"].read()
            uploads = lambda: client.list_multipart_uploads(Bucket="trail").get("Uploads", [])
            for text in (10, LINE):
                logs(folder, text=text)
                for key in ("out.jsonl.gz", "a b+c(1)/ä.jsonl"):
                    run = Run(folder, server, "convert", "in", f"s3://trail/{key}", "--force", "--manifest", "m.jsonl")
                    check(run.code == 0 and get(key) == expected(folder, "o" + key[key.index("."):]), f"{key}: {run.errors}")
                    run = Run(folder, server, "verify", "m.jsonl")
                    check(run.code == 0, f"{key}: {run.output}{run.errors}")
                    run = Run(folder, server, "convert", "in", f"s3://trail/{key}")
                    check(run.code == 1 and "is there already" in run.errors, run.errors)
                pipeline(folder, f"s3://trail/lake{text}/{TEMPLATE}")
                run = Run(folder, server, "run", "p.conf")
                found = client.list_objects_v2(Bucket="trail", Prefix=f"lake{text}/").get("Contents", [])
                check(run.code == 0 and len(found) == 6, f"{found}: {run.errors}")
                pipeline(folder, "s3://trail/out.jsonl", top=STATE)
                run = Run(folder, server, "run", "p.conf")
                check(run.code == 0 and get("out.jsonl") == expected(folder, "out.jsonl"), run.errors)
                secret = bytes(range(32))
                (folder / "k").write_bytes(secret)
                pipeline(folder, "s3://trail/sealed.jsonl", customer_key="k")
                run = Run(folder, server, "run", "p.conf")
                sealed = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": secret}
                check(run.code == 0 and get("sealed.jsonl", **sealed) == expected(folder, "out.jsonl"), run.errors)
            (folder / "in" / "x.json").write_bytes(b"{")
            pipeline(folder, "s3://trail/other.jsonl", top="on_error: fail\n")
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 1 and not uploads(), f"{uploads()}: {run.errors}")
            (folder / "in" / "x.json").unlink()
            logs(folder, files=8, each=500)
            pipeline(folder, "s3://trail/killed.jsonl.gz", top=STATE + "workers: 1\n")
            process = start(folder, server, "run", "p.conf")
            # Before that, the server alone knows the id.
            while not any(path.stat().st_size for path in (folder / "st").glob("uploads-*")) and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            process.communicate()
            run = Run(folder, server, "run", "p.conf")
            check(run.code == 0 and get("killed.jsonl.gz") == expected(folder, "out.jsonl.gz"), run.errors)
            check(not uploads(), f"{uploads()}")


if __name__ == "__main__":
    s3.main(globals())
