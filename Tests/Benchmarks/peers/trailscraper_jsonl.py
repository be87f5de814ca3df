"""What `trailscraper select` does, a line for each event in the place of one list of all, which would stand in memory."""

import json
import sys
from datetime import datetime, timezone

from trailscraper.record_sources.local_directory_record_source import LocalDirectoryRecordSource

BEGIN, END = datetime(2000, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc)

with open(sys.argv[2], "w") as output:
    for record in LocalDirectoryRecordSource(sys.argv[1]).load_from_dir(BEGIN, END):
        output.write(json.dumps(record.raw_source) + "\n")
