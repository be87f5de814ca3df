"""Makes of a pipeline file the one that every task runs: its source is the task's list, and its sinks write the task's parts."""

import json
import os
import re
import subprocess
from typing import Any

from . import sinks
from .failure import Failure, mistake
from .job import Sink

# What looks at each event by itself; all others but one `dedupe` need the events of the whole trail, or are not known to do without.
PARALLEL = {
    "migration_hub", "identity", "call", "filter", "lookup", "route", "sample", "time_bucket", "parse_json", "redact",
    "select", "remove", "rename",
}  # fmt: skip
# Why no key divides the events among the tasks of a second stage, as that of a `dedupe` does.
NEEDS = {
    "resolve_roles": "goes from session to session through the whole trail, by access keys, by sign-in sessions, by who had a session in a"
    " second and by what other accounts know of the same event, so what one event gets may stand in any other",
    "sort": "puts the events of all tasks into one order, which one machine does",
    "aggregate": "takes values for the same that are written in several ways, 1 and 1.0, or a time in two zones, so events of a group would"
    " come to several tasks",
}
SELECTION = ("accounts", "regions", "since", "until", "late")
# What a list does not have of the options of a bucket: it names the latest versions, and digests are of whole days.
OF_BUCKETS = ("versions", "verify_digests", "public_keys")
REFUSED_KEYS = ("state", "mode", "changed", "metrics", "metrics_file", "manifest", "plugins", "on_interrupt", "on_empty")
KEY = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*")
FOLDER = re.compile(r"[^*?\[\]{}/\\!]+/")


class Pipeline:
    """A pipeline file that tasks can run; refuses one that they cannot."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        for key in REFUSED_KEYS:
            if key in tree:
                raise mistake(f"`{key}` in the pipeline is for one run on one machine: take it out")
        self.source_name, self.source = self.only_source()
        self.dedupe = self.only_dedupe()
        for name, transform in (tree.get("transforms") or {}).items():
            if name != self.dedupe:
                check_transform(name, transform)
        self.sinks: tuple[Sink, ...] = tuple(sinks.read(name, sink) for name, sink in (tree.get("sinks") or {}).items())
        if not self.sinks:
            raise mistake("the pipeline has no sink")
        for sink in self.sinks:
            if self.is_bucket and f"{sink.place}/".startswith(self.place.rstrip("/") + "/"):
                raise mistake(f"sink '{sink.name}' writes below '{self.place}', which the pipeline reads")

    def only_source(self) -> tuple[str, dict[str, Any]]:
        sources = self.tree.get("sources") or {}
        if len(sources) != 1:
            raise mistake(f"tasks need a pipeline with one source, and this one has {len(sources)}")
        [(name, source)] = sources.items()
        if source.get("type") not in ("directory", "list", "s3"):
            raise mistake(f"source '{name}' is of type '{source.get('type')}'; tasks are made of a 'directory', an 's3' or a 'list'")
        # A list has the options by which S3 is reached, which every task needs as well.
        for key in source:
            is_refused = key in OF_BUCKETS or source["type"] == "directory" and key not in ("type", "path", "exclude", *SELECTION)
            if is_refused and (key, source[key]) != ("versions", "latest"):
                raise mistake(f"source '{name}': `{key}` cannot be spread over tasks: take it out")
        for key in ("since", "until"):
            if re.fullmatch(r"\d+[a-z]+", source.get(key) or ""):
                raise mistake(f"source '{name}': `{key}: {source[key]}` is another time for each task: write the day")
        if source["type"] == "directory" and "://" in (source.get("path") or ""):
            raise mistake(f"source '{name}': '{source['path']}' is no folder: write source `s3` with its `url`")
        return name, source

    def only_dedupe(self) -> str | None:
        """The `dedupe` that divides the pipeline into two stages; refuses one that does not, as a second one is refused later."""
        transforms = self.tree.get("transforms") or {}
        name = next((name for name, transform in transforms.items() if transform.get("type") == "dedupe"), None)
        if name is None:
            return None
        before = self.before(name)
        branches = {*before, *([self.source_name] if before else [])}
        used = {
            word.partition(".")[0]
            for other, stage in (*transforms.items(), *(self.tree.get("sinks") or {}).items())
            if other not in before
            for word in inputs(stage)
        }
        is_line = not any(inputs(transforms[one]) or transforms[one].get("type") == "route" for one in before)
        if not is_line or inputs(transforms[name]) or used & branches:
            raise mistake(
                f"transform '{name}': a 'dedupe' divides the pipeline into two stages, so it comes first, or behind transforms that"
                " follow each other, without `inputs` and `route`, and nothing else takes events from before it"
            )
        if not KEY.fullmatch(self.key):
            raise mistake(f"transform '{name}': the first field of `by` needs names between dots, not '{self.key}'")
        return name

    def before(self, name: str) -> list[str]:
        names = list(self.tree.get("transforms") or {})
        return names[: names.index(name)]

    @property
    def key(self) -> str:
        """The field by which events are divided among the tasks of the second stage."""
        found = next(one for one in self.tree["transforms"].values() if one.get("type") == "dedupe")
        by = found.get("by") or ["eventID"]
        return str(by if isinstance(by, str) else by[0])

    @property
    def path(self) -> str:
        return self.source.get("path") or ""

    @property
    def is_bucket(self) -> bool:
        return self.source["type"] == "s3"

    @property
    def place(self) -> str:
        """What the source reads: the address of a bucket, or an absolute path."""
        return str(self.source.get("url")) if self.is_bucket else os.path.abspath(self.path)

    def reaching(self, sink: Sink) -> dict[str, Any]:
        """The options by which the bucket of a sink is reached."""
        return self.options(sink, sinks.REACHING)

    def writing(self, sink: Sink) -> dict[str, Any]:
        """Those by which an object of a sink is written."""
        return self.options(sink, (*sinks.REACHING, *sinks.WRITING))

    def options(self, sink: Sink, keys: tuple[str, ...]) -> dict[str, Any]:
        return {key: escaped(value) for key, value in self.tree["sinks"][sink.name].items() if key in keys}

    @property
    def excluded(self) -> frozenset[bytes]:
        patterns = self.source.get("exclude") or []
        patterns = [patterns] if isinstance(patterns, str) else patterns
        for pattern in patterns:
            if not FOLDER.fullmatch(pattern):
                raise mistake(f"`exclude: {pattern}`: tasks know folders by their names only, such as CloudTrail-Digest/")
        return frozenset(os.fsencode(pattern.rstrip("/")) for pattern in patterns)

    def task_text(self, with_headers: bool = True, with_rotation: bool = True) -> str:
        """The pipeline of a task; JSON is YAML of the kind that mhpipe reads.

        Without headers, tables hold their rows alone, so that files can be put together byte by byte. Without rotation, each
        file has the name that it is given.
        """
        tree = self.listed(self.source if self.dedupe is None else {})
        if self.dedupe is not None:
            for name in self.before(self.dedupe):
                del tree["transforms"][name]
        for number, sink in enumerate(self.sinks):
            sinks.direct(tree["sinks"][sink.name], sink, f"${{MHPIPE_SINK_{number}}}")
            if sink.has_header and not with_headers:
                tree["sinks"][sink.name]["header"] = False
            if not with_rotation:
                tree["sinks"][sink.name].pop("rotate", None)
        return flow(tree) + "\n"

    def first_text(self) -> str:
        """The pipeline of the first stage, up to its `dedupe`."""
        assert self.dedupe is not None
        tree = self.listed(self.source)
        names = self.before(self.dedupe)
        transforms = tree.pop("transforms")
        if names:
            tree["transforms"] = {name: transforms[name] for name in names}
        tree["sinks"] = {"keyed": {"type": "jsonl", "path": "${MHPIPE_SINK_0}"}}
        return flow(tree) + "\n"

    def listed(self, source: dict[str, Any]) -> dict[str, Any]:
        """The tree with a list for a source, and with nothing that is not a task's."""
        tree = escaped(self.tree)
        kept = {key: escaped(value) for key, value in source.items() if key not in ("type", "path", "url", "versions", "exclude")}
        tree["sources"] = {self.source_name: {"type": "list", "path": "${MHPIPE_LIST}", **kept}}
        tree.pop("quarantine", None)
        # They are for the whole pipeline, and were there to be run before.
        tree.pop("tests", None)
        return tree


def inputs(stage: dict[str, Any]) -> list[str]:
    found = stage.get("inputs") or []
    return [found] if isinstance(found, str) else found


def check_transform(name: str, transform: dict[str, Any]) -> None:
    kind = str(transform.get("type"))
    if kind not in PARALLEL:
        unknown = "needs all events in one place, or is not known to do without, and a task sees only its own part of the trail"
        reason = NEEDS.get(kind, unknown)
        raise mistake(f"transform '{name}': '{kind}' {reason}. Take it out, and run it on the parts that come out")


def escaped(value: Any) -> Any:
    """The tree with each text as one that stands for itself: variables have their values already."""
    if isinstance(value, dict):
        return {key: escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def flow(value: Any) -> str:
    """The tree as a text of mhpipe's YAML."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def read(mhpipe: str, path: str, settings: list[str]) -> Pipeline:
    """Reads a pipeline file as mhpipe does."""
    words = [mhpipe, "check", "--print-tree", *(word for text in settings for word in ("--set", text)), path]
    try:
        result = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise Failure(f"cannot start '{mhpipe}': {error.strerror}") from error
    if result.returncode != 0:
        raise mistake(f"mhpipe refuses the pipeline:\n{result.stderr.strip()}")
    return Pipeline(json.loads(result.stdout))
