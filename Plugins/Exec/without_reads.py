#!/usr/bin/env python3
"""Drops calls that only read, and says of the others on what day of the week they were; a loop over lines."""

import datetime
import json
import sys

for line in sys.stdin:
    event = json.loads(line)
    if event.get("readOnly"):
        print("null")
        continue
    time = event.get("eventTime")
    if time:
        event["weekday"] = datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).strftime("%A")
    print(json.dumps(event))
