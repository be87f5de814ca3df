"""Holds `mhpipe verify-trail` against `aws cloudtrail validate-logs`, on trails that are tampered with in many ways.

usage: digests.py MHPIPE [ONLY]      the trails and the ways to a bucket, or the one of that name
       digests.py MHPIPE --speed     1,000 digest files and 2,000 log files, each timed from the same servers

Each trail is verified in a folder and in a bucket, which have to be found the same. awscli runs in this process and gets the
files from memory; without it the script says so and ends with 0. It and `rsa`, which signs the digest files, come with `pip
install awscli`.
"""

import contextlib
import copy
import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

try:
    import rsa  # noqa: F401
    from awscli.customizations.cloudtrail import validation
    from botocore.exceptions import ClientError
except ImportError as error:
    print(f"note: {error}; without awscli there is nothing to compare with (pip install awscli)")
    sys.exit(0)

import bucket as aws
import delay
import seaweed
import trail as trails

KEYS = [trails.Key(), trails.Key()]


# The oracle

class Bucket:
    """As much of an S3 client as the validator asks for."""

    def __init__(self, objects, bucket):
        self.objects, self.bucket = objects, bucket

    def get_paginator(self, _):
        return self

    def paginate(self, Bucket, Marker, Prefix):
        keys = sorted(key for bucket, key in self.objects if bucket == Bucket and key.startswith(Prefix) and key > Marker)
        return Pages(keys)

    def get_object(self, Bucket, Key):
        if (Bucket, Key) not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no such key"}}, "GetObject")
        data, metadata = self.objects[Bucket, Key]
        return {"Body": io.BytesIO(data), "Metadata": dict(metadata or {})}


class Pages(list):
    def search(self, _):
        return iter(self)


def arn_of(trail):
    return f"arn:aws:cloudtrail:{trail.home}:{trail.account}:trail/{trail.name}"


class Clients:
    def __init__(self, trail):
        self.trail = trail

    def get_client(self, bucket):
        return Bucket(self.trail.objects, bucket)

    def list_public_keys(self, StartTime, EndTime):
        return {"PublicKeyList": [key if isinstance(key, dict) else key.entry() for key in self.trail.keys]}

    def describe_trails(self):
        return {"trailList": [{"TrailARN": arn_of(self.trail), "S3BucketName": self.trail.bucket,
                               "S3KeyPrefix": self.trail.prefix or None,
                               "IsOrganizationTrail": self.trail.organization is not None}]}

    def describe_organization(self):
        return {"Organization": {"Id": self.trail.organization}}


class Validator(validation.CloudTrailValidateLogs):
    """Keeps what it says of each file."""

    def __init__(self, trail, since, until):
        super().__init__(None)
        self.verdicts = []
        self.trail_arn = arn_of(trail)
        self.start_time, self.end_time = since, until
        self.account_id = trail.account
        self._source_region = trail.region
        self.cloudtrail_client = self.organization_client = self.s3_client_provider = Clients(trail)

    def _write_status(self, message, is_error=False):
        self.verdicts.append(message)


def oracle(trail, since, until):
    """What awscli says: {(kind, object): verdict}, gaps, the exit code."""
    validator = Validator(trail, since, until)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        validator._call()
    verdicts, gaps = {}, 0
    for message in validator.verdicts:
        parts = message.split("\t")
        if len(parts) < 3:
            gaps += 1
            continue
        kind = "log" if parts[0].endswith("Log file") else "digest"
        verdicts.setdefault((kind, parts[1]), []).append(parts[2])
    invalid = validator._invalid_digests + validator._invalid_backfill_digests + validator._invalid_logs
    return verdicts, gaps, 1 if invalid else 0


# Ours

def ours(mhpipe, trail, since, until, keeps_metadata=True):
    with tempfile.TemporaryDirectory() as folder:
        copy, keys, report = (os.path.join(folder, name) for name in ("copy", "keys.json", "report.json"))
        trail.write(copy, keeps_metadata)
        trail.write_keys(keys)
        result = subprocess.run(
            [mhpipe, "verify-trail", copy, "--public-keys", keys, "--report", report, "--since", trails.text_of(since),
             "--until", trails.text_of(until)], capture_output=True, text=True, timeout=120)
        if not os.path.exists(report):
            return None, result
        with open(report) as file:
            return json.load(file), result


# The bucket itself


class TrailHandler(aws.Handler):
    """Several buckets, each by its name, and CloudTrail's list of public keys; also what awscli asks for beside that."""

    # Many small writes would cost awscli more than its work.
    wbufsize = -1

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        name, _, key = urllib.parse.unquote(url.path).lstrip("/").partition("/")
        self.bucket = self.server.buckets.get(name, self.server.bucket)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        if "location" in query:
            return self.answer(200, f"<LocationConstraint>{self.bucket.region}</LocationConstraint>".encode())
        if not key and not {"list-type", "versions"} & query.keys() and self.command == "GET":
            return self.list_from(query.get("marker", ""), query.get("prefix", ""))
        super().do_GET()

    def list_from(self, marker, prefix):
        keys = sorted(key for key in self.bucket.objects if key.startswith(prefix) and key > marker)
        contents = "".join(f"<Contents><Key>{urllib.parse.quote(key)}</Key></Contents>" for key in keys[:1000])
        self.answer(200, (f"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{str(len(keys) > 1000).lower()}"
                          f"</IsTruncated>{contents}</ListBucketResult>").encode())

    def signed(self, service="s3", body=b""):
        return super().signed(service, body) if self.server.checks_signatures else None

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.headers.get("X-Amz-Target", "").endswith(".ListPublicKeys"):
            return self.fail(400, "InvalidAction")
        region = self.headers["Authorization"].split("/")[2]
        self.server.asked_regions.append(region)
        if region in self.server.refused_regions:
            return self.answer(400, b'{"__type":"AccessDeniedException","message":"not authorized"}')
        if self.signed("cloudtrail", body):
            return self.answer(400, b'{"__type":"IncompleteSignatureException","message":"signature"}')
        asked = json.loads(body)
        self.server.asked.append(asked)
        if self.server.refuses_keys:
            return self.answer(400, b'{"__type":"AccessDeniedException","message":"not authorized"}')
        # A page for each key.
        place = int(asked.get("NextToken", 0))
        keys = [key if isinstance(key, dict) else key.entry() for key in self.server.trail.keys][place:]
        keys = [dict(key, ValidityStartTime=1767225600.0, ValidityEndTime=1798761600.0) for key in keys]
        answer = {"PublicKeyList": keys[:1]} | ({"NextToken": str(place + 1)} if len(keys) > 1 else {})
        self.answer(200, json.dumps(answer).encode(), {"Content-Type": "application/x-amz-json-1.1"})


def server_of(trail):
    """A server with the buckets of a trail; its region is that of the trail."""
    buckets = {}
    for (name, key), (data, metadata) in trail.objects.items():
        place = buckets.setdefault(name, aws.Bucket(name, trail.region))
        place.put(key, data, headers={"x-amz-meta-" + name: value for name, value in (metadata or {}).items()})
    server = aws.Server(buckets.setdefault(trail.bucket, aws.Bucket(trail.bucket, trail.region)), handler=TrailHandler)
    server.buckets, server.trail, server.asked, server.refuses_keys = buckets, trail, [], False
    server.checks_signatures, server.asked_regions, server.refused_regions = True, [], set()
    return server


def environment(server, **more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    clean |= {"AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
    clean |= {"AWS_ENDPOINT_URL": server.url, "HOME": "/nonexistent"} | more
    return {name: value for name, value in clean.items() if value is not None}


def verify_bucket(mhpipe, server, place, *arguments, **more):
    """The report, None when there is none, and how the run ended."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        result = subprocess.run(
            [mhpipe, "verify-trail", place, "--report", report, *arguments], capture_output=True, text=True, timeout=120,
            cwd=folder, env=environment(server, **more), stdin=subprocess.DEVNULL)
        for secret in (aws.SECRET, aws.ACCESS):
            assert secret not in result.stdout + result.stderr, "a secret is shown"
        if not os.path.exists(report):
            return None, result
        with open(report) as file:
            return json.load(file), result


def ours_of_bucket(mhpipe, trail, since, until):
    """What ours says of the bucket, with the public keys that CloudTrail has."""
    with server_of(trail) as server:
        return verify_bucket(mhpipe, server, f"s3://{trail.bucket}/{trail.prefix}", "--since", trails.text_of(since), "--until",
                             trails.text_of(until))


def differences(report, result, other, others_result):
    """What a folder and a bucket do not say in the same words."""
    if other is None:
        return [f"bucket: exit {others_result.returncode}, no report: {others_result.stderr}"]
    words = lambda report: sorted(json.dumps(finding, sort_keys=True) for finding in report["findings"])
    here, there = words(report), words(other)
    mistakes = [f"folder only: {word}" for word in here if word not in there]
    mistakes += [f"bucket only: {word}" for word in there if word not in here]
    for key in ("summary", "exitCode", "verified"):
        if report[key] != other[key]:
            mistakes.append(f"{key} of the bucket is {other[key]}, not {report[key]}")
    if result.stdout != others_result.stdout:
        mistakes.append(f"the bucket has another list:\n{result.stdout}\n{others_result.stdout}")
    return mistakes


def compare(name, mhpipe, trail, more):
    """What is not as it should be; `more` are the flaws that only ours finds."""
    since, until = trail.start, trail.end
    theirs, gaps, code = oracle(trail, since, until)
    report, result = ours(mhpipe, trail, since, until)
    if report is None:
        return [f"exit {result.returncode}, no report: {result.stderr}"]
    mistakes = differences(report, result, *ours_of_bucket(mhpipe, trail, since, until))
    found = {}
    for finding in report["findings"]:
        if finding["type"] in ("digest", "log"):
            found.setdefault((finding["type"], finding["object"]), []).append(finding)
    extra = set()
    for place, findings in found.items():
        for finding in findings:
            said = theirs.get(place, [])
            valid = finding["verdict"] == "valid"
            if not said:
                extra.add(finding["flaw"])
            elif valid != (said[0] == "valid"):
                if valid:
                    mistakes.append(f"{place}: valid, and awscli says {said[0]}")
                extra.add(finding["flaw"])
            elif not valid and finding["reason"] not in said[0].replace("Unable", "unable"):
                extra.add(f"{finding['flaw']} for {said[0]}")
    extra |= {finding["type"] if finding["type"] == "unlisted" else "gap: " + finding["reason"]
              for finding in report["findings"] if finding["type"] in ("unlisted", "gap")
              and finding.get("start", "") != finding.get("end")}
    for place in theirs:
        if place not in found:
            mistakes.append(f"{place}: nothing, and awscli says {theirs[place]}")
    if gaps > sum(finding["type"] == "gap" for finding in report["findings"]):
        mistakes.append(f"awscli finds {gaps} gaps")
    if code and result.returncode != 5:
        mistakes.append(f"exit {result.returncode}, and awscli finds something invalid")
    if (result.returncode == 0) != (not code and not extra):
        mistakes.append(f"exit {result.returncode} with {extra}")
    if extra != set(more):
        mistakes.append(f"only ours: {sorted(map(str, extra))}, expected {sorted(more)}")
    return mistakes


# The cases: how the trail is made, what is done to it, and which flaws only ours finds

CASES = {}


def case(more=(), **options):
    def add(tamper):
        CASES[tamper.__name__] = (options, tamper, more)
        return tamper
    return add


def log(trail, hour=2, number=0):
    return trail.logs(hour)[number]


@case()
def untouched(trail):
    pass


@case(prefix="some/prefix")
def with_a_prefix(trail):
    pass


@case(organization="o-exampleorgid")
def of_an_organization(trail):
    pass


@case(region="eu-west-1", home="us-east-1")
def of_a_shadow_trail(trail):
    pass


@case(buckets={0: "older-bucket", 1: "older-bucket"})
def bucket_changed(trail):
    pass


@case()
def log_changed(trail):
    trail.put(log(trail), gzip.compress(gzip.decompress(trail.objects[log(trail)][0]).replace(b"Import", b"Delete")))


@case()
def log_packed_anew(trail):
    trail.put(log(trail), gzip.compress(gzip.decompress(trail.objects[log(trail)][0]), 1, mtime=5))


@case()
def log_deleted(trail):
    del trail.objects[log(trail)]


@case()
def all_logs_of_an_hour_deleted(trail):
    for address in trail.logs(2):
        del trail.objects[address]


@case()
def log_unpacked(trail):
    trail.put(log(trail), gzip.decompress(trail.objects[log(trail)][0]))


@case(more=["format for INVALID: hash value doesn't match"])
def log_cut_short(trail):
    trail.put(log(trail), trail.objects[log(trail)][0][:-20])


@case(more=["format for INVALID: hash value doesn't match"])
def log_emptied(trail):
    trail.put(log(trail), b"")


@case()
def log_with_bytes_behind(trail):
    trail.put(log(trail), trail.objects[log(trail)][0] + b"more")


@case()
def log_with_zeros_behind(trail):
    trail.put(log(trail), trail.objects[log(trail)][0] + bytes(512))


@case()
def log_with_a_second_member(trail):
    trail.put(log(trail), trail.objects[log(trail)][0] + gzip.compress(b'{"Records":[]}'))


@case()
def log_in_two_members(trail):
    text = gzip.decompress(trail.objects[log(trail)][0])
    trail.put(log(trail), gzip.compress(text[:9]) + gzip.compress(text[9:]))


@case()
def log_exchanged(trail):
    trail.put(log(trail), trail.objects[log(trail, 3)][0])


@case(more=["unlisted", "gap: missing"])
def digest_deleted(trail):
    del trail.objects[trail.digests[2]]


@case(more=["unlisted", "gap: missing"])
def digests_in_a_row_deleted(trail):
    for number in (2, 3, 4):
        del trail.objects[trail.digests[number]]


@case(more=["unlisted", "gap: behind"])
def newest_digest_deleted(trail):
    del trail.objects[trail.digests[-1]]


@case(more=["unlisted", "gap: before"])
def oldest_digest_deleted(trail):
    del trail.objects[trail.digests[0]]


@case(more=["digest"])
def digest_changed(trail):
    trail.edit(2, newestEventTime="2026-01-01T00:00:00Z")


@case(more=["digest", "unlisted"])
def digest_with_a_log_taken_out(trail):
    trail.edit(2, logFiles=trail.content(trail.digests[2])["logFiles"][1:])
    trail.resign(3, lambda content: None)


@case(more=["hash", "digest"])
def digest_and_log_changed(trail):
    trail.edit(2, newestEventTime="2026-01-01T00:00:00Z")
    log_changed(trail)


@case(more=["unlisted"])
def digest_unpacked(trail):
    trail.put(trail.digests[2], gzip.decompress(trail.objects[trail.digests[2]][0]))


@case(more=["unlisted"])
def digest_is_no_json(trail):
    trail.put(trail.digests[2], gzip.compress(b"{"))


@case(more=["unlisted", "format for INVALID: list indices must be integers or slices, not str"])
def digest_is_a_list(trail):
    trail.put(trail.digests[2], gzip.compress(b"[]"))


@case(more=["unlisted"])
def digest_lacks_a_key(trail):
    content = trail.content(trail.digests[2])
    del content["digestPublicKeyFingerprint"]
    trail.put(trail.digests[2], gzip.compress(json.dumps(content).encode()))


@case(more=["digest"])
def signature_is_missing(trail):
    del trail.objects[trail.digests[2]][1]["signature"]


@case(more=["digest"])
def signature_algorithm_is_missing(trail):
    del trail.objects[trail.digests[2]][1]["signature-algorithm"]


@case(more=["digest"])
def signature_changed(trail):
    metadata = trail.objects[trail.digests[2]][1]
    metadata["signature"] = ("0" if metadata["signature"][0] != "0" else "1") + metadata["signature"][1:]


@case(more=["digest", "signature for INVALID: Non-hexadecimal digit found"])
def signature_is_no_number(trail):
    trail.objects[trail.digests[2]][1]["signature"] = "zz" * 128


@case(more=["digest"])
def signature_of_another(trail):
    trail.objects[trail.digests[2]][1]["signature"] = trail.objects[trail.digests[3]][1]["signature"]


@case(more=["digest", "unlisted"])
def digest_exchanged(trail):
    trail.objects[trail.digests[2]] = trail.objects[trail.digests[1]]


@case(more=["digest"])
def signed_by_another_key(trail):
    trail.store(trail.digests[2], trail.content(trail.digests[2]), key=KEYS[1])


@case(more=["digest"])
def public_key_unknown(trail):
    trail.keys = [KEYS[1]]


@case(more=["digest"])
def public_key_is_none(trail):
    trail.keys = [dict(trail.keys[0].entry(), Value="AAAA")]


@case(more=["gap: restart"], breaks=[3])
def chain_begun_anew(trail):
    # The digest file before the break is taken away, as if the trail had been off for an hour.
    for address in trail.logs(2) + [trail.digests.pop(2)]:
        del trail.objects[address]


@case(breaks=[3])
def chain_begun_anew_at_once(trail):
    pass


@case(more=["digest"], breaks=[3])
def chain_begun_anew_and_newest_changed(trail):
    trail.edit(5, newestEventTime="2026-01-01T00:00:00Z")


@case(backfill=[2, 3])
def backfilled(trail):
    pass


@case(more=["digest"], backfill=[2, 3])
def backfill_changed(trail):
    trail.edit(-1, newestEventTime="2026-01-01T00:00:00Z")


@case(more=["digest"], backfill=[2, 3])
def backfill_without_its_time(trail):
    del trail.objects[trail.digests[-1]][1]["backfill-generation-timestamp"]


@case(more=["unlisted", "gap: restart"], backfill=[2, 3])
def backfill_deleted(trail):
    for address in trail.digests[-2:]:
        del trail.objects[address]


@case(more=["unlisted"])
def log_planted(trail):
    time = trail.start + datetime.timedelta(hours=2, minutes=40)
    trail.objects[trail.bucket, trail.log_key(time, "P" * 16)] = (gzip.compress(b'{"Records":[]}'), {})


@case(more=["trailing_data", "digest"])
def digest_with_a_second_member(trail):
    trail.put(trail.digests[2], trail.objects[trail.digests[2]][0] + gzip.compress(b"{}"))


@case(more=["algorithm", "digest"])
def signature_algorithm_unknown(trail):
    trail.objects[trail.digests[2]][1]["signature-algorithm"] = "MD5withRSA"


@case(more=["algorithm"])
def hash_algorithm_unknown(trail):
    def change(content):
        content["logFiles"][0]["hashAlgorithm"] = "MD5"
    trail.resign(2, change)


@case(more=["algorithm", "digest"])
def previous_hash_algorithm_unknown(trail):
    # What is signed again behind it puts it right again, but for the last.
    trail.resign(5, lambda content: content.update(previousDigestHashAlgorithm="MD5"))


@case(more=["previous_hash", "digest"])
def signed_anew_in_the_middle(trail):
    content = trail.content(trail.digests[2])
    content["logFiles"] = content["logFiles"][:]
    content["newestEventTime"] = "2026-01-01T00:00:00Z"
    trail.store(trail.digests[2], content)


@case(more=["previous_hash", "digest", "unlisted"])
def log_taken_out_with_the_private_key(trail):
    content = trail.content(trail.digests[2])
    content["logFiles"] = content["logFiles"][1:]
    trail.store(trail.digests[2], content)


# More of each kind: what somebody may do who can write to the bucket, and what only somebody with the private key can.


@case(more=["unlisted"])
def log_moved_to_another_day(trail):
    bucket, key = log(trail)
    trail.objects[bucket, key.replace("/02/", "/03/", 1)] = trail.objects.pop((bucket, key))


@case()
def logs_exchanged_for_each_other(trail):
    one, other = log(trail), log(trail, 3)
    trail.objects[one], trail.objects[other] = trail.objects[other], trail.objects[one]


@case(more=["unlisted"])
def log_copied_under_another_name(trail):
    bucket, key = log(trail)
    trail.objects[bucket, key.replace("0000.json", "00X0.json")] = trail.objects[bucket, key]


@case()
def log_with_another_checksum(trail):
    data = bytearray(trail.objects[log(trail)][0])
    data[-6] ^= 1
    trail.put(log(trail), bytes(data))


@case()
def log_with_a_line_feed_more(trail):
    trail.put(log(trail), gzip.compress(gzip.decompress(trail.objects[log(trail)][0]) + b"\n"))


@case()
def log_that_is_a_digest(trail):
    trail.put(log(trail), trail.objects[trail.digests[2]][0])


@case()
def all_logs_deleted(trail):
    for hour in range(6):
        for address in trail.logs(hour):
            del trail.objects[address]


@case()
def log_listed_twice(trail):
    trail.resign(2, lambda content: content["logFiles"].append(content["logFiles"][0]))


@case(logs=0)
def hours_without_logs(trail):
    pass


@case()
def digest_packed_anew(trail):
    trail.put(trail.digests[2], gzip.compress(gzip.decompress(trail.objects[trail.digests[2]][0]), 1, mtime=9))


@case(more=["digest"])
def digest_with_a_space_more(trail):
    trail.put(trail.digests[2], gzip.compress(gzip.decompress(trail.objects[trail.digests[2]][0]) + b" "))


@case(more=["unlisted"])
def digest_cut_short(trail):
    trail.put(trail.digests[2], trail.objects[trail.digests[2]][0][:-20])


@case(more=["unlisted"])
def digest_emptied(trail):
    trail.put(trail.digests[2], b"")


@case(more=["unlisted"])
def digest_that_is_a_log(trail):
    trail.put(trail.digests[2], trail.objects[log(trail)][0])


@case(more=["trailing_data", "digest"])
def digest_with_bytes_behind(trail):
    trail.put(trail.digests[2], trail.objects[trail.digests[2]][0] + b"more")


@case(more=["unlisted"])
def digest_with_a_key_twice(trail):
    text = gzip.decompress(trail.objects[trail.digests[2]][0])
    trail.put(trail.digests[2], gzip.compress(text[:-1] + b', "logFiles": []}'))


@case(more=["digest"])
def log_changed_and_its_hash_in_the_digest(trail):
    text = gzip.decompress(trail.objects[log(trail)][0]).replace(b"Import", b"Delete")
    trail.put(log(trail), gzip.compress(text))
    listed = trail.content(trail.digests[2])["logFiles"]
    listed[0]["hashValue"] = hashlib.sha256(text).hexdigest()
    trail.edit(2, logFiles=listed)


@case(more=["digest", "gap: between", "moved"])
def digest_renamed(trail):
    bucket, key = trail.digests[2]
    trail.objects[bucket, key.replace("T060000Z", "T063000Z")] = trail.objects.pop((bucket, key))


@case(more=["digest", "moved"])
def digest_copied_to_a_later_time(trail):
    bucket, key = trail.digests[2]
    trail.objects[bucket, key.replace("T060000Z", "T063000Z")] = trail.objects[bucket, key]


@case(more=["digest"])
def digest_says_another_bucket(trail):
    trail.edit(2, digestS3Bucket="else-bucket")


@case(more=["digest"])
def digest_says_another_time(trail):
    trail.edit(2, digestStartTime="2026-01-02T04:00:00Z")


@case(more=["gap: missing"])
def digest_and_its_logs_deleted(trail):
    for address in trail.logs(2):
        del trail.objects[address]
    del trail.objects[trail.digests[2]]


@case(more=["gap: behind"])
def last_hours_deleted_with_their_logs(trail):
    for hour in (4, 5):
        for address in trail.logs(hour):
            del trail.objects[address]
    for hour in (4, 5):
        del trail.objects[trail.digests[hour]]


@case(more=["gap: missing", "unlisted"], region="eu-west-1", home="us-east-1")
def digest_of_a_shadow_trail_deleted(trail):
    del trail.objects[trail.digests[2]]


@case()
def signature_in_upper_case(trail):
    metadata = trail.objects[trail.digests[2]][1]
    metadata["signature"] = metadata["signature"].upper()


@case(more=["digest"])
def signature_cut_short(trail):
    metadata = trail.objects[trail.digests[2]][1]
    metadata["signature"] = metadata["signature"][:-2]


@case(more=["digest"])
def signature_of_the_newest_changed(trail):
    metadata = trail.objects[trail.digests[-1]][1]
    metadata["signature"] = ("0" if metadata["signature"][0] != "0" else "1") + metadata["signature"][1:]


@case(more=["digest"])
def signature_of_the_oldest_changed(trail):
    metadata = trail.objects[trail.digests[0]][1]
    metadata["signature"] = ("0" if metadata["signature"][0] != "0" else "1") + metadata["signature"][1:]


@case(more=["digest"])
def all_metadata_deleted(trail):
    for address in trail.digests:
        trail.objects[address] = (trail.objects[address][0], {})


@case(more=["digest"])
def fingerprint_unknown(trail):
    trail.resign(2, lambda content: content.update(digestPublicKeyFingerprint="00"))


@case(more=["digest"])
def fingerprint_of_another_key(trail):
    trail.keys = [KEYS[0], KEYS[1]]
    trail.resign(2, lambda content: content.update(digestPublicKeyFingerprint=KEYS[1].fingerprint))


@case()
def key_exchanged_by_aws(trail):
    trail.keys = [KEYS[0], KEYS[1]]
    for hour in (3, 4, 5):
        content = trail.content(trail.digests[hour])
        content["digestPublicKeyFingerprint"] = KEYS[1].fingerprint
        trail.link(content, trail.digests[hour - 1])
        trail.store(trail.digests[hour], content, key=KEYS[1])


@case()
def chain_cut_with_the_private_key(trail):
    none = {"previousDigest" + name: None for name in ("S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature")}
    trail.resign(3, lambda content: content.update(none))


@case(more=["digest", "previous_hash"])
def previous_hash_wrong_with_the_private_key(trail):
    trail.resign(5, lambda content: content.update(previousDigestHashValue="00" * 32))


@case(more=["digest", "previous_signature"])
def previous_signature_wrong_with_the_private_key(trail):
    trail.resign(5, lambda content: content.update(previousDigestSignature="00" * 128))


@case(more=["digest"], breaks=[3])
def last_digest_before_a_break_changed(trail):
    trail.edit(2, newestEventTime="2026-01-01T00:00:00Z")


@case(more=["digest"], backfill=[2, 3])
def backfill_signed_by_another_key(trail):
    trail.store(trail.digests[-1], trail.content(trail.digests[-1]), is_backfill=True, key=KEYS[1])


@case(backfill=[2, 3])
def log_of_a_backfill_changed(trail):
    trail.put(trail.logs(-1)[0], gzip.compress(b'{"Records":[]}'))


@case(more=["gap: missing", "unlisted"], backfill=[2, 3])
def first_backfill_deleted(trail):
    del trail.objects[trail.digests[-2]]


@case(buckets={0: "older-bucket", 1: "older-bucket"})
def log_in_an_older_bucket_deleted(trail):
    del trail.objects[trail.logs(1)[0]]


def run_cases(mhpipe, only):
    failed, count = 0, 0
    for name, (options, tamper, more) in CASES.items():
        if only and name != only:
            continue
        count += 1
        trail = trails.Trail(KEYS[0], **options)
        tamper(trail)
        mistakes = compare(name, mhpipe, trail, more)
        failed += bool(mistakes)
        for mistake in mistakes:
            print(f"{name}: {mistake}")
    print(f"{count} trails, each in a folder and in a bucket, {failed} not as expected")
    return 1 if failed else 0


# What goes wrong on the way to a bucket: name, what is done to the server, what is expected

WAYS = {}


def way(function):
    WAYS[function.__name__] = function
    return function


def check(condition, what):
    if not condition:
        raise AssertionError(what)


class Reached:
    """A sound trail on a server, which the test may change before it is verified."""

    def __init__(self, mhpipe, **options):
        self.mhpipe, self.trail = mhpipe, trails.Trail(KEYS[0], **options)
        self.server = server_of(self.trail)
        self.bucket = self.server.bucket
        self.log = self.trail.logs(2)[0][1]
        self.digest = self.trail.digests[2][1]

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *arguments):
        self.server.__exit__(*arguments)

    def verify(self, *arguments, place="", **more):
        self.report, self.result = verify_bucket(self.mhpipe, self.server, f"s3://{self.trail.bucket}/{place}", *arguments, **more)
        self.output, self.errors = self.result.stdout, self.result.stderr
        return self.result.returncode

    def verdict(self, key):
        found = [finding for finding in self.report["findings"] if finding.get("object") == f"s3://{self.trail.bucket}/{key}"]
        return [(finding["verdict"], finding["flaw"]) for finding in found if "verdict" in finding]

    def keys_file(self, folder):
        path = os.path.join(folder, "keys.json")
        self.trail.write_keys(path)
        return path


@way
def a_sound_trail_is_verified_below_every_prefix(mhpipe):
    with Reached(mhpipe, prefix="some/prefix") as it:
        account = f"some/prefix/AWSLogs/{it.trail.account}"
        for place in ("", "some", "some/prefix/", "some/prefix/AWSLogs", account, account + "/"):
            check(it.verify(place=place) == 0, f"{place}: {it.output}{it.errors}")
            check(it.report["summary"]["logs"]["valid"] == 12 and it.report["publicKeyRegions"] == ["us-west-2"], it.output)
        check("StartTime" in it.server.asked[0] and it.server.asked[0]["StartTime"] < it.server.asked[0]["EndTime"], it.server.asked)


@way
def faults_of_the_server_change_nothing(mhpipe):
    with Reached(mhpipe, hours=40) as it:
        it.server.stall_seconds = 0.2
        it.bucket.faults = aws.Faults(0.1, 5)
        check(it.verify() == 0, it.output + it.errors)
        check(it.bucket.faults.made > 5, "too few faults to tell")


@way
def an_object_that_may_not_be_read_is_not_missing(mhpipe):
    for place in ("log", "digest"):
        for refuse in ("denied", "kms", "archived", "deep", "tiering", "never given"):
            with Reached(mhpipe) as it:
                key = getattr(it, place)
                found = it.bucket.objects[key]
                said = "s3:GetObject"
                if refuse == "denied":
                    it.bucket.denied_prefixes = [key]
                elif refuse == "kms":
                    found.kms, said = True, "kms:Decrypt"
                elif refuse == "never given":
                    it.bucket.broken, said = {key}, "InternalError"
                else:
                    found.storage_class = {"archived": "GLACIER", "deep": "DEEP_ARCHIVE", "tiering": "INTELLIGENT_TIERING"}[refuse]
                    said = f"restore-object --bucket {it.trail.bucket} --key {key}"
                check(it.verify() == 3, f"{place} {refuse}: exit {it.result.returncode} {it.output}{it.errors}")
                check(it.verdict(key) == [("unverified", "unreadable")], f"{place} {refuse}: {it.verdict(key)}")
                check(said in it.output and "INVALID" not in it.output and "not found" not in it.output, it.output)


@way
def a_delete_marker_is_named(mhpipe):
    for place in ("log", "digest"):
        with Reached(mhpipe) as it:
            key = getattr(it, place)
            it.bucket.delete(key)
            check(it.verify() == 5, it.output + it.errors)
            check(it.verdict(key) == [("invalid", "not_found")], f"{it.verdict(key)}")
            line = next(line for line in it.output.splitlines() if key in line and "not found" in line)
            check("delete marker" in line and "list-object-versions" in line, line)


@way
def a_folder_that_may_not_be_listed_does_not_hide_the_rest(mhpipe):
    for kind in ("CloudTrail", "CloudTrail-Digest"):
        with Reached(mhpipe) as it:
            it.bucket.denied_lists = [f"AWSLogs/999988887777/{kind}/"]
            it.bucket.put(f"AWSLogs/999988887777/{kind}/us-west-2/2026/01/02/x.json.gz", b"")
            check(it.verify() == 3, it.output + it.errors)
            check("s3:ListBucket" in it.output and "1 folder that could not be listed" in it.output, it.output)
            check(it.report["summary"]["logs"]["valid"] == 12 and it.report["summary"]["unlistedFolders"] == 1, it.report["summary"])
            check([f["type"] for f in it.report["findings"]].count("folder") == 1, it.output)


@way
def what_is_asked_for_is_all_that_is_listed(mhpipe):
    with Reached(mhpipe, hours=80 * 24, logs=1) as it:
        it.bucket.put(f"AWSLogs/999988887777/CloudTrail/us-west-2/2026/01/02/x.json.gz", b"")
        it.bucket.put(f"AWSLogs/{it.trail.account}/Config/us-west-2/x.json.gz", b"never read")
        check(it.verify("--account", it.trail.account, "--since", "2026-03-10", "--until", "2026-03-11") == 0, it.output + it.errors)
        lists = [prefix for kind, prefix, _ in it.bucket.requests if kind == "LIST"]
        check(not any("9999" in prefix or "Config" in prefix for prefix in lists), lists)
        days = [prefix for prefix in lists if prefix.startswith(f"AWSLogs/{it.trail.account}/CloudTrail/us-west-2/2026/") and prefix.count("/") == 7]
        check(all(day[-3:-1] in ("09", "10", "11", "12") for day in days), days)
        check(not any("/2026/01/" in prefix for prefix in lists), lists)
        gets = [name for kind, name, _ in it.bucket.requests if kind == "GET"]
        check(len(gets) == len(set(gets)), "read twice")
        check(all("/2026/03/" in name for name in gets), gets)


@way
def log_files_are_listed_beside_the_reading(mhpipe):
    with Reached(mhpipe, hours=40) as it:
        check(it.verify() == 0, it.output + it.errors)
        requests = [(kind, name) for kind, name, _ in it.bucket.requests]
        # Digest files are listed from the root on, in two regions until the right one is known, and at last all.
        begun = [place for place, (kind, name) in enumerate(requests) if kind == "LIST" and not name]
        last = max(place for place, (kind, _) in enumerate(requests) if kind == "GET")
        check(begun[-1] < last, f"{begun} {last}")


@way
def nobody_lets_us_in(mhpipe):
    with Reached(mhpipe) as it:
        check(it.verify(AWS_SECRET_ACCESS_KEY="wrong-but-secret") == 1 and "SignatureDoesNotMatch" in it.errors, it.errors)
        check("wrong-but-secret" not in it.errors and it.report is None, it.errors)
        it.bucket.denied_lists = [""]
        check(it.verify() == 1 and "s3:ListBucket" in it.errors and it.report is None, it.errors)
        it.bucket.denied_lists = []
        it.bucket.faults = aws.Faults(1, 1, kinds=("unavailable",))
        check(it.verify() == 1 and "503" in it.errors, it.errors)
    with Reached(mhpipe) as it:
        it.trail.bucket = "none"
        check(it.verify() == 1 and "NoSuchBucket" in it.errors, it.errors)


@way
def public_keys_are_given_or_asked_for(mhpipe):
    with tempfile.TemporaryDirectory() as folder, Reached(mhpipe) as it:
        it.trail.keys = [KEYS[1], KEYS[0]]
        check(it.verify() == 0 and len(it.server.asked) == 2, "the second page was not asked for")
        it.server.refuses_keys = True
        check(it.verify() == 3 and "cloudtrail:ListPublicKeys" in it.errors and "--public-keys" in it.errors, it.errors)
        check(it.report["publicKeyRegions"] == [] and "INVALID" not in it.output, it.output)
        asked = len(it.server.asked)
        check(it.verify("--public-keys", it.keys_file(folder)) == 0 and len(it.server.asked) == asked, it.errors)
        # A server of one's own has no CloudTrail, and AWS is not asked for its keys.
        check(it.verify("--endpoint", it.server.url, AWS_ENDPOINT_URL=None) == 3 and len(it.server.asked) == asked, it.errors)
        it.server.refuses_keys = False
        it.trail.keys = []
        check(it.verify() == 3 and "has no public keys" in it.errors, it.errors)


def planted(it, region):
    """An hour of a trail that CloudTrail has never written, with the fingerprint of a key that it has."""
    key = copy.copy(KEYS[1])
    key.fingerprint = KEYS[0].fingerprint
    trail = trails.Trail(key, hours=1, region=region)
    for (_, key), (data, metadata) in trail.objects.items():
        it.bucket.put(key, data, headers={"x-amz-meta-" + name: value for name, value in (metadata or {}).items()})


@way
def a_region_without_keys_leaves_the_others(mhpipe):
    # The last ones are no names of regions, and would be asked for keys at hosts of somebody else.
    for region in ("aa-nowhere-9", "zz-nowhere-9", "evil.example#", "x@evil.example", "evil.example?"):
        with tempfile.TemporaryDirectory() as folder, Read(mhpipe) as it:
            planted(it, region)
            it.server.refused_regions = {region}
            check(it.verify() == 3, f"{region}: {it.result.returncode} {it.output}{it.errors}")
            summary = it.report["summary"]
            check(summary["digests"] == {"valid": 6, "invalid": 0, "unverified": 1}, f"{region}: {summary}")
            check(summary["logs"] == {"valid": 12, "invalid": 0, "unverified": 2}, f"{region}: {summary}")
            said = f"CloudTrail gives no public keys of {region}: "
            check(said in it.errors and f"NOT VERIFIED: {said}" in it.output, it.output + it.errors)
            check(it.report["publicKeyRegions"] == ["us-west-2"], it.report["publicKeyRegions"])
            without = it.report["regionsWithoutPublicKeys"]
            check([one["region"] for one in without] == [region] and said in without[0]["reason"], without)
            asked = {"us-west-2"} | ({region} if "nowhere" in region else set())
            check(set(it.server.asked_regions) == asked, f"{region}: {it.server.asked_regions}")
            check(it.run(folder, "warn", keys=False) == 0 and said in it.errors, it.errors)
            check(sorted(it.integrity) == ["unsigned"] * 2 + ["verified"] * 12, f"{region}: {it.integrity} {it.errors}")
            check("no public keys of their regions: 1" in it.errors, it.errors)
            check(it.run(folder, "quarantine", keys=False) == 3 and it.integrity == ["verified"] * 12, f"{it.integrity} {it.errors}")


@way
def the_options_of_the_source(mhpipe):
    with tempfile.TemporaryDirectory() as folder, Reached(mhpipe) as it:
        secret = bytes(range(32))
        for found in it.bucket.objects.values():
            found.customer_key = secret
        it.bucket.requester_pays = True
        with open(os.path.join(folder, "k"), "wb") as file:
            file.write(secret)
        with open(os.path.join(folder, "config"), "w") as file:
            file.write(f"[profile audit]\nregion = us-west-2\naws_access_key_id = {aws.ACCESS}\naws_secret_access_key = {aws.SECRET}\n")
        keys = it.keys_file(folder)
        plain = {name: None for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL")}
        code = it.verify("--customer-key", os.path.join(folder, "k"), "--requester-pays", "--endpoint", it.server.url, "--profile", "audit",
                         "--public-keys", keys, AWS_CONFIG_FILE=os.path.join(folder, "config"), **plain)
        check(code == 0, it.output + it.errors)
        check(it.verify("--requester-pays") == 3 and it.verify("--customer-key", os.path.join(folder, "k")) == 1, it.output + it.errors)
        check(it.verify("--requester-pays", "--bucket-region", "eu-west-1") == 1 and "us-west-2" in it.errors, it.errors)


@way
def a_large_log_comes_in_parts(mhpipe):
    with Reached(mhpipe, hours=3) as it:
        chance = random.Random(3)
        text = b'{"Records":[]}' + b" " * 3 + chance.randbytes(9 << 20)
        key = it.trail.logs(0)[0][1]
        it.bucket.put(key, gzip.compress(text, 1))
        def change(content):
            content["logFiles"][0]["hashValue"] = hashlib.sha256(text).hexdigest()
        it.trail.resign(0, change)
        for name, digest in it.trail.digests:
            data, metadata = it.trail.objects[name, digest]
            it.bucket.put(digest, data, headers={"x-amz-meta-" + n: v for n, v in metadata.items()})
        it.bucket.faults = aws.Faults(0.3, 4, kinds=("reset", "truncate", "late_reset", "unavailable"))
        check(it.verify() == 0, it.output + it.errors)
        parts = [part for kind, name, part in it.bucket.requests if kind == "GET" and name == key]
        check(len(parts) >= 3 and None not in parts, parts)
        it.bucket.faults = aws.Faults()
        count = [0]
        def later(bucket):
            if bucket.requests[-1][:2] == ("GET", key):
                count[0] += 1
                if count[0] == 2:
                    bucket.put(key, bucket.objects[key].body + b"x")
        it.bucket.after_request = later
        check(it.verify() == 3 and "it was replaced while it was read" in it.output, it.output + it.errors)


@way
def other_buckets_get_no_keys_and_no_money(mhpipe):
    with tempfile.TemporaryDirectory() as folder, Reached(mhpipe, buckets={0: "older-bucket", 1: "older-bucket"}) as it:
        with open(os.path.join(folder, "k"), "wb") as file:
            file.write(bytes(32))
        seen = []
        original = TrailHandler.get
        def get(handler, key, fault, version=None):
            seen.append((handler.bucket.name, handler.headers.get("x-amz-request-payer"), handler.headers.get("x-amz-server-side-encryption-customer-key")))
            original(handler, key, fault, version)
        TrailHandler.get = get
        try:
            check(it.verify("--requester-pays", "--customer-key", os.path.join(folder, "k")) == 0, it.output + it.errors)
        finally:
            TrailHandler.get = original
        check(any(name == "older-bucket" for name, _, _ in seen), "the other bucket was not asked")
        check(not any(payer or secret for name, payer, secret in seen if name == "older-bucket"), "it was given what is not its")


# Source s3


class Read(Reached):
    """The same, read by a pipeline."""

    def run(self, folder, mode, more="", keys=True, url="", **environment_):
        config = f"""
sources: {{logs: {{type: s3, url: "s3://{self.trail.bucket}/{url}", verify_digests: {mode}{", public_keys: [keys.json]" if keys else ""}{more}}}}}
sinks: {{lines: {{type: jsonl, path: out.jsonl}}}}
quarantine: bad.jsonl
"""
        self.keys_file(folder)
        with open(os.path.join(folder, "p.conf"), "w") as file:
            file.write(config)
        for name in ("out.jsonl", "bad.jsonl"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(os.path.join(folder, name))
        self.result = subprocess.run([self.mhpipe, "run", "p.conf"], capture_output=True, text=True, timeout=120, cwd=folder,
                                     env=environment(self.server, **environment_), stdin=subprocess.DEVNULL)
        self.errors = self.result.stderr
        path = os.path.join(folder, "out.jsonl")
        lines = open(path).read().splitlines() if os.path.exists(path) else []
        self.integrity = [json.loads(line).get("integrity") for line in lines]
        return self.result.returncode


def tampered(mhpipe):
    """Four log files: verified, changed, not listed, and listed by a digest file that is not signed."""
    it = Read(mhpipe, hours=4, logs=1)
    trail = it.trail
    changed = trail.logs(1)[0][1]
    it.bucket.put(changed, gzip.compress(gzip.decompress(it.bucket.objects[changed].body) + b" "))
    trail.resign(2, lambda content: content.update(logFiles=[]))
    trail.objects[trail.digests[3]][1]["signature"] = "00" * 128
    for name, digest in trail.digests:
        data, metadata = trail.objects[name, digest]
        it.bucket.put(digest, data, headers={"x-amz-meta-" + n: v for n, v in metadata.items()})
    return it


@way
def a_run_says_what_its_files_are(mhpipe):
    with tempfile.TemporaryDirectory() as folder, tampered(mhpipe) as it:
        for url in ("", "AWSLogs", f"AWSLogs/{it.trail.account}/CloudTrail/us-west-2", f"AWSLogs/{it.trail.account}/CloudTrail/us-west-2/2026/01/02/"):
            check(it.run(folder, "warn", url=url) == 0, it.errors)
            check(it.integrity == ["verified", "mismatch", "unlisted", "unsigned"], f"{url}: {it.integrity} {it.errors}")
        check(it.run(folder, "quarantine") == 3 and it.integrity == ["verified"], f"{it.integrity} {it.errors}")
        bad = [json.loads(line)["reason"] for line in open(os.path.join(folder, "bad.jsonl"))]
        check(len(bad) == 4, bad)
        check(it.run(folder, "fail") == 1 and not os.path.exists(os.path.join(folder, "out.jsonl")), it.errors)
        check(it.run(folder, "warn", keys=False) == 0 and it.integrity[0] == "verified" and it.server.asked, it.errors)
        it.server.refuses_keys = True
        check(it.run(folder, "warn", keys=False) == 0 and it.integrity[0] == "unsigned", it.errors)
        check("cloudtrail:ListPublicKeys" in it.errors, it.errors)


@way
def a_run_names_what_is_missing(mhpipe):
    for gone in ("log", "digest"):
        for mode, code in (("warn", 0), ("quarantine", 3), ("fail", 1)):
            with tempfile.TemporaryDirectory() as folder, Read(mhpipe) as it:
                key = getattr(it, gone)
                del it.bucket.objects[key]
                check(it.run(folder, mode) == code, f"{gone} {mode}: {it.result.returncode} {it.errors}")
                said = open(os.path.join(folder, "bad.jsonl")).read() if mode == "quarantine" else it.errors
                check(key in said or gone == "digest" and mode == "warn", f"{gone} {mode}: {said}")


@way
def a_run_tells_what_it_cannot_reach(mhpipe):
    for mode, code in (("warn", 0), ("quarantine", 3), ("fail", 1)):
        with tempfile.TemporaryDirectory() as folder, Read(mhpipe) as it:
            it.bucket.objects[it.digest].storage_class = "GLACIER"
            check(it.run(folder, mode) == code, f"{mode}: {it.result.returncode} {it.errors}")
            check("digest files that cannot be read: 1" in it.errors, it.errors)


@way
def versions_are_held_against_digest_files(mhpipe):
    # Keys are below AWSLogs/; a log that was written over, and one that was deleted, are read as they were.
    with tempfile.TemporaryDirectory() as folder, Read(mhpipe) as it:
        it.bucket.has_versions = True
        for key, found in it.bucket.objects.items():
            it.bucket.note_version(key, found)
        over, gone = (it.trail.logs(place)[0][1] for place in (1, 3))
        it.bucket.put(over, gzip.compress(gzip.decompress(it.bucket.objects[over].body) + b" "))
        it.bucket.delete(gone)
        check(it.run(folder, "warn", ", versions: all") == 0, it.errors)
        check(sorted(it.integrity) == ["mismatch"] + ["verified"] * 12, f"{it.integrity} {it.errors}")
        check(f"such as s3://{it.trail.bucket}/{gone}" in it.errors, it.errors)


@way
def a_sound_run_with_faults(mhpipe):
    with tempfile.TemporaryDirectory() as folder, Read(mhpipe, hours=30) as it:
        it.server.stall_seconds = 0.2
        it.bucket.faults = aws.Faults(0.1, 7)
        check(it.run(folder, "fail") == 0, it.errors)
        check(it.integrity == ["verified"] * 60, it.integrity)


def run_ways(mhpipe, only):
    failed, count = 0, 0
    for name, function in WAYS.items():
        if only and name != only:
            continue
        count += 1
        began = time.monotonic()
        try:
            function(mhpipe)
            print(f"ok      {name.replace('_', ' ')}, {time.monotonic() - began:.1f} s", flush=True)
        except (AssertionError, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"FAILED  {name.replace('_', ' ')}: {failure}", flush=True)
    print(f"{count} ways to a bucket, {failed} not as expected")
    return 1 if failed else 0


# Speed


class Taken:
    """What a process took from its start to its end, and the server meanwhile."""

    def __init__(self, command, environment, said):
        before, server, began = self.processor(), seaweed.processor_seconds(), time.monotonic()
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
        self.seconds = time.monotonic() - began
        self.own, self.server = self.processor() - before, seaweed.processor_seconds() - server
        if result.returncode or said not in result.stdout:
            raise SystemExit(f"{command[0]}: exit {result.returncode}\n{result.stdout}{result.stderr}")

    @staticmethod
    def processor():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime


def made_loop(folder):
    """The program that only downloads, decompresses and hashes; None where it cannot be built."""
    program = os.path.join(folder, "fetch")
    source = pathlib.Path(__file__).with_name("fetch.c")
    result = subprocess.run(["cc", "-O2", "-o", program, source, "-l:libcurl.so.4", "-l:libcrypto.so.3", "-ldeflate"], capture_output=True, text=True)
    if result.returncode:
        print(f"the bare loop cannot be built: {result.stderr}")
        return None
    return program


def speed_at(name, mhpipe, loop, trail, address, keys, rounds):
    """Runs awscli, mhpipe and the loop in turn."""
    plain = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET,
             "AWS_DEFAULT_REGION": trail.region, "AWS_REGION": trail.region, "AWS_ENDPOINT_URL_S3": address,
             "AWS_ENDPOINT_URL_CLOUDTRAIL": keys.url, "AWS_EC2_METADATA_DISABLED": "true", "HOME": tempfile.gettempdir()}
    count = len(trail.digests)
    of_aws = [sys.executable, os.path.join(os.path.dirname(sys.executable), "aws"), "cloudtrail", "validate-logs", "--trail-arn",
              arn_of(trail), "--s3-bucket", trail.bucket, "--start-time", trails.text_of(trail.start), "--end-time", trails.text_of(trail.end)]
    programs = {"awscli": (of_aws, f"{count}/{count} digest files valid"),
                "mhpipe": ([mhpipe, "verify-trail", f"s3://{trail.bucket}/"], f"{count:,}/{count:,} digest files valid")}
    if loop:
        addresses = f"{loop}.addresses"
        with open(addresses, "w") as file:
            for digest in trail.digests:
                file.write(f"{address}/{digest[0]}/{urllib.parse.quote(digest[1])}\n")
            for place in range(count):
                for log in trail.logs(place):
                    file.write(f"{address}/{log[0]}/{urllib.parse.quote(log[1])}\n")
        programs["loop"] = ([loop, addresses, "32", f"{aws.ACCESS}:{aws.SECRET}", "hash"], "")
    taken = {program: [] for program in programs}
    # The first round is none: servers and clients have caches.
    for number in range(rounds + 1):
        for program, (command, said) in programs.items():
            if number == 0 and program == "awscli" and rounds == 1:
                continue
            own = Taken(command, plain, said)
            if number:
                taken[program].append(own)
    median = lambda program, what: statistics.median(getattr(own, what) for own in taken[program])
    print(f"from {name}:")
    words = {"awscli": "aws cloudtrail validate-logs", "mhpipe": "mhpipe verify-trail", "loop": "a bare loop that downloads, decompresses and hashes"}
    for program in programs:
        server = median(program, "server")
        print(f"  {words[program]}: {median(program, 'seconds'):.3f} s, processor time {median(program, 'own'):.3f} s"
              + (f", {server:.2f} s of the server beside it" if server > 0 else ""))
    def ratio(program, other):
        each = [one.seconds / two.seconds for one, two in zip(taken[program], taken[other])]
        return f"{statistics.median(each):.2f} times ({min(each):.2f} to {max(each):.2f})"
    print(f"  mhpipe is {ratio('awscli', 'mhpipe')} as fast as awscli", flush=True)
    if loop:
        print(f"  mhpipe takes {ratio('mhpipe', 'loop')} as long as the loop; awscli {ratio('awscli', 'loop')}, which is the most that anybody is faster", flush=True)


def speed(mhpipe):
    trail = trails.Trail(trails.Key(2048), hours=1000, logs=2)
    began = time.monotonic()
    verdicts, _, _ = oracle(trail, trail.start, trail.end)
    in_memory = time.monotonic() - began
    assert len(verdicts) == 3000, len(verdicts)
    with tempfile.TemporaryDirectory() as folder, server_of(trail) as server:
        copy, keys = os.path.join(folder, "copy"), os.path.join(folder, "keys.json")
        trail.write(copy)
        trail.write_keys(keys)
        count = len(trail.digests)
        files = [Taken([mhpipe, "verify-trail", copy, "--public-keys", keys], None, f"{count:,}/{count:,} digest files valid") for _ in range(5)]
        print(f"from memory: the validator of awscli alone {in_memory:.2f} s; from files: mhpipe "
              f"{statistics.median(own.seconds for own in files):.3f} s, processor time {statistics.median(own.own for own in files):.3f} s", flush=True)
        loop = made_loop(folder)
        server.checks_signatures = False
        speed_at("a server in Python", mhpipe, loop, trail, server.url, server, 1)
        if seaweed.program() is None:
            print("SeaweedFS is not installed, so it is not tried")
            return 0
        with seaweed.seaweed(pathlib.Path(folder), trail.bucket) as (client, url):
            for (bucket, key), (data, metadata) in trail.objects.items():
                client.put_object(Bucket=bucket, Key=key, Body=data, Metadata=metadata or {})
            client.delete_object(Bucket=trail.bucket, Key="ready")
            speed_at("SeaweedFS", mhpipe, loop, trail, url, server, 3)
            port = delay.port(int(url.rsplit(":", 1)[1]), 0.02)
            speed_at("SeaweedFS, 20 ms before each request", mhpipe, loop, trail, f"http://127.0.0.1:{port}", server, 1)
    return 0


if __name__ == "__main__":
    sys.argv[1] = os.path.abspath(sys.argv[1])
    if "--speed" in sys.argv:
        sys.exit(speed(sys.argv[1]))
    only = sys.argv[2] if len(sys.argv) > 2 else None
    sys.exit(run_cases(sys.argv[1], only) | run_ways(sys.argv[1], only))
