"""What sinks of a pipeline become in a task: where their parts stand, and which sinks are refused."""

import os
import re
from typing import Any

from .failure import mistake
from .job import Sink

FILES = ("jsonl", "csv")
BUCKETS = "s3://"
ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")
# How a bucket is reached, which a list needs as a sink does.
REACHING = (
    "anonymous", "profile", "region", "endpoint", "path_style", "dual_stack", "fips", "proxy", "ca_file", "customer_key", "requester_pays",
)  # fmt: skip
# What a bucket may demand of each object that is written, beside a customer's key.
WRITING = ("kms_key",)
KINDS = (*FILES, "sqlite")
FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
SIZE = re.compile(r"\s*\d+(\.\d+)?\s*[kKMGT]?i?B\s*")
# Options of parquet_sink.py that the driver gives for each task.
OWN_OPTIONS = ("append", "name", "listing")


def read(name: str, sink: dict[str, Any]) -> Sink:
    """A sink of the pipeline as tasks write it."""
    if "/" in name or name.startswith((".", "_")):
        raise mistake(f"sink '{name}' gives its name to the folder of its parts, and this is no name for one")
    kind = sink.get("type")
    if is_parquet(sink):
        return parquet(name, sink)
    if kind not in KINDS:
        raise mistake(
            f"sink '{name}' is of type '{kind}'; tasks write {', '.join(KINDS)}, and Parquet by an `exec` with `protocol: handshake`"
            " whose `command` is a list with Plugins/Parquet/parquet_sink.py in it"
        )
    path = sink.get("path") or ""
    if path.startswith(BUCKETS):
        return of_objects(name, kind, sink, path)
    if path == "-" or "://" in path:
        raise mistake(f"sink '{name}': tasks write files in the folder of the job, or objects; '{path}' is neither")
    if "rotate" in sink and not SIZE.fullmatch(str(sink["rotate"])):
        raise mistake(f"sink '{name}': `rotate: {sink['rotate']}` depends on when a task runs: give a size such as 256MB")
    fields, endings = ("", file_endings(os.path.basename(path))) if kind == "sqlite" else split(path)
    return Sink(name, endings, kind, fields, kind == "csv" and sink.get("header", True) not in (False, "false"))


def of_objects(name: str, kind: str, sink: dict[str, Any], path: str) -> Sink:
    """A sink whose parts are objects below the folders of its path that have no field, and its name."""
    if kind not in FILES:
        raise mistake(f"sink '{name}': objects are written by {' and '.join(FILES)}; give it the path of a file, not '{path}'")
    if sink.get("storage_class") in ARCHIVES:
        raise mistake(f"sink '{name}': parts are looked at when all are there, and archived ones cannot be: take `storage_class` out")
    if "rotate" in sink:
        raise mistake(f"sink '{name}': `rotate` is for files; a path with fields makes several objects of a part")
    bucket, _, key = path.removeprefix(BUCKETS).partition("/")
    if not key or has_field(bucket):
        raise mistake(f"sink '{name}' needs the address of an object, such as s3://bucket/prefix/name.jsonl.gz, not '{path}'")
    fields, endings = split(key)
    folders = key.rpartition("/")[0].split("/")
    fixed = folders[: next((place for place, folder in enumerate(folders) if has_field(folder)), len(folders))]
    place = "/".join([BUCKETS + bucket, *(folder for folder in fixed if folder), name])
    if "{" in place or "}" in place:
        raise mistake(
            f"sink '{name}': '{place}' has braces before the first field of its path, and a path without fields has none for the"
            " `_SUCCESS` that is put there: give the folder another name"
        )
    return Sink(name, endings, kind, fields, kind == "csv" and sink.get("header", True) not in (False, "false"), place)


def split(path: str) -> tuple[str, str]:
    """Of a path, what stands between a sink's folder and the name of a part, and what that ends in.

    Folders before the first one with a field are left out, as is the name of a file that has none in it.
    """
    folders, _, name = path.rpartition("/")
    kept = folders.split("/") if folders else []
    while kept and not has_field(kept[0]):
        kept.pop(0)
    end = max((found.end() for found in FIELD.finditer(name)), default=0)
    ending = file_endings(name[end:])
    stem = name[: len(name) - len(ending)]
    return "".join(f"{folder}/" for folder in kept) + (f"{stem}-" if has_field(stem) else ""), ending


def has_field(text: str) -> bool:
    return any(found[0] not in ("{{", "}}") for found in FIELD.finditer(text))


def file_endings(name: str) -> str:
    return name[name.index(".") :] if "." in name else ""


def is_parquet(sink: dict[str, Any]) -> bool:
    command = sink.get("command")
    return (
        sink.get("type") == "exec"
        and sink.get("protocol") == "handshake"
        and isinstance(command, list)
        and any(os.path.basename(str(word)) == "parquet_sink.py" for word in command)
    )


def parquet(name: str, sink: dict[str, Any]) -> Sink:
    for option in OWN_OPTIONS:
        if option in (sink.get("options") or {}):
            raise mistake(f"sink '{name}': `{option}` is given by mhpipe-spark, another one to each task: take it out")
    return Sink(name, ".parquet", "parquet")


def direct(tree: dict[str, Any], sink: Sink, path: str) -> None:
    """Makes the sink of a task write to where variables say."""
    if sink.kind == "parquet":
        options = {"path": path, "name": "${MHPIPE_PART}", "listing": f"{path}/_files.jsonl"}
        tree["options"] = {**(tree.get("options") or {}), **options}
    else:
        tree["path"] = path
