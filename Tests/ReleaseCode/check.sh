#!/bin/sh
# A program built for release must not contain functions that the compiler made to report errors they never threw; see
# docs/decisions/0025-phantom-throws.md.
# usage: check.sh PROGRAM, from the directory of Package.swift
set -eu
program=$1
here=$(dirname "$0")
ours=$(find Sources -mindepth 1 -maxdepth 1 -type d ! -name 'C*' -exec basename {} \; | paste -sd'|' -)
# find_faults FRAMES CODE
find_faults() { awk -v ours="($ours)\\." -f "$here/phantom-throws.awk" "$1" "$2"; }

expected='SignedStatements.Charter.faulty(of: Swift.Int) throws -> Swift.Int
closure #1 () -> () in PauseAgreement.Agreement.faulty() -> ()'
found=$(find_faults "$here/frames.txt" "$here/disassembly.txt")
if [ "$found" != "$expected" ]; then
    printf 'error: the check itself does not work; in %s/disassembly.txt it found:\n%s\n' "$here" "$found" >&2
    exit 1
fi

if [ "$(uname -m)" != x86_64 ]; then echo "SKIPPED: the code of $(uname -m) is not checked for errors never thrown"; exit 0; fi
for tool in llvm-objdump swift-demangle; do
    command -v $tool >/dev/null || { echo "SKIPPED: no $tool to check $program for errors never thrown"; exit 0; }
done
code=$(mktemp "${TMPDIR:-/tmp}/standstill-code.XXXXXX")
frames=$(mktemp "${TMPDIR:-/tmp}/standstill-frames.XXXXXX")
trap 'rm -f "$code" "$frames"' EXIT
llvm-objdump --dwarf=frames "$program" >"$frames"
llvm-objdump -d --no-show-raw-insn "$program" | swift-demangle >"$code"
functions=$(grep -cE "^[0-9a-f]+ <.*($ours)\\." "$code" || true)
if [ "$functions" -lt 1000 ]; then
    echo "error: only $functions functions of ours are found in $program, so it was not checked" >&2
    echo 'hint: build it first, and do not strip it' >&2
    exit 1
fi
if ! grep -q 'FDE .*pc=' "$frames"; then echo "error: it is not known where functions of $program begin" >&2; exit 1; fi
faults=$(find_faults "$frames" "$code")
if [ -n "$faults" ]; then
    printf 'error: in %s these functions may report errors that they never threw:\n%s\n' "$program" "$faults" >&2
    echo 'hint: let them end with something else, or inline them; see docs/decisions/0025-phantom-throws.md' >&2
    exit 1
fi
echo "$functions functions of $program report no errors that were never thrown"
