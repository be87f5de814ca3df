import multiprocessing
import sqlite3
import sys

import trail
from columns import NAMES

if __name__ == "__main__":
    database = sqlite3.connect(sys.argv[2], isolation_level=None)
    database.execute("PRAGMA journal_mode=OFF")
    database.execute("PRAGMA synchronous=OFF")
    database.execute(f"CREATE TABLE events ({', '.join(NAMES)})")
    database.execute("BEGIN")
    insert = f"INSERT INTO events VALUES ({', '.join('?' * len(NAMES))})"
    with multiprocessing.Pool() as pool:
        for rows in pool.imap(trail.rows, trail.files(sys.argv[1]), 8):
            database.executemany(insert, rows)
    database.execute("COMMIT")
