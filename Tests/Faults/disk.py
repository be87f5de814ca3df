"""A disk that a record of the shim is played on, and what may be on it after a power cut.

What was synced is there. Of the rest, each page of a file may have any of the contents that it had since, the file any of
its lengths, and each change of a folder's entries may be there or not; a rename is there as a whole or not at all.
"""

import dataclasses
import os
import pathlib

PAGE = 4096


@dataclasses.dataclass(eq=False)
class File:
    synced: bytes = b""
    now: bytes = b""
    # What it was after each change since the last sync, the first one of which is what was synced.
    versions: list = dataclasses.field(default_factory=list)

    def change(self, content):
        self.versions.append(self.now)
        self.now = content

    def sync(self):
        self.versions, self.synced = [], self.now

    def after_cut(self, how, chance):
        if how == "all" or not self.versions:
            return self.now
        if how == "none":
            return self.synced
        if how == "zeros":
            return self.synced[: len(self.now)] + bytes(max(0, len(self.now) - len(self.synced)))
        versions = [*self.versions, self.now]
        length = len(chance.choice(versions))
        pages = []
        for start in range(0, length, PAGE):
            page = chance.choice(versions)[start : start + PAGE]
            pages.append(page.ljust(min(PAGE, length - start), b"\0")[: length - start])
        return b"".join(pages)


@dataclasses.dataclass(eq=False)
class Folder:
    synced: dict = dataclasses.field(default_factory=dict)
    now: dict = dataclasses.field(default_factory=dict)
    # The changes since the last sync: `Change`s, in their order.
    changes: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(eq=False)
class Change:
    """Entries that appear and go away together: (folder, name, node, True when it appears)."""

    entries: list
    number: int
    text: str


class Disk:
    """What a program has written, and what of it is safe."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.nodes = {}
        self.top = self._take(self.root)
        self.count = 0

    def _take(self, path):
        """Everything is safe that is there in the beginning."""
        if path.is_dir():
            entries = {child.name: self._take(child) for child in path.iterdir()}
            node = Folder(dict(entries), entries)
        else:
            node = File(path.read_bytes(), path.read_bytes())
        self.nodes[path.stat().st_ino] = node
        return node

    def _entry(self, path):
        parts = pathlib.Path(path).relative_to(self.root).parts
        folder = self.top
        for part in parts[:-1]:
            folder = folder.now[part]
        return folder, parts[-1]

    def _change(self, text, *entries):
        self.count += 1
        change = Change(list(entries), self.count, text)
        for folder, name, node, appears in entries:
            if change not in folder.changes:
                folder.changes.append(change)
            if appears:
                folder.now[name] = node
            else:
                del folder.now[name]

    def play(self, event):
        """Takes one event of the record."""
        what, *rest = event
        if what == "create":
            self.nodes[rest[0]] = File()
            self._change(f"create {rest[1]}", (*self._entry(rest[1]), self.nodes[rest[0]], True))
        elif what == "mkdir":
            self.nodes[rest[0]] = Folder()
            self._change(f"mkdir {rest[1]}", (*self._entry(rest[1]), self.nodes[rest[0]], True))
        elif what == "write":
            file, offset, data = self.nodes[rest[0]], rest[1], rest[2]
            file.change(file.now[:offset].ljust(offset, b"\0") + data + file.now[offset + len(data) :])
        elif what == "truncate":
            file = self.nodes[rest[0]]
            file.change(file.now[: rest[1]].ljust(rest[1], b"\0"))
        elif what == "sync":
            node = self.nodes[rest[0]]
            if isinstance(node, File):
                node.sync()
            else:
                self._sync(node)
        elif what == "rename":
            (source, name), (target, new) = self._entry(rest[0]), self._entry(rest[1])
            node = source.now[name]
            self._change(f"rename {rest[0]} {rest[1]}", (source, name, node, False), (target, new, node, True))
        elif what == "link":
            (source, name), (target, new) = self._entry(rest[0]), self._entry(rest[1])
            self._change(f"link {rest[0]} {rest[1]}", (target, new, source.now[name], True))
        elif what == "unlink":
            folder, name = self._entry(rest[0])
            self._change(f"unlink {rest[0]}", (folder, name, folder.now[name], False))
        else:
            raise ValueError(event)

    def _sync(self, folder):
        for change in list(folder.changes):
            for place, name, node, appears in change.entries:
                if appears:
                    place.synced[name] = node
                elif place.synced.get(name) is node:
                    del place.synced[name]
                if change in place.changes:
                    place.changes.remove(change)

    @property
    def pending(self):
        """The changes of entries that are not safe."""
        changes = {change for node in self._folders(self.top) for change in node.changes}
        return sorted(changes, key=lambda change: change.number)

    def _folders(self, folder):
        yield folder
        for node in {*folder.now.values(), *folder.synced.values()}:
            if isinstance(node, Folder):
                yield from self._folders(node)

    def after_cut(self, data, keeps, chance):
        """The files after a cut, by their paths; folders are paths with None.

        `data` says what is there of files: none, all or zeros of what was not synced, or torn pages. `keeps` says which changes of
        entries are there.
        """
        tree = {}

        def walk(folder, path):
            entries = dict(folder.synced)
            for change in folder.changes:
                if not keeps(change):
                    continue
                for place, name, node, appears in change.entries:
                    if place is not folder:
                        continue
                    if appears:
                        entries[name] = node
                    elif entries.get(name) is node:
                        del entries[name]
            for name, node in entries.items():
                if isinstance(node, Folder):
                    tree[path + name] = None
                    walk(node, path + name + "/")
                else:
                    tree[path + name] = node.after_cut(data, chance)

        walk(self.top, "")
        return tree


def read_record(path):
    """The events of a record, in their order."""
    data = pathlib.Path(path).read_bytes()
    start, events = 0, []
    while start < len(data):
        end = data.index(b"\n", start)
        what, *rest = os.fsdecode(data[start:end]).split("\t")
        start = end + 1
        if what == "write":
            node, offset, count = map(int, rest)
            events.append((what, node, offset, data[start : start + count]))
            start += count
        else:
            events.append((what, *(int(part) if part.isdecimal() else part for part in rest)))
    return events


def put(tree, folder):
    """Writes the files of a tree into a folder."""
    for name, data in tree.items():
        path = folder / name
        if data is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(data)
