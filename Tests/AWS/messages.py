"""A queue of SQS in memory, in its JSON protocol, with the faults that AWS has, and the messages that tell of objects."""

import datetime
import itertools
import json
import socket
import threading
import time
import urllib.parse

import bucket as aws

ACCOUNT = "123456789012"


class Message:
    def __init__(self, number, body):
        self.id, self.body = f"00000000-0000-4000-8000-{number:012}", body
        self.receives, self.visible_at, self.handle, self.group = 0, 0.0, None, None


class Queue:
    """The state of the server; tests change it between runs."""

    def __init__(self, name="trail", region="us-east-1", visibility=30):
        self.name, self.region, self.visibility = name, region, visibility
        self.messages, self.deleted = [], []
        self.lock = threading.Condition()
        self.numbers = itertools.count()
        self.calls = []
        self.denied = set()
        self.skew, self.token, self.tokens = datetime.timedelta(), None, []
        # How many of the next calls go wrong: the answer is lost after a deletion, the queue is not there for a moment.
        self.lost_deletes, self.unavailable = 0, 0
        # Actions whose entries are refused, with a code.
        self.refused = {}
        # Actions whose answers say nothing of one entry, or name it by another id.
        self.silent, self.misnamed = set(), set()
        # Messages that are handed out although they are in flight.
        self.redelivers = set()
        self.most_wait = 20.0
        self.receiving = 0
        self.on_call = None

    def send(self, *bodies, group=None):
        with self.lock:
            for body in bodies:
                self.messages.append(Message(next(self.numbers), body if isinstance(body, str) else json.dumps(body)))
                self.messages[-1].group = group
            self.lock.notify_all()
            return self.messages[-1]

    @property
    def left(self):
        with self.lock:
            return len(self.messages)

    @property
    def in_flight(self):
        with self.lock:
            return sum(message.visible_at > time.monotonic() for message in self.messages)

    def count(self, action):
        with self.lock:
            return sum(call == action for call, _ in self.calls)

    def show_all(self):
        """As if the visibility of all messages had run out."""
        with self.lock:
            for message in self.messages:
                message.visible_at = 0.0
            self.lock.notify_all()

    def receive(self, body, is_gone):
        with self.lock:
            self.receiving += 1
        try:
            return self.take(body, is_gone)
        finally:
            with self.lock:
                self.receiving -= 1

    def take(self, body, is_gone):
        end = time.monotonic() + min(body.get("WaitTimeSeconds", 0), self.most_wait)
        with self.lock:
            while True:
                now = time.monotonic()
                found = []
                # Of a message group, nothing more is given while some of it is in flight.
                busy = {message.group for message in self.messages if message.group and message.visible_at > now}
                for message in [] if is_gone() else self.messages:
                    if message.group in busy:
                        continue
                    if (message.visible_at <= now or message.id in self.redelivers) and len(found) < body["MaxNumberOfMessages"]:
                        self.redelivers.discard(message.id)
                        message.receives += 1
                        message.visible_at = now + body.get("VisibilityTimeout", self.visibility)
                        message.handle = f"{message.id}/{message.receives}+=handle"
                        found.append(message)
                if found or now >= end or is_gone():
                    break
                self.lock.wait(min(end - now, 0.05))
            return {"Messages": [self.shown(message) for message in found]} if found else {}

    @staticmethod
    def shown(message):
        attributes = {"ApproximateReceiveCount": str(message.receives)}
        return {"MessageId": message.id, "ReceiptHandle": message.handle, "Body": message.body, "Attributes": attributes}

    def entries(self, body, action, work):
        done, failed = [], []
        with self.lock:
            for entry in body["Entries"]:
                code = self.refused.get(action)
                message = next((m for m in self.messages if m.id == entry["ReceiptHandle"].split("/")[0]), None)
                code = code or work(message, entry)
                if code:
                    failed.append({"Id": entry["Id"], "Code": code, "Message": "no", "SenderFault": True})
                else:
                    done.append({"Id": entry["Id"]})
            self.lock.notify_all()
        if action in self.silent:
            done = done[1:]
        if action in self.misnamed and done:
            failed.append({"Id": "another", "Code": "InternalError", "Message": "no", "SenderFault": False})
            done = done[1:]
        return {"Successful": done, "Failed": failed} if failed else {"Successful": done}

    def delete(self, body):
        def work(message, entry):
            # What is deleted already is deleted once more without a word, and an old handle does nothing.
            if message and message.handle == entry["ReceiptHandle"]:
                self.messages.remove(message)
                self.deleted.append(message)

        return self.entries(body, "DeleteMessageBatch", work)

    def change(self, body):
        def work(message, entry):
            if not message or message.handle != entry["ReceiptHandle"]:
                return "ReceiptHandleIsInvalid"
            if message.visible_at <= time.monotonic():
                return "AWS.SimpleQueueService.MessageNotInflight"
            message.visible_at = time.monotonic() + entry["VisibilityTimeout"]

        return self.entries(body, "ChangeMessageVisibilityBatch", work)


class Handler(aws.Handler):
    def refuse(self, status, code, message):
        body = json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": message}).encode()
        self.answer(status, body, {"Content-Type": "application/x-amz-json-1.0"})

    def is_gone(self):
        """True when nobody waits for the answer."""
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def do_POST(self):
        queue = self.bucket
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        action = self.headers["X-Amz-Target"].removeprefix("AmazonSQS.")
        body = json.loads(raw)
        with queue.lock:
            queue.calls.append((action, body))
            is_away = queue.unavailable > 0
            queue.unavailable -= is_away
        if queue.on_call:
            queue.on_call(action)
        if is_away:
            return self.refuse(503, "ServiceUnavailable", "try again")
        refusal = self.signed("sqs", raw)
        if refusal == "AuthorizationHeaderMalformed":
            return self.refuse(400, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.")
        if refusal:
            return self.refuse(403, refusal, refusal)
        if action in queue.denied:
            text = f"User: arn:aws:iam::1:user/t is not authorized to perform: sqs:{action.lower()} on resource: arn:aws:sqs"
            return self.refuse(400, "AccessDeniedException", text)
        if urllib.parse.urlsplit(body["QueueUrl"]).path != f"/{ACCOUNT}/{queue.name}":
            return self.refuse(400, "QueueDoesNotExist", "The specified queue does not exist.")
        if action == "GetQueueAttributes":
            answer = {"Attributes": {"VisibilityTimeout": str(queue.visibility)}}
        elif action == "ReceiveMessage":
            answer = queue.receive(body, self.is_gone)
        elif action == "DeleteMessageBatch":
            answer = queue.delete(body)
        else:
            answer = queue.change(body)
        with queue.lock:
            is_lost = action == "DeleteMessageBatch" and queue.lost_deletes > 0
            queue.lost_deletes -= is_lost
        if is_lost:
            return self.reset()
        self.answer(200, json.dumps(answer).encode(), {"Content-Type": "application/x-amz-json-1.0"})

    do_GET = do_HEAD = lambda self: self.refuse(405, "no", "no")


class Server(aws.Server):
    def __init__(self, queue, **more):
        super().__init__(queue, handler=Handler, **more)

    @property
    def queue_url(self):
        return f"{self.url}/{ACCOUNT}/{self.bucket.name}"


# What messages look like


def s3_event(*keys, bucket="trail", name="ObjectCreated:Put"):
    encode = lambda key: urllib.parse.quote_plus(key, safe="/")
    records = [
        {
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1", "eventName": name,
            "eventTime": "2026-05-31T12:00:00.000Z", "userIdentity": {"principalId": "AWS:X"},
            "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                   "object": {"key": encode(key), "size": 1, "eTag": "e", "sequencer": "0055"}},
        }
        for key in keys
    ]
    return {"Records": records}


def cloudtrail(*keys, bucket="trail"):
    return {"s3Bucket": bucket, "s3ObjectKey": list(keys)}


def eventbridge(key, bucket="trail", kind="Object Created"):
    return {
        "version": "0", "id": "17793124", "detail-type": kind, "source": "aws.s3", "account": "111122223333",
        "time": "2026-05-31T12:00:00Z", "region": "us-east-1", "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {"version": "0", "bucket": {"name": bucket}, "object": {"key": key, "size": 1, "etag": "e"}, "reason": "PutObject"},
    }


def sns(message, kind="Notification"):
    text = message if isinstance(message, str) else json.dumps(message)
    envelope = {"Type": kind, "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-1:1:trail", "Message": text}
    return envelope | {"Timestamp": "2026-05-31T12:00:00.000Z", "SignatureVersion": "1", "Signature": "x"}


TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-05-31T12:00:00.000Z", "Bucket": "trail", "RequestId": "r", "HostId": "h"}
VALIDATION = "CloudTrail validation message."
