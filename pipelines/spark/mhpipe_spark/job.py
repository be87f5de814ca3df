"""What a task needs to know, beside its number; it travels to every executor once."""

import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Sink:
    """A sink of the pipeline, whose parts stand in a folder of its name."""

    name: str
    endings: str
    kind: str = "jsonl"
    """`jsonl`, `csv`, `sqlite`, `parquet`, or `keyed` for what goes on to a second stage."""
    fields: str = ""
    """What stands between the sink's folder and the name of a part: folders with fields in braces, `day={eventTime:%d}/`."""
    has_header: bool = False
    """Whether its tables begin with a line of column names."""
    place: str = ""
    """The address below which its parts are objects, without braces, `s3://bucket/prefix/NAME`; nothing where they
    are files in the job's folder."""

    @property
    def is_staged(self) -> bool:
        """Whether mhpipe writes to the folder of the attempt, from where it goes to its place."""
        return self.kind in ("parquet", "keyed")

    def path(self, output: pathlib.Path, name: str) -> str:
        """The `path` by which mhpipe writes the parts of a task, or the one part."""
        if self.place:
            return f"{self.place}/{self.fields}{name}{self.endings}"
        if self.kind == "sqlite":
            return str(output / self.name / (name + self.endings))
        return f"{literal(str(output / self.name))}/{self.fields}{name}{self.endings}"


def literal(text: str) -> str:
    """A text in which braces stand for themselves where fields are looked for."""
    return text.replace("{", "{{").replace("}", "}}")


@dataclass(frozen=True)
class Keying:
    """How the events of a first stage are divided: by a hash of one field."""

    by: tuple[str, ...]
    count: int


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
    stage: str = ""
    """The name of a stage before the last one."""
    attempts_allowed: int = 1
    """How many attempts of a task may fail before it is left undone."""
    keying: Keying | None = None

    @property
    def own(self) -> pathlib.Path:
        return self.output / "_mhpipe" / self.stage

    @property
    def pipeline(self) -> pathlib.Path:
        return self.own / "task.conf"

    @property
    def listing(self) -> pathlib.Path:
        """What mhpipe has told when it listed a bucket for the plan."""
        return self.output / "_mhpipe" / "listing.json"

    @property
    def attempts(self) -> pathlib.Path:
        """Folders of attempts, for what has its place only when mhpipe has ended well."""
        return self.own / "attempts"

    @property
    def failures(self) -> pathlib.Path:
        """What attempts of this run of the driver have failed, by task."""
        return self.own / "failed"

    def done(self, part: str, number: int) -> pathlib.Path:
        return self.own / "done" / f"{number // 1000:05d}" / f"{part}.json"

    def quarantine(self, part: str) -> pathlib.Path:
        return self.output / "_quarantine" / self.stage / f"{part}.jsonl"
