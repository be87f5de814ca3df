"""Runs commands and keeps what each took."""

import json
import mmap
import sqlite3
import subprocess


class Failed(Exception):
    """A command failed, or gave a wrong result."""


class Measurer:
    """Starts commands through `mhpipe-limits measure`, so that Python's own memory is not counted as theirs."""

    def __init__(self, limits, scratch):
        self.limits = limits
        self.scratch = scratch

    def run(self, command):
        """Returns the figures of one run, and its standard output."""
        figures = self.scratch / "figures.json"
        figures.unlink(missing_ok=True)
        command = [str(word) for word in command]
        result = subprocess.run(
            [self.limits, "measure", figures, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if result.returncode:
            errors = result.stderr.decode(errors="replace").strip()
            raise Failed(f"exit {result.returncode}: {' '.join(command)}\n{errors}")
        taken = json.loads(figures.read_text())
        figures.unlink()
        return taken, result.stdout.decode(errors="replace").strip()


def find_memory(size):
    """Takes memory and gives it back, so that what a command writes into memory next is not the first to find it.

    A host takes back what its virtual machine leaves unused for some seconds, and a page that has to be found again costs several
    times as much as one that is there: writing the same gigabyte took 1.1 s or 2.4 s, by what had run before.
    """
    pages = size // mmap.PAGESIZE + 1
    with mmap.mmap(-1, pages * mmap.PAGESIZE) as memory:
        memory[:: mmap.PAGESIZE] = b"\1" * pages


def lines(path):
    """The number of line ends in a file."""
    count = 0
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(1 << 22):
            count += piece.count(b"\n")
    return count


def rows(path):
    """The number of rows in the one table of a database."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        table = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()[0]
        return database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
