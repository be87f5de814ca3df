#!/bin/sh
# Writes the trail files below a folder that changed in the last days; a source in shell: last_days.sh FOLDER DAYS
# A damaged file is left out, which gzip says on standard error, and the status at the end.
find "$1" -name '*.json.gz' -mtime "-$2" | sort | {
    status=0
    while IFS= read -r file; do
        if gzip -t "$file"; then gzip -dc "$file" && echo; else status=1; fi
    done
    exit "$status"
}
