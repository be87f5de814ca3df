import sys

import duckdb
from columns import DOCUMENTS, FIELDS, IDENTITY, NAMES

identity = ", ".join(f"{name} VARCHAR" for name in IDENTITY)
fields = ", ".join([f"{name} VARCHAR" for name in FIELDS] + [f"{name} JSON" for name in DOCUMENTS])
values = [*FIELDS, *(f"userIdentity.{name}" for name in IDENTITY), *DOCUMENTS]
values = ", ".join(f"record.{value} AS {name}" for value, name in zip(values, NAMES))
duckdb.connect().execute(
    f"""COPY (
        SELECT {values} FROM (
            SELECT unnest(Records) AS record FROM read_json(
                ?,
                columns = {{Records: 'STRUCT({fields}, userIdentity STRUCT({identity}))[]'}},
                maximum_object_size = 200000000
            )
        )
    ) TO '{sys.argv[2]}' (HEADER)""",
    [f"{sys.argv[1]}/**/*.json.gz"],
)
