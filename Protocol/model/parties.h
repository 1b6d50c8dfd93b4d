/* Parties, sets of parties, rules, and how a property is stated. Included by every model.

   Parties are numbered from 0. The honest ones come first; with LIARS 1 the last one is Byzantine. A set is a bit mask. */

#ifndef N
#define N 4
#endif
/* A quorum of `record` is any QUORUM of the parties; two overlap in more than FAULT_BOUND of them (§3). */
#ifndef QUORUM
#define QUORUM 3
#endif
#ifndef FAULT_BOUND
#define FAULT_BOUND 1
#endif
#ifndef LIARS
#define LIARS 1
#endif

#define HONEST (N - LIARS)
#define LIAR (N - 1)
#define EVERYBODY ((1 << N) - 1)
#define HONEST_SET ((1 << HONEST) - 1)
#define LIAR_SET (EVERYBODY - HONEST_SET)

#define one(x) (1 << (x))
#define has(set, x) (((set) >> (x)) & 1)
#define size(set) \
    (((set) & 1) + (((set) >> 1) & 1) + (((set) >> 2) & 1) + (((set) >> 3) & 1) + (((set) >> 4) & 1))

/* A liar has signed everything and shows it to whom it likes; the honest need only act on it. */
#ifdef COUNT_TWICE
#define is_record_quorum(set) (size(set) + 2 * LIARS >= QUORUM)
#else
#define is_record_quorum(set) (size((set) | LIAR_SET) >= QUORUM)
#endif

/* The deciding rule: a flat one, or a tree: the government GOV and LABS of the other parties. */
#ifdef GOV
#define decides(set) (has(set, GOV) && size((set) & (EVERYBODY - one(GOV))) >= LABS)
#else
#define decides(set) (size(set) >= QUORUM)
#endif

/* A property has a name, so that spin's report says which one does not hold. STEP is about what one party does, OUTCOME
   about what comes of it; -DOUTCOMES looks at the second only and shows that the first are not there for themselves. */
#define OUTCOME(name, holds) name = (holds); assert(name)
#ifdef OUTCOMES
#define STEP(name, holds) skip
#else
#define STEP(name, holds) OUTCOME(name, holds)
#endif

/* The opposite: -DREACH=name asks spin for a run in which something happens. */
#define REACHED(name, happens) reached = reached || (REACH == name && (happens)); assert(!reached)
