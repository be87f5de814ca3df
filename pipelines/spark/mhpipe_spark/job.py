"""What a task needs to know, beside its number; it travels to every executor once."""

import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Sink:
    """A sink of the pipeline, whose parts stand in a folder of its name."""

    name: str
    endings: str

    def part(self, output: pathlib.Path, part: str) -> pathlib.Path:
        return output / self.name / (part + self.endings)


@dataclass(frozen=True)
class Job:
    mhpipe: str
    """The path of mhpipe on the executors, or its name there when it was sent to them."""
    is_sent: bool
    output: pathlib.Path
    """The folder of the job, under the same path on every machine."""
    directory: str
    """Where mhpipe runs: relative paths of the pipeline count from there."""
    sinks: tuple[Sink, ...]
    workers: int
    timeout: float
    arguments: tuple[str, ...]
    """What else `mhpipe run` is given."""

    @property
    def own(self) -> pathlib.Path:
        return self.output / "_mhpipe"

    @property
    def pipeline(self) -> pathlib.Path:
        return self.own / "task.conf"

    def done(self, part: str, number: int) -> pathlib.Path:
        return self.own / "done" / f"{number // 1000:05d}" / f"{part}.json"

    def quarantine(self, part: str) -> pathlib.Path:
        return self.output / "_quarantine" / f"{part}.jsonl"
