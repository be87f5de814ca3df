#!/bin/sh
# Writes the trail files below a folder that changed in the last days; a source in shell: last_days.sh FOLDER DAYS
find "$1" -name '*.json.gz' -mtime "-$2" | sort | while IFS= read -r file; do gzip -dc "$file" || exit 1; echo; done
