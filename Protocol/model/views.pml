/* What a node knows is a function of what it has heard, not of the order in which it heard it (§10.1, rule 10).

   Two honest nodes hear the same statements about one round, each in an order of its own. One or two of the others
   gave receipts for order 0, the rest gave the round up. The liar has signed any of: receipts for three orders of the position, a lapse that
   names order 0, and one that names none. */
#include "parties.h"

#define ORDERS 3
/* Statements of the liar: a receipt per order, then the lapses. */
#define LAPSE_NAMING 3
#define LAPSE_BARE 4
#define STATEMENTS 5
#define RECEIPTS 7
#define LAPSES (one(LAPSE_NAMING) | one(LAPSE_BARE))
#define NODES 2

byte spoken;               /* by the liar */
byte heard[NODES];         /* of them */
byte kept[NODES];          /* what the node makes use of */

bit same_counts = 1, same_ruled_out = 1;
bit reached;
mtype = { none, counts_by_the_liar, ruled_out_by_the_liar };
#ifndef REACH
#define REACH none
#endif

#ifdef KEEP_TWO_RECEIPTS
#define has_room(node, x) ((x) >= ORDERS || size(kept[node] & RECEIPTS) < 2)
#elif defined(KEEP_FIRST_LAPSE)
#define has_room(node, x) ((x) < ORDERS || (kept[node] & LAPSES) == 0)
#else
#define has_room(node, x) true
#endif

byte receipters;           /* how many of the three others gave receipts for order 0 */

/* §7.8, of order 0. */
#define counts(node) (receipters + has(kept[node], 0) >= QUORUM)
/* By its own word the liar gives order 0 no receipt, and gave none to anybody. */
#define liar_is_without(node) \
    (!has(kept[node], 0) && \
        ((kept[node] & RECEIPTS) != 0 || ((kept[node] & LAPSES) != 0 && !has(kept[node], LAPSE_NAMING))))
#define is_ruled_out(node) (HONEST - receipters + liar_is_without(node) - (N - QUORUM) > FAULT_BOUND)

inline hear(x) {
    d_step {
        has(spoken, x) && !has(heard[me], x) ->
        printf("party %d hears statement %d\n", me, x);
        heard[me] = heard[me] | one(x);
        if
        :: has_room(me, x) -> kept[me] = kept[me] | one(x)
        :: else
        fi;
        if
        :: heard[0] == spoken && heard[1] == spoken ->
            OUTCOME(same_counts, counts(0) == counts(1));
            OUTCOME(same_ruled_out, is_ruled_out(0) == is_ruled_out(1));
            REACHED(counts_by_the_liar, counts(0));
            REACHED(ruled_out_by_the_liar, is_ruled_out(0))
        :: else
        fi
    }
}

proctype Node(byte me) {
    do
    :: hear(0) :: hear(1) :: hear(2) :: hear(3) :: hear(4)
    od
}

init {
    atomic {
        if
        :: receipters = 2
        :: receipters = 1
        fi;
        select (spoken : 0 .. one(STATEMENTS) - 1);
        run Node(0);
        run Node(1)
    }
}
