"""The lines of column names, for files that are put together of parts that have none."""

import os
import subprocess
import tempfile

from .compaction import header_path
from .failure import mistake
from .files import replaced
from .job import Job, literal
from .pipeline import Pipeline
from .sinks import FILES


def check_compactable(read: Pipeline) -> None:
    """Refuses what cannot be put together byte by byte."""
    for sink in read.sinks:
        if sink.place:
            raise mistake(f"sink '{sink.name}': parts that are objects cannot be put together: leave --part-bytes out")
        if sink.kind == "csv" and read.tree["sinks"][sink.name].get("excel") in (True, "true"):
            raise mistake(f"sink '{sink.name}': files for Excel begin with a mark, and cannot be put together: leave --part-bytes out")


def write_headers(read: Pipeline, job: Job, mhpipe: str) -> None:
    """Has mhpipe write the tables of no events, compressed as the parts are."""
    tables = [sink for sink in read.sinks if sink.has_header]
    if not tables:
        return
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-") as folder:
        paths = [f"{folder}/{number}{sink.endings}" for number, sink in enumerate(job.sinks)]
        given = [literal(path) if sink.kind in FILES else path for sink, path in zip(job.sinks, paths, strict=True)]
        pipeline = f"{folder}/headers.conf"
        with open(pipeline, "w", encoding="utf-8") as file:
            file.write(read.task_text(with_rotation=False))
        words = [
            mhpipe, "run", pipeline, "--set", f"MHPIPE_LIST={os.devnull}", "--set", "MHPIPE_PART=headers",
            *(word for number, path in enumerate(given) for word in ("--set", f"MHPIPE_SINK_{number}={path}")),
            "--quiet", "--progress", "never", "--on-empty", "ignore",
        ]  # fmt: skip
        result = subprocess.run(
            words, cwd=job.directory, capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL
        )
        if result.returncode != 0:
            raise mistake(f"mhpipe cannot write the column names: it ended with {result.returncode}:\n{result.stderr.strip()}")
        for sink, path in zip(job.sinks, paths, strict=True):
            if sink.has_header:
                with open(path, "rb") as made, replaced(job.output / header_path(sink)) as file:
                    file.write(made.read())
