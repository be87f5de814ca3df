import csv
import io
import multiprocessing
import sys

import trail
from columns import NAMES


def lines(path):
    text = io.StringIO()
    csv.writer(text).writerows(trail.rows(path))
    return text.getvalue()


if __name__ == "__main__":
    with multiprocessing.Pool() as pool, open(sys.argv[2], "w", newline="") as output:
        csv.writer(output).writerow(NAMES)
        for text in pool.imap(lines, trail.files(sys.argv[1]), 8):
            output.write(text)
