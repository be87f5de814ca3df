"""Jobs over a bucket, which mhpipe lists: in memory with the faults of AWS, and SeaweedFS, where `make test-aws` has put it."""

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
from mhpipe_spark import inputs, listing  # noqa: E402
from mhpipe_spark.failure import Failure  # noqa: E402
from mhpipe_spark.units import Unit  # noqa: E402

NOTING = """#!/bin/sh
echo "$@" >> '{log}'
exec '{mhpipe}' "$@"
"""


class OverABucket(Jobs):
    def setUp(self) -> None:
        super().setUp()
        self.bucket = aws.Bucket()
        self.bucket.page = 7
        for path in sorted((self.folder / "logs").rglob("*.json*")):
            self.bucket.put(str(path.relative_to(self.folder / "logs")), path.read_bytes())
        server = aws.Server(self.bucket)
        self.enterContext(server)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        clean |= {"AWS_ACCESS_KEY_ID": aws.ACCESS, "AWS_SECRET_ACCESS_KEY": aws.SECRET, "AWS_EC2_METADATA_DISABLED": "true"}
        self.enterContext(mock.patch.dict(os.environ, {**clean, "HOME": "/nonexistent"}, clear=True))
        self.give(server.url)

    def give(self, url: str, pipeline: str = trail.PIPELINE) -> None:
        self.url = url
        (self.folder / "p.conf").write_text(trail.over_bucket(pipeline, url))

    def one_machine(self) -> collections.Counter[bytes]:
        words = [MHPIPE, "run", "p.conf", "--quiet"]
        done = subprocess.run(words, cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        return collections.Counter(gzip.open(self.folder / "lines.jsonl.gz").readlines())

    def total_of_job(self) -> dict[str, object]:
        return json.loads((self.output / "_total.json").read_text())

    def test_what_comes_out_is_what_one_machine_makes(self) -> None:
        for pipeline in (trail.PIPELINE, trail.ONCE):
            with self.subTest(pipeline), tempfile.TemporaryDirectory() as name:
                self.give(self.url, pipeline)
                self.output = pathlib.Path(name) / "out"
                log, mhpipe = pathlib.Path(name) / "log", pathlib.Path(name) / "mhpipe"
                mhpipe.write_text(NOTING.format(log=log, mhpipe=MHPIPE))
                mhpipe.chmod(0o755)
                self.assertEqual(self.run_job("--mhpipe", str(mhpipe)), 3, self.said.getvalue())
                self.assertEqual(self.lines("lines")["."], self.one_machine())
                lists = sorted((self.output / "_mhpipe").rglob("lists/*/*.txt"))
                stage = [path for path in lists if pipeline is trail.PIPELINE or "keyed" in path.parts]
                named = [line.partition("\t")[0] for path in stage for line in path.read_text().splitlines()]
                keys = [f"s3://trail/{key}" for key in sorted(self.bucket.objects) if "Digest" not in key]
                self.assertEqual(named, keys)
                total = self.total_of_job()
                self.assertEqual(total["filesSeen"], len(keys))
                self.assertEqual(total["listing"]["appeared"] + total["listing"]["gone"] + total["listing"]["changed"], 0)
                texts = [path.read_bytes() for path in self.output.rglob("*") if path.is_file()]
                for text in (*texts, log.read_bytes(), self.said.getvalue().encode()):
                    self.assertNotIn(aws.SECRET.encode(), text)

    def test_what_appears_and_goes_in_between_is_told(self) -> None:
        self.assertEqual(self.run_job("--plan-only"), 0, self.said.getvalue())
        keys = sorted(key for key in self.bucket.objects if key.endswith(".gz"))
        del self.bucket.objects[keys[3]]
        self.bucket.put(keys[5], gzip.compress(b'{"Records":[]}'))
        # It is listed like any other.
        self.bucket.objects[keys[9]].storage_class = "GLACIER"
        self.bucket.put(keys[7].replace("007", "later").replace(".json.gz", "-later.json.gz"), b"{}")
        self.assertEqual(self.run_job(), 3, self.said.getvalue())
        total = self.total_of_job()
        self.assertEqual({kind: total["listing"][kind] for kind in listing.KINDS}, {"appeared": 1, "gone": 1, "changed": 1})
        # The damaged file is read up to its damage.
        self.assertEqual((total["unreadable"], total["filesDamaged"]), (3, 1))
        said = self.said.getvalue()
        self.assertIn(f"1 objects are gone since the plan was made, such as s3://trail/{keys[3]}", said)
        self.assertIn(f"1 objects have another size than when the plan was made, such as s3://trail/{keys[5]}", said)
        self.assertIn("1 objects have appeared since the plan was made, and are not in this job", said)
        self.assertEqual(self.run_job(), 3)
        self.assertIn("0 of them in this run", self.said.getvalue())

    def test_an_object_that_is_replaced_by_one_of_its_size_is_told(self) -> None:
        self.assertEqual(self.run_job("--plan-only"), 0, self.said.getvalue())
        key = min(key for key in self.bucket.objects if key.endswith(".gz"))
        body = self.bucket.objects[key].body
        self.bucket.put(key, body[:9] + bytes([body[9] ^ 1]) + body[10:])
        self.assertEqual(self.run_job(), 3, self.said.getvalue())
        total = self.total_of_job()
        self.assertEqual((total["unreadable"], total["listing"]["changed"]), (1, 1))
        self.assertIn("ETag", "".join(problem["reason"] for problem in total["problemFiles"]))

    def test_what_cannot_be_listed_or_read_is_told(self) -> None:
        self.bucket.denied_lists = ["AWSLogs/444455556666/CloudTrail/eu-west-1/"]
        archived = min(key for key in self.bucket.objects if key.endswith(".gz"))
        self.bucket.objects[archived].storage_class = "GLACIER"
        self.assertEqual(self.run_job(), 3, self.said.getvalue())
        total = self.total_of_job()
        self.assertEqual(total["listing"]["exitCode"], 3)
        self.assertIn("AWSLogs/444455556666/CloudTrail/eu-west-1/", "".join(total["listing"]["said"]))
        self.assertIn("AWSLogs/444455556666/CloudTrail/eu-west-1/", self.said.getvalue())
        self.assertEqual(total["unreadable"], 1)
        self.assertIn(archived, "".join(problem["file"] for problem in total["problemFiles"]))

    def test_what_cannot_be_listed_again_is_not_said_to_be_gone(self) -> None:
        self.assertEqual(self.run_job("--plan-only"), 0, self.said.getvalue())
        denied = "AWSLogs/444455556666/CloudTrail/eu-west-1/"
        below = [key for key in self.bucket.objects if key.startswith(denied)]
        again = inputs.look_again

        def refused(*words: object) -> object:
            self.bucket.denied_lists = [denied]
            return again(*words)

        with mock.patch.object(inputs, "look_again", refused):
            self.assertEqual(self.run_job(), 3, self.said.getvalue())
        listed = self.total_of_job()["listing"]
        self.assertEqual((listed["exitCode"], listed["again"]["exitCode"]), (0, 3))
        self.assertIn(denied, "".join(listed["again"]["said"]))
        self.assertEqual((listed["gone"], listed["notListedAgain"]), (None, len(below)))
        self.assertEqual(set(listed["names"]), {"notListedAgain"})
        said = self.said.getvalue()
        self.assertNotIn("are gone", said)
        self.assertIn(f"{len(below)} objects were not listed again when all tasks were done, such as s3://trail/{min(below)}", said)
        self.assertIn("cannot be listed", said)

    def test_a_listing_that_fails_makes_no_plan(self) -> None:
        with mock.patch.dict(os.environ, {"AWS_SECRET_ACCESS_KEY": "another"}):
            self.assertEqual(self.run_job(), 1)
        self.assertIn("cannot be listed", self.said.getvalue())
        self.assertFalse((self.output / "_mhpipe/plan.jsonl").exists())
        self.assertEqual(self.run_job(), 3, self.said.getvalue())


class SeaweedFS(OverABucket):
    """The same jobs over a server that somebody else has written."""

    def setUp(self) -> None:
        if seaweed.program() is None or importlib.util.find_spec("botocore") is None:
            self.skipTest("SeaweedFS and boto3 are not installed")
        super().setUp()
        holder = tempfile.TemporaryDirectory(prefix="mhpipe-weed-")
        self.addCleanup(holder.cleanup)
        client, url = self.enterContext(seaweed.seaweed(pathlib.Path(holder.name)))
        for key, found in self.bucket.objects.items():
            client.put_object(Bucket="trail", Key=key, Body=found.body)
        self.give(url)

    # Faults are for the server that has them.
    test_what_appears_and_goes_in_between_is_told = None
    test_an_object_that_is_replaced_by_one_of_its_size_is_told = None
    test_what_cannot_be_listed_or_read_is_told = None
    test_what_cannot_be_listed_again_is_not_said_to_be_gone = None


class BrokenOff(unittest.TestCase):
    """What stands for mhpipe is killed while it lists."""

    def test_a_listing_that_is_killed_is_no_mistake_of_the_user(self) -> None:
        cases = (
            ("s3://b/a\\t12\\ns3://b/c", "kill -KILL $$", "signal 9"),
            # What is there of the line looks like a whole one.
            ("s3://b/a\\t12\\ns3://b/c\\t1", "kill -KILL $$", "signal 9"),
            ("s3://b/a\\t12\\n", "kill -TERM $$", "signal 15"),
            ("s3://b/a\\t12\\ns3://b/c", "exit 0", "in the middle of a line"),
            ("", "echo no >&2; exit 1", "exit code 1"),
        )
        for text, end, expected in cases:
            with self.subTest(text=text, end=end):
                listed = listing.Listing(["sh", "-c", f"printf '{text}'; {end}"], "/")
                found = []
                with self.assertRaises(Failure) as raised:
                    found.extend(listed.units())
                self.assertEqual(raised.exception.code, 1)
                self.assertIn(expected, str(raised.exception))
                self.assertIn("the same command", str(raised.exception))


class Changes(unittest.TestCase):
    def test_listings_are_held_against_each_other_in_any_order(self) -> None:
        cases = (
            ([], [], {}),
            ("abc", "abc", {}),
            ("abc", "cab", {}),
            ("abc", "abxc", {"appeared": ["x"]}),
            ("abc", "ac", {"gone": ["b"]}),
            ("abc", "", {"gone": ["a", "b", "c"]}),
            ("aBc", "abcd", {"changed": ["b"], "appeared": ["d"]}),
        )
        for planned, now, expected in cases:
            with self.subTest(planned=planned, now=now):
                units = [[Unit(name.lower().encode(), int(name.isupper())) for name in names] for names in (planned, now)]
                found = listing.changes(*units)
                self.assertEqual(found.names, expected)
                self.assertEqual({kind: getattr(found, kind) for kind in expected}, {kind: len(names) for kind, names in expected.items()})
                self.assertTrue(found.is_whole)

    def test_etags_are_held_against_each_other_where_both_are_known(self) -> None:
        for planned, now, expected in ((b"x", b"x", 0), (b"x", b"y", 1), (b"", b"y", 0), (b"x", b"", 0)):
            found = listing.changes([Unit(b"a", 1, planned)], [Unit(b"a", 1, now)])
            self.assertEqual((found.changed, found.gone, found.appeared), (expected, 0, 0))

    def test_what_waits_is_bounded(self) -> None:
        same = [Unit(b"%d" % number, 1) for number in range(100_000)]
        self.assertTrue(listing.changes(same, iter(same[:50] + [Unit(b"new", 1)] + same[50:]), most_waiting=3).is_whole)
        others = [Unit(b"x%d" % number, 1) for number in range(100)]
        self.assertFalse(listing.changes(same, others, most_waiting=30).is_whole)


if __name__ == "__main__":
    unittest.main()
