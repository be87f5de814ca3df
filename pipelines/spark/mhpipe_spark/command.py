"""`mhpipe-spark`: the arguments, and the job from its plan to `_SUCCESS`."""

import argparse
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

from . import inputs, keyed, objects, pipeline
from .accounting import Total, add_up
from .cluster import Cluster
from .compaction import Compaction, group_record, groups, run_groups
from .failure import Failure, mistake
from .files import remove_hidden, replaced
from .headers import check_compactable, write_headers
from .job import Job
from .planning import Plan, line, pack
from .worker import done_record, is_there, run_tasks

MOST_TOLD = 10
SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mhpipe-spark",
        description="Runs a pipeline of mhpipe over a trail of any size, a task of Apache Spark for each part of it. The same command"
        " goes on with a job that was stopped. Exit codes are mhpipe's: 0 done, 3 with problems in the input, 1 failed, 2 a mistake.",
    )
    parser.add_argument("pipeline", help="the pipeline file")
    parser.add_argument("output", type=pathlib.Path, help="the folder of the job, under the same path on every machine")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="as for `mhpipe run`")
    parser.add_argument(
        "--list", metavar="FILE",
        help="reads what this list names, in place of what the source would: path or s3:// address, tab, size; - is standard input",
    )  # fmt: skip
    parser.add_argument("--task-bytes", type=size, default=size("1g"), help="bytes of input for a task, such as 500m (1g)")
    parser.add_argument("--task-files", type=count, default=20_000, help="files for a task at most (20000)")
    parser.add_argument("--part-bytes", type=size, help="puts parts of JSON lines and CSV together to files of about so many bytes: 256m")
    parser.add_argument("--task-timeout", type=seconds, default=3600, help="seconds after which a task is ended and tried again (3600)")
    parser.add_argument("--workers", type=count, default=1, help="workers of mhpipe in a task (1); give tasks as many cores")
    parser.add_argument("--mhpipe", default="mhpipe", help="the path of mhpipe, here and on the executors")
    parser.add_argument("--ship", action="store_true", help="sends mhpipe to the executors")
    parser.add_argument("--master", help="the address of Spark's master; left out, what spark-submit says")
    parser.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE", help="a setting of Spark; may be repeated")
    parser.add_argument("--plan-only", action="store_true", help="writes the lists of the tasks, and runs none")
    return parser.parse_args(words)


def size(text: str) -> int:
    found = re.fullmatch(r"(\d+)([kmg]?)b?", text.lower())
    if not found or int(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"needs a number of bytes such as 500m or 1g, not '{text}'")
    return int(found[1]) * SIZES[found[2]]


def count(text: str) -> int:
    if not re.fullmatch("[0-9]+", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"needs a whole number of 1 or more, not '{text}'")
    return int(text)


def seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0
    if not 0 < found < float("inf"):
        raise argparse.ArgumentTypeError(f"needs a number of seconds above 0, not '{text}'")
    return found


def main(words: list[str]) -> int:
    given = arguments(words)
    try:
        return run(given)
    except Failure as failure:
        print(f"mhpipe-spark: {failure}", file=sys.stderr)
        return failure.code
    except OSError as error:
        name = f" '{os.fsdecode(error.filename)}'" if error.filename else ""
        print(f"mhpipe-spark: cannot use{name}: {error.strerror or error}; what is done is kept", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mhpipe-spark: interrupted; what is done is kept: the same command goes on with it", file=sys.stderr)
        return 130


def run(given: argparse.Namespace) -> int:
    output = given.output.absolute()
    if "${" in str(output):
        raise mistake(f"'{output}' has '${{' in its name, with which a variable of a pipeline begins: give a folder of another name")
    mhpipe = shutil.which(given.mhpipe)
    if mhpipe is None:
        raise mistake(f"there is no program '{given.mhpipe}': name it with --mhpipe")
    mhpipe = os.path.abspath(mhpipe)
    read = pipeline.read(mhpipe, given.pipeline, given.set)
    job = Job(
        mhpipe=os.path.basename(mhpipe) if given.ship else mhpipe,
        is_sent=given.ship,
        output=output,
        directory=os.getcwd(),
        sinks=read.sinks,
        workers=given.workers,
        timeout=given.task_timeout,
        arguments=(),
    )
    if not job.own.exists():
        # Nothing is put into a folder that is refused.
        check_folder(job)
        inputs.check_apart(given, read, job)
    job.own.mkdir(parents=True, exist_ok=True)
    with open(job.own / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"another mhpipe-spark is at work in '{output}'") from None
        return run_locked(given, read, job, mhpipe)


def run_locked(given: argparse.Namespace, read: pipeline.Pipeline, job: Job, mhpipe: str) -> int:
    first = keyed.first_stage(job) if read.dedupe is not None else None
    begun = Plan((first or job).own)
    prepare(given, read, job, first, begun, mhpipe)
    if given.plan_only:
        return 0
    plan, compaction = Plan(job.own), Compaction(job)

    def begin_anew() -> None:
        """What says that all is there goes first."""
        objects.withdraw(read, job, mhpipe)

    with Cluster(job, mhpipe, given.master, given.conf) as cluster:
        ran = 0
        if first is not None and not plan.exists:
            first = keyed.with_keying(first, begun, tuple(read.key.split(".")))
            ran = do_tasks(begun, first, cluster, begin_anew)
            plan.write(begun.identity(), keyed.second_lists(begun, first))
        if not compaction.exists:
            if first is not None:
                check_events(plan, job, first, begin_anew)
            ran += do_tasks(plan, job, cluster, begin_anew)
            if given.part_bytes:
                # Sums that do not hold end the job before anything is put together.
                sums(plan, job, begun, first, lambda _: None)
                compaction.write(groups(records(plan, job), job.sinks, given.part_bytes))
        swept = remove_hidden(job.output)
        if given.part_bytes:
            compact(compaction, cluster, begin_anew)
    # An attempt that nobody waited for may have been writing, or at its rename, until Spark has stopped.
    swept += remove_hidden(job.output)
    if given.part_bytes:
        compaction.remove_parts()
    shutil.rmtree(job.attempts, ignore_errors=True)
    shutil.rmtree(job.failures, ignore_errors=True)
    listed = inputs.look_again(given, read, job, begun, mhpipe)
    strangers = objects.check(plan, read, job, first, mhpipe)
    total = finish(plan, job, compaction, begun, first, listed, strangers, begin_anew)
    objects.mark(read, job, mhpipe)
    tell(total, ran, swept)
    return 3 if total.has_problems else 0


def sums(
    plan: Plan, job: Job, begun: Plan, first: Job | None, put: Callable[[dict[str, object]], None], is_whole: bool = True
) -> Total:
    """The sums of a job, of both stages where it has two."""
    total = add_up(plan.tasks(), job, put, is_whole)
    if first is None:
        return total
    # What it wrote is not there any more when the job was done before.
    return keyed.combined(add_up(begun.tasks(), first, lambda done: put({**done, "stage": first.stage, "parts": []}), False), total)


def check_events(plan: Plan, job: Job, first: Job, begin_anew: Callable[[], None]) -> None:
    """Refuses to do tasks of the second stage whose input went when the job was done: what comes out would be empty."""
    events = first.own / "events"
    if events.exists():
        return
    for task in plan.tasks():
        if done_record(task, job) is None:
            begin_anew()
            parts = (done_record(task, job, is_whole=False) or {"parts": []})["parts"]
            lost = next((part["path"] for part in parts if not is_there(part, job)), task.name)
            raise Failure(
                f"'{lost}' is not there as it was written, and '{events}', from which it would be made again, is gone as well,"
                " as it is when a job is done. Run the job into another folder"
            )


def do_tasks(plan: Plan, job: Job, cluster: Cluster, begin_anew: Callable[[], None]) -> int:
    """Does the tasks that are not done; how many there were."""
    pending = [task for task in plan.tasks() if done_record(task, job) is None]
    if pending:
        begin_anew()
        shutil.rmtree(job.failures, ignore_errors=True)
        check(cluster.run(pending, run_tasks, job), "tasks have failed")
    return len(pending)


def compact(compaction: Compaction, cluster: Cluster, begin_anew: Callable[[], None]) -> None:
    pending = compaction.pending()
    if pending:
        begin_anew()
        check(cluster.run(pending, run_groups, compaction.job), "files cannot be put together")


def check(failures: list[str], what: str) -> None:
    if failures:
        more = f"\n{len(failures) - 1} more {what}" if len(failures) > 1 else ""
        raise Failure(failures[0] + more + "\nwhat is done is kept: the same command goes on with it")


def records(plan: Plan, job: Job) -> Iterator[dict[str, object]]:
    for task in plan.tasks():
        done = done_record(task, job)
        if done is not None:
            yield done


def prepare(
    given: argparse.Namespace, read: pipeline.Pipeline, job: Job, first: Job | None, plan: Plan, mhpipe: str
) -> None:
    """Makes the plan, or takes the one that is there when it is for the same."""
    if given.part_bytes:
        check_compactable(read)
    text = read.task_text(with_headers=not given.part_bytes)
    first_text = read.first_text() if first is not None else ""
    place = read.place if given.list is None else "-" if given.list == "-" else os.path.abspath(given.list)
    identity: dict[str, object] = {
        "contract": 1,
        "pipeline": hashlib.sha256((first_text + text).encode()).hexdigest(),
        "input": place,
        "excluded": sorted(os.fsdecode(name) for name in read.excluded),
        "taskBytes": given.task_bytes,
        "taskFiles": given.task_files,
        "partBytes": given.part_bytes,
        "records": 3,
    }
    if plan.exists:
        if plan.identity() != identity:
            raise mistake(
                f"'{job.output}' holds a job of another pipeline, input or size of tasks or parts: give the same, or another folder"
            )
        inputs.check_list(given, read, job)
        return
    check_folder(job)
    inputs.check_apart(given, read, job)
    objects.check_empty(read, job, mhpipe)
    with replaced(job.pipeline) as file:
        file.write(text.encode())
    if first is not None:
        with replaced(first.pipeline) as file:
            file.write(first_text.encode())
    if given.part_bytes:
        write_headers(read, job, mhpipe)
    plan.write(identity, pack(inputs.found(given, read, job, mhpipe), given.task_bytes, given.task_files))


def check_folder(job: Job) -> None:
    """Refuses a folder that holds something, when no job of this driver is in it."""
    others = [path.name for path in job.output.iterdir() if path.name != "_mhpipe"] if job.output.exists() else []
    if others:
        raise mistake(f"'{job.output}' holds '{others[0]}', which no job of mhpipe-spark has put there: give an empty folder")


def finish(
    plan: Plan,
    job: Job,
    compaction: Compaction,
    begun: Plan,
    first: Job | None,
    listed: dict[str, object] | None,
    strangers: list[str],
    begin_anew: Callable[[], None],
) -> Total:
    """Checks the sums and what is there, and writes the manifests, the total and, last, `_SUCCESS`."""
    try:
        total = write_manifests(plan, job, compaction, begun, first)
        if strangers:
            raise Failure(
                "\n".join(strangers) + f"\n'{job.output}/_files.jsonl' names all that are: something else has put the others there, or an"
                " attempt whose input has changed since. Remove them, and give the same command again"
            )
    except Failure:
        # A job that was done before is not whole any more.
        begin_anew()
        raise
    if listed is not None:
        total.add_listing(listed)
    with replaced(job.output / "_total.json") as file:
        file.write(total.text().encode())
    if first is not None:
        events = first.own / "events"
        if events.exists():
            # It goes at once, so that what is there is whole: no task is done from the half of it.
            hidden = events.with_name(".events.mhpipe-done")
            os.rename(events, hidden)
            shutil.rmtree(hidden, ignore_errors=True)
        shutil.rmtree(first.attempts, ignore_errors=True)
    with replaced(job.output / "_SUCCESS"):
        pass
    return total


def write_manifests(plan: Plan, job: Job, compaction: Compaction, begun: Plan, first: Job | None) -> Total:
    is_compacted = compaction.exists
    compacted = {group.sink for group in compaction.groups()} if is_compacted else set()
    listed: set[str] = set()

    def put(done: dict[str, object]) -> None:
        kept = {key: value for key, value in done.items() if key != "summary"}
        manifest.write(line(kept))
        for part in done["parts"]:
            if part["sink"] in compacted:
                continue
            # The sums look for no parts any more when some have gone into files.
            if is_compacted and not is_there(part, job):
                raise Failure(
                    f"'{part['path']}' is not there as it was written: something else has changed '{job.output}'."
                    " Run the job into another folder"
                )
            files.write(line(part))
            listed.add(part["path"])

    with replaced(job.output / "_files.jsonl") as files:
        with replaced(job.output / "_manifest.jsonl") as manifest:
            total = sums(plan, job, begun, first, put, is_whole=not is_compacted)
        for group in compaction.groups() if is_compacted else ():
            kept = group_record(group, job) or {}
            files.write(line({key: value for key, value in kept.items() if key != "group"}))
            listed.add(group.path)
    check_strangers(job, listed)
    return total


def check_strangers(job: Job, listed: set[str]) -> None:
    """Refuses files in the folders of sinks that are in no list: who reads the folder would take them for parts."""
    for sink in job.sinks:
        for parent, folders, names in os.walk(job.output / sink.name):
            folders[:] = [name for name in folders if not name.startswith(".")]
            below = os.path.relpath(parent, job.output)
            for name in names:
                path = os.path.join(below, name)
                if not name.startswith(".") and path not in listed:
                    raise Failure(
                        f"'{path}' is none of the job's files: something else has put it there, or an attempt whose input has"
                        " changed since. Remove it, and give the same command again"
                    )


def tell(total: Total, ran: int, swept: int) -> None:
    counts = total.counts
    lines = [
        f"mhpipe-spark: done: {total.tasks} tasks, {ran} of them in this run",
        f"  {counts.get('files', 0)} files read, {counts.get('unreadable', 0)} unreadable, {counts.get('filesDamaged', 0)} damaged",
        f"  {counts.get('eventsIn', 0)} events in, {counts.get('eventsKept', 0)} kept, {counts.get('eventsFiltered', 0)} filtered,"
        f" {counts.get('eventsQuarantined', 0)} quarantined",
    ]
    if total.has_problems:
        lines.append("  what could not be read is in _quarantine, and by file in _total.json")
    if total.listing is not None:
        lines += told_of_listing(total.listing)
    lines += [
        f"  warning: '{stage}' ({tasks} task{'' if tasks == 1 else 's'}): {text}"
        for (stage, text), tasks in list(total.warnings.items())[:MOST_TOLD]
    ]
    if len(total.warnings) > MOST_TOLD:
        lines.append(f"  {len(total.warnings) - MOST_TOLD} more warnings are in _total.json")
    if not total.units:
        lines.append("  nothing to read: the input has no file of a log, so there is nothing in the outputs")
    if swept:
        lines.append(f"  {swept} hidden files of attempts that were killed, removed")
    print("\n".join(lines), file=sys.stderr)


WORDS = {
    "appeared": "have appeared since the plan was made, and are not in this job",
    "gone": "are gone since the plan was made",
    "notListedAgain": "were not listed again when all tasks were done",
    "changed": "have another size than when the plan was made",
}


def told_of_listing(listed: dict[str, Any]) -> list[str]:
    lines = [f"  {text}" for text in listed["said"][:MOST_TOLD]] if listed["exitCode"] != 0 or listed.get("isFolder") else []
    again = listed["again"]
    what = "files" if listed.get("isFolder") else "objects"
    if listed["gone"] is None:
        lines.append("  the second listing was not whole, so what is gone since the plan was made is not known:")
        lines += [f"    {text}" for text in again["said"][:MOST_TOLD]]
    for kind, words in WORDS.items():
        if listed.get(kind):
            lines.append(f"  {listed[kind]} {what} {words}, such as {listed['names'][kind][0]}")
    if not listed["isWhole"]:
        lines.append("  the input has changed too much since the plan was made for all of it to be told")
    return lines
