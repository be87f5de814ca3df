"""Files by account and day, and parts put together, killed before each step."""

import collections
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import trail  # noqa: E402
from jobs import MHPIPE, Here, Jobs  # noqa: E402
from mhpipe_spark import command, compaction, pipeline  # noqa: E402
from mhpipe_spark.failure import Failure  # noqa: E402
from mhpipe_spark.job import Sink  # noqa: E402

SHORT = trail.PIPELINE.partition("  days:")[0]


class Lake(Jobs):
    def test_files_stand_by_account_and_day_and_are_accounted_for(self) -> None:
        self.assertEqual(self.run_job(), 3, self.said)
        listed = self.check_files()
        total = json.loads((self.output / "_total.json").read_text())
        rows = collections.Counter()
        for entry in listed:
            rows[entry["sink"]] += entry["rows"]
        self.assertEqual(dict(rows), {sink: total["eventsKept"] for sink in ("lines", "table", "days", "tables")})
        found = self.lines("days")
        self.assertEqual(len([folder for folder in found if folder.startswith("account=1111")]), 4)
        for folder, lines in found.items():
            for line in lines:
                event = json.loads(line)
                if "recipientAccountId" in event:
                    self.assertEqual(folder, f"account={event['recipientAccountId']}/day={event['eventTime'][:10]}")
        self.assertEqual(sum(found.values(), collections.Counter()), sum(self.lines("lines").values(), collections.Counter()))
        times = {path: path.stat().st_mtime_ns for path in self.output.rglob("part-*") if "_mhpipe" not in str(path)}
        self.assertEqual(self.run_job(), 3, self.said)
        self.assertEqual({path: path.stat().st_mtime_ns for path in times}, times)
        lost = next((self.output / "days").rglob("part-*"))
        lost.unlink()
        self.assertEqual(self.run_job(), 3, self.said)
        self.assertTrue(lost.exists())

    def test_parts_are_put_together_and_nothing_is_lost_or_doubled(self) -> None:
        self.assertEqual(self.run_job(), 3, self.said)
        parts = self.contents()
        for most in ("1", "9k", "1g"):
            shutil.rmtree(self.output)
            self.assertEqual(self.run_job("--part-bytes", most), 3, self.said)
            listed = self.check_files()
            self.assertEqual(self.contents(), parts)
            self.assertFalse(any("part-" in entry["path"] for entry in listed))
            for sink in ("table", "tables"):
                for path in (path for path in (self.output / sink).rglob("*") if path.is_file()):
                    data = path.read_bytes()
                    text = gzip.decompress(data) if path.suffix == ".gz" else data
                    self.assertTrue(text.startswith(b"eventTime,"), path)
                    self.assertEqual(text.count(b"eventTime,"), 1, path)
            if most == "1g":
                self.assertEqual([entry["path"] for entry in listed if entry["sink"] == "lines"], ["lines/data-00000.jsonl.gz"])
        order = [json.loads(line) for line in gzip.open(self.output / "lines/data-00000.jsonl.gz")]
        times = [event["eventID"].split("-")[:2] for event in order if "eventID" in event]
        self.assertEqual(times, sorted(times), "the order is that of the trail")
        self.assertEqual(self.run_job(), 2)
        self.assertIn("size of tasks or parts", self.said.getvalue())

    def test_a_job_that_is_killed_before_any_step_of_putting_together_goes_on(self) -> None:
        more = ("--part-bytes", "6k")
        (self.folder / "p.conf").write_text(trail.PIPELINE.partition("  days:")[0])
        read = pipeline.read(MHPIPE, str(self.folder / "p.conf"), [f"LOGS={self.folder}/logs"])
        self.enterContext(mock.patch.object(pipeline, "read", return_value=read))
        self.assertEqual(self.run_job(), 3, self.said)
        expected = self.contents()
        shutil.rmtree(self.output)
        with mock.patch.object(command, "compact", side_effect=KeyboardInterrupt):
            self.assertEqual(self.run_job(*more), 130)
        (self.output / "_mhpipe/compaction.jsonl").unlink()
        before = self.folder / "before"
        shutil.copytree(self.output, before)
        step = 1
        while True:
            shutil.rmtree(self.output)
            shutil.copytree(before, self.output)
            if not self.killed_at(step, *more):
                break
            mixed = any(self.output.glob("lines/part-*")) and any(self.output.glob("lines/data-*"))
            self.assertFalse(mixed and (self.output / "_SUCCESS").exists())
            # The way on is stopped too, now and then.
            if step % 4 == 0:
                self.killed_at(1 + step * 7 % 40, *more)
            self.assertEqual(self.run_job(*more), 3, self.said)
            self.assertEqual(self.contents(), expected, f"killed at step {step}")
            self.check_files()
            step += 1
        self.assertGreater(step, 40)

    def test_a_part_that_has_changed_or_gone_is_told(self) -> None:
        changes = ((lambda path: path.write_bytes(b"x" * path.stat().st_size), "SHA-256"), (pathlib.Path.unlink, "is gone"))
        # Of many parts, and of one, which is given the name of the file.
        for most in ("1g", "1"):
            for change, word in changes:
                shutil.rmtree(self.output, ignore_errors=True)
                with mock.patch.object(command, "compact", side_effect=KeyboardInterrupt):
                    self.assertEqual(self.run_job("--part-bytes", most), 130)
                change(self.output / "lines/part-00001.jsonl.gz")
                self.assertEqual(self.run_job("--part-bytes", most), 1)
                self.assertIn(word, self.said.getvalue())
                self.assertFalse((self.output / "_SUCCESS").exists())

    def test_a_database_that_has_changed_beside_files_is_told(self) -> None:
        (self.folder / "p.conf").write_text(SHORT + "  db:\n    type: sqlite\n    path: all.db\n")
        self.assertEqual(self.run_job("--part-bytes", "1g"), 3, self.said)
        self.check_files()
        for change in (lambda path: os.truncate(path, 100), pathlib.Path.unlink):
            change(self.output / "db/part-00001.db")
            self.assertEqual(self.run_job("--part-bytes", "1g"), 1)
            self.assertIn("'db/part-00001.db' is not there as it was written", self.said.getvalue())
            self.assertFalse((self.output / "_SUCCESS").exists())

    def test_a_file_that_is_none_of_the_job_is_told(self) -> None:
        (self.folder / "p.conf").write_text(SHORT)
        for more, name in (((), "lines/deep/part-00077.jsonl.gz"), (("--part-bytes", "1g"), "table/other.csv")):
            shutil.rmtree(self.output, ignore_errors=True)
            self.assertEqual(self.run_job(*more), 3, self.said)
            path = self.output / name
            path.parent.mkdir(exist_ok=True)
            path.with_name(".hidden").write_text("")
            path.write_text("")
            self.assertEqual(self.run_job(*more), 1)
            self.assertIn(f"'{name}' is none of the job's files", self.said.getvalue())
            self.assertFalse((self.output / "_SUCCESS").exists())
            path.unlink()
            self.assertEqual(self.run_job(*more), 3, self.said)
            self.assertTrue((self.output / "_SUCCESS").exists())

    def test_what_attempts_write_until_spark_stops_is_removed(self) -> None:
        (self.folder / "p.conf").write_text(SHORT)
        late = (".part-00000.jsonl.gz.mhpipe-m-1-0.0.tmp", "part-00000.jsonl.gz")

        def stop(*_: object) -> None:
            for name in late:
                (self.output / "lines" / name).write_text("")

        with mock.patch.object(Here, "__exit__", stop):
            self.assertEqual(self.run_job("--part-bytes", "1g"), 3, self.said)
        self.check_files()

    def test_a_folder_of_something_else_is_left_as_it_is(self) -> None:
        self.output.mkdir()
        (self.output / "mine").write_text("")
        self.assertEqual(self.run_job(), 2)
        self.assertIn("holds 'mine'", self.said.getvalue())
        self.assertEqual([path.name for path in self.output.iterdir()], ["mine"])

    def test_column_names_are_written_for_tables_that_rotate(self) -> None:
        (self.folder / "p.conf").write_text(SHORT + "    rotate: 2kB\n")
        self.assertEqual(self.run_job("--part-bytes", "1"), 3, self.said)
        paths = [path for path in self.output.glob("table/data-*")]
        self.assertGreater(len(paths), 8)
        for path in paths:
            text = path.read_text()
            self.assertTrue(text.startswith("eventTime,"), path)
            self.assertEqual(text.count("eventTime,"), 1, path)
        self.check_files()

    def test_a_sink_may_be_called_quarantine(self) -> None:
        (self.folder / "p.conf").write_text(SHORT.replace("  table:", "  quarantine:"))
        self.assertEqual(self.run_job(), 3, self.said)
        self.assertEqual({entry["sink"] for entry in self.check_files()}, {"lines", "quarantine"})
        done = [json.loads(line) for line in (self.output / "_manifest.jsonl").read_text().splitlines()]
        size = sum(path.stat().st_size for path in (self.output / "_quarantine").iterdir())
        self.assertGreater(size, 0)
        self.assertEqual(sum(task["quarantineBytes"] for task in done), size)

    def test_a_folder_that_cannot_be_written_to_is_told(self) -> None:
        (self.folder / "file").write_text("")
        self.output = self.folder / "file/out"
        self.assertEqual(self.run_job(), 1)
        self.assertRegex(self.said.getvalue(), "^mhpipe-spark: cannot use '.*file/out.*': Not a directory")

    def test_column_names_are_written_where_temporary_files_have_braces_in_their_names(self) -> None:
        (self.folder / "{b}").mkdir()
        with mock.patch("tempfile.tempdir", str(self.folder / "{b}")):
            self.assertEqual(self.run_job("--part-bytes", "1g", "--plan-only"), 0, self.said)
        header = (self.output / "_mhpipe/headers/table.csv").read_text()
        self.assertTrue(header.startswith("eventTime,"))

    def test_files_for_excel_are_not_put_together(self) -> None:
        (self.folder / "p.conf").write_text(trail.PIPELINE + "    excel: true\n")
        self.assertEqual(self.run_job("--part-bytes", "1g"), 2)
        self.assertIn("Excel", self.said.getvalue())


class Groups(unittest.TestCase):
    def test_parts_are_packed_in_order_by_folder(self) -> None:
        sinks = [Sink("s", ".jsonl", "jsonl", "{a}/"), Sink("db", ".db", "sqlite")]
        done = [
            {
                "part": f"part-{number:05d}",
                "parts": [
                    *({"sink": "s", "path": f"s/{name}/part-{number:05d}.jsonl", "bytes": 40, "rows": 1} for name in ("a", "part-00001")),
                    {"sink": "db", "path": f"db/part-{number:05d}.db", "bytes": 40, "rows": 1},
                ],
            }
            for number in range(5)
        ]
        found = list(compaction.groups(done, sinks, 100))
        self.assertEqual([group.number for group in found], list(range(6)))
        for name in ("a", "part-00001"):
            mine = [group for group in found if group.path.startswith(f"s/{name}/")]
            self.assertEqual([group.path for group in mine], [f"s/{name}/data-{number:05d}.jsonl" for number in range(3)])
            paths = [part["path"] for group in mine for part in group.parts]
            self.assertEqual(paths, [f"s/{name}/part-{number:05d}.jsonl" for number in range(5)])
            self.assertEqual([group.rows for group in mine], [2, 2, 1])

    def test_a_part_that_is_renamed_is_held_to_its_hash_under_both_names(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            job = mock.Mock(output=folder)
            part = {"sink": "s", "path": "part", "bytes": 1, "rows": 1, "sha256": hashlib.sha256(b"a").hexdigest()}
            group = compaction.Group(0, "s", "data", "", (part,))
            (folder / "part").write_text("a")
            for _ in range(2):
                self.assertEqual(compaction.renamed(group, job), (part["sha256"], 1))
            (folder / "data").write_text("b")
            with self.assertRaisesRegex(Failure, "not as it was written"):
                compaction.renamed(group, job)
            (folder / "data").rename(folder / "part")
            with self.assertRaisesRegex(Failure, "not as it was written"):
                compaction.renamed(group, job)
            self.assertFalse((folder / "data").exists())


if __name__ == "__main__":
    unittest.main()
