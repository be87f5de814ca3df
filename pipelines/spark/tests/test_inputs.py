"""What a job reads, and whether it is the same when the job goes on."""

import gzip
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from jobs import MHPIPE, Jobs  # noqa: E402

DYING = """#!/bin/sh
for word; do
    case $word in MHPIPE_LIST=*) grep -q poison "${{word#*=}}" 2> /dev/null && kill -9 $$ ;; esac
done
exec '{mhpipe}' "$@"
"""


class Inputs(Jobs):
    def setUp(self) -> None:
        super().setUp()
        text = (self.folder / "p.conf").read_text()
        (self.folder / "p.conf").write_text(text.partition("  days:")[0])

    def total_of_job(self) -> dict[str, object]:
        return json.loads((self.output / "_total.json").read_text())

    def test_files_are_counted_as_one_machine_counts_them(self) -> None:
        logs = self.folder / "logs"
        (logs / "notes.txt").write_text("")
        (logs / "x.json.bz2").write_text("")
        (logs / "round").symlink_to(".")
        (logs / "nowhere.json").symlink_to("missing")
        os.mkfifo(logs / "pipe.json")
        words = [MHPIPE, "run", "p.conf", "--quiet", "--summary", "s.json", "--set", "LOGS=logs"]
        subprocess.run(words, cwd=self.folder, stderr=subprocess.DEVNULL, check=False, timeout=60)
        one = json.loads((self.folder / "s.json").read_text())
        self.assertEqual(self.run_job("--task-timeout", "20"), 3, self.said.getvalue())
        total = self.total_of_job()
        keys = ("filesSeen", "files", "otherFiles", "unreadable", "filesDamaged", "eventsIn", "eventsKept", "eventsQuarantined")
        self.assertEqual({key: total[key] for key in keys}, {key: one[key] for key in keys})
        self.assertIn(f"files of other kinds, which are not read: 2, such as {logs}/notes.txt", self.said.getvalue())
        self.assertIn(f"links to folders, which are not followed: 1, such as {logs}/round", self.said.getvalue())

    def test_a_folder_that_has_changed_in_between_is_told(self) -> None:
        self.assertEqual(self.run_job("--plan-only"), 0, self.said.getvalue())
        paths = sorted((self.folder / "logs").rglob("*.gz"))
        paths[3].unlink()
        paths[5].write_bytes(gzip.compress(b'{"Records":[]}'))
        later = paths[7].with_name("later.json.gz")
        later.write_bytes(paths[7].read_bytes())
        self.assertEqual(self.run_job(), 3, self.said.getvalue())
        total = self.total_of_job()
        self.assertEqual([total["listing"][kind] for kind in ("appeared", "gone", "changed")], [1, 1, 1])
        self.assertEqual(total["unreadable"], 2)
        self.assertIn(
            f"1 files have appeared since the plan was made, and are not in this job, such as {later}", self.said.getvalue()
        )

    def test_a_folder_inside_of_what_is_read_is_refused(self) -> None:
        self.output = self.folder / "logs/out"
        self.assertEqual(self.run_job(), 2, self.said.getvalue())
        self.assertIn("is inside of", self.said.getvalue())
        self.assertFalse(self.output.exists())
        (self.folder / "link").symlink_to("logs/AWSLogs")
        self.output = self.folder / "link/out"
        self.assertEqual(self.run_job(), 2, self.said.getvalue())
        self.output = self.folder / "logs/CloudTrail-Digest/out"
        self.assertEqual(self.run_job(), 3, self.said.getvalue())

    def test_a_folder_that_would_be_taken_for_a_variable_is_refused(self) -> None:
        self.output = self.folder / "a ${HOME} b"
        self.assertEqual(self.run_job(), 2, self.said.getvalue())
        self.assertIn("a ${HOME} b' has '${' in its name", self.said.getvalue())
        self.assertFalse(self.output.exists())

    def test_another_list_is_refused(self) -> None:
        paths = sorted((self.folder / "logs").rglob("*.gz"))
        lines = "".join(f"{path}\t{path.stat().st_size}\n" for path in paths)
        lists = self.folder / "list.txt"
        lists.write_text(lines)
        self.assertEqual(self.run_job("--list", str(lists)), 0, self.said.getvalue())
        self.assertEqual(self.run_job("--list", str(lists)), 0, self.said.getvalue())
        lists.write_text(lines.partition("\n")[2])
        self.assertEqual(self.run_job("--list", str(lists)), 2, self.said.getvalue())
        self.assertIn("is another list than the one that the job", self.said.getvalue())
        lists.unlink()
        self.assertEqual(self.run_job("--list", str(lists)), 0, self.said.getvalue())

    def test_what_tasks_warn_of_is_told(self) -> None:
        paths = sorted((self.folder / "logs").rglob("*.gz"))[:13]
        lines = [f"{path}\t{path.stat().st_size}\n" for path in paths]
        lists = self.folder / "list.txt"
        lists.write_text("".join(line * 2 for line in lines))
        for more in ((), ("--list", str(lists))):
            shutil.rmtree(self.output, ignore_errors=True)
            self.run_job("--task-files", "26", "--task-bytes", "1g", *more)
            warnings = self.total_of_job()["warnings"]
            self.assertEqual(len(warnings), len(paths) if more else 0, warnings)
            self.assertEqual("named more than once" in self.said.getvalue(), bool(more))
        self.assertEqual({(warning["stage"], warning["tasks"]) for warning in warnings}, {("logs", 1)})
        self.assertIn("3 more warnings are in _total.json", self.said.getvalue())

    def test_another_list_on_standard_input_is_refused(self) -> None:
        paths = sorted((self.folder / "logs").rglob("*.gz"))
        lines = "".join(f"{path}\t{path.stat().st_size}\n" for path in paths).encode()
        for text, code in ((lines, 0), (lines, 0), (lines[lines.index(b"\n") + 1 :], 2), (b"", 0)):
            with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(text))):
                self.assertEqual(self.run_job("--list", "-"), code, self.said.getvalue())
        self.assertEqual(self.total_of_job()["filesSeen"], len(paths))

    def test_nothing_to_read_is_said(self) -> None:
        shutil.rmtree(self.folder / "logs/AWSLogs")
        self.assertEqual(self.run_job("--task-bytes", "1m"), 0, self.said.getvalue())
        self.assertIn("nothing to read", self.said.getvalue())

    def test_one_file_that_ends_mhpipe_leaves_the_others_done(self) -> None:
        mhpipe = self.folder / "mhpipe"
        mhpipe.write_text(DYING.format(mhpipe=MHPIPE))
        mhpipe.chmod(0o755)
        poisoned = sorted((self.folder / "logs").rglob("*.gz"))[9]
        poisoned = poisoned.rename(poisoned.with_name("poison.json.gz"))
        self.assertEqual(self.run_job("--mhpipe", str(mhpipe)), 1, self.said.getvalue())
        tasks = len((self.output / "_mhpipe/plan.jsonl").read_text().splitlines()) - 1
        self.assertEqual(len(list(self.output.glob("_mhpipe/done/*/*.json"))), tasks - 1)
        self.assertFalse((self.output / "_SUCCESS").exists())
        [lists] = [path for path in self.output.glob("_mhpipe/lists/*/*") if "poison" in path.read_text()]
        self.assertIn(f"'{lists}'", self.said.getvalue())
        poisoned.unlink()
        self.assertEqual(self.run_job(), 3, self.said.getvalue())
        self.assertEqual(self.total_of_job()["unreadable"], 1)
        self.check_files()


if __name__ == "__main__":
    unittest.main()
