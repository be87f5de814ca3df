"""Plans tasks over the keys of a trail that does not exist, and says what that takes: the names are made up as they are asked for.

    python3 pipelines/spark/tests/simulate.py [KEYS]
"""

import datetime
import itertools
import pathlib
import resource
import sys
import time
from collections.abc import Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from mhpipe_spark.planning import pack  # noqa: E402
from mhpipe_spark.units import Unit  # noqa: E402

BYTES_A_FILE = 20_000
FILES_A_DAY = 288


def keys(count: int) -> Iterator[Unit]:
    """So many keys in the layout of CloudTrail: a file every five minutes for each account, region and day."""
    folders = (
        (account, region, day)
        for account in itertools.count(100_000_000_000)
        for region in ("eu-west-1", "us-east-1", "us-west-2")
        for day in range(365)
    )
    first = datetime.date(2026, 1, 1)
    left = count
    for account, region, day in folders:
        date = first + datetime.timedelta(days=day)
        start = f"s3://audit/AWSLogs/{account}/CloudTrail/{region}/{date:%Y/%m/%d}/{account}_CloudTrail_{region}_{date:%Y%m%d}T".encode()
        for number in range(min(FILES_A_DAY, left)):
            yield Unit(b"%s%04dZ_%016x.json.gz" % (start, number * 5, number * 2654435761), BYTES_A_FILE)
        left -= FILES_A_DAY
        if left <= 0:
            return


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000
    begin = time.monotonic()
    tasks = units = size = 0
    for task, text in pack(keys(count), 10**9, 20_000):
        tasks, units, size = tasks + 1, units + task.units, size + len(text)
    seconds = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert units == count, f"{units} keys of {count} are in tasks"
    print(f"{units} keys in {tasks} tasks, {size / 1e9:.1f} GB of lists: {seconds:.0f} s, {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
