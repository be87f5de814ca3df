import sys

import chdb
from columns import DOCUMENTS, FIELDS, IDENTITY, NAMES

columns = (
    [f"JSONExtractString(record, '{name}')" for name in FIELDS]
    + [f"JSONExtractString(record, 'userIdentity', '{name}')" for name in IDENTITY]
    + [f"JSONExtractRaw(record, '{name}')" for name in DOCUMENTS]
)
columns = ", ".join(f"{column} AS {name}" for column, name in zip(columns, NAMES))
chdb.query(
    f"""INSERT INTO FUNCTION file('{sys.argv[2]}', 'CSVWithNames')
    SELECT {columns} FROM (
        SELECT arrayJoin(JSONExtractArrayRaw(line, 'Records')) AS record
        FROM file('{sys.argv[1]}/**/*.json.gz', 'LineAsString', 'line String')
    ) SETTINGS engine_file_truncate_on_insert = 1"""
)
