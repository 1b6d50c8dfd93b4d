/* One motion from the first commitment to the signed order (§7.2 to §7.7).

   What is said stays said; whoever acts has heard what it needs, and whoever does not act has not heard it. So the network
   may lose, delay, repeat and reorder. Clocks are arbitrary: a party closes at any moment. */
#include "parties.h"

/* Party p has sealed commitment p. The liar seals two, LIAR and LIAR + 1, whenever it likes. */
#define COMMITMENTS (N + LIARS)
#define author(c) ((c) - ((c) > LIAR))
/* In a party's statements, beside a bit for every receipt. */
#define CLOSE COMMITMENTS
/* The set of parties that may lose what they have not flushed; the others flush at once. */
#ifndef CRASHING
#define CRASHING 0
#endif

/* What an honest party has signed: in memory, on the disk, and sent. */
byte memory[HONEST], disk[HONEST], said[HONEST];
byte committed, opened;    /* commitments */
byte shares;               /* parties that gave a signature share for the order */

/* Ballots: party 0 agrees if party 2 does, party 1 agrees, party 2 either way; the liar's first agrees, its second declines. */
bit wanted_agrees;
#define agrees(c) ((c) == 0 || (c) == 1 || ((c) == 2 && wanted_agrees) || (c) == 3)
#define CONDITIONAL 0
#define WANTED 2

/* What follows from all that was said; settle() keeps it. */
byte certified;            /* commitments */
bit is_closed;
byte agreeing;             /* parties: the tally */
#define voters_certified(set) \
    (((set) & EVERYBODY) | (has(set, LIAR + 1) << LIAR))
#define has_agreement (is_closed && decides(agreeing))

/* Ghosts, and the properties; README.md says which rule each is. */
byte late;                 /* commitments made after an honest opening */
bit no_double_receipt = 1, no_receipt_after_close = 1, no_opening_before_close = 1, evidence_before_share = 1,
    condition_respected = 1, party_counted_once = 1, nothing_acknowledged_is_lost = 1;
bit one_certified_ballot = 1, no_late_ballot = 1, approval = 1, assent = 1;

hidden byte c, p, set, receipters, closers, agreed, evident;
bit reached;
mtype = { none, order_made, conditional_joins, conditional_stays_out, crash_and_loss };
#ifndef REACH
#define REACH none
#endif

/* Who has said it. */
inline collect(statement, result) {
    result = 0;
    for (p : 0 .. HONEST - 1) { result = result | (has(said[p], statement) << p) }
}

/* §7.3, §7.4, §7.6. */
inline settle() {
    certified = 0;
    for (c : 0 .. COMMITMENTS - 1) {
        collect(c, receipters);
        if
        :: has(committed, c) && is_record_quorum(receipters) ->
            certified = certified | one(c);
            STEP(party_counted_once, size(receipters | LIAR_SET) >= QUORUM)
        :: else
        fi
    }
    collect(CLOSE, closers);
    is_closed = is_record_quorum(closers);
    if
    :: is_closed -> STEP(party_counted_once, size(closers | LIAR_SET) >= QUORUM)
    :: else
    fi;
    tally();
    prove();
    STEP(condition_respected, !has(agreeing, CONDITIONAL) || has(agreeing, WANTED));
    OUTCOME(approval, (!has(shares, CONDITIONAL) || has(evident, WANTED)) && (!has(shares, WANTED) || wanted_agrees));
    OUTCOME(one_certified_ballot, !(has(certified, LIAR) && has(certified, LIAR + 1)));
    OUTCOME(no_late_ballot, (certified & late) == 0);
    OUTCOME(assent, !decides(shares | LIAR_SET) || (is_closed && decides(evident)));
    REACHED(order_made, decides(shares | LIAR_SET));
    REACHED(conditional_joins, decides(shares | LIAR_SET) && has(shares, CONDITIONAL));
    REACHED(conditional_stays_out,
        decides(shares | LIAR_SET) && has(certified & opened, CONDITIONAL) && !has(agreeing, CONDITIONAL));
    c = 0; p = 0
}

/* §7.6: start with all who agree, remove whose condition is not met. */
inline tally() {
    agreed = 0;
    for (c : 0 .. COMMITMENTS - 1) {
        if
        :: has(certified & opened, c) && agrees(c) -> agreed = agreed | one(author(c))
        :: else
        fi
    }
    agreeing = agreed;
#ifndef IGNORE_CONDITION
    if
    :: !has(agreeing, WANTED) -> agreeing = agreeing & (EVERYBODY - one(CONDITIONAL))
    :: else
    fi
#endif
}

/* The same, found another way: all sets that meet their own conditions, together. */
inline prove() {
    evident = 0;
    for (set : 1 .. EVERYBODY) {
        if
        :: (set & agreed) == set && (!has(set, CONDITIONAL) || has(set, WANTED)) -> evident = evident | set
        :: else
        fi
    }
}

/* Persist, then send. */
inline sign(statement) {
    memory[me] = memory[me] | one(statement);
    if
    :: !has(CRASHING, me) -> disk[me] = memory[me]; said[me] = disk[me]
    :: else ->
#ifdef LOST_RECEIPT
        said[me] = said[me] | memory[me]
#else
        skip
#endif
    fi;
    settle()
}
#define is_flushed (memory[me] == disk[me])

/* §7.2: one commitment, and none after one's own close. */
inline commit() {
    d_step {
        !has(committed, me) && !has(memory[me], CLOSE) ->
        printf("party %d commits\n", me);
        committed = committed | one(me);
        late = late | (((opened & HONEST_SET) != 0) << me);
        settle()
    }
}

/* §7.3: one receipt per committer, none after one's own close. */
#define receipted_author(c) \
    (has(memory[me], c) || (c == LIAR && has(memory[me], LIAR + 1)) || (c == LIAR + 1 && has(memory[me], LIAR)))
inline receipt(x) {
    d_step {
        (is_flushed && has(committed, x) && !has(memory[me], x)
#ifndef DOUBLE_RECEIPT
            && !receipted_author(x)
#endif
#ifndef RECEIPT_AFTER_CLOSE
            && !has(memory[me], CLOSE)
#endif
        ) ->
        printf("party %d gives a receipt for commitment %d\n", me, x);
        STEP(no_double_receipt, !(x >= LIAR && (has(said[me], LIAR) || has(said[me], LIAR + 1))));
        STEP(no_receipt_after_close, !has(said[me], CLOSE));
        sign(x)
    }
}

/* §7.4. */
inline close() {
    d_step { is_flushed && !has(memory[me], CLOSE) -> printf("party %d closes\n", me); sign(CLOSE) }
}

/* §7.5: one's own certified commitment, after a quorum of closes, and only if it is not in vain. */
inline open() {
    d_step {
        (has(certified, me) && !has(opened, me) && decides(voters_certified(certified))
#ifndef OPEN_BEFORE_CLOSE
            && is_closed
#endif
        ) ->
        printf("party %d opens\n", me);
        collect(CLOSE, closers);
        STEP(no_opening_before_close, size(closers | LIAR_SET) >= QUORUM);
        opened = opened | one(me);
        settle()
    }
}

/* §7.7: only on evidence, and only if one agrees. */
inline share() {
    d_step {
        (!has(shares, me)
#ifdef SIGN_WITHOUT_EVIDENCE
            && agrees(me) && (me != CONDITIONAL || has(agreed, WANTED))
#else
            && has_agreement
#ifndef RUBBER_STAMP
            && has(agreeing, me)
#endif
#endif
        ) ->
        printf("party %d gives its share\n", me);
        prove();
        STEP(evidence_before_share, is_closed && decides(evident) && has(evident, me));
        shares = shares | one(me);
        settle()
    }
}

/* The disk has it: now it may be sent. */
inline flush() {
    d_step { !is_flushed -> printf("party %d flushes\n", me); disk[me] = memory[me]; said[me] = disk[me]; settle() }
}

/* The power fails; what was not flushed is gone. A crash that loses nothing is a party that does nothing for a while. */
inline crash() {
    d_step {
        !is_flushed ->
        printf("party %d loses power\n", me);
        memory[me] = disk[me];
        REACHED(crash_and_loss, true);
        STEP(nothing_acknowledged_is_lost, (said[me] & memory[me]) == said[me])
    }
}

proctype Honest(byte me) {
    do
    :: share()
    :: open()
    :: close()
    :: receipt(0) :: receipt(1) :: receipt(2) :: receipt(3)
#if COMMITMENTS > 4
    :: receipt(4)
#endif
    :: commit()
    :: flush()
    :: crash()
    od
}

inline liar_commits(x) {
    printf("the liar makes commitment %d\n", x);
    committed = committed | one(x);
    late = late | (((opened & HONEST_SET) != 0) << x);
    settle()
}

inline liar_opens(x) {
    printf("the liar opens commitment %d\n", x);
    opened = opened | one(x);
    settle()
}

/* Its receipts, closes and shares are there for whoever wants them; its ballots are sealed and opened at any time. */
proctype Liar() {
    do
    :: d_step { !has(committed, LIAR) -> liar_commits(LIAR) }
    :: d_step { !has(committed, LIAR + 1) -> liar_commits(LIAR + 1) }
    :: d_step { has(committed, LIAR) && !has(opened, LIAR) -> liar_opens(LIAR) }
    :: d_step { has(committed, LIAR + 1) && !has(opened, LIAR + 1) -> liar_opens(LIAR + 1) }
    od
}
init {
    atomic {
        if
        :: wanted_agrees = 1
        :: wanted_agrees = 0
        fi;
        printf("party 2 agrees: %d\n", wanted_agrees);
        for (p : 0 .. HONEST - 1) { run Honest(p) }
        p = 0;
        run Liar()
    }
}
