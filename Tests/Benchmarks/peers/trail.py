"""The files of a tree and their rows, for the peers in Python."""

from pathlib import Path

import orjson
from columns import DOCUMENTS, FIELDS, IDENTITY
from isal import igzip


def files(folder):
    return sorted(str(path) for path in Path(folder).rglob("*.json.gz"))


def records(path):
    with igzip.open(path) as file:
        return orjson.loads(file.read())["Records"]


def rows(path):
    found = []
    for record in records(path):
        identity = record.get("userIdentity") or {}
        found.append(
            [record.get(name) for name in FIELDS]
            + [identity.get(name) for name in IDENTITY]
            + [orjson.dumps(record.get(name)).decode() for name in DOCUMENTS]
        )
    return found
