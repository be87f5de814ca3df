"""The input: made-up trails, made once and kept."""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

SEED = 1
FORMS = ("gzip", "json", "jsonl", "document")
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def size(text):
    """Reads `1G`, `100MB` or a number of bytes."""
    match = re.fullmatch(r"([0-9.]+)\s*([KMG]?)B?", text.strip(), re.IGNORECASE)
    if not match:
        raise ValueError(f"a size is written as 1G or 100MB, not '{text}'")
    return int(float(match[1]) * UNITS[match[2].upper()])


def name(size):
    """A size in a word, for folders and tables."""
    for unit in "GMK":
        if size >= UNITS[unit]:
            return f"{size / UNITS[unit]:g} {unit}B"
    return f"{size} B"


class Corpus:
    """A trail of some size, in a folder of its own, with what it holds."""

    def __init__(self, folder, size, spread="even"):
        self.size = size
        # Where the calls of Migration Hub are: in all accounts and on all days, or clustered as migrations are.
        self.spread = spread
        self.folder = folder / (name(size).replace(" ", "") + ("" if spread == "even" else f"-{spread}"))
        self.forms = {}

    def path(self, form):
        return self.folder / form

    def make(self, maker, forms):
        """Writes the forms that are not there, and those of another maker anew."""
        note = self.folder / "corpus.json"
        key = f"seed {SEED}, {hash_of(maker, self.spread)}"
        kept = json.loads(note.read_text()) if note.exists() else {}
        if kept.get("key") != key:
            shutil.rmtree(self.folder, ignore_errors=True)
            kept = {"key": key, "forms": {}}
        missing = [form for form in forms if form not in kept["forms"]]
        if missing:
            self.folder.mkdir(parents=True, exist_ok=True)
            command = [maker, self.folder, self.size, SEED, self.spread, *missing]
            made = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
            kept["forms"].update({form["form"]: form for form in json.loads(made.stdout)})
            note.write_text(json.dumps(kept, indent=1))
        self.forms = kept["forms"]
        return self

    @property
    def events(self):
        return self.forms["gzip"]["events"]

    @property
    def hub_events(self):
        return self.forms["gzip"]["hubEvents"]

    @property
    def text_bytes(self):
        return self.forms["gzip"]["textBytes"]

    @property
    def stored_bytes(self):
        return self.forms["gzip"]["storedBytes"]


def hash_of(maker, spread):
    """Tells one maker from the next by what it makes of a few events."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([maker, folder, "300000", str(SEED), spread, "gzip"], stdout=subprocess.DEVNULL, check=True)
        digest = hashlib.sha256()
        for path in sorted(Path(folder).rglob("*.gz")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
