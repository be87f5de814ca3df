"""All that hands out credentials: STS, the sign-in portal, a container's endpoint, the metadata service of an instance."""

import datetime
import http.server
import json
import threading
import urllib.parse

import bucket as aws

TOKEN = "token-of-the-tests"


def expiration(seconds=3600):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def date_time_string(self, timestamp=None):
        return (datetime.datetime.now(datetime.timezone.utc) + self.server.skew).strftime("%a, %d %b %Y %H:%M:%S GMT")

    def answer(self, status, text=""):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def document(self):
        until = (expiration(self.server.seconds) + self.server.skew).strftime("%Y-%m-%dT%H:%M:%SZ")
        found = {"AccessKeyId": aws.ACCESS, "SecretAccessKey": aws.SECRET, "Token": TOKEN, "Expiration": until}
        self.answer(200, json.dumps(found))

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.server.calls.append(form)
        action = form.get("Action")
        stamp = self.headers.get("X-Amz-Date")
        if stamp:
            sent = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
            if abs(datetime.datetime.now(datetime.timezone.utc) + self.server.skew - sent) > datetime.timedelta(minutes=15):
                text = f"Signature not yet current: {stamp} is still later than 20260531T120000Z"
                return self.answer(403, f"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>{text}</Message></Error></ErrorResponse>")
        isRight = action == "AssumeRole" and "Credential=AKIABASE/" in self.headers.get("Authorization", "")
        isRight = isRight and form.get("ExternalId") == "outside"
        isRight = isRight or action == "AssumeRoleWithWebIdentity" and form.get("WebIdentityToken") == "web-token"
        if not isRight:
            return self.answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>")
        until = (expiration(self.server.seconds) + self.server.skew).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.answer(
            200,
            f"<{action}Response><{action}Result><Credentials><AccessKeyId>{aws.ACCESS}</AccessKeyId>"
            f"<SecretAccessKey>{aws.SECRET}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>"
            f"<Expiration>{until}</Expiration></Credentials></{action}Result></{action}Response>",
        )

    def do_PUT(self):
        isRight = self.path == "/latest/api/token" and "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(200 if isRight else 400, "session")

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.server.calls.append(path)
        if path == "/federation/credentials":
            if self.headers["x-amz-sso_bearer_token"] != "sso-token":
                return self.answer(401, '{"message":"Session token not found or invalid"}')
            until = int((expiration(self.server.seconds) + self.server.skew).timestamp() * 1000)
            found = {"accessKeyId": aws.ACCESS, "secretAccessKey": aws.SECRET, "sessionToken": TOKEN, "expiration": until}
            return self.answer(200, json.dumps({"roleCredentials": found}))
        if path == "/container" and self.headers.get("Authorization") == "container-token":
            return self.document()
        if path.startswith("/latest/meta-data/iam/security-credentials/"):
            if self.headers.get("X-aws-ec2-metadata-token") != "session":
                return self.answer(401)
            return self.answer(200, "the-role\n") if path.endswith("/") else self.document()
        self.answer(404)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls, self.seconds, self.skew = [], 3600, datetime.timedelta()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *arguments):
        self.shutdown()
        self.server_close()
