"""A tree with odd names, links and things that are no files (A31). Compared as a whole, never file by file."""

import os
import socket

from cases import trail, zipped


def add(tree):
    root = os.path.join(tree.root, "walk")
    put = lambda path, data=None: write(os.path.join(root, path), trail(tree.lines(2)) if data is None else data)
    for name in ("a.json", "a-b.json", "a/b.json", "a/B.json", "a.d/x.json", "a b/c d.json", "B.json", "aa.json", "a/b/c/d/e/f.json"):
        put(name)
    for name in ("é/日本.json", "é/é.json", "%20*?[x].json", "quote'\".json", "new\nline.json", "-dash.json", "~tilde.json", "z/1.json", "z/10.json", "z/2.json"):
        put(name)
    put("lines.jsonl", b"\n".join(tree.lines(2)))
    put("zipped.json.gz", zipped(trail(tree.lines(2))))
    put("lines.jsonl.gz", zipped(b"\n".join(tree.lines(2))))
    for name in ("notes.txt", "trail.json.bak", "trail.json.zip", "trail.gz", "json", "trail.ndjson", "trail.json.tmp", "README"):
        put(name, trail(tree.lines(1)))
    put("elsewhere/target.txt", trail(tree.lines(2)))
    link("elsewhere/target.txt", os.path.join(root, "link-to-file.json"))
    link("a", os.path.join(root, "link-to-folder"))
    link(".", os.path.join(root, "a/loop"))
    os.makedirs(os.path.join(root, "empty-folder"), exist_ok=True)
    put("folder.json/inside.json")
    odd = os.path.join(tree.root, "walk-odd")
    write(os.path.join(odd, "good.json"), trail(tree.lines(2)))
    link("missing.json", os.path.join(odd, "broken-link.json"))
    link("itself.json", os.path.join(odd, "itself.json"))
    pipe = os.path.join(odd, "pipe.json")
    if not os.path.exists(pipe):
        os.mkfifo(pipe)
    listen(os.path.join(odd, "socket.json"))


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def link(target, path):
    if not os.path.lexists(path):
        os.symlink(target, path)


def listen(path):
    """A socket's file; its path may be too long for one, then there is none."""
    if os.path.lexists(path):
        return
    here = os.getcwd()
    try:
        os.chdir(os.path.dirname(path))
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.basename(path))
    except OSError:
        pass
    finally:
        os.chdir(here)
