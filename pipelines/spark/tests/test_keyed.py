"""Jobs of two stages: each event once, whichever task it came to."""

import collections
import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import trail  # noqa: E402
from jobs import MHPIPE, Jobs  # noqa: E402
from mhpipe_spark import keyed  # noqa: E402
from mhpipe_spark.dividing import bucket_of, divide  # noqa: E402
from mhpipe_spark.job import Keying  # noqa: E402


class EachOnce(Jobs):
    def setUp(self) -> None:
        super().setUp()
        (self.folder / "p.conf").write_text(trail.ONCE)
        trail.write_copies(self.folder / "logs")

    def single(self) -> None:
        words = [MHPIPE, "run", "p.conf", "--quiet", "--set", "LOGS=logs"]
        subprocess.run(words, cwd=self.folder, stderr=subprocess.DEVNULL, check=False)

    def test_what_comes_out_is_what_one_machine_writes(self) -> None:
        self.single()
        expected = collections.Counter(gzip.open(self.folder / "lines.jsonl.gz").readlines())
        for more in ((), ("--part-bytes", "1m"), ("--task-bytes", "1g")):
            shutil.rmtree(self.output, ignore_errors=True)
            self.assertEqual(self.run_job(*more), 3, self.said.getvalue() if hasattr(self, "said") else "")
            self.check_files()
            self.assertEqual(self.lines("lines")["."], expected)
            total = json.loads((self.output / "_total.json").read_text())
            self.assertEqual(total["eventsKept"], sum(expected.values()))
            self.assertEqual(total["files"], len(list((self.folder / "logs").rglob("*.gz"))) + 1)
            self.assertEqual(
                total["eventsIn"] + total["eventsMade"],
                total["eventsKept"] + total["eventsFiltered"] + total["eventsQuarantined"],
            )
            self.assertFalse((self.output / "_mhpipe/keyed/events").exists())
        self.assertEqual(self.run_job("--task-bytes", "1g"), 3)
        self.assertIn("0 of them in this run", self.said.getvalue())

    def test_a_job_that_is_killed_at_some_steps_goes_on(self) -> None:
        (self.folder / "p.conf").write_text(trail.ONCE.partition("  table:")[0])
        self.single()
        expected = collections.Counter(gzip.open(self.folder / "lines.jsonl.gz").readlines())
        more = ("--task-bytes", str(self.total // 2))
        step, came = 2, 0
        while True:
            shutil.rmtree(self.output, ignore_errors=True)
            if not self.killed_at(step, *more):
                break
            came += 1
            self.assertFalse((self.output / "_SUCCESS").exists() and (self.output / "_mhpipe/keyed/events").exists())
            self.assertEqual(self.run_job(*more), 3)
            self.assertEqual(self.lines("lines")["."], expected, f"killed at step {step}")
            self.check_files()
            step += 17
        self.assertGreater(came, 3)

    def test_what_the_first_stage_wrote_is_not_lost_in_silence(self) -> None:
        self.assertEqual(self.run_job(), 3)
        lost = next((self.output / "lines").iterdir())
        lost.unlink()
        paths = [path for sink in ("lines", "table", "days") for path in (self.output / sink).rglob("part-*")]
        kept = {path: path.stat().st_mtime_ns for path in paths}
        for _ in range(2):
            self.assertEqual(self.run_job(), 1)
            self.assertIn(f"'lines/{lost.name}' is not there as it was written", self.said.getvalue())
            self.assertFalse((self.output / "_SUCCESS").exists())
            self.assertFalse(lost.exists())
            self.assertEqual({path: path.stat().st_mtime_ns for path in kept}, kept)


class Buckets(unittest.TestCase):
    def test_events_that_may_be_copies_are_in_one_bucket(self) -> None:
        keying = Keying(("a", "b"), 1000)
        same = (b'{"a":{"b":"x\\u0041"}}', b'{"c":1,"a":{"b":"xA"}}\n', b'{"a": {"b": "xA", "z": "\xff"}}')
        self.assertEqual(len({bucket_of(text, keying) for text in same}), 1)
        found = {bucket_of(b'{"a":{"b":%d}}' % number, keying) for number in range(300)}
        self.assertGreater(len(found), 200)
        without = {bucket_of(b'{"a":%d}' % number, keying) for number in range(300)}
        self.assertGreater(len(without), 200)

    def test_half_of_a_pair_is_the_character_in_its_place(self) -> None:
        keying = Keying(("a",), 1 << 60)
        same = (b'{"a":"x\\ud800y"}', b'{"a":"x\\udfffy"}', b'{"a":"x\xffy"}', '{"a":"x\ufffdy"}'.encode())
        self.assertEqual(len({bucket_of(text, keying) for text in same}), 1)
        pair = (b'{"a":"\\ud83d\\ude00"}', '{"a":"\U0001f600"}'.encode())
        self.assertEqual(len({bucket_of(text, keying) for text in pair}), 1)
        self.assertNotEqual(bucket_of(pair[0], keying), bucket_of(same[0], keying))

    def test_what_mhpipe_reads_is_divided(self) -> None:
        digits = b"7" * 5000
        texts = [
            b'{"a":' * 990 + digits + b"}" * 990 + b"\n",
            b'{"a":{"b":' + b"[" * 990 + b"]" * 990 + b"}}\n",
            b'{"a":{"b":%s}}\n' % digits,
        ]
        limit = sys.getrecursionlimit()
        with tempfile.TemporaryDirectory() as name:
            source = pathlib.Path(name, "source")
            source.write_bytes(b"".join(texts))
            job = mock.Mock(output=pathlib.Path(name), own=pathlib.Path(name), keying=Keying(("a", "b"), 3))
            parts = divide(job, keyed.SINK, source, "part-00000")
            found = [line for part in parts for line in gzip.open(pathlib.Path(name, part["path"]))]
        self.assertEqual(sorted(found), sorted(texts))
        self.assertEqual(sys.getrecursionlimit(), limit)


if __name__ == "__main__":
    unittest.main()
