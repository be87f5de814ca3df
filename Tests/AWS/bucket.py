"""A bucket of S3 in memory, whose keys are listed by their bytes as AWS does, with the faults that AWS has.

It checks signatures by itself, counts requests, and knows archive classes, regions, clocks, and whose prefixes are refused.
It takes objects whole and in parts, checks their checksums, and can lose any answer behind what it has done.
"""

import base64
import datetime
import hashlib
import hmac
import http.server
import random
import re
import socket
import struct
import threading
import time
import urllib.parse
import xml.sax.saxutils

ACCESS, SECRET = "AKIATESTTESTTESTTEST", "secret+/of=the-tests"


class Faults:
    """What goes wrong, by chance or by count; every choice comes from one seed."""

    KINDS = ("reset", "unavailable", "slow_down", "truncate", "stall", "wrong_etag", "garbage", "late_reset")
    # Of requests that write, `lost` is an answer that does not come although all is done, `error_inside` a status of success
    # with a refusal in the body.
    WRITING = ("reset", "unavailable", "slow_down", "wrong_etag", "garbage", "lost", "internal", "error_inside")

    def __init__(self, rate=0.0, seed=1, kinds=KINDS, storm=0.0):
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        self.rate, self.kinds, self.made = rate, kinds, 0
        self.storm_ends = time.monotonic() + storm

    def next(self):
        with self.lock:
            if time.monotonic() < self.storm_ends:
                self.made += 1
                return "unavailable"
            if self.chance.random() >= self.rate:
                return None
            self.made += 1
            return self.chance.choice(self.kinds)


class Object:
    def __init__(self, body, storage_class="STANDARD", restored=False, customer_key=None, kms=False, headers=None, etag=None):
        self.body, self.storage_class, self.restored = body, storage_class, restored
        self.customer_key, self.kms = customer_key, kms
        self.etag = etag or hashlib.md5(body).hexdigest()
        self.headers = headers or {}


class Upload:
    """An upload by parts that is not done."""

    def __init__(self, key, headers):
        self.key, self.headers, self.parts = key, headers, {}


class Bucket:
    """The state of the server; tests change it between runs."""

    def __init__(self, name="trail", region="us-east-1"):
        self.name, self.region = name, region
        self.objects = {}
        self.faults = Faults()
        self.requests = []
        self.denied_prefixes = []
        # Prefixes that may not be listed, although what is below them may be read.
        self.denied_lists = []
        # What a delete marker hides.
        self.deleted = set()
        # Where it has versions: those of each key, the latest first, None for a delete marker.
        self.versions, self.has_versions, self.made_versions = {}, False, 0
        self.skew = datetime.timedelta()
        self.delay = 0.0
        self.page = 1000
        self.token = None
        # Session tokens that were sent.
        self.tokens = []
        self.requester_pays = False
        # Keys that are never given.
        self.broken = set()
        # Called with the bucket before a request is acted on; it may give the fault that this request takes, or the status and
        # the code that it is refused with.
        self.after_request = None
        # For each key how often it was made; uploads that were begun, and their ids when they are done.
        self.written, self.uploads, self.ended, self.begun = {}, {}, {}, 0
        self.write_faults = Faults()
        self.may_write = self.may_read = self.may_abort = self.may_remove = True
        self.lock = threading.RLock()

    def put(self, key, body, **more):
        self.objects[key] = Object(body, **more)
        self.deleted.discard(key)
        self.note_version(key, self.objects[key])

    def note_version(self, key, found):
        if self.has_versions:
            self.made_versions += 1
            self.versions.setdefault(key, []).insert(0, (f"v{self.made_versions}+/=", found))

    def delete(self, key):
        """Puts a delete marker before it, as where the bucket has versions."""
        del self.objects[key]
        self.deleted.add(key)
        self.note_version(key, None)


def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def setup(self):
        super().setup()
        self.bucket = self.server.bucket

    def date_time_string(self, timestamp=None):
        now = datetime.datetime.now(datetime.timezone.utc) + self.bucket.skew
        return now.strftime("%a, %d %b %Y %H:%M:%S GMT")

    def fail(self, status, code, message="", region=None, **headers):
        body = f"<Error><Code>{code}</Code><Message>{message}</Message>"
        if region:
            body += f"<Region>{region}</Region>"
            headers["x-amz-bucket-region"] = region
        self.answer(status, f"{body}<AWSAccessKeyId>{ACCESS}</AWSAccessKeyId></Error>".encode(), headers)

    def answer(self, status, body, headers=(), fault=None):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault == "truncate":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault == "late_reset":
            self.wfile.write(body[: len(body) * 2 // 3])
            self.reset()
        elif fault == "stall":
            self.wfile.write(body[: len(body) // 3])
            self.wfile.flush()
            self.server.stalled.wait(self.server.stall_seconds)
            self.close_connection = True
        else:
            self.wfile.write(body)

    def reset(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        self.rfile = self.wfile = open("/dev/null", "r+b", buffering=0)

    def signed(self, service="s3", body=b""):
        """Why the signature is refused; None when it is right."""
        match = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/" + service
            + r"/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)",
            self.headers.get("Authorization", ""),
        )
        if not match:
            return "AccessDenied"
        access, day, region, names, given = match.groups()
        self.bucket.tokens.append(self.headers.get("x-amz-security-token"))
        if access != self.server.access:
            return "InvalidAccessKeyId"
        if self.bucket.token and self.headers.get("x-amz-security-token") != self.bucket.token:
            return "ExpiredToken"
        stamp = self.headers["x-amz-date"]
        sent = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        if abs(datetime.datetime.now(datetime.timezone.utc) + self.bucket.skew - sent) > datetime.timedelta(minutes=15):
            return "RequestTimeTooSkewed"
        if region != self.bucket.region:
            return "AuthorizationHeaderMalformed"
        path, _, query = self.path.partition("?")
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names.split(";"))
        payload = self.headers["x-amz-content-sha256"] if service == "s3" else hashlib.sha256(body).hexdigest()
        if payload not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
            return "XAmzContentSHA256Mismatch"
        canonical = "\n".join((self.command, path, query, headers, names, payload))
        scope = f"{day}/{region}/{service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{self.server.secret}".encode()
        for part in (day, region, service, "aws4_request"):
            key = sign(key, part)
        unsigned = {name.lower() for name in self.headers if name.lower().startswith("x-amz-")} - set(names.split(";"))
        right = sign(key, text).hex() == given and not unsigned and "host" in names.split(";")
        if sorted(query.split("&")) != query.split("&"):
            return "SignatureDoesNotMatch"
        return None if right else "SignatureDoesNotMatch"

    def do_GET(self):
        bucket = self.bucket
        path, _, query = self.path.partition("?")
        query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        key = urllib.parse.unquote(path)[1:].partition("/")[2]
        kind = "PARTS" if "uploadId" in query else self.command
        with bucket.lock:
            kind = "LIST" if "list-type" in query or "versions" in query else kind
            bucket.requests.append((kind, query.get("prefix", ""), query) if kind == "LIST" else (kind, key, self.headers.get("Range")))
            fault = bucket.after_request and bucket.after_request(bucket)
        time.sleep(bucket.delay(query.get("prefix", key)) if callable(bucket.delay) else bucket.delay)
        fault = fault or bucket.faults.next()
        if isinstance(fault, tuple):
            return self.fail(*fault)
        if fault in ("reset", "lost"):
            return self.reset()
        if fault == "unavailable":
            return self.fail(503, "ServiceUnavailable", "Reduce your request rate")
        if fault == "slow_down":
            return self.fail(503, "SlowDown", "Please reduce your request rate.")
        if fault == "garbage":
            return self.answer(502, b"<html>bad gateway")
        if urllib.parse.unquote(path)[1:].partition("/")[0] != bucket.name:
            return self.fail(404, "NoSuchBucket", "The specified bucket does not exist")
        if self.server.access:
            refusal = self.signed()
            if refusal == "AuthorizationHeaderMalformed":
                return self.fail(400, refusal, f"the region is wrong; expecting '{bucket.region}'", bucket.region)
            if refusal:
                return self.fail(400 if refusal == "ExpiredToken" else 403, refusal, refusal)
        if bucket.requester_pays and self.headers.get("x-amz-request-payer") != "requester":
            return self.fail(403, "AccessDenied", "Access Denied")
        if "list-type" in query:
            return self.list(query, fault)
        if "versions" in query:
            return self.list_versions(query, fault)
        if "uploadId" in query:
            return self.list_parts(key, query)
        self.get(key, fault, query.get("versionId"))

    # What is written

    def do_PUT(self):
        self.write()

    do_POST = do_DELETE = do_PUT

    def write(self):
        """Answers a request that changes something, perhaps not at all, although it was done."""
        bucket = self.bucket
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, _, query = self.path.partition("?")
        query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        key = urllib.parse.unquote(path)[1:].partition("/")[2]
        kind = {"PUT": "PART" if "partNumber" in query else "PUT", "DELETE": "ABORT" if "uploadId" in query else "REMOVE"}.get(self.command)
        kind = kind or ("BEGIN" if "uploads" in query else "COMPLETE")
        with bucket.lock:
            bucket.requests.append((kind, key, query))
            fault = bucket.after_request and bucket.after_request(bucket)
        time.sleep(bucket.delay(key) if callable(bucket.delay) else bucket.delay)
        fault = fault or bucket.write_faults.next()
        if fault == "reset":
            return self.reset()
        if fault == "internal":
            return self.fail(500, "InternalError", "We encountered an internal error. Please try again.")
        if fault == "unavailable":
            return self.fail(503, "ServiceUnavailable", "Reduce your request rate")
        if fault == "slow_down":
            return self.fail(503, "SlowDown", "Please reduce your request rate.")
        if fault == "garbage":
            return self.answer(502, b"<html>bad gateway")
        if urllib.parse.unquote(path)[1:].partition("/")[0] != bucket.name:
            return self.fail(404, "NoSuchBucket", "The specified bucket does not exist")
        if self.server.access:
            refusal = self.signed(body=body)
            if refusal == "AuthorizationHeaderMalformed":
                return self.fail(400, refusal, f"the region is wrong; expecting '{bucket.region}'", bucket.region)
            if refusal:
                return self.fail(400 if refusal == "ExpiredToken" else 403, refusal, refusal)
        if bucket.requester_pays and self.headers.get("x-amz-request-payer") != "requester":
            return self.fail(403, "AccessDenied", "Access Denied")
        if not {"ABORT": bucket.may_abort, "REMOVE": bucket.may_remove}.get(kind, bucket.may_write):
            return self.fail(403, "AccessDenied", "Access Denied")
        if body and kind != "COMPLETE":
            for name, algorithm in (("x-amz-checksum-sha256", hashlib.sha256), ("content-md5", hashlib.md5)):
                given = self.headers.get(name)
                if given is None or base64.b64decode(given) != algorithm(body).digest():
                    return self.fail(400, "BadDigest", f"{name} is {given}")
        with bucket.lock:
            status, answer, headers = getattr(self, kind.lower())(key, query, body)
        if fault == "lost":
            return self.reset()
        if fault == "error_inside" and kind == "COMPLETE" and status == 200:
            return self.answer(200, b"\n \n<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>again</Message></Error>")
        if fault == "wrong_etag" and "ETag" in headers:
            headers["ETag"] = '"00000000000000000000000000000000"'
        self.answer(status, answer, headers)

    def refused(self, status, code, message=""):
        return status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode(), {}

    def kept(self):
        """The headers of a request that are kept with an object."""
        names = [name for name in self.headers if name.lower().startswith("x-amz-meta-")]
        return {name: self.headers[name] for name in names}

    def make(self, key, body, headers, etag=None):
        if self.headers.get("If-None-Match") == "*" and key in self.bucket.objects:
            return self.refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        storage_class = headers.pop("class", None) or "STANDARD"
        secret = headers.pop("secret", None)
        kms = bool(headers.pop("kms", None))
        self.bucket.objects[key] = Object(body, storage_class, customer_key=secret, kms=kms, headers=headers, etag=etag)
        self.bucket.written[key] = self.bucket.written.get(key, 0) + 1
        return None

    def how(self):
        """What a request says of how an object is kept."""
        secret = self.headers.get("x-amz-server-side-encryption-customer-key")
        more = {"class": self.headers.get("x-amz-storage-class"), "secret": secret and base64.b64decode(secret)}
        return self.kept() | more | {"kms": self.headers.get("x-amz-server-side-encryption-aws-kms-key-id")}

    def put(self, key, query, body):
        refusal = self.make(key, body, self.how())
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return refusal or (200, b"", {"ETag": f'"{self.bucket.objects[key].etag}"', "x-amz-checksum-sha256": checksum})

    def begin(self, key, query, body):
        self.bucket.begun += 1
        upload = f"2~up/load+{self.bucket.begun}"
        self.bucket.uploads[upload] = Upload(key, self.how())
        name = "InitiateMultipartUploadResult"
        return 200, f"<{name}><Bucket>b</Bucket><Key>k</Key><UploadId>{upload}</UploadId></{name}>".encode(), {}

    def upload(self, key, query):
        found = self.bucket.uploads.get(query["uploadId"])
        return found if found and found.key == key else None

    def part(self, key, query, body):
        found = self.upload(key, query)
        if not found:
            return self.refused(404, "NoSuchUpload", "The specified upload does not exist.")
        if (found.headers["secret"] is None) != ("x-amz-server-side-encryption-customer-key" not in self.headers):
            return self.refused(400, "InvalidRequest", "the key is missing")
        found.parts[int(query["partNumber"])] = body
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return 200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"', "x-amz-checksum-sha256": checksum}

    def complete(self, key, query, body):
        found = self.upload(key, query)
        name = "CompleteMultipartUploadResult"
        if not found:
            return self.refused(404, "NoSuchUpload", "The specified upload does not exist.")
        numbers = [int(number) for number in re.findall(r"<PartNumber>(\d+)<", body.decode())]
        etags = re.findall(r"<ETag>&quot;(\w+)&quot;<", body.decode())
        sums = re.findall(r"<ChecksumSHA256>([^<]+)<", body.decode())
        parts = [found.parts.get(number) for number in numbers]
        if numbers != sorted(numbers) or None in parts or not len(etags) == len(sums) == len(parts) > 0:
            return self.refused(400, "InvalidPart", "parts")
        if etags != [hashlib.md5(part).hexdigest() for part in parts]:
            return self.refused(400, "InvalidPart", "etags")
        if any(len(part) < 5 << 20 for part in parts[:-1]):
            return self.refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        whole = b"".join(parts)
        if self.headers.get("x-amz-mp-object-size") not in (None, str(len(whole))):
            return self.refused(400, "InvalidRequest", "another size")
        etag = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest() + f"-{len(parts)}"
        refusal = self.make(key, whole, dict(found.headers), etag)
        if refusal:
            return refusal
        del self.bucket.uploads[query["uploadId"]]
        self.bucket.ended[query["uploadId"]] = key
        return 200, f"<{name}><ETag>&quot;{etag}&quot;</ETag></{name}>".encode(), {}

    def abort(self, key, query, body):
        if not self.upload(key, query):
            return self.refused(404, "NoSuchUpload", "The specified upload does not exist.")
        del self.bucket.uploads[query["uploadId"]]
        return 204, b"", {}

    def remove(self, key, query, body):
        # What is not there is removed as well.
        self.bucket.objects.pop(key, None)
        return 204, b"", {}

    def list_parts(self, key, query):
        found = self.upload(key, query)
        if not found:
            return self.fail(404, "NoSuchUpload", "The specified upload does not exist.")
        after = int(query.get("part-number-marker", 0))
        numbers = sorted(number for number in found.parts if number > after)
        page = numbers[: self.bucket.page]
        body = f"<ListPartsResult><IsTruncated>{str(len(page) < len(numbers)).lower()}</IsTruncated>"
        body += f"<NextPartNumberMarker>{page[-1] if page else 0}</NextPartNumberMarker>"
        for number in page:
            part = found.parts[number]
            body += f"<Part><PartNumber>{number}</PartNumber><ETag>&quot;{hashlib.md5(part).hexdigest()}&quot;</ETag><Size>{len(part)}</Size></Part>"
        self.answer(200, f"{body}</ListPartsResult>".encode())

    def list(self, query, fault):
        bucket = self.bucket
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        if any(prefix.startswith(denied) for denied in bucket.denied_prefixes + bucket.denied_lists):
            return self.fail(403, "AccessDenied", f"User: arn:aws:iam::1:user/t is not authorized to perform: s3:ListBucket")
        encode = (lambda text: urllib.parse.quote_plus(text, safe="/")) if query.get("encoding-type") == "url" else xml.sax.saxutils.escape
        after = base64.b64decode(query["continuation-token"]).decode() if "continuation-token" in query else ""
        entries, folders = [], set()
        for key in sorted((key for key in bucket.objects if key.startswith(prefix)), key=str.encode):
            rest = key[len(prefix):]
            if delimiter and delimiter in rest:
                folder = prefix + rest.partition(delimiter)[0] + delimiter
                if folder not in folders:
                    folders.add(folder)
                    entries.append((folder, None))
            else:
                entries.append((key, bucket.objects[key]))
        entries = [entry for entry in entries if entry[0].encode() > after.encode()]
        page, more = entries[: bucket.page], len(entries) > bucket.page
        body = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        body += f"<Name>{bucket.name}</Name><IsTruncated>{str(more).lower()}</IsTruncated>"
        if more:
            body += f"<NextContinuationToken>{base64.b64encode(page[-1][0].encode()).decode()}</NextContinuationToken>"
        for key, found in page:
            if found:
                body += f"<Contents><Key>{encode(key)}</Key><ETag>&quot;{found.etag}&quot;</ETag><Size>{len(found.body)}</Size>"
                body += f"<StorageClass>{found.storage_class}</StorageClass>"
                if found.restored and "RestoreStatus" in self.headers.get("x-amz-optional-object-attributes", ""):
                    body += "<RestoreStatus><RestoreExpiryDate>2030-01-01T00:00:00Z</RestoreExpiryDate></RestoreStatus>"
                body += "</Contents>"
            else:
                body += f"<CommonPrefixes><Prefix>{encode(key)}</Prefix></CommonPrefixes>"
        body += "<EncodingType>url</EncodingType></ListBucketResult>"
        self.answer(200, body.encode(), fault=fault)

    def list_versions(self, query, fault):
        bucket = self.bucket
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        if any(prefix.startswith(denied) for denied in bucket.denied_prefixes + bucket.denied_lists):
            return self.fail(403, "AccessDenied", "not authorized to perform: s3:ListBucketVersions")
        encode = lambda text: urllib.parse.quote_plus(text, safe="/")
        entries, folders = [], set()
        for key in sorted((key for key in bucket.versions if key.startswith(prefix)), key=str.encode):
            rest = key[len(prefix):]
            if delimiter and delimiter in rest:
                folder = prefix + rest.partition(delimiter)[0] + delimiter
                if folder not in folders:
                    folders.add(folder)
                    entries.append((folder, "", None, False))
                continue
            for number, (version, found) in enumerate(bucket.versions[key]):
                entries.append((key, version, found, number == 0))
        after = query.get("key-marker")
        if after is not None:
            places = [(key, version) for key, version, _, _ in entries]
            marker = (after, query.get("version-id-marker", ""))
            entries = entries[places.index(marker) + 1 :]
        page, more = entries[: bucket.page], len(entries) > bucket.page
        body = f"<ListVersionsResult><IsTruncated>{str(more).lower()}</IsTruncated>"
        if more:
            body += f"<NextKeyMarker>{encode(page[-1][0])}</NextKeyMarker>"
            body += f"<NextVersionIdMarker>{page[-1][1]}</NextVersionIdMarker>" if page[-1][1] else ""
        for key, version, found, latest in page:
            if not version:
                body += f"<CommonPrefixes><Prefix>{encode(key)}</Prefix></CommonPrefixes>"
                continue
            kind = "Version" if found else "DeleteMarker"
            body += f"<{kind}><Key>{encode(key)}</Key><VersionId>{version}</VersionId><IsLatest>{str(latest).lower()}</IsLatest>"
            if found:
                body += f"<ETag>&quot;{found.etag}&quot;</ETag><Size>{len(found.body)}</Size><StorageClass>{found.storage_class}</StorageClass>"
            body += f"</{kind}>"
        self.answer(200, f"{body}<EncodingType>url</EncodingType></ListVersionsResult>".encode(), fault=fault)

    def get(self, key, fault, version=None):
        bucket = self.bucket
        found = bucket.objects.get(key)
        if version is not None:
            found = dict(bucket.versions.get(key, [])).get(version)
        if key in bucket.broken:
            return self.fail(500, "InternalError", "We encountered an internal error. Please try again.")
        if not bucket.may_read or any(key.startswith(denied) for denied in bucket.denied_prefixes):
            return self.fail(403, "AccessDenied", "Access Denied")
        if not found:
            more = {"x-amz-delete-marker": "true"} if key in bucket.deleted else {}
            return self.fail(404, "NoSuchKey", "The specified key does not exist.", **more)
        is_archived = found.storage_class in ("GLACIER", "DEEP_ARCHIVE", "INTELLIGENT_TIERING") and not found.restored
        if is_archived and self.command != "HEAD":
            return self.fail(403, "InvalidObjectState", "The operation is not valid for the object's storage class")
        if found.kms and self.command != "HEAD":
            return self.fail(403, "AccessDenied", "not authorized to perform: kms:Decrypt")
        sent = self.headers.get("x-amz-server-side-encryption-customer-key")
        if found.customer_key and sent != base64.b64encode(found.customer_key).decode():
            return self.fail(400, "InvalidRequest", "The object was stored using a form of Server Side Encryption.")
        if self.headers.get("If-Match", f'"{found.etag}"') != f'"{found.etag}"':
            return self.fail(412, "PreconditionFailed", "At least one of the preconditions did not hold")
        body, status, headers = found.body, 200, {"ETag": f'"{found.etag}"'} | found.headers
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            first = int(wanted[1])
            last = min(int(wanted[2] or len(body)), len(body) - 1)
            if first >= len(body):
                return self.fail(416, "InvalidRange")
            headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
            body, status = body[first : last + 1], 206
        if self.command == "HEAD":
            headers["x-amz-storage-class"] = found.storage_class
            if is_archived and found.storage_class == "INTELLIGENT_TIERING":
                headers["x-amz-archive-status"] = "ARCHIVE_ACCESS"
            if found.restored:
                headers["x-amz-restore"] = 'ongoing-request="false", expiry-date="Tue, 01 Jan 2030 00:00:00 GMT"'
        elif fault == "wrong_etag":
            headers["ETag"] = '"00000000000000000000000000000000"'
        self.answer(status, body, headers, fault)

    do_HEAD = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, bucket, access=ACCESS, secret=SECRET, handler=Handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.bucket, self.access, self.secret = bucket, access, secret
        self.stalled, self.stall_seconds = threading.Event(), 30
        self.connections, self.change = 0, threading.Condition()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def handle_error(self, request, client_address):
        pass

    def process_request(self, request, client_address):
        with self.change:
            self.connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        super().shutdown_request(request)
        with self.change:
            self.connections -= 1
            self.change.notify_all()

    def settle(self):
        """Waits until all that ended programs have sent is dealt with, so that nothing comes of it any more."""
        # Connections are taken in their order: when this one is, those that wait for it are counted.
        with socket.create_connection(self.server_address) as last:
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        with self.change:
            if not self.change.wait_for(lambda: self.connections == 0, timeout=60):
                raise AssertionError(f"{self.connections} connections of programs that have ended are still open")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *arguments):
        self.stalled.set()
        self.shutdown()
        self.server_close()
