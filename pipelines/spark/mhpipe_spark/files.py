"""Files that have their names only when they are whole."""

import contextlib
import os
import pathlib
import secrets
import shutil
from collections.abc import Iterator
from typing import BinaryIO


@contextlib.contextmanager
def replaced(path: pathlib.Path) -> Iterator[BinaryIO]:
    """A file beside its name, which it gets when it is on the disk; nothing of it stays when its writer fails."""
    hidden = path.parent / f".{path.name}.mhpipe-{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}.tmp"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(hidden, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(hidden, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            hidden.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: pathlib.Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_hidden(folder: pathlib.Path) -> int:
    """Removes what attempts have left that did not come to their end: files, and the folders of those with fields in their
    paths; how many there were."""
    count = 0
    for parent, folders, names in os.walk(folder):
        for name in filter(is_hidden, names):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(parent, name))
                count += 1
        for name in filter(is_hidden, folders):
            shutil.rmtree(os.path.join(parent, name), ignore_errors=True)
            count += 1
        folders[:] = [name for name in folders if not is_hidden(name)]
    return count


def is_hidden(name: str) -> bool:
    return name.startswith(".") and ".mhpipe-" in name
