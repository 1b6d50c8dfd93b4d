#!/bin/bash
# Fuzzes the targets named as arguments, or all, for so many seconds each; one line per target.
#
# usage: Tests/Fuzzing/run.sh SECONDS [TARGET...]
#
# An input that finds something is kept in Tests/FuzzCorpus/findings, where the ordinary tests replay it.
set -eu -o pipefail
seconds=$1
shift
here=$(dirname "$0")
corpus=$here/../FuzzCorpus
build=${FUZZ_BUILD:-.build-fuzz}
program=$build/debug/fuzzing
[ -x "$program" ] || { echo "error: $program is not built; hint: run make fuzz" >&2; exit 1; }
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16
names=${*:-$({ FUZZ_TARGET=none "$program" 2>/dev/null || true; } | sed -n 's/^FUZZ_TARGET is one of: //p')}
status=0
printf '%-16s %12s %8s %8s %8s  %s\n' target executions 'a second' edges features result
for name in $names; do
    grown=$build/corpus/$name
    findings=$corpus/findings/$name
    log=$build/$name.log
    mkdir -p "$grown" "$findings"
    dictionary=
    [ -f "$here/dictionaries/$name.dict" ] && dictionary=-dict=$here/dictionaries/$name.dict
    result=clean
    # The time limit counts what other programs do meanwhile: 20 s are for an input that never ends.
    FUZZ_TARGET=$name nice -n 19 "$program" -max_total_time="$seconds" -rss_limit_mb=512 -malloc_limit_mb=64 \
        -timeout=20 -print_final_stats=1 -artifact_prefix="$findings/" $dictionary \
        "$grown" "$corpus/seeds/$name" "$findings" >"$log" 2>&1 || { result="FOUND, see $findings and $log"; status=1; }
    executions=$(sed -n 's/^stat::number_of_executed_units: //p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    edges=$(grep -o 'cov: [0-9]*' "$log" | tail -1 | cut -d' ' -f2 || true)
    features=$(grep -o 'ft: [0-9]*' "$log" | tail -1 | cut -d' ' -f2 || true)
    printf '%-16s %12s %8s %8s %8s  %s\n' "$name" "${executions:--}" "${rate:--}" "${edges:--}" "${features:--}" "$result"
    rmdir "$findings" 2>/dev/null || true
done
exit $status
