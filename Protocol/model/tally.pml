/* The tally (§7.6): all ballots that four parties can give, opened in every order, parties removed in every order. */
#define N 4
#define LIARS 0
#include "parties.h"

/* A ballot: decline, agree, agree if a certain party does, agree if two of the others do. */
#define DECLINE 0
#define AGREE 1
#define IF(p) (2 + (p))
#define IF_TWO (2 + N)

byte ballot[N];
byte opened;               /* parties */
byte agreeing;             /* the tally so far */
byte before;               /* the tally of fewer openings */

bit result_is_unique = 1, tally_grows = 1, condition_respected = 1;
hidden byte p, set, greatest;
bit reached;
mtype = { none, joins, stays_out, mutual };
#ifndef REACH
#define REACH none
#endif

#define others(p) (EVERYBODY - one(p))
#define is_conditional(p) (ballot[p] > AGREE)
#define is_met(p, set) \
    (ballot[p] == AGREE || (ballot[p] == IF_TWO && size((set) & others(p)) >= 2) \
        || (ballot[p] > AGREE && ballot[p] < IF_TWO && has(set, ballot[p] - 2)))
#ifdef IGNORE_CONDITION
#define stays(p, set) (ballot[p] != DECLINE)
#else
#define stays(p, set) is_met(p, set)
#endif

/* All sets that meet their own conditions, together. */
inline find_greatest() {
    greatest = 0;
    for (set : 1 .. EVERYBODY) {
        if
        :: (set & opened) == set &&
            (!has(set, 0) || is_met(0, set)) && (!has(set, 1) || is_met(1, set)) &&
            (!has(set, 2) || is_met(2, set)) && (!has(set, 3) || is_met(3, set)) -> greatest = greatest | set
        :: else
        fi
    }
}

inline check() {
    d_step {
        find_greatest();
        for (p : 0 .. N - 1) { STEP(condition_respected, !has(agreeing, p) || is_met(p, agreeing)) }
        OUTCOME(result_is_unique, agreeing == greatest);
        OUTCOME(tally_grows, (before & agreeing) == before);
        for (p : 0 .. N - 1) {
            REACHED(joins, has(agreeing, p) && is_conditional(p));
            REACHED(stays_out, agreeing != 0 && has(opened, p) && !has(agreeing, p) && is_conditional(p))
        }
        REACHED(mutual, agreeing == 3 && ballot[0] == IF(1) && ballot[1] == IF(0));
        p = 0; set = 0; greatest = 0
    }
}

#define may_remove(p) (has(agreeing, p) && !stays(p, agreeing))
#define may_add(p) (has(opened, p) && !has(agreeing, p) && stays(p, agreeing))

inline count() {
    before = agreeing;
#ifdef LEAST
    /* Begins with nobody and adds whose condition is met: "A if B, B if A" would agree to nothing. */
    agreeing = 0;
    do
    :: may_add(0) -> agreeing = agreeing | 1
    :: may_add(1) -> agreeing = agreeing | 2
    :: may_add(2) -> agreeing = agreeing | 4
    :: may_add(3) -> agreeing = agreeing | 8
    :: else -> break
    od;
#else
    agreeing = 0;
    for (p : 0 .. N - 1) { agreeing = agreeing | ((has(opened, p) && ballot[p] != DECLINE) << p) }
    p = 0;
    do
    :: may_remove(0) -> agreeing = agreeing - 1
    :: may_remove(1) -> agreeing = agreeing - 2
    :: may_remove(2) -> agreeing = agreeing - 4
    :: may_remove(3) -> agreeing = agreeing - 8
    :: else -> break
    od;
#endif
    check();
    before = 0
}

inline select_ballot(who) {
    if
    :: ballot[who] = DECLINE
    :: ballot[who] = AGREE
    :: ballot[who] = IF((who + 1) % N)
    :: ballot[who] = IF((who + 2) % N)
    :: ballot[who] = IF((who + 3) % N)
    :: ballot[who] = IF_TWO
    fi
}

#define may_open(p) !has(opened, p)

init {
    atomic {
        select_ballot(0); select_ballot(1); select_ballot(2); select_ballot(3)
    }
    do
    :: atomic { may_open(0) -> opened = opened | 1; count() }
    :: atomic { may_open(1) -> opened = opened | 2; count() }
    :: atomic { may_open(2) -> opened = opened | 4; count() }
    :: atomic { may_open(3) -> opened = opened | 8; count() }
    :: opened == EVERYBODY -> break
    od
}
