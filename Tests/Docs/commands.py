"""Runs the commands that the documents show, page by page, each page in a folder of its own.

usage: commands.py MHPIPE [PAGE...] [--record]      all pages unless some are named, such as docs/manifest.md

Commands are what stands in blocks of `sh`, of `console` and of no language, and in indented blocks; what is something else has
a language, such as `text`. In a block with `$ ` before commands, what stands below each has to be what comes back; figures of
time and speed count for nothing. A line `...` stands for any lines. --record writes what came back into the page.

A page's folder holds `pipelines` and the examples of programs as the repository has them, the sample as `AWSLogs`, and
`audit.conf`, the pipeline of README. exceptions.py says what else is there before, which commands are not run, and why, and
which end with another exit code than 0. What it says of commands that no page has is a mistake as well.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from exceptions import EXIT_CODES, INSTEAD, NOT_RUN, PREPARED, PROGRAMS

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "docs/*.md", "docs/*/*.md", "pipelines/*/README.md", "Plugins/*/README.md"]
SECONDS = 120
# What a machine that builds mhpipe may have not.
MAY_BE_MISSING = {"jq", "sqlite3"}


class Command:
    def __init__(self, line, text, shown=None, lines=None):
        self.line, self.text = line, text
        self.shown = shown      # what the page shows below it, where it shows something
        self.lines = lines      # the lines of the page that this stands on, for --record

    @property
    def name(self):
        return re.sub(r"  +# .*$", "", re.sub(r"\s*\\?\n\s*", " ", self.text))


def blocks(text):
    """The blocks of commands of a page: the number of their first line, the prefix of their lines, and the lines."""
    found, block, fence, before = [], None, None, ""
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"( *)(`{3,}|~{3,})\s*(\S*)", line)
        if fence:
            if line.strip() == fence:
                fence = None
                if block:
                    found.append(block)
                block = None
            elif block:
                block[2].append(line.removeprefix(block[1]))
        elif mark:
            if block:
                found.append(block)
            fence = mark[2]
            block = (number + 1, mark[1], []) if mark[3] in ("", "sh", "bash", "console") else None
        elif line.startswith("    ") and (block or not before.strip()) and line.strip():
            block = block or (number, "    ", [])
            block[2].append(line[4:])
        elif block and line.strip():
            found.append(block)
            block = None
        elif block:
            block[2].append("")
        before = line
    return found + ([block] if block else [])


def is_whole(text):
    if text.endswith("\\"):
        return False
    checked = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True)
    return checked.returncode == 0 or "unexpected E" not in checked.stderr and "unexpected end" not in checked.stderr


def programs(text):
    """The programs that a command begins."""
    tokens = shlex.shlex(text.replace("\\\n", " "), posix=False, punctuation_chars=True)
    tokens.whitespace_split, tokens.commenters = True, "#"
    found, begins = [], True
    for token in tokens:
        if begins and re.match(r"[A-Za-z_]\w*=|(do|then|else|if|while)$", token):
            continue
        if begins:
            found.append(token)
        begins = re.fullmatch(r"[|&;]+", token) is not None
    return [program for program in found if program not in ("for", "done", "fi")]


def commands_of(page):
    found = []
    for first, prefix, lines in blocks((ROOT / page).read_text(encoding="utf-8")):
        if lines[0].startswith("#!"):
            continue  # a file that the page shows
        has_prompts = any(line.startswith("$ ") for line in lines)
        index = 0
        while index < len(lines):
            line = lines[index]
            if has_prompts and not line.startswith("$ ") or not line.strip() or line.startswith("#"):
                index += 1
                continue
            begin, text = index, line[2:] if has_prompts else line
            index += 1
            while not is_whole(text) and index < len(lines):
                text += "\n" + lines[index]
                index += 1
            shown = None
            if has_prompts:
                behind = index
                while index < len(lines) and not lines[index].startswith("$ "):
                    index += 1
                end = index
                while end > behind and not lines[end - 1].strip():
                    end -= 1
                if end > behind:
                    shown = lines[behind:end]
                found.append(Command(first + begin, text, shown, (first + behind, first + end, prefix)))
            else:
                found.append(Command(first + begin, text))
    return found


def settled(lines):
    """What is the same each time."""
    text = "\n".join(line.rstrip() for line in lines)
    text = re.sub(r"(done in|ended after) [\d.]+ (s|min)\b", r"\1 0.01 s", text)
    return re.sub(r"[\d,]+ a second", "0 a second", text).split("\n")


def is_as_shown(shown, came):
    pattern = "\n".join(r"(?:.*\n)*?.*" if line.strip() == "..." else re.escape(line) for line in settled(shown))
    return re.fullmatch(pattern, "\n".join(settled(came))) is not None


class Folder:
    """Where the commands of a page run, one after the other, as in one terminal."""

    def __init__(self, place, mhpipe):
        self.place, self.work = place, place / "work"
        (place / "bin").mkdir()
        (place / "home").mkdir()
        self.work.mkdir()
        (place / "bin/mhpipe").symlink_to(mhpipe)
        shutil.copytree(ROOT / "pipelines", self.work / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "Plugins/Exec", self.work / "Plugins/Exec", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "pipelines/sample/AWSLogs", self.work / "AWSLogs")
        shutil.copyfile(ROOT / "pipelines/migration-hub-audit.conf", self.work / "audit.conf")
        self.environment = {
            "PATH": f"{place}/bin:{os.environ['PATH']}", "HOME": str(place / "home"), "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100",
            "TMPDIR": str(place), "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, text):
        """The exit code, and what came on both outputs. What is exported, and the folder, hold for the next command."""
        kept = self.place / "environment"
        before = f". '{kept}'; cd -- \"$PWD\";" if kept.exists() else ""
        script = f"{before} trap 'code=$?; export -p > \"{kept}\"; exit $code' EXIT\nset -o pipefail\n{text}\n"
        done = subprocess.run(["bash", "-c", script], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
        # Whoever reads no further, as `head` does, ends those before it.
        return 0 if done.returncode == 141 else done.returncode, done.stdout.decode("utf-8", "replace").rstrip().splitlines()


def instead(text):
    for shown, run in INSTEAD.items():
        text = text.replace(shown, run)
    return text


def try_page(page, commands, mhpipe, is_recording):
    """What is wrong with the page, and how many commands were run."""
    mistakes, count, recorded = [], 0, []
    not_run = NOT_RUN.get(page, {})
    if all(command.name in not_run for command in commands):
        return [], 0
    with tempfile.TemporaryDirectory(prefix="mhpipe-docs-") as place:
        folder = Folder(pathlib.Path(place), mhpipe)
        for text in PREPARED.get(page, []):
            code, came = folder.run(text)
            if code:
                return [f"{page}: what is there before its commands cannot be made: {text}\n    " + "\n    ".join(came)], 0
        for command in commands:
            if command.name in not_run:
                continue
            where = f"{page}:{command.line}"
            unknown = [program for program in programs(command.text) if program not in PROGRAMS]
            if unknown:
                mistakes.append(f"{where}: is neither run, since '{unknown[0]}' is not in PROGRAMS, nor listed in NOT_RUN: {command.name}")
                continue
            if re.search(r">\s*[\"']?(/(?!dev/null)|\$)", instead(command.text)):
                mistakes.append(f"{where}: writes to a place outside of the page's folder, and is not listed in NOT_RUN: {command.name}")
                continue
            if any(program in MAY_BE_MISSING and not shutil.which(program) for program in programs(command.text)):
                print(f"docs: {where}: not run, since a program is missing here: {command.name}")
                continue
            expected = EXIT_CODES.get(page, {}).get(command.name, 0)
            try:
                code, came = folder.run(instead(command.text))
            except subprocess.TimeoutExpired:
                mistakes.append(f"{where}: is at work after {SECONDS} seconds: {command.text}")
                continue
            count += 1
            if code != expected:
                mistakes.append(f"{where}: exit code {code}, not {expected}: {command.text}\n    " + "\n    ".join(came[-20:]))
            elif command.lines and (command.shown is not None or came) and not is_as_shown(command.shown or [], came):
                if is_recording:
                    recorded.append((command.lines, came))
                else:
                    mistakes.append(f"{where}: the page shows other output than comes: {command.text}\n    " + "\n    ".join(came))
    for (first, end, prefix), came in reversed(recorded):
        path = ROOT / page
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[first - 1:end - 1] = [(prefix + line).rstrip() for line in came]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return mistakes, count


def stale(pages):
    """What exceptions.py says of commands that are not there."""
    for table in (NOT_RUN, EXIT_CODES):
        for page, entries in table.items():
            names = {command.name for command in pages.get(page, [])}
            for name in entries:
                if name not in names:
                    yield f"Tests/Docs/exceptions.py: {page} has no command '{name}'"
    for page in PREPARED:
        if page not in pages:
            yield f"Tests/Docs/exceptions.py: there is no page '{page}'"


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--record"]
    if not arguments:
        sys.exit(__doc__)
    mhpipe, only = pathlib.Path(arguments[0]).resolve(), arguments[1:]
    if not os.access(mhpipe, os.X_OK):
        sys.exit(f"docs: there is no program '{mhpipe}'")
    begin = time.monotonic()
    paths = sorted({found.relative_to(ROOT).as_posix() for pattern in PAGES for found in ROOT.glob(pattern)})
    pages = {path: commands_of(path) for path in paths if ".docc/" not in path}
    mistakes, count, left = list(stale(pages)), 0, 0
    for page, commands in pages.items():
        if commands and (not only or page in only):
            found, run = try_page(page, commands, mhpipe, "--record" in sys.argv)
            mistakes += found
            count += run
            left += sum(command.name in NOT_RUN.get(page, {}) for command in commands)
    for unknown in set(only) - set(pages):
        mistakes.append(f"there is no page '{unknown}'")
    for mistake in mistakes:
        print(f"docs: FAILED: {mistake}")
    print(f"docs: {count} commands run, {left} listed as not to be run, {len(mistakes)} mistakes, {time.monotonic() - begin:.0f} s")
    sys.exit(1 if mistakes or not count else 0)


if __name__ == "__main__":
    main()
