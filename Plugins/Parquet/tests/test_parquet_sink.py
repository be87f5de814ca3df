"""Runs mhpipe with the sink over the sample trail, and reads with DuckDB what it wrote."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import duckdb
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
MHPIPE = os.environ.get("MHPIPE", str(ROOT / ".build/debug/mhpipe"))
LOGS = ROOT / "pipelines/sample/AWSLogs"
PIPELINE = ROOT / "pipelines/parquet-lake.conf"


class ParquetSinkTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mhpipe parquet ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.lake = self.folder / "lake"

    def mhpipe(self, *arguments, status=0):
        values = {"LOGS": LOGS, "LAKE": self.lake, "PYTHON": sys.executable, "PARQUET": HERE}
        words = [MHPIPE, *map(str, arguments)] + [w for k, v in values.items() for w in ("--set", f"{k}={v}")]
        result = subprocess.run(words, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stderr

    def pipeline(self, records, options="path: \"${LAKE}\""):
        """Writes a pipeline over some records; `options` are those of the sink."""
        (self.folder / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
        path = self.folder / "test.conf"
        path.write_text(
            "sources:\n  in: {type: file, path: in.jsonl}\nsinks:\n  lake:\n    type: exec\n"
            f'    command: ["{sys.executable}", "{HERE}/parquet_sink.py"]\n    protocol: handshake\n'
            f"    options: {{{options}}}\n"
        )
        return path

    def query(self, text):
        glob = str(self.lake / "*/*/*/*.parquet").replace("'", "''")
        return duckdb.sql(text.replace("LAKE", f"read_parquet('{glob}', hive_partitioning = true)")).fetchall()

    def files(self):
        # Unlike a glob, a walk does not mind folders that go away meanwhile.
        walk = ((pathlib.Path(folder), names) for folder, _, names in os.walk(self.lake))
        return sorted(str((folder / name).relative_to(self.lake)) for folder, names in walk for name in names)

    def contents(self):
        return {name: (self.lake / name).read_bytes() for name in self.files()}

    @contextlib.contextmanager
    def held(self, day):
        """A run that has written hidden files and waits for more input."""
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        text = self.pipeline([], "path: \"${LAKE}\", rows: 100").read_text().replace("in.jsonl", "fifo")
        (self.folder / "fifo.conf").write_text(text)
        words = [MHPIPE, "run", "fifo.conf", "--quiet", "--set", f"LAKE={self.lake}"]
        process = subprocess.Popen(words, cwd=self.folder, stderr=subprocess.PIPE)
        with open(os.open(fifo, os.O_RDWR), "w") as pipe, process.stderr:  # does not wait for a reader
            record = {"eventVersion": "1.08", "eventTime": f"{day}T03:04:05Z", "userAgent": "x" * 1000}
            for number in range(2000):
                pipe.write(json.dumps(record | {"eventID": str(number)}) + "\n")
            pipe.flush()
            while not any("/.trail." in name for name in self.files()):
                self.assertIsNone(process.poll(), "mhpipe ended early")
            yield process, pipe

    def test_the_files_of_a_run_are_listed_when_they_are_in_their_places(self):
        records = [
            {"eventVersion": "1.08", "eventTime": f"2026-05-0{1 + n % 3}T03:04:05Z", "eventID": str(n)} for n in range(10)
        ]
        listing = self.folder / "listing.jsonl"
        options = f'path: "${{LAKE}}", rows: 2, listing: "{listing}"'
        self.mhpipe("run", self.pipeline(records, options))
        entries = [json.loads(line) for line in listing.read_text().splitlines()]
        self.assertEqual(sorted(entry["path"] for entry in entries), self.files())
        self.assertEqual(sum(entry["rows"] for entry in entries), 10)
        for entry in entries:
            path = self.lake / entry["path"]
            self.assertEqual((entry["rows"], entry["bytes"]), (pq.read_metadata(path).num_rows, path.stat().st_size))

    def test_the_pipeline_passes_the_check(self):
        self.assertIn(": ok (1 source, 1 transform, 1 sink, 1 test)", self.mhpipe("check", PIPELINE))

    def test_duckdb_reads_every_event_of_the_sample(self):
        self.mhpipe("run", PIPELINE, "--quiet", "--summary", "summary.json")
        kept = json.loads((self.folder / "summary.json").read_text())["eventsKept"]
        self.assertEqual(self.query("SELECT count(*) FROM LAKE"), [(kept,)])
        wrong = "SELECT count(*) FROM LAKE WHERE CAST(day AS VARCHAR) <> strftime(eventTime AT TIME ZONE 'UTC', '%Y-%m-%d')"
        self.assertEqual(self.query(wrong), [(0,)])
        wrong = "SELECT count(*) FROM LAKE WHERE region <> awsRegion OR lpad(CAST(account AS VARCHAR), 12, '0') <> recipientAccountId"
        self.assertEqual(self.query(wrong), [(0,)])
        self.assertGreater(self.query("SELECT count(DISTINCT identity_actor) FROM LAKE")[0][0], 1)

    def test_columns_have_types_and_dictionaries(self):
        record = {
            "eventVersion": "1.08",
            "eventTime": "2026-01-02T03:04:05Z",
            "awsRegion": "us-west-2",
            "recipientAccountId": "012345678901",
            "readOnly": True,
            "eventName": "GetObject",
            "requestParameters": {"a": [1, "é"]},
            "errorCode": None,
            "userIdentity": {"type": "Root"},
        }
        self.mhpipe("run", self.pipeline([record]), "--quiet")
        row = self.query(
            "SELECT eventTime AT TIME ZONE 'UTC' = TIMESTAMP '2026-01-02 03:04:05', readOnly, requestParameters,"
            " errorCode, userIdentity_type, managementEvent, recipientAccountId, typeof(readOnly), typeof(eventTime) FROM LAKE"
        )
        expected = (True, True, '{"a":[1,"é"]}', None, "Root", None, "012345678901", "BOOLEAN", "TIMESTAMP WITH TIME ZONE")
        self.assertEqual(row, [expected])
        name = "account=012345678901/region=us-west-2/day=2026-01-02/trail.0000.parquet"
        self.assertEqual(self.files(), [name])
        group = pq.ParquetFile(self.lake / name).metadata.row_group(0)
        chunks = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
        self.assertTrue(chunks["eventName"].has_dictionary_page)
        self.assertEqual(chunks["eventName"].compression, "ZSTD")

    def test_odd_records_are_kept(self):
        odd = [
            {"eventVersion": "1.08"},
            {"eventVersion": "1.08", "awsRegion": "../up", "recipientAccountId": 7, "eventTime": "yesterday"},
            {"eventVersion": "1.08", "awsRegion": {"a": 1}, "readOnly": "yes", "userAgent": ["a"], "userIdentity": []},
            {"eventVersion": "1.08", "userAgent": "half \ud83d"},
        ]
        self.mhpipe("run", self.pipeline(odd, "path: \"${LAKE}\", columns: [userIdentity.x, more]"), "--quiet")
        folders = ["account=7", "account=unknown"]
        self.assertEqual(self.files(), [f"{name}/region=unknown/day=unknown/trail.0000.parquet" for name in folders])
        rows = self.query("SELECT userAgent, readOnly, awsRegion, more, userIdentity_x FROM LAKE ORDER BY 1 NULLS FIRST")
        self.assertEqual(rows[2], ('["a"]', None, '{"a":1}', None, None))
        self.assertEqual(rows[3][0], "half ?")

    def record(self, day, number=0):
        return {"eventVersion": "1.08", "eventTime": f"{day}T00:00:00Z", "eventID": str(number)}

    def path(self, day, name="trail.0000.parquet"):
        return f"account=unknown/region=unknown/day={day}/{name}"

    def test_a_second_run_replaces_the_first(self):
        self.mhpipe("run", PIPELINE, "--quiet")
        first = self.contents()
        self.mhpipe("run", PIPELINE, "--quiet")
        self.assertEqual(self.contents(), first)

    def test_a_run_replaces_only_the_partitions_that_it_writes(self):
        days = ["2026-01-01", "2026-01-02", "2026-01-03"]
        for day in days:
            errors = self.mhpipe("run", self.pipeline([self.record(day)]), "--quiet")
            self.assertNotIn("lake:", errors)
        self.assertEqual(self.files(), [self.path(day) for day in days])
        before = self.contents()
        self.mhpipe("run", self.pipeline([self.record(days[1], 7), self.record(days[1], 8)]), "--quiet")
        after = self.contents()
        self.assertEqual({name for name in after if after[name] != before.get(name)}, {self.path(days[1])})
        self.assertEqual(self.query("SELECT eventID FROM LAKE ORDER BY 1"), [("0",), ("0",), ("7",), ("8",)])
        # A night without input, or a filter that lets nothing through, is no reason to lose anything.
        self.mhpipe("run", self.pipeline([]), "--quiet", status=3)
        self.assertEqual(self.contents(), after)

    def test_runs_of_other_names_leave_each_other_alone(self):
        day = "2026-01-01"
        self.mhpipe("run", self.pipeline([self.record(day)]), "--quiet")
        for name in ("trail2", "t", "trail-0000"):
            self.mhpipe("run", self.pipeline([self.record(day)], f"path: \"${{LAKE}}\", name: {name}"), "--quiet")
        names = ["t.0000.parquet", "trail-0000.0000.parquet", "trail.0000.parquet", "trail2.0000.parquet"]
        self.assertEqual(self.files(), [self.path(day, name) for name in names])

    def test_files_without_a_successor_go_in_the_partitions_that_are_written(self):
        day, other = "2026-01-01", "2026-01-02"
        self.mhpipe("run", self.pipeline([self.record(day), self.record(other)]), "--quiet")
        mine = ["notes.txt", "trail.parquet", "trail.0001.parquet.bak", "trail.x.parquet", "other.0001.parquet"]
        for folder in (day, other):
            for name in mine + ["trail.0001.parquet"]:
                source = (self.lake / self.path(folder)).read_bytes()
                (self.lake / self.path(folder, name)).write_bytes(source)
        errors = self.mhpipe("run", self.pipeline([self.record(day)]), "--quiet")
        kept = [self.path(day, name) for name in mine + ["trail.0000.parquet"]]
        kept += [self.path(other, name) for name in mine + ["trail.0000.parquet", "trail.0001.parquet"]]
        self.assertEqual(self.files(), sorted(kept))
        folder = str(pathlib.Path(self.path(day)).parent)
        self.assertIn(f"lake: {folder} had 2 events and has 1 now, those of this run\n", errors)

    def test_runs_that_append_add_up(self):
        options = "path: \"${LAKE}\", append: true"
        for number, day in enumerate(["2026-01-01", "2026-01-02", "2026-01-01", "2026-01-01"]):
            errors = self.mhpipe("run", self.pipeline([self.record(day, number)], options), "--quiet")
            self.assertNotIn("lake:", errors)
        names = [self.path("2026-01-01", f"trail.000{n}.parquet") for n in range(3)] + [self.path("2026-01-02")]
        self.assertEqual(self.files(), names)
        self.assertEqual(self.query("SELECT eventID FROM LAKE ORDER BY 1"), [("0",), ("1",), ("2",), ("3",)])

    def test_an_appended_column_keeps_its_type(self):
        options = "path: \"${LAKE}\", append: true"
        self.mhpipe("run", self.pipeline([self.record("2026-01-01")], options), "--quiet")
        before = self.contents()
        errors = self.mhpipe(
            "run", self.pipeline([self.record("2026-01-01")], options + ", types: {eventID: integer}"), "--quiet", status=1
        )
        self.assertIn("'eventID' is string in", errors)
        self.assertIn("and would be int64 now", errors)
        self.assertEqual(self.contents(), before)
        # How a text is stored is no other type, and a column that is new is none either.
        more = ", types: {eventID: word, more: integer}, columns: [more]"
        self.mhpipe("run", self.pipeline([self.record("2026-01-01") | {"more": 7}], options + more), "--quiet")
        self.assertEqual(len(self.files()), 2)

    def test_partitions_follow_the_template(self):
        records = [
            {"eventVersion": "1.08", "eventTime": "2026-01-02T23:00:00-02:00", "eventSource": "mgh.amazonaws.com", "n": 7},
            {"eventVersion": "1.08", "eventTime": "2026-01-02T23:00:00.5Z", "eventSource": "../x", "n": True},
            {"eventVersion": "1.08", "eventTime": 0, "awsRegion": "eu-west-1"},
        ]
        options = "path: \"${LAKE}\", partitions: \"n={n}/where={awsRegion|userIdentity.type}/month={eventTime:%Y-%m}\""
        self.mhpipe("run", self.pipeline(records, options), "--quiet")
        self.assertEqual(self.files(), [
            "n=7/where=unknown/month=2026-01/trail.0000.parquet",
            "n=unknown/where=eu-west-1/month=1970-01/trail.0000.parquet",
            "n=unknown/where=unknown/month=2026-01/trail.0000.parquet",
        ])
        times = self.query("SELECT CAST(epoch_us(eventTime) AS BIGINT) FROM LAKE ORDER BY 1")
        self.assertEqual(times, [(0,), (1767394800500000,), (1767402000000000,)])

    def test_templates_are_checked(self):
        for text, reason in [("../{n}", "needs folders"), ("a//{n}", "needs folders"), ("day", "has none"), ("", "needs folders")]:
            errors = self.mhpipe("run", self.pipeline([], f'path: "${{LAKE}}", partitions: "{text}"'), "--quiet", status=1)
            self.assertIn("'partitions' ", errors)
            self.assertIn(reason, errors)

    def test_fields_and_types_are_those_that_are_named(self):
        records = [
            {"eventVersion": "1.08", "time": 1767402000000, "a": {"b": 1}, "flag": True, "x": 1.5, "big": 2**70},
            {"eventVersion": "1.08", "time": "no", "a": {"b": "1"}, "flag": "true", "x": True, "big": 5},
        ]
        types = "types: {time: timestamp, a.b: integer, flag: boolean, x: number, big: integer}"
        options = f'path: "${{LAKE}}", partitions: "v={{eventVersion}}", fields: [time, a.b, flag, x, big], {types}'
        self.mhpipe("run", self.pipeline(records, options), "--quiet")
        file = self.lake / "v=unknown/trail.0000.parquet"
        rows = pq.read_table(file, partitioning=None).to_pylist()
        self.assertEqual([list(row.values())[1:] for row in rows], [[1, True, 1.5, None], [None, None, None, 5]])
        self.assertEqual(list(rows[0]), ["time", "a_b", "flag", "x", "big"])
        for options, reason in [
            ("types: {eventID: decimal}", "needs one of text, word, boolean"), ("types: {x: text}", "no column"),
            ("columns: [eventID_x, eventID.x]", "two columns would be named 'eventID_x'"), ("fields: []", "at least one"),
        ]:
            errors = self.mhpipe("run", self.pipeline([], f'path: "${{LAKE}}", {options}'), "--quiet", status=1)
            self.assertIn(reason, errors)

    def test_two_runs_of_one_name_are_kept_apart(self):
        with self.held("2026-01-01") as (process, pipe):
            errors = self.mhpipe("run", self.pipeline([self.record("2026-01-02")]), "--quiet", status=1)
            self.assertIn("another run named 'trail' writes to", errors)
            other = self.pipeline([self.record("2026-01-02")], "path: \"${LAKE}\", name: other")
            self.mhpipe("run", other, "--quiet")
            pipe.close()
            self.assertEqual(process.wait(), 0)
        self.mhpipe("run", self.pipeline([self.record("2026-01-03")]), "--quiet")
        days = [("2026-01-01", "trail"), ("2026-01-02", "other"), ("2026-01-03", "trail")]
        self.assertEqual(self.files(), [self.path(day, f"{name}.0000.parquet") for day, name in days])

    def test_a_run_that_is_killed_in_its_commit_is_finished_by_the_next(self):
        days = ["2026-01-01", "2026-01-02", "2026-01-03"]
        self.mhpipe("run", self.pipeline([self.record(day, 1) for day in days]), "--quiet")
        surplus = self.lake / self.path(days[0], "trail.0001.parquet")
        (self.folder / "killed.py").write_text(
            "import os, pathlib, runpy, sys\n"
            f"left, program = int(sys.argv[1]), '{HERE}/parquet_sink.py'\n"
            "def counted(real):\n"
            "    def call(*arguments, **others):\n"
            "        global left\n"
            "        if str(arguments[-1]).endswith('.parquet'):\n"
            "            left -= 1\n"
            "            if left < 0: os._exit(9)\n"
            "        return real(*arguments, **others)\n"
            "    return call\n"
            "os.replace, pathlib.Path.unlink = counted(os.replace), counted(pathlib.Path.unlink)\n"
            "sys.argv = [program]\n"
            "runpy.run_path(program, run_name='__main__')\n"
        )
        for steps in range(5):
            surplus.write_bytes((self.lake / self.path(days[0])).read_bytes())
            number = 100 + steps
            text = self.pipeline([self.record(day, number) for day in days]).read_text()
            text = text.replace(f'"{HERE}/parquet_sink.py"', f'"{self.folder}/killed.py", "{steps}"')
            (self.folder / "killed.conf").write_text(text)
            errors = self.mhpipe("run", "killed.conf", "--quiet", status=0 if steps > 3 else 1)
            self.assertEqual((self.lake / ".trail.commit").exists(), steps <= 3, errors)
            errors = self.mhpipe("run", self.pipeline([self.record("2026-01-09", steps)]), "--quiet")
            self.assertEqual("finished the commit of a run that was killed: 3 files" in errors, steps <= 3, errors)
            self.assertEqual(self.files(), [self.path(day) for day in [*days, "2026-01-09"]])
            self.assertEqual(self.query("SELECT DISTINCT eventID FROM LAKE WHERE day < '2026-01-09'"), [(str(number),)])

    def test_only_what_dead_runs_of_this_machine_left_is_removed(self):
        day = "2026-01-01"
        self.mhpipe("run", self.pipeline([self.record(day)]), "--quiet")
        sys.path.insert(0, str(HERE))
        import parquet_sink

        other = "0" * 8 if parquet_sink.MACHINE != "0" * 8 else "1" * 8
        kept = [
            f".trail.0000.parquet.{other}.12.part",
            f".trail2.0000.parquet.{parquet_sink.MACHINE}.12.part",
            ".trail.0000.parquet.12.part",
            f".trail.0000.parquet.{parquet_sink.MACHINE}.12.part.bak",
        ]
        for name in kept + [f".trail.0000.parquet.{parquet_sink.MACHINE}.12.part"]:
            (self.lake / self.path(day, name)).write_text("half of it")
        self.mhpipe("run", self.pipeline([self.record("2026-01-02")]), "--quiet")
        names = [self.path(day, name) for name in kept] + [self.path(day), self.path("2026-01-02")]
        self.assertEqual(self.files(), sorted(names))

    def test_files_do_not_depend_on_the_number_of_workers(self):
        results = []
        for workers in (1, 4):
            text = PIPELINE.read_text() + f"\nworkers: {workers}\n"
            (self.folder / "workers.conf").write_text(text)
            self.mhpipe("run", "workers.conf", "--quiet")
            results.append(self.contents())
        self.assertEqual(results[0], results[1])

    def test_few_rows_at_a_time_make_the_same_table(self):
        events = [
            {"eventVersion": "1.08", "eventID": str(n), "eventTime": f"2026-01-{n % 28 + 1:02}T00:00:00Z"} for n in range(500)
        ]
        self.mhpipe("run", self.pipeline(events, "path: \"${LAKE}\", rows: 3"), "--quiet")
        self.assertEqual(self.query("SELECT count(*), count(DISTINCT eventID) FROM LAKE"), [(500, 500)])
        self.assertEqual(len(self.files()), 28)

    def test_a_killed_run_leaves_nothing_that_counts(self):
        self.mhpipe("run", PIPELINE, "--quiet")
        before = self.contents()
        with self.held("2026-01-02") as (process, _):
            process.send_signal(signal.SIGKILL)
            process.wait()
        # The sink reads the end of its input, and tidies up.
        deadline = time.monotonic() + 60
        while (left := set(self.files()) - set(before)) and time.monotonic() < deadline:
            pass
        self.assertEqual(left, set())
        self.assertEqual(self.contents(), before)
        self.mhpipe("run", PIPELINE, "--quiet")
        self.assertEqual(self.contents(), before)

    def test_a_place_that_cannot_be_written_is_named(self):
        (self.folder / "lake").write_text("a file")
        errors = self.mhpipe("run", PIPELINE, "--quiet", status=1)
        self.assertIn(f"cannot write '{self.lake}", errors)

    def test_options_are_checked(self):
        path = self.pipeline([], "pth: \"${LAKE}\"")
        self.assertIn("did you mean 'path'?", self.mhpipe("check", path, status=2))
        path = self.pipeline([], "path: \"${LAKE}\", compression: lzo")
        self.assertIn("needs one of zstd, snappy, gzip, none, not 'lzo'", self.mhpipe("check", path, status=2))
        path = self.pipeline([], "path: \"${LAKE}\", name: a/b")
        self.assertIn("'name' must be letters", self.mhpipe("run", path, "--quiet", status=1))


if __name__ == "__main__":
    unittest.main()
