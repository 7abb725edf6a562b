#!/bin/bash
# long.sh BUILD: the faults and power cuts of tests/crash without leaving much
# out; about forty minutes on one core. Prints the figures that
# docs/invariants.md has, and ends with a status of its own if anything is bad.
# BUILD is a build folder with the tests in it.
set -u
bin=$1/tests/crash
programs=$(cd "$bin/programs" && pwd) || exit 2
bad=0

figures() {
    local out
    out=$("$@" 2>&1) || {
        bad=$((bad + 1))
        printf '%s\n' "$out" | head -n 20
    }
    printf '%s\n' "$out" | grep -E '^(power cuts|faults|limits), '
}

for story in library programs; do
    for model in posix journal; do
        figures "$bin/power" $model $story "$programs" --random 60
    done
done
for forget in files folders; do
    figures "$bin/power" posix library "$programs" --forget $forget
done
# A sync that fails, each in turn; the figures of all in one line.
for ((n = 1; n <= 130; n++)); do
    "$bin/power" posix library "$programs" --share 5 --fail $n 2>&1 ||
        bad=$((bad + 1))
done | awk '/^power cuts/ {
        sub(/.*operations, /, ""); runs++; states += $1; bad += $(NF - 1)
    } END {
        printf "power cuts, a sync failed: %d runs, %d distinct states, " \
            "%d bad\n", runs, states, bad
        exit bad > 0
    }' || bad=$((bad + 1))
figures "$bin/limits" library "$programs"
figures "$bin/limits" programs "$programs" --only disks
figures "$bin/faults" library "$programs"
figures "$bin/faults" programs "$programs" --share 7
figures "$bin/upkeep"
figures "$bin/following" "$programs" --share 3
exit $((bad > 0))
