/* Nobody is hostile and nothing is lost: a motion that a quorum agrees to becomes an order, and a round that fails ends.

   Time passes when nobody owes anything, so every statement arrives before the next deadline; a party may be dark all the
   time. Somebody talks without end: only weak fairness gives the others their turn. */
#ifndef N
#define N 3
#define QUORUM 2
#define FAULT_BOUND 0
#endif
#define LIARS 0
#include "parties.h"

#ifndef DARK
#define DARK 0                 /* parties that are dark, as a set */
#endif
#define ACTIVE (EVERYBODY - DARK)
#define LAST_ROUND 1

/* What the clock says: before commit-by, sign-by, publish-by, publish-by + 2T, or after all. */
#define COMMIT 0
#define SIGN 1
#define PUBLISH 2
#define WAIT 3
#define OVER 4
byte phase;
byte round;

/* What was said of the motion of the round, as sets of parties; of receipts a set for every recorder. */
byte committed, receipted[N], closed, opened, shares, published, lapsed;

/* Who agrees in the first round; in the second everybody does. Party 0 wants party 1 to agree. */
byte ballots;
#define agrees ((round == 0 -> ballots : EVERYBODY))
#define kept(set) ((set) & (has(set, 1) -> EVERYBODY : EVERYBODY - 1))
byte tally, certified;
bit counts;
bit quorum_agrees;             /* in the first round */

hidden byte c, p, receipters;

inline settle() {
    certified = 0;
    for (c : 0 .. N - 1) {
        receipters = 0;
        for (p : 0 .. N - 1) { receipters = receipters | (has(receipted[p], c) << p) }
        certified = certified | (is_record_quorum(receipters) << c)
    }
    tally = kept(certified & opened & agrees);
    counts = counts || is_record_quorum(published);
    if
    :: !counts && round < LAST_ROUND && is_record_quorum(lapsed) -> next_round()
    :: else
    fi;
    c = 0; p = 0
}
inline next_round() {
    round = round + 1;
    phase = COMMIT;
    committed = 0; closed = 0; opened = 0; shares = 0; published = 0; lapsed = 0; tally = 0; certified = 0;
    for (p : 0 .. N - 1) { receipted[p] = 0 }
}
#define is_closed is_record_quorum(closed)
#define has_agreement (is_closed && decides(tally))
#define is_ordered decides(shares)

/* What a party owes (§7.2 to §7.8). */
#define owes_commitment(me) (phase == COMMIT && !has(committed, me) && !has(closed, me))
#define unreceipted(me) (committed - (committed & receipted[me]))
#define owes_receipt(me) (phase == COMMIT && !has(closed, me) && unreceipted(me) != 0)
#ifdef EARLY_CLOSE
#define owes_close(me) (!has(closed, me) && (decides(certified) || phase > COMMIT))
#else
#define owes_close(me) (!has(closed, me) && (certified == EVERYBODY || phase > COMMIT))
#endif
#define owes_opening(me) (is_closed && decides(certified) && has(certified, me) && !has(opened, me))
#define owes_share(me) (phase <= SIGN && has_agreement && has(tally, me) && !has(shares, me))
#define owes_publication(me) (phase <= PUBLISH && is_ordered && !has(published, me) && !has(lapsed, me))
#ifdef NO_LAPSE
#define owes_lapse(me) false
#else
#define owes_lapse(me) (phase == OVER && !counts && !has(lapsed, me) && !has(published, me))
#endif
#define owes(me) \
    (has(ACTIVE, me) && \
        (owes_commitment(me) || owes_receipt(me) || owes_close(me) || owes_opening(me) || owes_share(me) || \
            owes_publication(me) || owes_lapse(me)))

proctype Party(byte me) {
    do
    :: d_step { owes_commitment(me) -> committed = committed | one(me); settle() }
    :: d_step { owes_receipt(me) -> receipted[me] = committed; settle() }
    :: d_step { owes_close(me) -> closed = closed | one(me); settle() }
    :: d_step { owes_opening(me) -> opened = opened | one(me); settle() }
    :: d_step { owes_share(me) -> shares = shares | one(me); settle() }
    :: d_step { owes_publication(me) -> published = published | one(me); settle() }
    :: d_step { owes_lapse(me) -> lapsed = lapsed | one(me); settle() }
    od
}

#if N > 3
#define nobody_owes (!owes(0) && !owes(1) && !owes(2) && !owes(3))
#else
#define nobody_owes (!owes(0) && !owes(1) && !owes(2))
#endif

proctype Clock() {
    do
    :: d_step { phase < OVER && nobody_owes -> phase = phase + 1 }
    od
}

/* Says something that is of no use to anybody, for ever. */
bit word;
proctype Talker() {
    do
    :: word = !word
    od
}

init {
    atomic {
        select (ballots : 0 .. EVERYBODY);
        quorum_agrees = decides(kept(ballots & ACTIVE));
        for (p : 0 .. N - 1) {
            if
            :: has(ACTIVE, p) -> run Party(p)
            :: else
            fi
        }
        p = 0;
        run Clock();
        run Talker()
    }
}

ltl agreed_motion_becomes_order { [] (quorum_agrees -> <> (counts && round == 0)) }
ltl order_in_some_round { <> counts }
