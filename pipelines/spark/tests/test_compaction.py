"""Files by account and day, and parts put together, killed before each step."""

import collections
import gzip
import json
import pathlib
import shutil
import sys
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import trail  # noqa: E402
from jobs import MHPIPE, Jobs  # noqa: E402
from mhpipe_spark import command, compaction, pipeline  # noqa: E402
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
        for change, word in ((lambda path: path.write_bytes(b"x" * path.stat().st_size), "SHA-256"), (pathlib.Path.unlink, "is gone")):
            shutil.rmtree(self.output, ignore_errors=True)
            with mock.patch.object(command, "compact", side_effect=KeyboardInterrupt):
                self.assertEqual(self.run_job("--part-bytes", "1g"), 130)
            change(self.output / "lines/part-00001.jsonl.gz")
            self.assertEqual(self.run_job("--part-bytes", "1g"), 1)
            self.assertIn(word, self.said.getvalue())
            self.assertFalse((self.output / "_SUCCESS").exists())

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


if __name__ == "__main__":
    unittest.main()
