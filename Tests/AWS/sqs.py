"""Reads what messages tell of with mhpipe: from a queue in memory that has the faults of AWS, from saved messages, and from
moto's SQS, SNS and S3, where that can be had.

    python3 Tests/AWS/sqs.py MHPIPE [SEED [TEST...]]

Each test is a function; what it says is what must hold.
"""

import contextlib
import gzip
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import bucket as aws
import messages
import s3
from s3 import ACCOUNTS, REGIONS, Run, check, environment, expected, fill, key, lines, record

OUTPUTS = "quarantine: bad.jsonl\nsinks:\n  out: {type: jsonl, path: o.jsonl}\n"
APPEND = "mode: append\nstate: st\n"


@contextlib.contextmanager
def world(**more):
    bucket, queue = aws.Bucket(), messages.Queue(**more)
    queue.most_wait = 0.2
    with tempfile.TemporaryDirectory(prefix="mhpipe-sqs-") as name:
        with aws.Server(bucket) as server, messages.Server(queue) as queues:
            server.stall_seconds = 0.2
            yield World(pathlib.Path(name), server, queues, bucket, queue)


class World:
    def __init__(self, folder, server, queues, bucket, queue):
        self.folder, self.server, self.queues, self.bucket, self.queue = folder, server, queues, bucket, queue

    def write(self, head="", options="", outputs=OUTPUTS):
        source = f"queue: \"{self.queues.queue_url}\"{options and ', ' + options}"
        (self.folder / "p.conf").write_text(
            f"pipeline: p\n{head}sources:\n  in: {{type: sqs, {source}}}\n{outputs}"
        )

    def run(self, head="", options="", outputs=OUTPUTS, **more):
        self.write(head, options, outputs)
        return Run(self.folder, self.server, "run", "p.conf", **more)

    def start(self, *arguments, **more):
        return subprocess.Popen(
            [MHPIPE, "run", "p.conf", *arguments], cwd=self.folder, env=environment(self.server, **more),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )

    @property
    def ids(self):
        path = self.folder / "o.jsonl"
        return lines(self.folder) if path.exists() else []

    @property
    def bad(self):
        path = self.folder / "bad.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


MHPIPE = s3.MHPIPE


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"waited in vain: {what}")
        time.sleep(0.02)


def check_all_read(world, run):
    check(run.code == 0, run.errors)
    check(sorted(world.ids) == sorted(expected(world.bucket)), f"{len(world.ids)} of {len(expected(world.bucket))}")
    check(world.queue.left == 0, f"{world.queue.left} messages are left")


def test_every_form_of_message_is_read():
    with world() as w:
        fill(w.bucket, days=1)
        names = sorted(w.bucket.objects)
        odd = "AWSLogs/a b+c(ü)%41.json"
        w.bucket.put(odd, json.dumps(record(900, ACCOUNTS[0], REGIONS[0], 1)).encode())
        take = lambda count: [names.pop() for _ in range(count)]
        w.queue.send(
            messages.TEST_EVENT, messages.VALIDATION, messages.sns(messages.VALIDATION),
            messages.s3_event(*take(2)), messages.sns(messages.s3_event(*take(2))),
            messages.cloudtrail(*take(2)), messages.sns(messages.cloudtrail(*take(1))),
            messages.eventbridge(*take(1)), messages.sns(messages.eventbridge(*take(1))),
            messages.sns(messages.sns(messages.s3_event(*take(1)))),
            {"Records": [{"EventSource": "aws:sns", "Sns": messages.sns(messages.s3_event(*take(1)))}]},
            {"Records": [{"eventSource": "aws:sqs", "messageId": "x", "body": json.dumps(messages.s3_event(*take(1)))}]},
            messages.s3_event(odd), messages.s3_event(*take(1), name="s3:ObjectCreated:CompleteMultipartUpload"),
            messages.s3_event("AWSLogs/gone.json", name="ObjectRemoved:Delete"),
            messages.s3_event("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/05/01/d.json.gz"),
            messages.s3_event("inventory/x.csv"), messages.eventbridge("AWSLogs/old.json", kind="Object Deleted"),
            *[messages.s3_event(name) for name in names],
        )
        run = w.run()
        ids = [json.loads(gzip.decompress(o.body) if n != odd else o.body) for n, o in w.bucket.objects.items()]
        ids = [e["eventID"] for text in ids for e in text.get("Records", [text])]
        check(run.code == 0 and sorted(w.ids) == sorted(ids), f"{len(w.ids)} of {len(ids)}: {run.errors}")
        check(w.queue.left == 0, f"{w.queue.left} messages are left: {run.errors}")
        check("s3:TestEvent (1)" in run.errors and "validation message (2)" in run.errors, run.errors)


def send_all(world, each=1):
    """One message for so many objects each."""
    names = sorted(world.bucket.objects)
    world.queue.send(*[messages.s3_event(*names[i : i + each]) for i in range(0, len(names), each)])


def test_many_messages_with_all_faults_of_a_bucket():
    with world() as w:
        fill(w.bucket, days=5, each=10)
        send_all(w, 2)
        w.bucket.faults = aws.Faults(0.1, s3.SEED)
        w.queue.unavailable = 5
        check_all_read(w, w.run())


# When a message is deleted


def test_a_message_is_deleted_when_its_files_are_committed():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        seen = []
        w.queue.on_call = lambda action: action == "DeleteMessageBatch" and seen.append((w.folder / "o.jsonl").exists())
        check_all_read(w, w.run())
        check(seen and all(seen), "deleted before the output was in its place")


def test_a_run_that_fails_deletes_nothing_and_gives_all_back():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        (w.folder / "not").write_text("a file")
        run = w.run(outputs="sinks:\n  out: {type: jsonl, path: o.jsonl}\n  more: {type: exec, command: [sh, -c, 'cat >/dev/null; exit 1']}\n")
        check(run.code == 1 and w.queue.count("DeleteMessageBatch") == 0, run.errors)
        check(w.queue.in_flight == 0, "they are not given back")
        check_all_read(w, w.run())


def test_killed_runs_lose_nothing_and_give_nothing_twice():
    with world() as w:
        fill(w.bucket, days=3, each=20)
        send_all(w)
        w.bucket.delay = 0.01
        w.write(APPEND)
        for seen in (20, 150, 350):
            process = w.start("--quiet")
            w.bucket.requests.clear()
            wait_until(lambda: len(w.bucket.requests) >= seen or process.poll() is not None, "requests")
            process.kill()
            process.communicate()
            # What is handed to a process that is gone comes again as well.
            wait_until(lambda: w.queue.receiving == 0, "the last answers")
            w.queue.show_all()
        left = w.queue.left
        check_all_read(w, w.run(APPEND))
        check(len(w.ids) == len(set(w.ids)), "something is there twice")
        check(left > 0, "nothing was left to do: the test shows nothing")


def test_a_kill_between_the_commit_and_the_deletion():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        w.write(APPEND)
        holder = {}

        def kill(action):
            if action == "DeleteMessageBatch" and "process" in holder:
                holder.pop("process").kill()

        w.queue.on_call = kill
        w.queue.denied = {"DeleteMessageBatch"}
        holder["process"] = process = w.start("--quiet")
        process.communicate(timeout=60)
        check(process.returncode == -9 and w.queue.left > 0, "it was not killed")
        before = w.ids
        w.queue.on_call, w.queue.denied = None, set()
        wait_until(lambda: w.queue.receiving == 0, "the last answers")
        w.queue.show_all()
        run = w.run(APPEND)
        check(run.code == 0 and w.queue.left == 0, run.errors)
        check(w.ids == before and sorted(before) == sorted(expected(w.bucket)), "lost, or twice")


def test_an_interrupt_gives_messages_back():
    for wait in (0.2, 20):
        with world() as w:
            w.queue.most_wait = wait
            fill(w.bucket, days=1)
            send_all(w)
            w.bucket.delay = 5
            w.write()
            process = w.start()
            wait_until(lambda: len(w.bucket.requests) > 3, "requests")
            begin = time.monotonic()
            process.send_signal(signal.SIGINT)
            output = process.communicate(timeout=30)[0].decode()
            check(process.returncode == 130 and time.monotonic() - begin < 2, f"{process.returncode} {output}")
            check(w.queue.in_flight == 0 and w.queue.left > 0, f"{w.queue.in_flight} in flight")


def test_a_lost_answer_to_a_deletion():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        w.queue.lost_deletes = 2
        check_all_read(w, w.run())


def test_a_deletion_that_is_refused():
    for code in ("ReceiptHandleIsInvalid", "InternalError"):
        with world() as w:
            fill(w.bucket, days=1)
            send_all(w)
            w.queue.refused = {"DeleteMessageBatch": code}
            run = w.run(APPEND)
            check(run.code == 4 and "cannot delete" in run.errors, f"{run.code} {run.errors}")
            check(sorted(w.ids) == sorted(expected(w.bucket)), "the output is not whole")
            w.queue.refused = {}
            w.queue.show_all()
            check_all_read(w, w.run(APPEND))


def test_what_comes_twice_is_read_once():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        send_all(w, 4)
        names = sorted(w.bucket.objects)
        w.queue.send(messages.cloudtrail(names[0], names[0]), messages.s3_event(names[0], names[1], names[0]))
        w.queue.redelivers = {m.id for m in w.queue.messages[:5]}
        check_all_read(w, w.run())
    with world() as w:
        fill(w.bucket, days=1)
        for _ in range(3):
            send_all(w)
            check_all_read(w, w.run(APPEND))


# Keeping messages from others


def test_visibility_is_prolonged_while_at_work():
    for own in (True, False):
        with world(visibility=2 if own else 900) as w:
            fill(w.bucket, days=1, each=1)
            send_all(w)
            w.bucket.delay = lambda name: 5 if w.bucket.requests and name.endswith(sorted(w.bucket.objects)[0][-30:]) else 0
            check_all_read(w, w.run(options="" if own else "visibility: 2s"))
            received = [body for action, body in w.queue.calls if action == "ReceiveMessage"]
            check(all(body["VisibilityTimeout"] == 2 for body in received), f"{received[0]}")
            check(w.queue.count("ChangeMessageVisibilityBatch") >= 3, "not prolonged")
            check(max(m.receives for m in w.queue.deleted) == 1, "others could have had them")


def test_visibility_that_runs_out_is_told():
    with world(visibility=2) as w:
        fill(w.bucket, days=1, each=1)
        send_all(w)
        w.bucket.delay = 3
        w.queue.refused = {"ChangeMessageVisibilityBatch": "ReceiptHandleIsInvalid"}
        run = w.run()
        check("could not be kept from others" in run.errors, run.errors)
        check(sorted(w.ids) == sorted(expected(w.bucket)), f"{len(w.ids)}: lost, or twice")


def test_missing_permissions_are_named():
    cases = {
        "ReceiveMessage": (1, "sqs:ReceiveMessage"), "DeleteMessageBatch": (4, "sqs:DeleteMessage"),
        "ChangeMessageVisibilityBatch": (1, "sqs:ChangeMessageVisibility"), "GetQueueAttributes": (0, ""),
    }
    for action, (code, permission) in cases.items():
        with world(visibility=2) as w:
            fill(w.bucket, days=1, each=1)
            send_all(w)
            w.queue.denied = {action}
            w.bucket.delay = 4 if "Change" in action else 0
            run = w.run()
            check(run.code == code and permission in run.errors, f"{action}: {run.code} {run.errors}")


def test_a_queue_that_is_not_there_and_one_of_another_region():
    with world() as w:
        w.write()
        text = (w.folder / "p.conf").read_text()
        (w.folder / "p.conf").write_text(text.replace("/trail\"", "/trial\""))
        run = Run(w.folder, w.server, "run", "p.conf")
        check(run.code == 1 and "QueueDoesNotExist" in run.errors and "no queue 'trial'" in run.errors, run.errors)
        run = w.run(AWS_REGION="eu-west-1")
        check(run.code == 1 and "signed for region eu-west-1" in run.errors, run.errors)
        run = w.run(AWS_SECRET_ACCESS_KEY="wrong")
        check(run.code == 1 and "SignatureDoesNotMatch" in run.errors, run.errors)


# Messages that cannot be read


def test_a_message_that_nobody_understands():
    bodies = ["hello", "{", {"a": 1}, {"Records": [{"eventVersion": "1.08", "eventName": "X"}]}, messages.s3_event("k.json", bucket="evil.com/x")]
    bodies += [messages.sns("x", kind="SubscriptionConfirmation"), "", "[[[[[[[[[1]]]]]]]]]"]
    for body in bodies:
        with world() as w:
            fill(w.bucket, days=1, each=1)
            send_all(w)
            poison = w.queue.send(body)
            for time in (1, 2):
                run = w.run()
                check(run.code == 3 and poison.id in run.errors and "stay in the queue" in run.errors, run.errors)
                check(w.queue.left == 1 and not w.bad, f"{w.bad}")
                w.queue.show_all()
            run = w.run()
            check(run.code == 3 and "3 tries" in run.errors and w.queue.left == 0, run.errors)
            check([line.get("raw", "") for line in w.bad] == [poison.body], f"{w.bad}")
            run = w.run()
            check(run.code == 0, run.errors)


def test_each_try_is_told_and_kept_by_itself():
    # The last try is behind a run that was stopped, which had written down that it was done with the one before.
    for way in ("interrupt", "kill"):
        with world() as w:
            poison = w.queue.send("hello")
            check(w.run(APPEND).code == 3, "it was read")
            w.queue.show_all()
            fill(w.bucket, days=3, each=20)
            send_all(w)
            w.bucket.delay = 0.02
            w.write(APPEND + "checkpoint_every: 0s\n")
            process = w.start()
            gets = lambda: sum(kind == "GET" for kind, _, _ in w.bucket.requests)
            wait_until(lambda: gets() > 120 or process.poll() is not None, "requests")
            process.send_signal(signal.SIGINT if way == "interrupt" else signal.SIGKILL)
            output = process.communicate(timeout=30)[0].decode()
            check(process.returncode == (130 if way == "interrupt" else -9), output)
            wait_until(lambda: w.queue.receiving == 0, "the last answers")
            w.queue.show_all()
            w.bucket.delay = 0
            check(poison.receives == 2, f"received {poison.receives} times")
            run = w.run(APPEND + "checkpoint_every: 0s\n")
            check(run.code == 3 and "gone on with" not in run.errors and w.queue.left == 0, f"{w.queue.left} {run.errors}")
            check([line.get("raw") for line in w.bad] == ["hello"], f"{way}: it is deleted, and nobody has it: {w.bad}")
            check(sorted(w.ids) == sorted(expected(w.bucket)), "lost, or twice")


def test_what_was_given_up_is_in_the_quarantine_for_good():
    for head in ("", APPEND):
        with world() as w:
            fill(w.bucket, days=1, each=1)
            for text in ("hello", "world"):
                w.queue.send(text)
                run = w.run(head, "tries: 1")
                check(run.code == 3 and w.queue.left == 0, run.errors)
            send_all(w)
            check(w.run(head, "tries: 1").code == 0 and w.queue.left == 0, "not all is read")
            check([line["raw"] for line in w.bad] == ["hello", "world"], f"{head}: {w.bad}")


def test_what_was_given_up_can_be_read_again():
    with world() as w:
        fill(w.bucket, days=1, each=1)
        send_all(w, 2)
        w.queue.send("hello\nworld", messages.s3_event(*sorted(w.bucket.objects)) | {"more": 1})
        names = sorted(w.bucket.objects)
        w.bucket.put("AWSLogs/damaged.json", b'{"eventVersion": "1", "eventName": "x"\n')
        w.queue.send(messages.s3_event("AWSLogs/damaged.json"))
        whole = expected(w.bucket, lambda name: "damaged" not in name)
        w.bucket.denied_prefixes += names
        run = w.run(APPEND, "tries: 1")
        check(run.code == 3 and w.queue.left == 0 and not w.ids, f"{w.queue.left} {run.errors}")
        w.bucket.denied_prefixes = []
        # As docs/s3.md says, by jq: select(.scope == "path") | .raw // .file
        again = [line.get("raw") or line["file"] for line in w.bad if line["scope"] == "path"]
        run = notifications(w, "\n".join(again))
        check(run.code == 3 and sorted(w.ids) == sorted(whole), f"{w.ids} {again} {run.errors}")
        check([line["raw"] for line in w.bad] == ["hello", "world"], f"{w.bad}")


def test_answers_that_do_not_speak_of_a_message():
    for kind in ("silent", "misnamed"):
        with world() as w:
            fill(w.bucket, days=1, each=1)
            send_all(w)
            setattr(w.queue, kind, {"DeleteMessageBatch"})
            run = w.run(APPEND)
            check(run.code == 4 and "cannot delete 1 message" in run.errors, f"{kind}: {run.code} {run.errors}")
            check(w.queue.count("DeleteMessageBatch") > 1, "it is not tried again")
            setattr(w.queue, kind, set())
            w.queue.show_all()
            check_all_read(w, w.run(APPEND))


def test_the_largest_messages():
    with world() as w:
        fill(w.bucket, days=1, each=5)
        for name in sorted(w.bucket.objects):
            text = json.dumps(messages.s3_event(name) | {"more": ""})
            w.queue.send(text[:-2] + '\\"' * ((1 << 19) - len(text)) + text[-2:])
        check_all_read(w, w.run())


def test_a_queue_that_keeps_the_order_may_have_more():
    with world(name="trail.fifo") as w:
        fill(w.bucket, days=1, each=10)
        names = sorted(w.bucket.objects)
        w.queue.send(*[messages.s3_event(name) for name in names], group="g")
        run = w.run(APPEND)
        check(run.code == 0 and 0 < w.queue.left < len(names), f"{w.queue.left} {run.errors}")
        check("there may be more in the queue" in run.errors and "watch: true" in run.errors, run.errors)
        for _ in range(len(names)):
            if w.queue.left:
                check(w.run(APPEND).code == 0, run.errors)
        check(sorted(w.ids) == sorted(expected(w.bucket)), "lost, or twice")
        run = w.run(APPEND)
        check("the queue is empty" in run.errors and "more" not in run.errors, run.errors)


def test_a_round_that_fails_does_not_wait_for_objects():
    with world() as w:
        fill(w.bucket, days=1, each=1)
        names = sorted(w.bucket.objects)
        asked = lambda what: [name for kind, name, _ in w.bucket.requests if kind == what]
        w.bucket.delay = lambda name: (2 if name == names[0] else 30) if name in asked("GET") else 0
        w.queue.send(messages.s3_event(names[0]), "hello", *[messages.s3_event(name) for name in names[1:]])
        limit = "quarantine_limit: 10B\non_quarantine_limit: fail\nworkers: 4\n"
        w.write(APPEND + "commit_every: 1s\n" + limit, "watch: true, wait: 1s, tries: 1")
        process = w.start()
        try:
            again = lambda: len(asked("HEAD")) > len(set(asked("HEAD")))
            wait_until(lambda: process.poll() is not None or again(), "the next round", 15)
            check(process.poll() is None, "the watch has ended")
        finally:
            process.kill()
            process.communicate()


def test_interrupts_while_objects_are_looked_up():
    for head in ("", APPEND):
        for delay in (0.02, 0.05, 0.3, 1.5):
            with world() as w:
                fill(w.bucket, days=3, each=20)
                send_all(w)
                got = lambda name: any(kind == "GET" and key == name for kind, key, _ in w.bucket.requests)
                w.bucket.delay = lambda name: 0 if got(name) else delay
                w.write(head)
                process = w.start()
                try:
                    wait_until(lambda: len(w.bucket.requests) > 20 or process.poll() is not None, "lookups")
                    process.send_signal(signal.SIGINT)
                    output = process.communicate(timeout=20)[0].decode()
                finally:
                    process.kill()
                check(process.returncode == 130, f"{process.returncode} {output}")


def test_without_a_quarantine_nothing_is_given_up():
    with world() as w:
        w.queue.send("hello")
        for _ in range(4):
            run = w.run(options="tries: 2", outputs="sinks:\n  out: {type: jsonl, path: o.jsonl}\n")
            check(run.code == 3 and w.queue.left == 1 and "no `quarantine`" in run.errors, run.errors)
            w.queue.show_all()


def test_objects_that_cannot_be_read():
    cases = {
        "gone": ("it is gone", lambda w, name: w.bucket.objects.pop(name)),
        "denied": ("s3:GetObject", lambda w, name: w.bucket.denied_prefixes.append(name)),
        "archived": ("restore-object", lambda w, name: w.bucket.put(name, b"x", storage_class="GLACIER")),
        "tiered": ("restore-object", lambda w, name: w.bucket.put(name, b"x", storage_class="INTELLIGENT_TIERING")),
        "sealed": ("kms:Decrypt", lambda w, name: w.bucket.put(name, b"x", kms=True)),
    }
    for name, (words, spoil) in cases.items():
        with world() as w:
            fill(w.bucket, days=1, each=1)
            send_all(w, 2)
            victim = sorted(w.bucket.objects)[0]
            whole = expected(w.bucket, lambda name: name != victim)
            spoil(w, victim)
            for time in (1, 2, 3):
                run = w.run(APPEND)
                check(run.code == 3 and words in run.errors, f"{name}: {run.code} {run.errors}")
                check(w.queue.left == (1 if time < 3 else 0), f"{name}: {w.queue.left} left: {run.errors}")
                check(sorted(w.ids) == sorted(whole), f"{name}: {w.ids}")
                w.queue.show_all()
            check(any(victim in line["file"] for line in w.bad), f"{w.bad}")


def test_a_damaged_object_is_read_as_far_as_it_goes():
    with world() as w:
        fill(w.bucket, days=1, each=1)
        name = sorted(w.bucket.objects)[0]
        w.bucket.put(name, w.bucket.objects[name].body[:-20])
        send_all(w)
        run = w.run()
        check(run.code == 3 and w.queue.left == 0 and w.bad, f"{run.code} {run.errors}")


def test_an_object_of_which_a_part_cannot_be_had_is_like_any_that_cannot_be_read():
    with world() as w:
        fill(w.bucket, days=1, each=1)
        name = key(500, ACCOUNTS[0], REGIONS[1], 1)
        s3.large(w.bucket, name)
        send_all(w)

        def refuse(bucket):
            kind, what, part = bucket.requests[-1]
            return (403, "AccessDenied") if kind == "GET" and what == name and part.startswith(f"bytes={s3.PART}-") else None

        w.bucket.after_request = refuse
        run = w.run(APPEND)
        check(run.code == 3 and f"s3://trail/{name}: cannot be opened" in run.errors, f"{run.code}: {run.errors}")
        check(w.queue.left == 1 and len(w.bad) == 1, f"{w.queue.left} left, {w.bad}")
        check(sorted(w.ids) == sorted(expected(w.bucket, lambda other: other != name)), "the others are not there")


def test_only_what_is_asked_for_is_read():
    with world() as w:
        fill(w.bucket)
        send_all(w, 3)
        run = w.run(options=f"accounts: [\"{ACCOUNTS[0]}\"], regions: [{REGIONS[0]}], since: 2026-05-02, until: 2026-05-02, late: 0s")
        wanted = expected(w.bucket, lambda name: ACCOUNTS[0] in name and REGIONS[0] in name and "/05/02/" in name)
        check(run.code == 0 and sorted(w.ids) == sorted(wanted), run.errors)
        check(len({name for kind, name, _ in w.bucket.requests}) == 4, "what is not asked for was asked of S3")


def test_what_until_leaves_out_stays_in_the_queue():
    for head in ("", APPEND):
        for watch in (False, True) if head else (False,):
            with world(visibility=600) as w:
                fill(w.bucket)
                names = sorted(w.bucket.objects)
                send_all(w)
                # Of one that stays nothing else is lost.
                w.queue.send(messages.s3_event(names[0], names[-1]))
                late = [name for name in names if "/05/03/" in name]
                options = "until: 2026-05-02, late: 0s"
                if watch:
                    w.write(head + "commit_every: 1s\n", options + ", watch: true")
                    process = w.start()
                    try:
                        wait_until(lambda: w.queue.left == len(late) + 1, "the others")
                        process.send_signal(signal.SIGTERM)
                        output, code = process.communicate(timeout=20)[0].decode(), process.returncode
                    finally:
                        process.kill()
                    w.queue.show_all()
                else:
                    run = w.run(head, options)
                    output, code = run.errors, run.code
                    check(w.queue.in_flight == 0, "they are not given back at once")
                check(code == 0 and w.queue.left == len(late) + 1, f"{w.queue.left} left, {len(late)} are later: {output}")
                check("stay in the queue" in output and ("deleted" not in output), output)
                before = w.ids
                check(sorted(before) == sorted(expected(w.bucket, lambda name: name not in late)), output)
                (w.folder / "o.jsonl").unlink()
                run = w.run(head and "mode: append\nstate: st2\n")
                check(run.code == 0 and w.queue.left == 0, run.errors)
                check(set(w.ids) >= set(expected(w.bucket, lambda name: name in late)), run.errors)


def test_files_that_are_read_in_part_stay_with_their_messages():
    with world(visibility=600) as w:
        fill(w.bucket, days=3, each=1)
        names = sorted(w.bucket.objects)
        send_all(w)
        # Files of 30 days behind it are opened, and hold nothing of what is asked for.
        run = w.run(options="until: 2026-04-30")
        check(run.code == 0 and w.queue.left == len(names) and w.queue.in_flight == 0 and not w.ids, f"{w.queue.left}: {run.errors}")
        check(f"{len(names)} messages" in run.errors and "until" in run.errors, run.errors)
        check_all_read(w, w.run())


def test_messages_of_what_is_left_out_are_deleted_and_told_of():
    cases = {"accounts": f"accounts: [\"{ACCOUNTS[0]}\"]", "regions": f"regions: [{REGIONS[0]}]", "since": "since: 2026-05-02"}
    for name, options in cases.items():
        with world() as w:
            fill(w.bucket, days=2, each=1)
            send_all(w)
            total, run = w.queue.left, w.run(options=options)
            check(run.code == 0 and w.queue.left == 0, run.errors)
            check(f"deleted {total // 2} messages of files that were not read" in run.errors, f"{name}, {total}: {run.errors}")
    with world() as w:
        fill(w.bucket, days=1, each=1)
        send_all(w)
        w.queue.send(messages.s3_event("inventory/x.csv"), messages.s3_event(sorted(w.bucket.objects)[0], "a.csv"))
        run = w.run()
        check_all_read(w, run)
        check("deleted 2 messages of files that were not read" in run.errors, run.errors)


def test_what_mhpipe_has_written_is_not_read_again():
    with world() as w:
        fill(w.bucket, days=1, each=1)
        names = sorted(w.bucket.objects)
        for name in ("lake/a.jsonl", "lake/b.jsonl.gz"):
            body = json.dumps(record(901, ACCOUNTS[0], REGIONS[0], 1)).encode() + b"\n"
            w.bucket.put(name, gzip.compress(body) if name.endswith("gz") else body, headers={"X-Amz-Meta-Mhpipe-Upload": "1"})
        wanted = expected(w.bucket, lambda name: not name.startswith("lake"))
        sent = [messages.s3_event(name) for name in names] + [messages.s3_event("lake/a.jsonl", names[0], "lake/b.jsonl.gz")]
        sent += [messages.s3_event("lake/b.jsonl.gz"), messages.s3_event(names[1], "lake/a.jsonl")]
        w.queue.send(*sent)
        run = w.run()
        check(run.code == 0 and w.queue.left == 0 and sorted(w.ids) == sorted(wanted), f"{w.queue.left} {run.errors}")
        check(run.errors.count("written by mhpipe") == 1 and "3 messages of files" in run.errors, run.errors)
        run = notifications(w, "\n".join(json.dumps(text) for text in sent))
        check(run.code == 0 and w.ids == wanted and run.errors.count("written by mhpipe") == 1, run.errors)
        run = notifications(w, "s3://trail/lake/a.jsonl\n")
        check(run.code == 0 and w.ids == ["e901"], f"{w.ids} {run.errors}")


def test_a_message_of_a_file_that_changed_is_done_with():
    with world() as w:
        fill(w.bucket, days=1, each=1)
        send_all(w)
        check_all_read(w, w.run(APPEND))
        before = w.ids
        name = sorted(w.bucket.objects)[0]
        w.bucket.put(name, w.bucket.objects[name].body, etag="f" * 32)
        w.queue.send(messages.s3_event(name))
        run = w.run(APPEND)
        check(run.code == 0 and w.queue.left == 0 and w.ids == before, f"{w.queue.left} {run.errors}")
        check("has changed since" in run.errors, run.errors)


# Watching


def test_a_watch_reads_what_comes_and_ends_well():
    with world() as w:
        w.queue.most_wait = 20
        fill(w.bucket, days=2)
        names = sorted(w.bucket.objects)
        w.queue.send(*[messages.s3_event(name) for name in names[:10]], messages.TEST_EVENT)
        w.write(APPEND + "commit_every: 1s\n", "watch: true")
        process = w.start()
        try:
            wait_until(lambda: w.queue.left == 0, "the first messages")
            w.queue.send(*[messages.sns(messages.s3_event(name)) for name in names[10:]], "hello")
            wait_until(lambda: w.queue.left == 1, "the others")
            process.send_signal(signal.SIGTERM)
            output = process.communicate(timeout=20)[0].decode()
        finally:
            process.kill()
        check(process.returncode == 3, f"{process.returncode} {output}")
        check(sorted(w.ids) == sorted(expected(w.bucket)), output)


def test_a_watch_goes_on_after_rounds_that_fail():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        w.write(APPEND + "commit_every: 1s\n", "watch: true")
        w.queue.denied = {"ReceiveMessage"}
        process = w.start()
        try:
            wait_until(lambda: w.queue.count("ReceiveMessage") >= 2, "a second try")
            w.queue.denied = set()
            wait_until(lambda: w.queue.left == 0, "messages")
            process.send_signal(signal.SIGTERM)
            output = process.communicate(timeout=20)[0].decode()
        finally:
            process.kill()
        check(process.returncode == 0 and "sqs:ReceiveMessage" in output, f"{process.returncode} {output}")
        check(sorted(w.ids) == sorted(expected(w.bucket)), output)


def test_an_empty_queue():
    with world() as w:
        run = w.run()
        check(run.code == 0 and "the queue is empty" in run.errors and not w.ids, run.errors)


def test_the_pipeline_of_the_repository_runs():
    with world() as w:
        fill(w.bucket, days=1)
        send_all(w)
        conf = pathlib.Path(__file__).resolve().parents[2] / "pipelines" / "from-a-queue.conf"
        check_code = Run(w.folder, w.server, "check", conf)
        check(check_code.code == 0, check_code.errors)
        process = subprocess.Popen(
            [MHPIPE, "run", conf, "--set", f"QUEUE={w.queues.queue_url}"], cwd=w.folder, env=environment(w.server),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        try:
            wait_until(lambda: w.queue.left == 0 or process.poll() is not None, "messages")
            process.send_signal(signal.SIGTERM)
            output = process.communicate(timeout=20)[0].decode()
        finally:
            process.kill()
        found = [json.loads(line)["eventID"] for line in (w.folder / "from-a-queue.jsonl").read_text().splitlines()]
        check(process.returncode == 0 and sorted(found) == sorted(expected(w.bucket)), output)


def test_a_watch_of_no_queue_ends_at_once():
    with world() as w:
        w.write(APPEND, "watch: true")
        text = (w.folder / "p.conf").read_text()
        (w.folder / "p.conf").write_text(text.replace("/trail\"", "/trial\""))
        run = Run(w.folder, w.server, "run", "p.conf", timeout=30)
        check(run.code == 1 and "no queue 'trial'" in run.errors, f"{run.code} {run.errors}")


def test_a_watch_gives_back_what_it_has_not_read():
    with world() as w:
        w.queue.most_wait = 20
        fill(w.bucket, days=5, each=10)
        send_all(w)
        w.write(APPEND + "commit_every: 600s\ncommit_events: 3\n", "watch: true")
        w.bucket.delay = 0.02
        process = w.start()
        try:
            wait_until(lambda: w.queue.left < 200, "a commit")
            process.send_signal(signal.SIGTERM)
            output = process.communicate(timeout=20)[0].decode()
        finally:
            process.kill()
        check(process.returncode == 0 and w.queue.left > 0, f"{process.returncode} {output}")
        check(w.queue.in_flight == 0, f"{w.queue.in_flight} in flight: {output}")
        check(len(w.ids) == 2 * (200 - w.queue.left), f"{len(w.ids)} events, {w.queue.left} messages left")
        w.bucket.delay, w.queue.most_wait = 0, 0.2
        check_all_read(w, w.run(APPEND))


def test_a_queue_that_stays_away_is_said_once():
    with world() as w:
        fill(w.bucket, days=1)
        w.write(APPEND + "commit_every: 1s\n", "watch: true, wait: 1s")
        process = w.start()
        try:
            # The first are side by side, and those that come behind an empty answer one after the other.
            wait_until(lambda: w.queue.count("ReceiveMessage") > 4, "calls")
            w.queue.denied = {"ReceiveMessage"}
            wait_until(lambda: w.queue.count("ReceiveMessage") >= 6, "tries")
            w.queue.denied = set()
            send_all(w)
            wait_until(lambda: w.queue.left == 0, "messages")
            process.send_signal(signal.SIGTERM)
            output = process.communicate(timeout=20)[0].decode()
        finally:
            process.kill()
        check(output.count("it needs sqs:ReceiveMessage") == 1 and output.count("committed again") == 1, output)
        check(process.returncode == 0 and sorted(w.ids) == sorted(expected(w.bucket)), output)


def test_an_interrupted_run_with_a_state_goes_on():
    with world() as w:
        fill(w.bucket, days=3, each=20)
        send_all(w)
        w.bucket.delay = 0.02
        w.write(APPEND)
        process = w.start()
        wait_until(lambda: len(w.bucket.requests) > 200, "requests")
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=30)[0].decode()
        check(process.returncode == 130 and w.queue.left == 240 and w.queue.in_flight == 0, f"{process.returncode} {output}")
        w.bucket.delay = 0
        check_all_read(w, w.run(APPEND))
        check(len(w.ids) == len(set(w.ids)), "something is there twice")


# Saved messages


def notifications(w, text, options="", head="", path="m.jsonl", **more):
    (w.folder / "m.jsonl").write_text(text)
    (w.folder / "p.conf").write_text(
        f"pipeline: p\n{head}sources:\n  in: {{type: notifications, path: {path}{options and ', ' + options}}}\n{OUTPUTS}"
    )
    return Run(w.folder, w.server, "run", "p.conf", **more)


def test_saved_messages_in_every_form():
    with world() as w:
        fill(w.bucket, days=1)
        names = sorted(w.bucket.objects)
        texts = [json.dumps(messages.s3_event(*names[:5])), json.dumps(messages.sns(messages.cloudtrail(*names[5:9])))]
        texts += [json.dumps(messages.eventbridge(name)) for name in names[9:]] + [json.dumps(messages.TEST_EVENT)]
        forms = {
            "lines": "\n".join(texts + [messages.VALIDATION, ""]),
            "an array": "[\n" + ",\n".join(texts) + "]",
            "one after the other": " ".join(texts),
            "over several lines": "\n".join(json.dumps(json.loads(text), indent=2) for text in texts),
            "as received": json.dumps({"Messages": [{"MessageId": "1", "Body": text} for text in texts]}, indent=4),
        }
        for form, text in forms.items():
            run = notifications(w, text)
            check(run.code == 0, f"{form}: {run.errors}")
            check(w.ids == expected(w.bucket), f"{form}: {len(w.ids)} events, or another order")
        run = notifications(w, forms["lines"], f"accounts: [\"{ACCOUNTS[1]}\"]")
        check(w.ids == expected(w.bucket, lambda name: ACCOUNTS[1] in name), run.errors)


def test_bad_lines_of_saved_messages_are_reported():
    with world() as w:
        fill(w.bucket, days=1)
        names = sorted(w.bucket.objects)
        texts = [json.dumps(messages.s3_event(name)) for name in names] + [json.dumps(messages.cloudtrail("AWSLogs/gone.json"))]
        texts[3:3] = ["hello", '{"a": ', '{"b": 1}']
        run = notifications(w, "\n".join(texts))
        check(run.code == 3 and w.ids == expected(w.bucket), f"{run.code} {run.errors}")
        check([line["file"] for line in w.bad] == [f"m.jsonl: line {n}" for n in (4, 5, 6)] + ["s3://trail/AWSLogs/gone.json"], f"{w.bad}")
        check([line.get("raw") for line in w.bad[:3]] == ["hello", '{"a":', '{"b": 1}'], f"{w.bad}")
        run = notifications(w, "")
        check(run.code == 0 and "holds no message" in run.errors, run.errors)
        run = notifications(w, "", path="none.jsonl")
        check(run.code in (1, 2) and "none.jsonl" in run.errors, f"{run.code} {run.errors}")


def test_standard_input_holds_messages():
    with world() as w:
        fill(w.bucket, days=1)
        notifications(w, "", path="\"-\"")
        done = subprocess.run(
            [MHPIPE, "run", "p.conf"], cwd=w.folder, env=environment(w.server), capture_output=True, timeout=60,
            input=json.dumps(messages.s3_event(*sorted(w.bucket.objects))).encode(),
        )
        check(done.returncode == 0 and w.ids == expected(w.bucket), done.stderr.decode())


def test_options_are_checked_offline():
    cases = {
        "queue: nowhere": "address of a queue", "queue: \"https://sqs.eu-west-1.amazonaws.com/1/q\", tries: 0": "at least 1",
        "queue: \"https://sqs.eu-west-1.amazonaws.com/1/q\", wait: 21s": "20s at most",
        "queue: \"https://sqs.eu-west-1.amazonaws.com/1/q\", visibility: 13h": "12h at most",
        "queue: \"https://sqs.eu-west-1.amazonaws.com/1/q\", until: never": "or empty",
        "queue: \"https://sqs.eu-west-1.amazonaws.com/1/q\", watch: true": "'mode: append'",
    }
    with world() as w:
        for options, words in cases.items():
            (w.folder / "p.conf").write_text(f"pipeline: p\nsources:\n  in: {{type: sqs, {options}}}\n{OUTPUTS}")
            run = Run(w.folder, w.server, "check", "p.conf")
            check(run.code == 2 and words in run.errors, f"{options}: {run.code} {run.errors}")
        for head, code, words in (("state: st\n", 2, "mode: append"), ("", 0, "replaces the outputs"), (APPEND, 0, "ok")):
            w.write(head, "until: empty")
            run = Run(w.folder, w.server, "check", "p.conf")
            check(run.code == code and words in run.errors, f"{head}: {run.code} {run.errors}")
        check(not w.queue.calls and not w.bucket.requests, "a check asked somebody")


# Others


@contextlib.contextmanager
def moto():
    port = s3.free_port()
    program = pathlib.Path(sys.executable).parent / "moto_server"
    process = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url) or process.poll() is not None, "moto")
        check(process.poll() is None, "moto does not start")
        yield url
    finally:
        process.kill()
        process.wait()


def answers(url):
    try:
        urllib.request.urlopen(f"{url}/moto-api/", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_moto():
    if not (pathlib.Path(sys.executable).parent / "moto_server").exists():
        print("  moto is not installed, so it is not tried")
        return
    import boto3

    with moto() as url, tempfile.TemporaryDirectory(prefix="mhpipe-moto-") as name:
        folder, bucket = pathlib.Path(name), aws.Bucket()
        fill(bucket, days=2)
        odd = "AWSLogs/a b+c(ü).json"
        more = {"endpoint_url": url, "region_name": "us-east-1", "aws_access_key_id": aws.ACCESS, "aws_secret_access_key": aws.SECRET}
        store, queues, topics = (boto3.client(service, **more) for service in ("s3", "sqs", "sns"))
        store.create_bucket(Bucket="trail")
        queue = queues.create_queue(QueueName="trail", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        topic = topics.create_topic(Name="trail")["TopicArn"]
        topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        store.put_bucket_notification_configuration(
            Bucket="trail",
            NotificationConfiguration={
                "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": f"AWSLogs/{ACCOUNTS[0]}"}]}}}],
                "TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": f"AWSLogs/{ACCOUNTS[1]}"}]}}}],
            },
        )
        for key, found in bucket.objects.items():
            store.put_object(Bucket="trail", Key=key, Body=found.body)
        store.put_object(Bucket="trail", Key=odd, Body=json.dumps(record(900, ACCOUNTS[0], REGIONS[0], 1)).encode())
        topics.publish(TopicArn=topic, Message=json.dumps(messages.cloudtrail(odd)))
        topics.publish(TopicArn=topic, Message=messages.VALIDATION)
        queue = f"{url}/{queue.split('/', 3)[3]}"
        (folder / "p.conf").write_text(
            f"pipeline: p\n{APPEND}sources:\n  in: {{type: sqs, queue: \"{queue}\", wait: 1s, region: us-east-1}}\n{OUTPUTS}"
        )
        wanted = sorted(expected(bucket) + ["e900"])
        for _ in range(2):
            run = Run(folder, s3.Address(url), "run", "p.conf")
            check(run.code == 0, run.errors)
            check(sorted(lines(folder)) == wanted, f"{len(lines(folder))} of {len(wanted)}: {run.errors}")
            counts = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
            names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
            check(all(counts[name] == "0" for name in names), f"{counts}")
        store.put_object(Bucket="trail", Key="AWSLogs/more.json", Body=json.dumps(record(901, ACCOUNTS[0], REGIONS[0], 1)).encode())
        queues.send_message(QueueUrl=queue, MessageBody=json.dumps(messages.s3_event("AWSLogs/more.json", "AWSLogs/gone.json")))
        run = Run(folder, s3.Address(url), "run", "p.conf")
        check(run.code == 3 and "it is gone" in run.errors and sorted(lines(folder)) == wanted + ["e901"], f"{run.code} {run.errors}")


def main():
    wanted = sys.argv[3:]
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_") and (not wanted or name in wanted)]
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
    main()
