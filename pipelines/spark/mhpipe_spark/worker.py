"""One task on an executor: mhpipe over the task's list, and a record of what it did once its parts are in their places."""

import ctypes
import json
import os
import pathlib
import signal
import subprocess
import tempfile
from collections.abc import Iterator

from .files import replaced
from .job import Job
from .planning import Plan, Task

OK = 0
TOLD = 65
"""Done, and some of the input could not be read; without a summary, the input has ended the run."""
LAST_BYTES = 64 << 10


class Again(Exception):
    """The attempt has failed, and Spark makes another one, up to spark.task.maxFailures."""


def run_tasks(tasks: Iterator[Task], job: Job) -> Iterator[tuple[int, str]]:
    """Does tasks; gives for each its number and, where another attempt would not help, why it cannot be done."""
    from pyspark import TaskContext

    context = TaskContext.get()
    attempt = "0" if context is None else (
        f"{context.stageId()}.{context.partitionId()}.{context.attemptNumber()}.{context.taskAttemptId()}"
    )
    for task in tasks:
        yield task.number, run_task(task, job, attempt)


def run_task(task: Task, job: Job, attempt: str) -> str:
    """Does one task; why it cannot be done, or nothing.

    Raises `Again` for what another attempt may do better.
    """
    if done_record(task, job) is not None:
        return ""
    for sink in job.sinks:
        (job.output / sink.name).mkdir(parents=True, exist_ok=True)
    job.quarantine(task.name).parent.mkdir(parents=True, exist_ok=True)
    code, errors = run_child(command(task, job, attempt), job)
    summary = last_summary(errors)
    if code in (OK, TOLD) and summary is not None:
        record(task, job, code, summary)
        return ""
    told = "\n".join(errors[-20:]) or "it said nothing"
    if code in (2, TOLD):
        return f"{task.name} cannot be done: mhpipe ended with {code}:\n{told}"
    raise Again(f"{task.name}: mhpipe ended with {described(code)}:\n{told}")


def command(task: Task, job: Job, attempt: str) -> list[str]:
    mhpipe = job.mhpipe
    if job.is_sent:
        from pyspark import SparkFiles

        mhpipe = SparkFiles.get(job.mhpipe)
        os.chmod(mhpipe, 0o755)
    paths = [f"MHPIPE_SINK_{number}={sink.part(job.output, task.name)}" for number, sink in enumerate(job.sinks)]
    return [
        mhpipe, "run", str(job.pipeline),
        "--set", f"MHPIPE_LIST={Plan(job.own).list_path(task.number)}",
        *(word for path in paths for word in ("--set", path)),
        "--quarantine", str(job.quarantine(task.name)),
        "--workers", str(job.workers), "--attempt", attempt, "--exit-codes", "sysexits",
        "--summary-line", "--quiet", "--progress", "never", "--on-empty", "ignore", *job.arguments,
    ]  # fmt: skip


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


def done_record(task: Task, job: Job) -> dict[str, object] | None:
    """What an earlier attempt of the same list has put down, when its parts are there."""
    path = job.done(task.name, task.number)
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if found["digest"] != task.digest:
        return None
    sizes = [size(sink.part(job.output, task.name)) for sink in job.sinks]
    return found if sizes == [part["bytes"] for part in found["parts"]] else None


def size(path: pathlib.Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def record(task: Task, job: Job, code: int, summary: dict[str, object]) -> None:
    parts = []
    for sink in job.sinks:
        path = sink.part(job.output, task.name)
        parts.append({"path": str(path.relative_to(job.output)), "bytes": size(path)})
    quarantine = size(job.quarantine(task.name))
    value = {
        "part": task.name,
        "digest": task.digest,
        "units": task.units,
        "bytes": task.bytes,
        "exitCode": code,
        "parts": parts,
        "quarantineBytes": max(quarantine, 0),
        "summary": summary,
    }
    with replaced(job.done(task.name, task.number)) as file:
        file.write(json.dumps(value, sort_keys=True).encode() + b"\n")
