"""Jobs whose parts are objects of a bucket: in memory with the faults of AWS, and SeaweedFS, where `make test-aws` has put it."""

import collections
import gzip
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
# Behind the others, since modules there have the same names.
sys.path.append(str(HERE.parents[2] / "Tests/AWS"))

import bucket as aws  # noqa: E402
import seaweed  # noqa: E402
import trail  # noqa: E402
from jobs import MHPIPE, Jobs  # noqa: E402
from mhpipe_spark import listing, objects, worker  # noqa: E402
from mhpipe_spark.failure import Failure  # noqa: E402
from mhpipe_spark.planning import Task  # noqa: E402
from mhpipe_spark.units import Unit  # noqa: E402

DAYS = "account={recipientAccountId}/day={eventTime:%Y-%m-%d}"
PATHS = {
    "lines.jsonl.gz": "lines.jsonl.gz",
    "table.csv": "t/table.csv",
    f"days/{DAYS}/events.jsonl.gz": f"{DAYS}/e.jsonl.gz",
    "tables/{awsRegion}/{eventSource}.csv.gz": "{awsRegion}/{eventSource}.csv.gz",
}


class ToABucket(Jobs):
    def setUp(self) -> None:
        super().setUp()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        clean |= {"AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
        self.enterContext(mock.patch.dict(os.environ, {**clean, "HOME": "/nonexistent"}, clear=True))
        self.serve()
        words = [MHPIPE, "run", "p.conf", "--quiet", "--set", "LOGS=logs"]
        subprocess.run(words, cwd=self.folder, stderr=subprocess.DEVNULL, check=False)
        pipeline = (self.folder / "p.conf").read_text()
        for path, key in PATHS.items():
            place = f'    path: "s3://trail/lake/{key}"\n    endpoint: {self.url}\n    region: us-east-1\n'
            pipeline = pipeline.replace(f"    path: {path}\n", place)
        (self.folder / "s3.conf").write_text(pipeline)

    def serve(self) -> None:
        self.bucket = aws.Bucket()
        server = aws.Server(self.bucket)
        self.enterContext(server)
        self.url = server.url

    def objects(self) -> dict[str, bytes]:
        return {key: found.body for key, found in self.bucket.objects.items()}

    def put(self, key: str, body: bytes) -> None:
        self.bucket.put(key, body)

    def remove(self, key: str) -> None:
        del self.bucket.objects[key]

    def job(self, *more: str) -> int:
        return self.run_job(*more, pipeline="s3.conf")

    def rows(self, sink: str) -> dict[str, collections.Counter[bytes]]:
        found: dict[str, collections.Counter[bytes]] = collections.defaultdict(collections.Counter)
        for key, body in self.objects().items():
            if f"/{sink}/" in key:
                folder = key.partition(f"/{sink}/")[2].rpartition("/")[0]
                lines = (gzip.decompress(body) if key.endswith(".gz") else body).splitlines(keepends=True)
                found[folder].update(line for line in lines if not line.startswith(b"eventTime,"))
        return found

    def single(self, path: pathlib.Path) -> collections.Counter[bytes]:
        data = path.read_bytes()
        text = gzip.decompress(data) if path.suffix == ".gz" else data
        return collections.Counter(line for line in text.splitlines(keepends=True) if not line.startswith(b"eventTime,"))

    def check_all(self) -> None:
        self.assertEqual(self.rows("lines")[""], self.single(self.folder / "lines.jsonl.gz"))
        self.assertEqual(self.rows("table")[""], self.single(self.folder / "table.csv"))
        for path in (self.folder / "days").rglob("*.gz"):
            self.assertEqual(self.rows("days")[str(path.relative_to(self.folder / "days").parent)], self.single(path))
        listed = [json.loads(line) for line in (self.output / "_files.jsonl").read_text().splitlines()]
        found = self.objects()
        marks = {key for key in found if key.endswith("/_SUCCESS")}
        self.assertEqual({entry["path"] for entry in listed}, {f"s3://trail/{key}" for key in set(found) - marks if key != "ready"})
        self.assertEqual(marks, {f"lake/{place}/_SUCCESS" for place in ("lines", "t/table", "days", "tables")})
        self.assertEqual([found[key] for key in marks], [b""] * 4)
        for entry in listed:
            self.assertEqual(entry["bytes"], len(found[entry["path"].removeprefix("s3://trail/")]))
        self.assertTrue((self.output / "_SUCCESS").exists())

    def test_parts_are_what_one_machine_writes(self) -> None:
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.check_all()
        self.assertIn("lake/lines/part-00000.jsonl.gz", self.objects())
        texts = [path.read_bytes() for path in self.output.rglob("*") if path.is_file()]
        for text in (*texts, self.said.getvalue().encode()):
            self.assertNotIn(aws.SECRET.encode(), text)
        self.assertEqual(self.job(), 3)
        self.assertIn("0 of them in this run", self.said.getvalue())

    def test_an_object_that_is_lost_or_changed_is_made_again(self) -> None:
        self.assertEqual(self.job(), 3, self.said.getvalue())
        before = self.objects()
        self.remove("lake/lines/part-00001.jsonl.gz")
        self.put("lake/t/table/part-00002.csv", b"x")
        for sink in ("lines", "table"):
            self.assertEqual(self.job(), 1)
            self.assertIn(f"1 objects of sink '{sink}' are not there as they were written", self.said.getvalue())
            self.assertFalse((self.output / "_SUCCESS").exists())
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.assertEqual(self.objects(), before)
        self.check_all()

    def records(self) -> dict[pathlib.Path, bytes]:
        return {path: path.read_bytes() for path in self.output.rglob("_mhpipe/**/done/*/*.json")}

    def refuse(self, said: str, key: str) -> None:
        """Runs a job that is done, and whose bucket does not say what is there: nothing is taken back."""
        before = self.records()
        self.assertEqual(self.job(), 1, self.said.getvalue())
        for text in (said, key, "the same command"):
            self.assertIn(text, self.said.getvalue())
        self.assertEqual(self.records(), before)
        self.assertTrue((self.output / "_SUCCESS").exists())

    def test_an_object_that_cannot_be_looked_at_is_not_made_again(self) -> None:
        self.assertEqual(self.job(), 3, self.said.getvalue())
        with mock.patch.dict(os.environ, {"AWS_SECRET_ACCESS_KEY": "another"}):
            self.refuse("403", "s3://trail/lake/lines")
        if type(self) is ToABucket:
            key = "lake/lines/part-00001.jsonl.gz"
            found = self.bucket.objects[key]
            self.bucket.denied_prefixes = [key]
            self.refuse("AccessDenied", key)
            # What is lost beside it does not change that.
            lost = self.bucket.objects.pop("lake/lines/part-00000.jsonl.gz")
            self.refuse("AccessDenied", key)
            self.bucket.objects["lake/lines/part-00000.jsonl.gz"] = lost
            self.bucket.denied_prefixes = []
            found.storage_class = "GLACIER"
            self.refuse("restore", key)
            found.storage_class, found.customer_key = "STANDARD", b"1" * 32
            self.refuse("400", key)
            found.customer_key = None
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.assertIn("0 of them in this run", self.said.getvalue())
        self.check_all()

    def stranger(self, key: str, *said: str) -> None:
        """A job that is done is refused, and its marks taken away, while there is an object that it does not know."""
        self.put(key, b"{}\n")
        self.assertEqual(self.job(), 1, self.said.getvalue())
        for text in (*said, "Remove", "the same command"):
            self.assertIn(text, self.said.getvalue())
        self.assertFalse((self.output / "_SUCCESS").exists())
        listed = (self.output / "_files.jsonl").read_text()
        self.assertIn("lake/lines/part-00001.jsonl.gz", listed)
        self.assertNotIn(key, listed)
        self.remove(key)
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.check_all()

    def test_an_object_that_is_none_of_the_job_is_refused(self) -> None:
        self.assertEqual(self.job(), 3, self.said.getvalue())
        # In folders as well, of which SeaweedFS keeps those that nothing is in any more.
        for key in (
            "lake/lines/part-00000-00001.jsonl.gz", "lake/t/table/part-00900.csv", "lake/days/account=1/day=2026-01-01/part-00000.jsonl.gz",
            "lake/tables/eu-west-9/x-part-00000.csv.gz", "lake/lines/AWSLogs/1/Config/x",
        ):  # fmt: skip
            self.stranger(key, "1 object below '", f"s3://trail/{key}")

    def test_what_stands_for_a_folder_is_no_object_of_another(self) -> None:
        if type(self) is not ToABucket:
            self.skipTest("SeaweedFS has folders of its own")
        for key in ("lake/lines/", "lake/t/table/old/"):
            self.put(key, b"")
        self.assertEqual(self.job(), 3, self.said.getvalue())

    def test_a_mark_goes_before_anything_is_done_again(self) -> None:
        self.assertEqual(self.job(), 3, self.said.getvalue())
        marks = {key for key in self.objects() if key.endswith("_SUCCESS")}
        next(self.output.glob("_mhpipe/done/*/part-00001.json")).unlink()
        with mock.patch.object(worker, "run_child", side_effect=KeyboardInterrupt):
            self.assertEqual(self.job(), 130, self.said.getvalue())
        self.assertEqual(marks & set(self.objects()), set())
        self.assertFalse((self.output / "_SUCCESS").exists())
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.check_all()
        # One that stays would say of the objects beside it that they are all there.
        if type(self) is ToABucket:
            next(self.output.glob("_mhpipe/done/*/part-00001.json")).unlink()
            self.bucket.may_remove = False
            with mock.patch.object(worker, "run_child", side_effect=AssertionError("a task was begun")):
                self.assertEqual(self.job(), 1, self.said.getvalue())
            self.assertIn("'s3://trail/lake/lines/_SUCCESS' cannot be removed", self.said.getvalue())
            self.assertIn("s3:DeleteObject", self.said.getvalue())
            self.bucket.may_remove = True
            self.assertEqual(self.job(), 3, self.said.getvalue())
            self.check_all()

    def test_what_an_attempt_has_left_whose_input_changed_is_refused(self) -> None:
        put, died = worker.record, []

        def record(task: Task, *words: object) -> None:
            if not died:
                died.append(task)
                raise Failure("killed before its record")
            put(task, *words)

        with mock.patch.object(worker, "record", record):
            self.assertEqual(self.job(), 1)
        for text in (self.output / "_mhpipe/lists/00000/part-00000.txt").read_text().splitlines():
            pathlib.Path(text.rpartition("\t")[0]).unlink()
        marks = [key for key in self.objects() if key.endswith("_SUCCESS")]
        self.assertEqual(marks, [])
        self.assertEqual(self.job(), 1, self.said.getvalue())
        self.assertIn("s3://trail/lake/days/account=111122223333/day=2026-05-01/part-00000.jsonl.gz", self.said.getvalue())
        self.assertEqual([key for key in self.objects() if key.endswith("_SUCCESS")], [])
        self.assertFalse((self.output / "_SUCCESS").exists())
        listed = {json.loads(line)["path"] for line in (self.output / "_files.jsonl").read_text().splitlines()}
        for key in self.objects():
            if key != "ready" and f"s3://trail/{key}" not in listed:
                self.remove(key)
        self.assertEqual(self.job(), 3, self.said.getvalue())

    def test_a_sink_below_another_one_is_not_taken_for_its_objects(self) -> None:
        text = (self.folder / "s3.conf").read_text()
        # Sink `table` writes below s3://trail/lake/lines/table.
        (self.folder / "s3.conf").write_text(text.replace("lake/t/table.csv", "lake/lines/table.csv"))
        for _ in range(2):
            self.assertEqual(self.job(), 3, self.said.getvalue())
        self.assertIn("0 of them in this run", self.said.getvalue())
        self.stranger_of("lake/lines/table/x.csv", "s3://trail/lake/lines/")

    def test_folders_of_other_logs_are_looked_at_as_well(self) -> None:
        text = (self.folder / "s3.conf").read_text()
        (self.folder / "s3.conf").write_text(text.replace(f"lake/{DAYS}/", "lake/AWSLogs/{recipientAccountId}/Config/"))
        for _ in range(2):
            self.assertEqual(self.job(), 3, self.said.getvalue())
        self.stranger_of("lake/AWSLogs/days/111122223333/Config/x", "s3://trail/lake/AWSLogs/days/")

    def stranger_of(self, key: str, place: str) -> None:
        self.put(key, b"{}\n")
        self.assertEqual(self.job(), 1, self.said.getvalue())
        self.assertIn("Remove", self.said.getvalue())
        self.assertIn(f"1 object below '{place}' is none of the job's, such as s3://trail/{key}", self.said.getvalue())

    def test_a_place_that_cannot_be_listed_takes_nothing_back(self) -> None:
        if type(self) is not ToABucket:
            self.skipTest("faults are for the server that has them")
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.bucket.denied_lists = ["lake/days/account=111122223333/"]
        self.refuse("cannot be listed", "lake/days/account=111122223333/")
        self.bucket.denied_lists = []
        self.bucket.name = "gone"
        self.refuse("NoSuchBucket", "s3://trail/lake/lines")

    def test_what_no_task_can_make_again_keeps_its_records(self) -> None:
        text = (self.folder / "s3.conf").read_text()
        (self.folder / "s3.conf").write_text(text.replace("  who:", "  once:\n    type: dedupe\n  who:"))
        self.assertEqual(self.job(), 3, self.said.getvalue())
        before = self.records()
        lost = self.objects()["lake/lines/part-00001.jsonl.gz"]
        self.remove("lake/lines/part-00001.jsonl.gz")
        for _ in range(2):
            self.assertEqual(self.job(), 1)
            self.assertIn("s3://trail/lake/lines/part-00001.jsonl.gz", self.said.getvalue())
            self.assertIn("Run the job into another folder", self.said.getvalue())
            self.assertEqual(self.records(), before)
            self.assertFalse((self.output / "_SUCCESS").exists())
        self.put("lake/lines/part-00001.jsonl.gz", lost)
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.check_all()

    def test_braces_before_the_first_field_are_refused_before_anything_is_written(self) -> None:
        text = (self.folder / "s3.conf").read_text()
        for folder in ("la{{ke}}", "la{{ke", "lake}}/b"):
            (self.folder / "s3.conf").write_text(text.replace('"s3://trail/lake/t/', f'"s3://trail/{folder}/'))
            self.assertEqual(self.job(), 2, self.said.getvalue())
            self.assertIn("sink 'table'", self.said.getvalue())
            self.assertIn("braces", self.said.getvalue())
            self.assertEqual(set(self.objects()) - {"ready"}, set())
            self.assertFalse((self.output / "_mhpipe").exists())

    def test_a_prefix_that_holds_something_is_refused(self) -> None:
        for key in ("lake/lines/x.jsonl", "lake/t/table/y.csv"):
            self.put(key, b"{}")
            self.assertEqual(self.job(), 2, self.said.getvalue())
            self.assertIn("there is something below", self.said.getvalue())
            self.assertFalse((self.output / "_mhpipe/plan.jsonl").exists())
            self.remove(key)
        with mock.patch.dict(os.environ, {"AWS_SECRET_ACCESS_KEY": "another"}):
            self.assertEqual(self.job(), 1)
        # SeaweedFS keeps the folders that nothing is in any more.
        self.assertEqual(self.job(), 3, self.said.getvalue())


class Encrypted(ToABucket):
    """A bucket whose policy demands a key of KMS with each object."""

    def setUp(self) -> None:
        super().setUp()
        text = (self.folder / "s3.conf").read_text()
        text = text.replace("    region: us-east-1\n", "    region: us-east-1\n    kms_key: alias/audit\n    storage_class: STANDARD_IA\n")
        (self.folder / "s3.conf").write_text(text)

    def test_every_object_has_the_key(self) -> None:
        self.assertEqual(self.job(), 3, self.said.getvalue())
        self.check_all()
        self.assertEqual([key for key, found in self.bucket.objects.items() if not found.kms], [])


for name in dir(ToABucket):
    if name.startswith("test_"):
        setattr(Encrypted, name, None)


class Answers(unittest.TestCase):
    """What a bucket says of objects, from the words of `mhpipe list`."""

    def test_only_what_is_gone_or_of_another_size_is_lost(self) -> None:
        task = Task(7, 1, 1, "")
        written = [(task, Unit(b"s3://b/x", 1)), (task, Unit(b"s3://b/it's", 2)), (task, Unit(b"s3://b/y", 3))]
        gone = "mhpipe: 's3://b/it's': it is gone: nothing of that name is in bucket 'b' any more"
        others = (
            "mhpipe: 's3://b/it's': cannot be looked up: 500 (10 times)",
            "mhpipe: 's3://b/it's': cannot be looked up: 403 AccessDenied (it needs s3:GetObject)",
            "mhpipe: 's3://b/it's': it is archived (GLACIER) and cannot be read before it is restored: aws s3api",
            "mhpipe: 's3://b/it's': it is gone: nothing of that name is in bucket 'b' any more': cannot be looked up: 500",
            "mhpipe: warning: nothing of that name is in bucket 'b' any more",
            "",
        )
        whole = [unit for _, unit in written]
        self.assertEqual(self.look(written, whole, ""), [])
        self.assertEqual(self.look(written, [whole[0], whole[2]], gone), [b"s3://b/it's"])
        self.assertEqual(self.look(written, [whole[0], Unit(b"s3://b/it's", 9), whole[2]], ""), [b"s3://b/it's"])
        for said in others:
            with self.subTest(said), self.assertRaises(Failure) as raised:
                self.look(written, [whole[0], whole[2]], said)
            self.assertIn("s3://b/it's", str(raised.exception))
        # A name that comes back as another one is not known to be gone.
        with self.assertRaises(Failure):
            self.look(written, [whole[0], Unit(b"s3://b/other", 2), whole[2]], "")

    def look(self, written: list[tuple[Task, Unit]], there: list[Unit], said: str) -> list[bytes]:
        text = "".join(f"{unit.name.decode()}\t{unit.size}\n" for unit in there)
        words = ["sh", "-c", 'printf %s "$1"; echo "$2" >&2; exit 3', "", text, said]
        return [unit.name for _, unit, _ in objects.lost("s", written, listing.Listing(words, "/"))]


class Ordered(unittest.TestCase):
    def test_units_are_sorted_with_few_in_memory(self) -> None:
        names = [b"%d/%d" % (number % 7, number) for number in range(1000)]
        for most in (1, 10, 999, 1000, 5000):
            found = objects.ordered((Unit(name, 1) for name in names), most)
            self.assertEqual([unit.name for unit in found], sorted(names))
        self.assertEqual(list(objects.ordered(iter(()))), [])


class ToSeaweedFS(ToABucket):
    """The same jobs over a server that somebody else has written."""

    def setUp(self) -> None:
        if seaweed.program() is None or importlib.util.find_spec("botocore") is None:
            self.skipTest("SeaweedFS and boto3 are not installed")
        super().setUp()

    def serve(self) -> None:
        holder = tempfile.TemporaryDirectory(prefix="mhpipe-weed-")
        self.addCleanup(holder.cleanup)
        self.client, self.url = self.enterContext(seaweed.seaweed(pathlib.Path(holder.name)))

    def objects(self) -> dict[str, bytes]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="trail")
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        return {key: self.client.get_object(Bucket="trail", Key=key)["Body"].read() for key in keys}

    def put(self, key: str, body: bytes) -> None:
        self.client.put_object(Bucket="trail", Key=key, Body=body)

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket="trail", Key=key)


if __name__ == "__main__":
    unittest.main()
