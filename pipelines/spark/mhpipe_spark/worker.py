"""One task on an executor: mhpipe over the task's list, and a record of what it did once its parts are in their places."""

import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator

from . import outputs
from .files import replaced
from .job import Job, Sink, literal
from .planning import Plan, Task

OK = 0
TOLD = 65
"""Done, and some of the input could not be read; without a summary, the input has ended the run."""
LAST_BYTES = 64 << 10


class Again(Exception):
    """The attempt has failed, and Spark makes another one, up to spark.task.maxFailures."""


def run_tasks(tasks: Iterator[Task], job: Job) -> Iterator[tuple[int, str]]:
    """Does tasks; gives for each its number and, where no attempt more would help, why it cannot be done."""
    attempt = attempt_name()
    for task in tasks:
        try:
            why = run_task(task, job, attempt)
        except (Again, OSError) as error:
            told = f"{error}" if isinstance(error, Again) else f"{task.name}: {described_error(error)}"
            if note_failure(task, job, attempt) < job.attempts_allowed:
                raise Again(told) from error
            why = f"{told}\nits files are those of '{Plan(job.own).list_path(task.number)}'"
        yield task.number, why


def note_failure(task: Task, job: Job, attempt: str) -> int:
    """Puts down that an attempt has failed; how many have in this run of the driver.

    What Spark counts itself ends all other tasks with the one that has failed too often, and one file must not keep the rest from
    being done.
    """
    try:
        folder = job.failures / task.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / attempt).touch()
        return len(os.listdir(folder))
    except OSError:
        return 0


def described_error(error: OSError) -> str:
    name = f" '{os.fsdecode(error.filename)}'" if error.filename else ""
    return f"cannot use{name}: {error.strerror or error}"


def attempt_name() -> str:
    from pyspark import TaskContext

    context = TaskContext.get()
    if context is None:
        return "0"
    return f"{context.stageId()}.{context.partitionId()}.{context.attemptNumber()}.{context.taskAttemptId()}"


def run_task(task: Task, job: Job, attempt: str) -> str:
    """Does one task; why it cannot be done, or nothing.

    Raises `Again` for what another attempt may do better.
    """
    if done_record(task, job) is not None:
        return ""
    for sink in job.sinks:
        if sink.kind != "keyed" and not sink.place:
            (job.output / sink.name).mkdir(parents=True, exist_ok=True)
    job.quarantine(task.name).parent.mkdir(parents=True, exist_ok=True)
    with attempt_folder(task, job, attempt) as folder:
        started, begin = time.time(), time.monotonic()
        code, errors = run_child(command(task, job, attempt, folder), job)
        child = {"started": started, "seconds": time.monotonic() - begin}
        summary = last_summary(errors)
        told = "\n".join(errors[-20:]) or "it said nothing"
        if code in (OK, TOLD) and summary is not None:
            try:
                parts, quarantined = outputs.committed(job, task.name, folder / "manifest.jsonl", folder)
            except (OSError, outputs.Incomplete) as error:
                raise Again(f"{task.name}: what mhpipe wrote is not in its place: {error}\n{told}") from error
            record(task, job, code, summary, parts, quarantined, child)
            return ""
    if code in (2, TOLD):
        return f"{task.name} cannot be done: mhpipe ended with {code}:\n{told}"
    raise Again(f"{task.name}: mhpipe ended with {described(code)}:\n{told}")


@contextlib.contextmanager
def attempt_folder(task: Task, job: Job, attempt: str) -> Iterator[pathlib.Path]:
    job.attempts.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=f"{task.name}.{attempt}.", dir=job.attempts)
    try:
        yield pathlib.Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def command(task: Task, job: Job, attempt: str, folder: pathlib.Path) -> list[str]:
    mhpipe = job.mhpipe
    if job.is_sent:
        from pyspark import SparkFiles

        mhpipe = SparkFiles.get(job.mhpipe)
        os.chmod(mhpipe, 0o755)
    paths = [f"MHPIPE_SINK_{number}={sink_path(sink, task, job, folder)}" for number, sink in enumerate(job.sinks)]
    return [
        mhpipe, "run", str(job.pipeline),
        "--set", f"MHPIPE_LIST={Plan(job.own).list_path(task.number)}", "--set", f"MHPIPE_PART={task.name}",
        *(word for path in paths for word in ("--set", path)),
        "--quarantine", str(job.quarantine(task.name)), "--manifest", str(folder / "manifest.jsonl"),
        "--workers", str(job.workers), "--attempt", attempt, "--exit-codes", "sysexits",
        "--summary-line", "--quiet", "--progress", "never", "--on-empty", "ignore", *job.arguments,
    ]  # fmt: skip


def sink_path(sink: Sink, task: Task, job: Job, folder: pathlib.Path) -> str:
    if not sink.is_staged:
        return sink.path(job.output, task.name)
    path = str(folder / sink.name)
    return path if sink.kind == "parquet" else literal(path)


def run_child(words: list[str], job: Job) -> tuple[int, list[str]]:
    """Runs mhpipe; its exit code, below 0 for a signal, and the last lines of standard error, which goes to a file, since
    nobody reads a pipe while this waits."""
    with tempfile.TemporaryFile() as errors:
        try:
            child = subprocess.Popen(
                words,
                cwd=job.directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                preexec_fn=dying_with(os.getpid()),
            )
        except OSError as error:
            raise Again(f"cannot start '{words[0]}': {error.strerror}") from error
        try:
            code = child.wait(timeout=job.timeout)
        except subprocess.TimeoutExpired:
            raise Again(f"mhpipe was not done after {job.timeout:g} seconds, and was ended (--task-timeout)") from None
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        end = errors.seek(0, os.SEEK_END)
        errors.seek(max(0, end - LAST_BYTES))
        return code, errors.read().decode(errors="replace").splitlines()


def dying_with(parent: int):  # noqa: ANN201
    """What makes a child end with the executor that has started it, so that no orphan writes on; Linux only."""
    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None

    def prepare() -> None:
        prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(137)

    return prepare


def last_summary(errors: list[str]) -> dict[str, object] | None:
    """The summary, which is the last line of standard error when the run has ended as it should."""
    try:
        summary = json.loads(errors[-1])
    except (IndexError, ValueError):
        return None
    return summary if isinstance(summary, dict) and summary.get("schema") == 1 else None


def described(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def done_record(task: Task, job: Job, is_whole: bool = True) -> dict[str, object] | None:
    """What an earlier attempt of the same list has put down; when it has to be whole, all its parts are there."""
    path = job.done(task.name, task.number)
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if found["digest"] != task.digest:
        return None
    return found if not is_whole or all(is_there(part, job) for part in found["parts"]) else None


def is_there(part: dict[str, object], job: Job) -> bool:
    """Whether a part is there as it was written. Objects are taken for it: they are looked at together, when all tasks are done."""
    return "://" in part["path"] or size(job.output / part["path"]) == part["bytes"]


def size(path: pathlib.Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def record(
    task: Task,
    job: Job,
    code: int,
    summary: dict[str, object],
    parts: list[dict[str, object]],
    quarantined: int,
    child: dict[str, float],
) -> None:
    value = {
        "part": task.name,
        "digest": task.digest,
        "units": task.units,
        "bytes": task.bytes,
        "exitCode": code,
        "parts": parts,
        "quarantineBytes": quarantined,
        "child": child,
        "summary": summary,
    }
    with replaced(job.done(task.name, task.number)) as file:
        file.write(json.dumps(value, sort_keys=True).encode() + b"\n")
