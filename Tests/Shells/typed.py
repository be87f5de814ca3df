"""Types a command line for mhpipe into a real shell at a terminal, then Tab and Return.

    typed.py SHELL FOLDER LINE

FOLDER holds the completion script of the shell as `script`, and in `bin` an `mhpipe` that writes the words it is called
with into `words` of the folder it runs in. They are printed, one a line.
"""

import os
import pty
import select
import signal
import sys
import time

PATIENCE = 60

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='> '; . ./script; echo ready$((1 + 1))"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PROMPT='> '; autoload -Uz compinit; compinit -u -D; . ./script; echo ready$((1 + 1))",
    ),
    "fish": (["fish", "--no-config", "-i"], "source ./script; echo ready(math 1 + 1)"),
}


def read(terminal, seconds):
    """What comes within a time; nothing at the end of the shell."""
    if not select.select([terminal], [], [], seconds)[0]:
        return b""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


def read_to_rest(terminal):
    """What comes until nothing does for half a second."""
    seen = b""
    while more := read(terminal, 0.5):
        seen += more
    return seen


def main(shell, folder, line):
    command, setting_up = SHELLS[shell]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        path = os.path.join(folder, "bin") + ":/usr/bin:/bin"
        environment = {"PATH": path, "HOME": folder, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        os.execvpe(command[0], command, environment)
    words = os.path.join(folder, "words")
    seen = read_to_rest(terminal)
    try:
        os.write(terminal, setting_up.encode() + b"\r")
        end = time.monotonic() + PATIENCE
        while b"ready2" not in seen and time.monotonic() < end:
            seen += read(terminal, 1)
        seen += read_to_rest(terminal)
        os.write(terminal, b"mhpipe " + line.encode())
        seen += read_to_rest(terminal)
        os.write(terminal, b"\t")
        seen += read_to_rest(terminal)
        os.write(terminal, b"\r")
        while not os.path.exists(words) and time.monotonic() < end:
            seen += read(terminal, 0.1)
        if not os.path.exists(words):
            sys.exit(f"{shell} did not run the line: {seen.decode(errors='replace')!r}")
        with open(words, encoding="utf-8") as file:
            print(file.read(), end="")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
