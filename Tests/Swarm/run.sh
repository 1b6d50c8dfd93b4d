#!/bin/sh
# Explores the scenarios of Examples with many seeds on all processors; what is done is kept in .build-swarm and not done again.
# usage: run.sh FIRST..LAST
set -eu
seeds=$1
first=${seeds%%..*}
last=${seeds##*..}
size=${SWARM_CHUNK:-250}
program=${STANDSTILL:-.build/release/standstill}
jobs=$(getconf _NPROCESSORS_ONLN)
# Another program or other scenarios begin anew.
version=$(cat "$program" Examples/scenarios/*.yaml | sha256sum | cut -c1-16)
directory=.build-swarm/$version
mkdir -p "$directory"
# Each chunk of seeds goes to one of the scenarios that expect an order, in turn.
files=$(grep -l 'outcome: order' Examples/scenarios/*.yaml)
count=$(echo "$files" | wc -l)
chunk() {
    start=$1
    while [ "$start" -le "$last" ]; do
        end=$((start + size - 1))
        [ "$end" -le "$last" ] || end=$last
        file=$(echo "$files" | sed -n "$((start / size % count + 1))p")
        [ -e "$directory/$start-$end.done" ] || echo "$file $start $end"
        start=$((end + 1))
    done
}
export program directory
chunk "$first" | xargs -P "$jobs" -L 1 sh -c '
    out=$directory/$1-$2
    if nice "$program" scenario explore "$0" --seeds "$1..$2" >"$out.out" 2>/dev/null; then
        mv "$out.out" "$out.done"
        cat "$out.done"
    else
        cat "$out.out"
        exit 255
    fi'
cat "$directory"/*.done | sed -n 's/.*: \([0-9]*\) seeds, no violation.*/\1/p' \
    | awk '{ runs += $1 } END { print runs + 0 " runs of this version so far, none with a violation" }'
