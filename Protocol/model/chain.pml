/* The chain of orders: publication receipts, publish-by, void orders, lapses and rounds (§7.8).

   Two places of the chain. The first has two rounds, the second the rounds that are left of POSITIONS. Orders come into
   being at any time after their position is reached, also long after: whoever held a share back may complete one then. Each
   party judges publish-by by a clock of its own, which need not fit the others'. */
#include "parties.h"

/* Positions: (1, 0), (1, 1), (2, 0), (2, 1); the predecessor at the second place is whatever counted at the first. */
#ifndef POSITIONS
#define POSITIONS 3
#endif
#define LAST_ROUND 1
#define seq(x) ((x) / 2)

/* Orders 2x and 2x + 1 are of two motions at position x. */
#define ORDERS (2 * POSITIONS)
#define position(o) ((o) / 2)

/* What an honest party has signed at a position, a bit each. Its lapse names the order that it has receipted there, if any. */
#define FIRST 1
#define SECOND 2
#define RECEIPT (FIRST | SECOND)
#define LAPSE 4
#define receipt_of(o) (1 << ((o) & 1))
#define word(i, x) ((i) * POSITIONS + (x))

#ifndef CRASHING
#define CRASHING 0
#endif

byte memory[HONEST * POSITIONS], disk[HONEST * POSITIONS], said[HONEST * POSITIONS];
byte stands[HONEST];       /* the position that the party's own chain has reached */
byte over[HONEST];         /* positions whose publish-by has passed by the party's clock */
byte made;                 /* orders that exist */

/* What follows; settle() keeps it. */
byte counts;               /* orders with a quorum of receipts */
byte lapsed;               /* positions given up by a quorum */
byte ruled_out;            /* orders that can count nowhere */
byte voided;                 /* orders that a verifier calls void (§8.7) */

/* Ghosts and properties. */
byte late;                 /* orders made when publish-by had passed for every honest party */
bit one_publication_receipt = 1, receipt_in_time = 1, no_receipt_after_lapse = 1,
    party_counted_once = 1, nothing_acknowledged_is_lost = 1;
bit one_order_per_place = 1, void_everywhere = 1, late_order_is_void = 1, successor_has_predecessor = 1;

hidden byte i, x, o, p, p_said, receipters, lapsers, without, waiting, stuck;
bit reached;
mtype = { none, order_counts, void_order, order_in_next_round, successor_counts, round_stays_open, crash_and_loss };
#ifndef REACH
#define REACH none
#endif

inline collect_receipts(o) {
    receipters = 0;
    for (p : 0 .. HONEST - 1) {
        receipters = receipters | (((said[word(p, position(o))] & receipt_of(o)) != 0) << p)
    }
}

inline collect_lapses(x) {
    lapsers = 0;
    for (p : 0 .. HONEST - 1) { lapsers = lapsers | (((said[word(p, x)] & LAPSE) != 0) << p) }
}

/* Those who, by their own word, give this order no receipt: they lapsed, or receipted the other one. */
inline collect_without(o) {
    without = 0;
    for (p : 0 .. HONEST - 1) {
        p_said = said[word(p, position(o))];
        without = without | ((p_said != 0 && (p_said & receipt_of(o)) == 0) << p)
    }
}

/* §7.8: every quorum contains more than FAULT_BOUND of them. A quorum leaves N - QUORUM parties out. */
#ifdef TRUST_ONE_MORE
#define is_ruled_out(set) (size((set) | LIAR_SET) - (N - QUORUM) > FAULT_BOUND - 1)
#else
#define is_ruled_out(set) (size((set) | LIAR_SET) - (N - QUORUM) > FAULT_BOUND)
#endif

/* Those who can say no more in the first round: they lapsed, or stand by an order that is not ruled out (decision 21). */
inline note_stuck() {
    stuck = 0;
    for (p : 0 .. HONEST - 1) {
        p_said = said[word(p, 0)];
        stuck = stuck | (((p_said & LAPSE) != 0 || (has(over[p], 0) && (p_said & RECEIPT) != 0 && !has(ruled_out, (p_said & FIRST) == 0))) << p)
    }
}

inline settle() {
    counts = 0; lapsed = 0; voided = 0; ruled_out = 0;
    for (x : 0 .. POSITIONS - 1) {
        collect_lapses(x);
        if
        :: is_record_quorum(lapsers) ->
            lapsed = lapsed | one(x);
            STEP(party_counted_once, size(lapsers | LIAR_SET) >= QUORUM)
        :: else
        fi
    }
    for (o : 0 .. ORDERS - 1) {
        collect_receipts(o);
        if
        :: has(made, o) && is_record_quorum(receipters) ->
            counts = counts | one(o);
            STEP(party_counted_once, size(receipters | LIAR_SET) >= QUORUM)
        :: else
        fi;
        collect_without(o);
        ruled_out = ruled_out | (is_ruled_out(without) << o);
        voided = voided | ((has(lapsed, position(o)) || has(ruled_out, o)) << o)
    }
    OUTCOME(one_order_per_place, size(counts & 15) <= 1 && size(counts >> 4) <= 1);
    OUTCOME(void_everywhere, (counts & voided) == 0);
#ifndef CLOCKS_JUMP
    OUTCOME(late_order_is_void, (counts & late) == 0);
#endif
    OUTCOME(successor_has_predecessor, (counts >> 4) == 0 || (counts & 15) != 0);
    REACHED(order_counts, counts != 0);
    REACHED(void_order, (made & voided) != 0);
    REACHED(order_in_next_round, (counts & 12) != 0);
    REACHED(successor_counts, (counts >> 4) != 0);
    note_stuck();
    REACHED(round_stays_open, stuck == HONEST_SET && (counts & 3) == 0 && !has(lapsed, 0));
    i = 0; x = 0; o = 0; p = 0
}

/* Persist, then send. */
inline sign(at, words) {
    memory[at] = memory[at] | (words);
    if
    :: !has(CRASHING, me) -> disk[at] = memory[at]; said[at] = disk[at]
    :: else ->
#ifdef LOST_RECEIPT
        said[at] = said[at] | memory[at]
#else
        skip
#endif
    fi;
    settle()
}
#define here word(me, stands[me])
#define is_flushed (memory[here] == disk[here])

/* One publication receipt per position, before publish-by, and none after one's own lapse. */
#ifdef DOUBLE_RECEIPT
#define gave_none true
#else
#define gave_none ((memory[here] & RECEIPT) == 0)
#endif
#ifdef RECEIPT_AFTER_LAPSE
#define gave_up_not true
#else
#define gave_up_not ((memory[here] & LAPSE) == 0)
#endif
#ifdef ACCEPT_LATE
#define is_in_time true
#else
#define is_in_time (!has(over[me], stands[me]))
#endif
#define may_receipt(which) \
    (has(made, 2 * stands[me] + which) && (memory[here] & receipt_of(which)) == 0 && gave_none && gave_up_not && is_in_time)

inline give_receipt(which) {
    printf("party %d gives a receipt for order %d\n", me, 2 * stands[me] + which);
    STEP(one_publication_receipt, (said[here] & RECEIPT) == 0);
    STEP(no_receipt_after_lapse, (said[here] & LAPSE) == 0);
    STEP(receipt_in_time, !has(over[me], stands[me]));
    sign(here, receipt_of(which))
}
inline receipt(which) {
    d_step { is_flushed && may_receipt(which) -> give_receipt(which) }
}

#ifdef DUTIES_AT_ONCE
/* What two motions ask for is judged before either is done. */
inline both_receipts() {
    d_step { is_flushed && may_receipt(0) && may_receipt(1) -> give_receipt(0); give_receipt(1) }
}
#endif

/* After publish-by, when one's own order can count nowhere any more. */
inline lapse() {
    d_step {
        (is_flushed && has(over[me], stands[me]) && (memory[here] & LAPSE) == 0
#ifndef LAPSE_OVER_RECEIPT
            && ((memory[here] & RECEIPT) == 0 || has(ruled_out, 2 * stands[me] + ((memory[here] & FIRST) == 0)))
#endif
        ) ->
        printf("party %d gives up position %d\n", me, stands[me]);
        sign(here, LAPSE)
    }
}

/* The party's clock passes publish-by of the position where it stands. */
inline wait() {
    d_step { !has(over[me], stands[me]) -> printf("party %d: publish-by of position %d has passed\n", me, stands[me]); over[me] = over[me] | one(stands[me]); settle() }
}

/* Its clock is set back, once more before publish-by. */
inline set_back() {
    d_step { has(over[me], stands[me]) -> printf("party %d: the clock is set back\n", me); over[me] = over[me] - one(stands[me]); settle() }
}

/* The party hears that its round was given up, or that an order of its place counts. */
inline advance() {
    d_step {
        is_flushed && stands[me] < 2 && POSITIONS > 2 && (counts & 15) != 0 ->
        printf("party %d hears of an order that counts\n", me);
        stands[me] = 2
    }
}
inline give_up() {
    d_step {
        is_flushed && has(lapsed, stands[me]) && (stands[me] & 1) == 0 && stands[me] + 1 < POSITIONS ->
        printf("party %d hears that its round has lapsed\n", me);
        stands[me] = stands[me] + 1
    }
}

inline flush() {
    d_step { !is_flushed -> printf("party %d flushes\n", me); disk[here] = memory[here]; said[here] = disk[here]; settle() }
}

/* The power fails; what was not flushed is gone. A crash that loses nothing is a party that does nothing for a while. */
inline crash() {
    d_step {
        !is_flushed ->
        printf("party %d loses power\n", me);
        memory[here] = disk[here];
        REACHED(crash_and_loss, true);
        STEP(nothing_acknowledged_is_lost, (said[here] & memory[here]) == said[here])
    }
}

proctype Honest(byte me) {
    do
    :: receipt(0) :: receipt(1)
#ifdef DUTIES_AT_ONCE
    :: both_receipts()
#endif
    :: lapse()
    :: wait()
#ifdef CLOCKS_JUMP
    :: set_back()
#endif
    :: advance()
    :: give_up()
    :: flush()
    :: crash()
    od
}

/* A quorum of signers has an honest one, who signs only where its chain stands; the last share may come at any time. */
#define is_reached(x) \
    (stands[0] >= (x) || (HONEST > 1 && stands[1 % HONEST] >= (x)) || (HONEST > 2 && stands[2 % HONEST] >= (x)) \
        || (HONEST > 3 && stands[3 % HONEST] >= (x)))
inline make(which) {
    d_step {
        !has(made, which) && is_reached(position(which)) ->
        printf("order %d comes into being\n", which);
        made = made | one(which);
        waiting = 0;
        for (p : 0 .. HONEST - 1) { waiting = waiting | (!has(over[p], position(which)) << p) }
        late = late | ((waiting == 0) << which);
        settle()
    }
}

proctype Signers() {
    do
    :: make(0) :: make(1) :: make(2)
#if POSITIONS > 2
    :: make(4)
#endif
#if POSITIONS > 3
    :: make(6)
#endif
    od
}

init {
    atomic {
        for (i : 0 .. HONEST - 1) { run Honest(i) }
        i = 0;
        run Signers()
    }
}
