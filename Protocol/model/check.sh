#!/usr/bin/env bash
# Checks the models with spin: what must hold holds, what is broken is found, and by the property that is meant.
#
#   check.sh              all checks; a line each, and 1 at the end if any went otherwise than it must
#   check.sh show NAME    the run that spin finds in the checks of that name, step by step
#
# Needs spin and gcc. What they make goes into a directory of its own, which is deleted at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/standstill-model.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

MEGABYTES=3500
DEPTH=100000
only=
if [ "${1:-}" = show ]; then only=${2:?check.sh show NAME}; fi
for tool in spin gcc; do
    command -v $tool >/dev/null || { echo "error: $tool is not installed; hint: apt-get install spin gcc" >&2; exit 1; }
done

failures=0
checks=0
started=$SECONDS

# build MODEL LEVEL OPTION...: makes ./pan of a model.
build() {
    local model=$1 level=$2; shift 2
    rm -f pan pan.* ./*.trail report
    options=("$@")
    source=$here/$model.pml
    local search=-DSAFETY
    if [ "$model" = progress ]; then search=-DNFAIR=4; fi
    spin "$@" -a "$source" >report 2>&1 && gcc "$level" -w $search -DMEMLIM=$MEGABYTES -o pan pan.c >>report 2>&1
}

# search OPTION...: runs ./pan and says in one word, or a name, what came of it.
search() {
    local status=0
    ./pan "$@" >report 2>&1 || status=$?
    if [ $status != 0 ]; then verdict="exit status $status"; return; fi
    # A search that was cut short proves nothing, whatever else its report says.
    if grep -qiE 'max search depth too small|out of memory|MEMLIM bound|hash table full|bitstate|aborting' report; then
        verdict=truncated; return
    fi
    if grep -q '^pan:1: assertion violated' report; then
        verdict=$(sed -n 's/^pan:1: assertion violated *\(.*\) (at depth.*/\1/p' report); return
    fi
    if grep -q '^pan:1: acceptance cycle' report; then verdict=cycle; return; fi
    if grep -q '^Full statespace search' report && grep -q 'errors: 0$' report \
        && ! grep -q 'Search not completed' report; then verdict=holds; return; fi
    verdict=unreadable
}

# check NAME EXPECTED: compares the verdict and prints the line.
check() {
    local name=$1 expected=$2 mark=ok
    local states depth seconds
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' report)
    depth=$(sed -n 's/.*depth reached \([0-9]*\),.*/\1/p' report)
    seconds=$(awk -v from="$began" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')
    if [ "$verdict" != "$expected" ]; then mark=FAIL; failures=$((failures + 1)); fi
    checks=$((checks + 1))
    printf '%-4s  %-58s %-30s %9s states, depth %4s, %5s s\n' \
        "$mark" "$name" "$verdict" "${states:-no}" "${depth:-0}" "$seconds"
    if [ $mark = FAIL ]; then
        printf 'error: %s: expected %s\n' "$name" "$expected" >&2
        tail -n 20 report >&2
    fi
    if [ -n "$only" ] || [ $mark = FAIL ]; then trail; fi
}

# The run that was found: what the models print of it.
trail() {
    local found
    for found in *.trail; do
        [ -e "$found" ] || continue
        { spin "${options[@]}" -k "$found" -T "$source" 2>/dev/null || true; } | sed -n '/^ *\(party\|the liar\|order\) /p'
    done
}

wanted() { began=$EPOCHREALTIME; [ -z "$only" ] || [ "$only" = "$1" ]; }

# holds NAME MODEL OPTION...: no property is violated in any state.
holds() {
    local name=$1; wanted "$name" || return 0
    build "$2" -O2 "${@:3}" && search -E -m$DEPTH || verdict="does not compile"
    check "$name" holds
}

# finds NAME PROPERTY MODEL OPTION...: spin finds a run that violates this property.
finds() {
    local name=$1; wanted "$name" || return 0
    build "$3" -O0 "${@:4}" && search -E -m$DEPTH || verdict="does not compile"
    check "$name" "$2"
}

# broken NAME STEP OUTCOME MODEL OPTION...: found by what a party may do, and without that by what comes of it.
broken() {
    finds "$1" "$2" "${@:4}"
    finds "$1: what comes of it" "$3" "${@:4}" -DOUTCOMES
}

# reaches NAME EVENT MODEL OPTION...: there is a run in which this happens.
reaches() { finds "$1" '!(reached)' "$3" "-DREACH=$2" "${@:4}"; }

# leads NAME EXPECTED CLAIM FAIRNESS OPTION...: holds or has a cycle without the good thing.
leads() {
    local name=$1; wanted "$name" || return 0
    build progress -O1 "${@:5}" && search -a $4 -m$DEPTH -N "$3" || verdict="does not compile"
    check "$name" "$2"
}

# The protocol as it is.
holds "motion: 3 of 4 decide, 1 lies, 1 crashes" motion -DCRASHING=1
holds "motion: labs and a government that lies" motion -DGOV=3 -DLABS=2
holds "motion: a government and labs, one of which lies" motion -DGOV=1 -DLABS=1
holds "motion: 3 parties, 1 lies, both others crash" motion -DN=3 -DQUORUM=3 -DCRASHING=3
holds "tally: 4 parties, every ballot, every order" tally
holds "chain: 2 places, 2 rounds, 1 of 4 lies, 1 crashes" chain -DCRASHING=1
holds "chain: 2 rounds, 1 of 4 lies, all others crash" chain -DPOSITIONS=2 -DCRASHING=7
holds "chain: clocks are set back" chain -DPOSITIONS=2 -DCLOCKS_JUMP -DCRASHING=1
holds "chain: 1 of 5 lies, 2 might" chain -DN=5 -DQUORUM=4 -DFAULT_BOUND=2 -DPOSITIONS=2
holds "chain: 3 parties, 1 lies, both others crash" chain -DN=3 -DQUORUM=3 -DCRASHING=3
holds "chain: nobody lies, so every round ends" chain \
    -DN=3 -DQUORUM=2 -DFAULT_BOUND=0 -DLIARS=0 -DPOSITIONS=2 -DCRASHING=1 -DREACH=round_stays_open
holds "views: two nodes hear the same, each in its order" views

# Every broken variant is found.
broken "reveal before close" no_opening_before_close no_late_ballot motion -DOPEN_BEFORE_CLOSE
broken "receipt after close" no_receipt_after_close no_late_ballot motion -DRECEIPT_AFTER_CLOSE
broken "double receipt" no_double_receipt one_certified_ballot motion -DDOUBLE_RECEIPT
broken "sign without evidence" evidence_before_share assent motion -DSIGN_WITHOUT_EVIDENCE -DGOV=1 -DLABS=1
broken "sign without having agreed" evidence_before_share approval motion -DRUBBER_STAMP -DGOV=1 -DLABS=1
broken "lost receipt after crash" nothing_acknowledged_is_lost one_certified_ballot motion -DLOST_RECEIPT -DCRASHING=1
broken "ignore a condition" condition_respected approval motion -DIGNORE_CONDITION
broken "ignore a condition, all ballots" condition_respected result_is_unique tally -DIGNORE_CONDITION
broken "count a party twice" party_counted_once one_certified_ballot motion -DCOUNT_TWICE
broken "count a publisher twice" party_counted_once void_everywhere chain -DCOUNT_TWICE
broken "accept late order" receipt_in_time late_order_is_void chain -DACCEPT_LATE
broken "two publication receipts" one_publication_receipt one_order_per_place chain -DDOUBLE_RECEIPT
broken "duties of two motions judged at once" one_publication_receipt one_order_per_place chain -DDUTIES_AT_ONCE
broken "publication receipt after lapse" no_receipt_after_lapse void_everywhere chain -DRECEIPT_AFTER_LAPSE -DCLOCKS_JUMP
broken "lost publication receipt after crash" nothing_acknowledged_is_lost void_everywhere chain -DLOST_RECEIPT -DCRASHING=1
finds "lapse over one's own receipt" void_everywhere chain -DLAPSE_OVER_RECEIPT
finds "lapse on the word of as many as may lie" void_everywhere chain -DTRUST_ONE_MORE
finds "no more than two receipts of a party are kept" same_counts views -DKEEP_TWO_RECEIPTS
finds "only the first lapse of a party is kept" same_ruled_out views -DKEEP_FIRST_LAPSE
finds "tally that begins with nobody" result_is_unique tally -DLEAST

# The bounds are the least ones.
finds "quorums of 2 of 4 beside a liar" one_certified_ballot motion -DQUORUM=2
finds "more liars than fault-bound" void_everywhere chain -DLIARS=2

# What the properties are about does happen.
reaches "an order is made" order_made motion
reaches "a conditional ballot joins" conditional_joins motion -DGOV=1 -DLABS=1
reaches "a conditional ballot stays out, an order is made" conditional_stays_out motion -DGOV=1 -DLABS=1
reaches "two ballots on condition of each other join" mutual tally
reaches "a crash loses what was not flushed" crash_and_loss motion -DCRASHING=1
reaches "an order counts" order_counts chain
reaches "an order is void" void_order chain
reaches "a round lapses, an order counts in the next" order_in_next_round chain
reaches "an order counts at the second place" successor_counts chain
reaches "a round stays open (decision 21)" round_stays_open chain -DLIARS=0 -DPOSITIONS=2
reaches "the liar's receipt makes an order count" counts_by_the_liar views
reaches "the liar's lapse rules an order out" ruled_out_by_the_liar views

# Without faults and under weak fairness there is an order.
leads "what a quorum agrees to becomes an order" holds agreed_motion_becomes_order -f
leads "a round that fails is followed by one that does not" holds order_in_some_round -f
leads "the same with 1 of 4 dark" holds agreed_motion_becomes_order -f -DN=4 -DQUORUM=3 -DFAULT_BOUND=1 -DDARK=8
leads "the rounds too" holds order_in_some_round -f -DN=4 -DQUORUM=3 -DFAULT_BOUND=1 -DDARK=8
leads "close when enough are certified" cycle agreed_motion_becomes_order -f -DEARLY_CLOSE
leads "nobody gives a round up" cycle order_in_some_round -f -DNO_LAPSE
leads "without fairness nothing need happen" cycle order_in_some_round ""

# A search that is cut short is no proof, and is noticed.
if wanted "a search that is not deep enough"; then
    build tally -O0 && search -E -m20 || verdict="does not compile"
    check "a search that is not deep enough" truncated
fi
if wanted "a search that lacks memory"; then
    MEGABYTES=135 build motion -O0 && search -E -m$DEPTH || verdict="does not compile"
    check "a search that lacks memory" truncated
fi

if [ "$checks" = 0 ]; then echo "error: no check is called '$only'" >&2; exit 1; fi
echo "$checks checks, $failures went otherwise than they must, $((SECONDS - started)) s"
[ "$failures" = 0 ]
