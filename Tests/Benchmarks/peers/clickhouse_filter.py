import sys

import chdb
from columns import SOURCES

chdb.query(
    f"""INSERT INTO FUNCTION file('{sys.argv[2]}', 'LineAsString')
    SELECT record FROM (
        SELECT arrayJoin(JSONExtractArrayRaw(line, 'Records')) AS record
        FROM file('{sys.argv[1]}/**/*.json.gz', 'LineAsString', 'line String')
    ) WHERE JSONExtractString(record, 'eventSource') IN {SOURCES}
    SETTINGS engine_file_truncate_on_insert = 1"""
)
