"""What people would use instead, over the same gzip files; each script takes the folder and the output's path."""

import shutil
from pathlib import Path


class Peer:
    """A program that does one kind of work."""

    def __init__(self, key, kind, label, script, module):
        self.key = key
        self.kind = kind
        self.label = label
        self.script = Path(__file__).parent / script
        # The Python module that has to be there; of a shell script the program that it runs.
        self.module = module


PEERS = [
    Peer("python filter", "filter", "Python, orjson and ISA-L", "python_filter.py", "orjson"),
    Peer("clickhouse filter", "filter", "ClickHouse (chdb)", "clickhouse_filter.py", "chdb"),
    Peer("jq filter", "filter", "zcat and jq", "jq_filter.sh", "jq"),
    Peer("gojq filter", "filter", "zcat and gojq", "jq_filter.sh", "gojq"),
    Peer("duckdb filter", "filter", "DuckDB", "duckdb_filter.py", "duckdb"),
    Peer("trailscraper jsonl", "jsonl", "trailscraper", "trailscraper_jsonl.py", "trailscraper"),
    Peer("python csv", "csv", "Python, orjson and ISA-L", "python_csv.py", "orjson"),
    Peer("clickhouse csv", "csv", "ClickHouse (chdb)", "clickhouse_csv.py", "chdb"),
    Peer("duckdb csv", "csv", "DuckDB", "duckdb_csv.py", "duckdb"),
    Peer("python sqlite", "sqlite", "Python, orjson, ISA-L, sqlite3", "python_sqlite.py", "orjson"),
]


def installed(environment):
    """The peers that can run, each with its command's first words."""
    python = environment / "bin" / "python"
    found = []
    for peer in PEERS:
        if peer.script.suffix == ".sh":
            if shutil.which(peer.module):
                found.append((peer, ["env", f"JQ={peer.module}", "sh", peer.script]))
        elif any(environment.glob(f"lib/python3*/site-packages/{peer.module}")):
            found.append((peer, [python, peer.script]))
    return found
