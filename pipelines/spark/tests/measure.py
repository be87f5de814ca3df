"""Measures what a task takes beside its child's own time, and two executors of one core beside one; needs a quiet machine.

    python pipelines/spark/tests/measure.py MHPIPE [SIZE] [ROUNDS]

Both are ratios of runs that take turns, over the same trail of SIZE bytes of text (4GB), in tasks with `workers: 1`. The last line is
JSON: `ratio`, the time of two executors in that of one, from the first child's start to the last one's end, `jobRatio`, likewise
with Spark's own start, and `overheadMilliseconds` of a task on one executor, what lies between one child's end and the next one's start.
Before it stands what that means. It ends with 1 when `ratio` is above 0.6 or a task takes 100 ms or more, and with a message when
a job fails or takes longer than four minutes.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MADE = """\
sources: {made_up: {type: synthetic, bytes: "${SIZE}"}}
sinks: {logs: {type: jsonl, path: "logs/{recipientAccountId}/trail.jsonl.gz", rotate: 20MB}}
"""
PIPELINE = """\
sources: {logs: {type: directory, path: logs}}
transforms: {hub: {type: filter, field: eventSource, matches: "^m"}}
sinks: {out: {type: jsonl, path: out.jsonl.gz}}
"""
# Seconds for one job; six of them and the trail take some minutes on a quiet machine.
LIMIT = 240
MOST_LOAD = 0.5
MOST_RATIO = 0.6
MOST_MILLISECONDS = 100


def run(folder: pathlib.Path, mhpipe: str, executors: int, task_bytes: int) -> dict[str, float]:
    """One job; its seconds, those from the first child's start to the last one's end, and what tasks took beside their children."""
    output = folder / "job"
    shutil.rmtree(output, ignore_errors=True)
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    environment.pop("SPARK_HOME", None)
    words = [
        sys.executable, str(HERE.parent / "mhpipe-spark"), "p.conf", str(output), "--mhpipe", mhpipe, "--task-bytes", str(task_bytes),
        "--master", f"local-cluster[{executors},1,1024]",
        "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1",
        # Without it one executor has done some tasks alone before the other one is up, which is Spark's own start.
        "--conf", "spark.scheduler.minRegisteredResourcesRatio=1",
    ]  # fmt: skip
    begin = time.monotonic()
    try:
        result = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        sys.exit(f"measure: a job was not done after {LIMIT} seconds; nothing was measured")
    seconds = time.monotonic() - begin
    if result.returncode != 0:
        sys.exit(f"measure: the job ended with {result.returncode}:\n{result.stderr[-3000:]}")
    children = [json.loads(path.read_bytes())["child"] for path in (output / "_mhpipe/done").rglob("*.json")]
    children.sort(key=lambda child: child["started"])
    ends = [child["started"] + child["seconds"] for child in children]
    # The first tasks start Python's worker, which is Spark's own start.
    gaps = [after["started"] - end for end, after in zip(ends, children[1:], strict=False)]
    return {
        "job": seconds,
        "work": max(ends) - children[0]["started"],
        "children": sum(child["seconds"] for child in children),
        "overhead": statistics.median(gaps[1:]) if executors == 1 else 0,
        "tasks": len(children),
    }


def main() -> int:
    mhpipe = os.path.abspath(sys.argv[1])
    load = os.getloadavg()[0]
    if load > MOST_LOAD:
        print(f"measure: the machine has other work (load {load:.1f}), so the figures will be too high", flush=True)
    text, rounds = (sys.argv[2:] + ["4GB", "3"][len(sys.argv[2:]) :])[:2]
    with tempfile.TemporaryDirectory(prefix="mhpipe-spark-measure-") as name:
        folder = pathlib.Path(name)
        (folder / "made.conf").write_text(MADE)
        (folder / "p.conf").write_text(PIPELINE)
        subprocess.run([mhpipe, "run", "made.conf", "--quiet", "--set", f"SIZE={text}"], cwd=folder, check=True)
        stored = sum(path.stat().st_size for path in (folder / "logs").rglob("*.gz"))
        # Even numbers of like tasks, enough of them that the last one does not decide.
        task_bytes = stored // 16 + 1
        turns: dict[int, list[dict[str, float]]] = {1: [], 2: []}
        for turn in range(int(rounds)):
            for executors in (1, 2):
                taken = run(folder, mhpipe, executors, task_bytes)
                turns[executors].append(taken)
                print(f"measure: round {turn + 1}, {executors} executors: {json.dumps(taken)}", flush=True)
    medians = {
        executors: {key: statistics.median(taken[key] for taken in all_taken) for key in all_taken[0]}
        for executors, all_taken in turns.items()
    }
    ratio = medians[2]["work"] / medians[1]["work"]
    overhead = medians[1]["overhead"] * 1000
    line = {
        "text": text, "storedBytes": stored, "tasks": medians[1]["tasks"], "rounds": int(rounds),
        "ratio": round(ratio, 3), "jobRatio": round(medians[2]["job"] / medians[1]["job"], 3),
        "oneSeconds": round(medians[1]["work"], 2), "twoSeconds": round(medians[2]["work"], 2),
        "childrenRatio": round(medians[2]["children"] / medians[1]["children"], 3), "overheadMilliseconds": round(overhead, 1),
    }  # fmt: skip
    is_met = ratio <= MOST_RATIO and overhead < MOST_MILLISECONDS
    print(
        f"measure: {'met' if is_met else 'NOT met'}: two executors take {ratio:.2f} of one's time ({MOST_RATIO} at most), a task"
        f" {overhead:.0f} ms beside its child (less than {MOST_MILLISECONDS})"
    )
    print(json.dumps({**line, "load": round(load, 2)}))
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
