#!/bin/sh
# The folder, the output's path; two processes of jq, or of what JQ names, each over some files at a time.
set -eu
sources='["migrationhub","migrationhub-config","migrationhub-strategy","migrationhub-orchestrator","refactor-spaces"]'
export filter=".Records[] | select(.eventSource | rtrimstr(\".amazonaws.com\") | IN($sources[]))"
find "$1" -name '*.json.gz' | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 32 \
    sh -c 'zcat "$@" | "${JQ:-jq}" -c "$filter"' _ >"$2"
