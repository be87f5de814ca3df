import multiprocessing
import sys

import orjson
import trail
from columns import SOURCES


def kept(path):
    return b"".join(orjson.dumps(r) + b"\n" for r in trail.records(path) if r["eventSource"] in SOURCES)


if __name__ == "__main__":
    with multiprocessing.Pool() as pool, open(sys.argv[2], "wb") as output:
        for lines in pool.imap(kept, trail.files(sys.argv[1]), 8):
            output.write(lines)
