"""Compiles `shim.c`, and says how a program is started with it."""

import os
import pathlib
import shutil
import subprocess
import sys


def build(folder):
    """Compiles the shim into a folder; ends the test well where it cannot be used."""
    if sys.platform != "linux":
        print("skipped: the shim needs Linux")
        sys.exit(0)
    compiler = shutil.which("clang") or shutil.which("cc")
    if not compiler:
        print("skipped: there is no C compiler")
        sys.exit(0)
    library = pathlib.Path(folder) / "shim.so"
    source = pathlib.Path(__file__).with_name("shim.c")
    flags = ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread"]
    subprocess.run([compiler, *flags, "-o", str(library), str(source), "-ldl"], check=True)
    return library


def environment(library, root, action="count", out=None, calls=None, clock=False):
    """The environment of a program whose calls below `root` the shim looks at."""
    values = {"LD_PRELOAD": str(library), "FAULTS_ROOT": str(root), "FAULTS_DO": action}
    if out:
        pathlib.Path(out).unlink(missing_ok=True)
        values["FAULTS_OUT"] = str(out)
    if calls:
        values["FAULTS_CALLS"] = ",".join(calls)
    if clock:
        values["FAULTS_CLOCK"] = "1"
    # What a crash has to say would take long, and hold the pipe.
    return os.environ | {"SWIFT_BACKTRACE": "enable=no"} | values
