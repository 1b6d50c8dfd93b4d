#!/bin/sh
# Every file here must fail to compile with the error named on its first line.
# usage: check.sh [PACKAGE-NAME [BUILD-DIRECTORY]], from the directory of Package.swift, after a debug build.
# SwiftPM names a package after its directory.
set -u
package=${1:-$(basename "$PWD" | tr '[:upper:]' '[:lower:]')}
build=${2:-$(swift build --show-bin-path)}
here=$(dirname "$0")
failed=0
for file in "$here"/*.swift; do
    expected=$(sed -n '1s|^// error: ||p' "$file")
    output=$(swiftc -swift-version 6 -strict-memory-safety -enable-upcoming-feature MemberImportVisibility -emit-sil -o /dev/null \
        -package-name "$package" -I "$build/Modules" -Xcc -fmodule-map-file=Sources/CSodium/module.modulemap "$file" 2>&1)
    if [ -n "$expected" ] && printf '%s' "$output" | grep -qF -- "error: $expected"; then
        echo "ok   $(basename "$file")"
    else
        echo "FAIL $(basename "$file"): expected \"$expected\", got:"
        printf '%s\n' "$output"
        failed=1
    fi
done
exit $failed
