"""A bucket of S3 in memory, whose keys are listed by their bytes as AWS does, with the faults that AWS has.

It checks signatures by itself, counts requests, and knows archive classes, regions, clocks, and whose prefixes are refused.
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
    def __init__(self, body, storage_class="STANDARD", restored=False, customer_key=None, kms=False):
        self.body, self.storage_class, self.restored = body, storage_class, restored
        self.customer_key, self.kms = customer_key, kms
        self.etag = hashlib.md5(body).hexdigest()


class Bucket:
    """The state of the server; tests change it between runs."""

    def __init__(self, name="trail", region="us-east-1"):
        self.name, self.region = name, region
        self.objects = {}
        self.faults = Faults()
        self.requests = []
        self.denied_prefixes = []
        self.skew = datetime.timedelta()
        self.delay = 0.0
        self.page = 1000
        self.token = None
        self.requester_pays = False
        self.after_request = None
        self.lock = threading.Lock()

    def put(self, key, body, **more):
        self.objects[key] = Object(body, **more)


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
        with bucket.lock:
            kind = "LIST" if "list-type" in query else self.command
            bucket.requests.append((kind, query.get("prefix", ""), query) if kind == "LIST" else (kind, key, self.headers.get("Range")))
            if bucket.after_request:
                bucket.after_request(bucket)
        time.sleep(bucket.delay(query.get("prefix", key)) if callable(bucket.delay) else bucket.delay)
        fault = bucket.faults.next()
        if fault == "reset":
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
        self.get(key, fault)

    def list(self, query, fault):
        bucket = self.bucket
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        if any(prefix.startswith(denied) for denied in bucket.denied_prefixes):
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

    def get(self, key, fault):
        bucket = self.bucket
        found = bucket.objects.get(key)
        if any(key.startswith(denied) for denied in bucket.denied_prefixes):
            return self.fail(403, "AccessDenied", "Access Denied")
        if not found:
            return self.fail(404, "NoSuchKey", "The specified key does not exist.")
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
        body, status, headers = found.body, 200, {"ETag": f'"{found.etag}"'}
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
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def handle_error(self, request, client_address):
        pass

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
