"""Trails with digest files, as CloudTrail would deliver them, signed with keys made on the spot."""

import base64
import datetime
import gzip
import hashlib
import json
import os

import rsa

UTC = datetime.timezone.utc
HOUR = datetime.timedelta(hours=1)


def text_of(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Key:
    """A pair of keys, with a fingerprint that says nothing."""

    def __init__(self, bits=1024):
        self.public, self.private = rsa.newkeys(bits)
        self.der = self.public.save_pkcs1("DER")
        self.fingerprint = hashlib.md5(self.der).hexdigest()

    def entry(self):
        return {"Value": base64.b64encode(self.der).decode(), "Fingerprint": self.fingerprint,
                "ValidityStartTime": "2026-01-01T00:00:00+00:00", "ValidityEndTime": "2027-01-01T00:00:00+00:00"}

    def sign(self, text):
        return rsa.sign(text, self.private, "SHA-256").hex()


class Trail:
    """A trail of one region: its objects by bucket and key, each with bytes and metadata."""

    account = "111122223333"

    def __init__(self, key, hours=6, logs=2, prefix="", organization=None, region="us-west-2", home=None,
                 bucket="example-bucket", name="all_events-1", start=datetime.datetime(2026, 1, 2, 3, 0, 0, tzinfo=UTC),
                 breaks=(), backfill=(), buckets=None):
        self.key, self.region, self.home, self.bucket, self.name = key, region, home or region, bucket, name
        self.prefix, self.organization = prefix, organization
        self.objects = {}
        self.digests = []
        self.keys = [key]
        self.start, self.end = start, start + hours * HOUR
        previous = None
        for hour in range(hours):
            begin = start + hour * HOUR
            if hour in backfill:
                continue
            if hour in breaks or hour - 1 in backfill:
                previous = None
            bucket = (buckets or {}).get(hour, self.bucket)
            listed = [self.add_log(begin, number, bucket) for number in range(logs)]
            previous = self.add_digest(begin, listed, previous, bucket)
        previous = None
        for hour in sorted(backfill):
            begin = start + hour * HOUR
            listed = [self.add_log(begin, number, self.bucket) for number in range(logs)]
            previous = self.add_digest(begin, listed, previous, self.bucket, is_backfill=True)

    def root(self):
        return "/".join(part for part in (self.prefix, "AWSLogs", self.organization, self.account) if part)

    def log_key(self, time, unique):
        return (f"{self.root()}/CloudTrail/{self.region}/{time:%Y/%m/%d}/{self.account}_CloudTrail_{self.region}_"
                f"{time:%Y%m%dT%H%MZ}_{unique}.json.gz")

    def digest_key(self, time, is_backfill=False):
        return (f"{self.root()}/CloudTrail-Digest/{self.region}/{time:%Y/%m/%d}/{self.account}_CloudTrail-Digest_"
                f"{self.region}_{self.name}_{self.home}_{time:%Y%m%dT%H%M%SZ}{'_backfill' if is_backfill else ''}.json.gz")

    def add_log(self, begin, number, bucket):
        time = begin + datetime.timedelta(minutes=5 * number + 2)
        key = self.log_key(time, f"{number:016d}")
        event = {"eventVersion": "1.08", "eventTime": text_of(time), "eventID": f"{time:%H%M}-{number}",
                 "eventSource": "mgh.amazonaws.com", "eventName": "ImportMigrationTask", "awsRegion": self.region,
                 "recipientAccountId": self.account}
        text = json.dumps({"Records": [event]}).encode()
        self.objects[bucket, key] = (gzip.compress(text, mtime=0), {})
        return {"s3Bucket": bucket, "s3Object": key, "hashValue": hashlib.sha256(text).hexdigest(),
                "hashAlgorithm": "SHA-256", "newestEventTime": text_of(time), "oldestEventTime": text_of(time)}

    def add_digest(self, begin, logs, previous, bucket, is_backfill=False):
        end = begin + HOUR
        content = {
            "awsAccountId": self.account, "digestStartTime": text_of(begin), "digestEndTime": text_of(end),
            "digestS3Bucket": bucket, "digestS3Object": self.digest_key(end, is_backfill),
            "digestPublicKeyFingerprint": self.key.fingerprint, "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": None, "oldestEventTime": None, "previousDigestS3Bucket": None,
            "previousDigestS3Object": None, "previousDigestHashValue": None, "previousDigestHashAlgorithm": None,
            "previousDigestSignature": None, "logFiles": logs}
        address = bucket, content["digestS3Object"]
        self.link(content, previous)
        self.store(address, content, is_backfill)
        self.digests.append(address)
        return address

    def link(self, content, previous):
        """Has a digest file name the one before it."""
        if previous is None:
            return
        data, metadata = self.objects[previous]
        content.update(
            previousDigestS3Bucket=previous[0], previousDigestS3Object=previous[1],
            previousDigestHashValue=hashlib.sha256(gzip.decompress(data)).hexdigest(),
            previousDigestHashAlgorithm="SHA-256", previousDigestSignature=metadata["signature"])

    def store(self, address, content, is_backfill=False, key=None):
        """Signs a digest file and stores it."""
        text = json.dumps(content).encode()
        signed = "\n".join([content["digestEndTime"], content["digestS3Bucket"] + "/" + content["digestS3Object"],
                            hashlib.sha256(text).hexdigest(), content["previousDigestSignature"] or "null"])
        metadata = {"signature": (key or self.key).sign(signed.encode()), "signature-algorithm": "SHA256withRSA"}
        if is_backfill:
            metadata["backfill-generation-timestamp"] = "2026-01-05T00:00:00Z"
        self.objects[address] = (gzip.compress(text, mtime=0), metadata)

    # What tamperings do

    def content(self, address):
        return json.loads(gzip.decompress(self.objects[address][0]))

    def logs(self, number):
        return [(log["s3Bucket"], log["s3Object"]) for log in self.content(self.digests[number])["logFiles"]]

    def put(self, address, data):
        self.objects[address] = (data, self.objects.get(address, (b"", {}))[1])

    def edit(self, number, **changes):
        """Changes what a digest file says, and leaves its signature."""
        content = self.content(self.digests[number])
        content.update(changes)
        self.put(self.digests[number], gzip.compress(json.dumps(content).encode(), mtime=0))

    def resign(self, number, change):
        """Changes a digest file and all behind it, as somebody with the private key could."""
        for place in range(number, len(self.digests)):
            content = self.content(self.digests[place])
            if place == number:
                change(content)
            elif content["previousDigestS3Object"] is not None:
                self.link(content, self.digests[place - 1])
            self.store(self.digests[place], content)

    def write(self, folder, keeps_metadata=True):
        """Copies the bucket into a folder; several buckets into folders of their names."""
        buckets = {bucket for bucket, _ in self.objects}
        for (bucket, key), (data, metadata) in self.objects.items():
            path = os.path.join(folder, *([bucket] if len(buckets) > 1 else []), key)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
            if keeps_metadata and metadata is not None and "CloudTrail-Digest" in key:
                with open(path + ".metadata", "w") as file:
                    json.dump({"ContentLength": len(data), "Metadata": metadata}, file)

    def write_keys(self, path):
        with open(path, "w") as file:
            json.dump({"PublicKeyList": [key if isinstance(key, dict) else key.entry() for key in self.keys]}, file)
