#!/bin/sh
# Writes events to the file that its argument names, which is there only when it is whole; a sink in shell.
path=$1
part="$(dirname "$path")/.$(basename "$path").$$"

fail() {
    printf '["error","%s"]\n' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"
    exit 1
}

echo '["hello",{"protocol":1,"kind":"sink","name":"keep_file","version":"1.0"}]'
IFS= read -r start || exit 0 # mhpipe check reads the declaration only.
(: >"$part") 2>/dev/null || fail "cannot write '$path'"
trap 'rm -f "$part"' EXIT
exec 3>"$part"
echo '["ok"]'

events=0
while IFS= read -r line; do
    case $line in
    '')
        echo "[\"ok\",$events]"
        events=0
        ;;
    '["finish"]')
        sync "$part"
        echo '["ok"]'
        ;;
    '["commit"]')
        mv -f "$part" "$path" || fail "cannot replace '$path'"
        echo '["ok"]'
        ;;
    *)
        printf '%s\n' "$line" >&3 || fail "cannot write '$path'"
        events=$((events + 1))
        ;;
    esac
done
