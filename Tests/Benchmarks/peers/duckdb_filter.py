import sys

import duckdb
from columns import SOURCES

duckdb.connect().execute(
    f"""COPY (
        SELECT record FROM (
            SELECT unnest(Records) AS record
            FROM read_json(?, columns = {{Records: 'JSON[]'}}, maximum_object_size = 200000000)
        ) WHERE record->>'$.eventSource' IN {SOURCES}
    ) TO '{sys.argv[2]}' (FORMAT csv, HEADER false, QUOTE '', DELIMITER '\x01')""",
    [f"{sys.argv[1]}/**/*.json.gz"],
)
