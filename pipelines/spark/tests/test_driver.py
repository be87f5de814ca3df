"""The driver without Spark: what it lists, packs, refuses, and whether its sums are checked."""

import contextlib
import dataclasses
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from mhpipe_spark import accounting, cluster, command, files, pipeline, units, worker  # noqa: E402
from mhpipe_spark.failure import Failure  # noqa: E402
from mhpipe_spark.job import Job, Sink  # noqa: E402
from mhpipe_spark.planning import Plan, Task, pack  # noqa: E402

SUMMARY = {
    "schema": 1, "exitCode": 0, "filesSeen": 2, "files": 2, "filesLeftOut": 0, "otherFiles": 0, "filesPruned": 0, "unreadable": 0,
    "filesNotReached": 0, "filesCommitted": 0, "filesChanged": 0, "eventsIn": 5, "eventsMade": 0, "eventsKept": 3,
    "eventsFiltered": 2, "eventsQuarantined": 0, "problemFiles": [], "moreProblemFiles": 0, "stages": [], "warnings": [],
}  # fmt: skip


LAKE = {"type": "exec", "protocol": "handshake", "command": ["python3", "a/parquet_sink.py"], "options": {"path": "lake", "rows": 5}}


def tree(**changes: object) -> dict[str, object]:
    return {
        "sources": {"logs": {"type": "directory", "path": "logs"}},
        "transforms": {},
        "sinks": {"out": {"type": "jsonl", "path": "a/out.jsonl.gz"}},
        **changes,
    }


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)


class Listing(Folder):
    def test_files_come_in_order_and_digests_are_left_out(self) -> None:
        for name in ("b/2.json.gz", "b/1.JSON", "a.jsonl", "b/x.txt", "CloudTrail-Digest/d.json", "b.json"):
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text("12")
        found = units.walk(os.fsencode(self.folder), frozenset([b"CloudTrail-Digest"]))
        names = [os.fsdecode(unit.name).removeprefix(f"{self.folder}/") for unit in found]
        self.assertEqual(names, ["a.jsonl", "b.json", "b/1.JSON", "b/2.json.gz"])

    def test_what_is_passed_over_is_counted(self) -> None:
        (self.folder / "b").mkdir()
        for name in ("b/a.txt", "b/b.json.bz2", "c.json"):
            (self.folder / name).write_text("")
        for name, place in (("round", "round"), ("nowhere.json", "missing"), ("folder.json", "b"), ("file.json", "c.json")):
            (self.folder / name).symlink_to(place)
        passed = units.PassedOver()
        names = [os.path.basename(os.fsdecode(unit.name)) for unit in units.walk(os.fsencode(self.folder), passed=passed)]
        self.assertEqual(names, ["c.json", "file.json", "nowhere.json"])
        self.assertEqual((passed.others, passed.links), (3, 1))
        self.assertIn(f"3, such as {self.folder}/b/a.txt", passed.words[0])
        self.assertIn(f"1, such as {self.folder}/folder.json", passed.words[1])

    def test_an_object_has_its_etag_behind_its_size(self) -> None:
        given = [
            units.Unit(b"s3://b/a", 7, b"x-2"), units.Unit(b"s3://b/a", 7), units.Unit(b's3://b/a\t"x"', 7, b"y"),
            units.Unit(b's3://b/a\t8', 7, b"y"), units.Unit(b'a\t8\t"x"', 7),
        ]  # fmt: skip
        self.assertEqual(list(units.read_list(unit.line for unit in given)), given)
        for line in (b'a\t7\t"x"\n', b's3://b/a\t"x"\n', b's3://b/a\t7\tx\n', b's3://b/a\t7\t""\n'):
            with self.subTest(line), self.assertRaises(Failure):
                list(units.read_list([line]))

    def test_what_cannot_stand_in_a_list_is_refused(self) -> None:
        (self.folder / "a\nb.json").write_text("")
        with self.assertRaises(Failure):
            list(units.walk(os.fsencode(self.folder)))
        with self.assertRaises(Failure):
            list(units.walk(os.fsencode(self.folder / "missing")))
        for line in (b"a.json\n", b"a.json\tmany\n", b"\t4\n"):
            with self.assertRaises(Failure):
                list(units.read_list([line]))


class Packing(Folder):
    def test_tasks_hold_all_units_once_in_order(self) -> None:
        for most_bytes, most_units in ((1, 1), (10, 3), (25, 100), (10**9, 7), (10**9, 10**9)):
            given = [units.Unit(b"%04d" % number, number % 23) for number in range(500)]
            found, numbers = [], []
            for task, text in pack(given, most_bytes, most_units):
                lines = list(units.read_list(text.splitlines(keepends=True)))
                found += lines
                numbers.append(task.number)
                self.assertEqual((task.units, task.bytes), (len(lines), sum(unit.size for unit in lines)))
                self.assertTrue(task.bytes <= most_bytes or task.units == 1 or sum(u.size for u in lines[:-1]) == 0)
                self.assertLessEqual(task.units, most_units)
            self.assertEqual(found, given)
            self.assertEqual(numbers, list(range(len(numbers))))

    def test_a_plan_is_read_as_it_was_written(self) -> None:
        plan = Plan(self.folder)
        tasks = list(pack([units.Unit(b"a", 1)] * 1500, 1, 1))
        plan.write({"input": "x"}, tasks)
        self.assertEqual(list(plan.tasks()), [task for task, _ in tasks])
        self.assertEqual(plan.identity(), {"input": "x"})
        self.assertEqual(plan.list_path(1499).read_bytes(), b"a\t1\n")

    def test_a_file_that_was_not_finished_has_no_name(self) -> None:
        with self.assertRaises(ValueError), files.replaced(self.folder / "a") as file:
            file.write(b"half")
            raise ValueError
        self.assertEqual(list(self.folder.iterdir()), [])


class Pipelines(unittest.TestCase):
    def test_what_cannot_be_spread_is_refused(self) -> None:
        kinds = ("sort", "aggregate", "resolve_roles", "exec", "anything")
        bad = [tree(transforms={"t": {"type": kind}}) for kind in kinds] + [
            tree(state="st"), tree(mode="append"), tree(sources={}), tree(sinks={}),
            tree(sources={"a": {"type": "directory"}, "b": {"type": "directory"}}),
            tree(sources={"a": {"type": "s3", "url": "s3://b", "versions": "all"}}),
            tree(sources={"a": {"type": "s3", "url": "s3://b", "verify_digests": "warn"}}),
            tree(sources={"a": {"type": "s3", "url": "s3://b", "since": "7d"}}), tree(sources={"a": {"type": "sqs"}}),
            tree(sources={"a": {"type": "directory", "path": "x", "include": ["*.json"]}}),
            tree(sources={"a": {"type": "directory", "path": "x", "since": "7d"}}),
            tree(sinks={"o": {"type": "exec", "command": "cat"}}), tree(sinks={"o": {"type": "jsonl", "path": "-"}}),
            tree(sources={"a": {"type": "directory", "path": "s3://b/AWSLogs"}}),
            tree(sinks={"o": {"type": "jsonl", "path": "s3://b"}}), tree(sinks={"o": {"type": "jsonl", "path": "s3://{a}/x.jsonl"}}),
            tree(sinks={"o": {"type": "sqlite", "path": "s3://b/x.db"}}), tree(sinks={"o": {"type": "jsonl", "path": "http://b/x"}}),
            tree(sinks={"o": {"type": "jsonl", "path": "s3://b/x.jsonl", "rotate": "1GB"}}),
            tree(sinks={"o": {"type": "jsonl", "path": "s3://b/a{{1}}/{a.b}/x.jsonl"}}),
            tree(sinks={"o": {"type": "jsonl", "path": "s3://b/x.jsonl", "storage_class": "GLACIER"}}),
            tree(sources={"a": {"type": "s3", "url": "s3://b/x"}}, sinks={"o": {"type": "jsonl", "path": "s3://b/x/y/z.jsonl"}}),
            tree(sinks={"o": {"type": "csv", "path": "a.csv", "rotate": "1h"}}),
            tree(sinks={"o": {"type": "exec", "protocol": "handshake", "command": ["python3", "mine.py"]}}),
            tree(sinks={"o": {**LAKE, "options": {"path": "lake", "append": True}}}),
            tree(sinks={"_o": {"type": "csv", "path": "a.csv"}}),
        ]  # fmt: skip
        once = {"type": "dedupe"}
        some = {"type": "filter", "where": "a == 1"}
        bad += [
            tree(transforms={"a": once, "b": once}), tree(transforms={"a": {**once, "by": ['a."b"']}}),
            tree(transforms={"r": {"type": "route"}, "a": once}), tree(transforms={"f": {**some, "inputs": "logs"}, "a": once}),
            tree(transforms={"f": some, "a": {**once, "inputs": "logs"}}),
            tree(transforms={"f": some, "a": once}, sinks={"o": {"type": "jsonl", "path": "a", "inputs": "logs"}}),
            tree(transforms={"f": some, "a": once, "b": {"type": "identity", "inputs": ["f.x"]}}),
        ]  # fmt: skip
        for given in bad:
            with self.subTest(given), self.assertRaises(Failure) as caught:
                pipeline.Pipeline(given)
            self.assertEqual(caught.exception.code, 2)
        with self.assertRaisesRegex(Failure, "'resolve_roles' goes from session to session"):
            pipeline.Pipeline(tree(transforms={"t": {"type": "resolve_roles"}}))
        for pattern in ("*.json", "a/b/", "!x/", "x"):
            source = {"type": "directory", "path": "x", "exclude": [pattern]}
            with self.subTest(pattern), self.assertRaises(Failure):
                pipeline.Pipeline(tree(sources={"a": source})).excluded

    def test_a_task_reads_its_list_and_writes_its_part(self) -> None:
        source = {"type": "directory", "path": "x", "accounts": ["0"], "exclude": ["A/"]}
        transforms = {"f": {"type": "filter", "where": "a == '${b}'"}}
        given = pipeline.Pipeline(tree(sources={"logs": source}, transforms=transforms))
        made = json.loads(given.task_text())
        self.assertEqual(made["sources"], {"logs": {"type": "list", "path": "${MHPIPE_LIST}", "accounts": ["0"]}})
        self.assertEqual(made["sinks"]["out"]["path"], "${MHPIPE_SINK_0}")
        self.assertEqual(made["transforms"]["f"]["where"], "a == '$${b}'")
        reached = pipeline.Pipeline(tree(sources={"logs": {"type": "list", "path": "x", "profile": "audit"}}))
        made = json.loads(reached.task_text())
        self.assertEqual(made["sources"]["logs"], {"type": "list", "path": "${MHPIPE_LIST}", "profile": "audit"})
        bucket = {"type": "s3", "url": "s3://b/AWSLogs", "versions": "latest", "endpoint": "http://x", "regions": ["r"]}
        given = pipeline.Pipeline(tree(sources={"logs": bucket}))
        made = json.loads(given.task_text())
        self.assertEqual(
            made["sources"]["logs"], {"type": "list", "path": "${MHPIPE_LIST}", "endpoint": "http://x", "regions": ["r"]}
        )
        self.assertEqual(given.place, "s3://b/AWSLogs")
        self.assertEqual(given.sinks[0].path(pathlib.Path("/out"), "part-00001"), "/out/out/part-00001.jsonl.gz")

    def test_objects_stay_below_the_address_of_the_sink(self) -> None:
        cases = (
            ("s3://b/x.jsonl.gz", "s3://b/s/part-7.jsonl.gz"),
            ("s3://b/lake/day={eventTime:%Y}/z/x.jsonl", "s3://b/lake/s/day={eventTime:%Y}/z/part-7.jsonl"),
            ("s3://b/lake/{awsRegion}.csv", "s3://b/lake/s/{awsRegion}-part-7.csv"),
        )
        for path, expected in cases:
            with self.subTest(path):
                [sink] = pipeline.Pipeline(tree(sinks={"s": {"type": "csv", "path": path}})).sinks
                self.assertEqual(sink.path(pathlib.Path("/out"), "part-7"), expected)

    def test_fields_stay_below_the_folder_of_the_sink(self) -> None:
        cases = (
            ("a/b.jsonl.gz", "/o{{u}}t/s/part-7.jsonl.gz"),
            ("lake/day={eventTime:%Y.%m.%d}/x.jsonl", "/o{{u}}t/s/day={eventTime:%Y.%m.%d}/part-7.jsonl"),
            ("a/{awsRegion}/b/{userIdentity.type}.jsonl.zst", "/o{{u}}t/s/{awsRegion}/b/{userIdentity.type}-part-7.jsonl.zst"),
            ("{a.b}", "/o{{u}}t/s/{a.b}-part-7"),
            ("a{{1}}/x.jsonl", "/o{{u}}t/s/part-7.jsonl"),
        )
        for path, expected in cases:
            with self.subTest(path):
                [sink] = pipeline.Pipeline(tree(sinks={"s": {"type": "jsonl", "path": path, "rotate": "256MB"}})).sinks
                self.assertEqual(sink.path(pathlib.Path("/o{u}t"), "part-7"), expected)

    def test_parquet_is_written_to_the_folder_of_an_attempt(self) -> None:
        given = pipeline.Pipeline(tree(sinks={"lake": LAKE}))
        options = json.loads(given.task_text())["sinks"]["lake"]["options"]
        expected = {
            "path": "${MHPIPE_SINK_0}", "name": "${MHPIPE_PART}", "listing": "${MHPIPE_SINK_0}/_files.jsonl", "rows": 5,
        }  # fmt: skip
        self.assertEqual((given.sinks[0].kind, options), ("parquet", expected))

    def test_tables_that_are_put_together_have_no_header_of_their_own(self) -> None:
        for sink, expected in (({}, False), ({"header": True}, False), ({"header": False}, False), ({"type": "jsonl"}, None)):
            given = pipeline.Pipeline(tree(sinks={"s": {"type": "csv", "path": "a.csv", **sink}}))
            made = json.loads(given.task_text(with_headers=False))["sinks"]["s"]
            self.assertEqual(made.get("header"), expected, sink)
            self.assertEqual(given.sinks[0].has_header, sink in ({}, {"header": True}), sink)


class Tasks(Folder):
    def job(self, program: str) -> Job:
        path = self.folder / "mhpipe"
        path.write_text("#!/bin/sh\n" + program)
        path.chmod(0o755)
        return Job(str(path), False, self.folder / "out", str(self.folder), (Sink("s", ".jsonl"),), 1, 1, ())

    def run_task(self, program: str, job: Job | None = None) -> str:
        return worker.run_task(Task(0, 2, 9, "d"), job or self.job(program), "0")

    def part(self, code: int, end: str = '{"type": "end", "committed": true}') -> str:
        path = self.folder / "out/s/part-00000.jsonl"
        output = {"type": "output", "stage": "s", "path": str(path), "sha256": "0", "bytes": 2, "rows": 1}
        return (
            'while [ "$1" != --manifest ]; do shift; done\n'
            f"echo x > '{path}'; echo told >&2; echo '{json.dumps(SUMMARY)}' >&2\n"
            f"printf '%s\\n' '{json.dumps(output)}' '{end}' > \"$2\"; exit {code}"
        )

    def test_a_task_that_is_done_is_not_done_again(self) -> None:
        job = self.job(self.part(0))
        self.assertEqual(self.run_task("", job), "")
        job = self.job("exit 2")
        self.assertEqual(self.run_task("", job), "")
        (job.output / "s/part-00000.jsonl").unlink()
        self.assertIn("ended with 2", self.run_task("", job))

    def test_damage_is_put_down_and_only_what_may_pass_is_tried_again(self) -> None:
        self.assertEqual(self.run_task(self.part(65)), "")
        (self.folder / "out/s/part-00000.jsonl").unlink()
        self.assertIn("damaged", self.run_task("echo damaged >&2; exit 65"))
        not_committed = self.part(0, '{"type": "end", "committed": false}')
        summary = f"echo '{json.dumps(SUMMARY)}' >&2"
        for program in (
            "exit 75", "exit 1", "exit 4", "exit 0", "kill -9 $$", "exec sleep 60", self.part(75), not_committed, summary,
        ):  # fmt: skip
            # A part that was recorded, and is there again, is done.
            self.job("").done("part-00000", 0).unlink(missing_ok=True)
            with self.subTest(program), self.assertRaises(worker.Again):
                self.run_task(program)
        self.assertEqual(list((self.folder / "out/_mhpipe/attempts").iterdir()), [])

    def test_what_fails_too_often_keeps_no_other_task_from_being_done(self) -> None:
        job = dataclasses.replace(self.job("echo killed here >&2; kill -9 $$"), attempts_allowed=3)
        tasks = [Task(0, 2, 9, "d"), Task(1, 2, 9, "e")]
        for attempt in range(2):
            with mock.patch.object(worker, "attempt_name", return_value=f"0.0.{attempt}"), self.assertRaises(worker.Again):
                list(worker.run_tasks(iter(tasks), job))
        with mock.patch.object(worker, "attempt_name", return_value="0.0.2"):
            [number, why] = next(worker.run_tasks(iter(tasks), job))
        self.assertEqual(number, 0)
        self.assertIn("killed here", why)
        self.assertIn("signal 9", why)
        with mock.patch.object(worker, "attempt_name", return_value="0.1.0"), self.assertRaises(worker.Again):
            list(worker.run_tasks(iter(tasks[1:]), job))
        # A disk that is full is told of like any other failure.
        with (
            mock.patch.object(worker, "attempt_name", return_value="0.1.1"),
            mock.patch.object(worker, "run_child", side_effect=OSError(28, "No space left on device", "/out/x")),
            self.assertRaisesRegex(worker.Again, "part-00001: cannot use '/out/x': No space left"),
        ):
            list(worker.run_tasks(iter(tasks[1:]), job))

    def test_what_does_not_add_up_is_refused(self) -> None:
        accounting.check(Task(0, 2, 9, "d"), SUMMARY, [])
        for key, value in (("filesSeen", 3), ("files", 1), ("eventsKept", 2), ("eventsIn", 6)):
            with self.subTest(key), self.assertRaises(Failure):
                accounting.check(Task(0, 2, 9, "d"), {**SUMMARY, key: value}, [])
        sink = {**SUMMARY, "stages": [{"kind": "sink", "name": "s", "eventsOut": 3}]}
        parts = [{"sink": "s", "rows": 2}, {"sink": "s", "rows": 1}, {"sink": "t", "rows": 9}]
        accounting.check(Task(0, 2, 9, "d"), sink, parts)
        with self.assertRaises(Failure):
            accounting.check(Task(0, 2, 9, "d"), sink, parts[1:])
        with self.assertRaises(Failure):
            accounting.add_up([Task(0, 2, 9, "d")], self.job(""), lambda _: None)


class Arguments(unittest.TestCase):
    def test_attempts_are_those_that_spark_allows(self) -> None:
        cases = (("local", 1), ("local[*]", 1), ("local[4]", 1), ("local[4,3]", 3), ("local[*, 2]", 2), ("local-cluster[2,1,1024]", 4),
                 ("spark://a:7077", 4))  # fmt: skip
        for master, expected in cases:
            self.assertEqual(cluster.attempts(master, "4"), expected, master)

    def test_numbers_that_mean_nothing_are_refused(self) -> None:
        for name in ("--workers", "--task-files", "--task-timeout", "--task-bytes", "--part-bytes"):
            for value in ("0", "-1", "many", "nan", ""):
                with self.subTest(name=name, value=value), contextlib.redirect_stderr(io.StringIO()):
                    with self.assertRaises(SystemExit) as raised:
                        command.arguments(["p", "out", f"{name}={value}"])
                    self.assertEqual(raised.exception.code, 2)

    def test_sizes(self) -> None:
        self.assertEqual([command.size(text) for text in ("5", "20k", "500m", "1G", "2gb")], [5, 20_000, 5 * 10**8, 10**9, 2 * 10**9])


if __name__ == "__main__":
    unittest.main()
