internal import QuorumPolicy
internal import SignedStatements

/// Every motion a node knows, and which of them are still open.
///
/// Ended motions stay: screens, evidence and late facts need them. But what is asked at every event is answered from the
/// open ones and from one instant per position, so that a node of many years is as quick as a new one.
struct MotionTable: Sendable {
    /// All ids, ascending.
    private(set) var keys: [StatementID] = []
    /// The motions in the order of ``keys``; optional, so that one can be changed in its place.
    private var slots: [MotionState?] = []
    /// The motions without an outcome, ascending; at most ``Limits/openMotions`` and those that verified orders name.
    private(set) var open: [StatementID] = []
    /// A glance at each of them, in the same order.
    private(set) var glances: [MotionGlance] = []
    /// Ended motions with certified ballots that are still to be opened, ascending.
    private(set) var opening: [StatementID] = []
    /// The latest publish-by of all motions at a position, ended ones included.
    private var publishBy: OrderedMap<ChainPosition, Instant> = [:]
    /// When the first motion of a position was proposed, by its author's clock.
    private var proposal: OrderedMap<ChainPosition, Instant> = [:]

    /// All motions in the order of their ids.
    var values: some Sequence<MotionState> { slots.lazy.compactMap(\.self) }

    /// The motions without an outcome, in the order of their ids.
    var openValues: [MotionState] { open.compactMap { self[$0] } }

    /// The latest publish-by of the motions at a position; nil when there is none.
    func lastPublishBy(at position: ChainPosition) -> Instant? { publishBy[position] }

    /// What the orders of a position's motions would be called.
    func orders(at position: ChainPosition) -> [OrderDigest] {
        values.filter { $0.position == position }.map(\.orderDigest)
    }

    /// The earliest date of the motions at a position; nil when there is none.
    func firstProposal(at position: ChainPosition) -> Instant? { proposal[position] }

    /// A motion by its id; one that is there is changed in its place, and never removed.
    subscript(id: StatementID) -> MotionState? {
        get {
            let (index, isPresent) = place(of: id, in: keys)
            return isPresent ? slots[index] : nil
        }
        _modify {
            let (index, isPresent) = place(of: id, in: keys)
            if isPresent {
                defer { note(id, at: index) }
                yield &slots[index]
            } else {
                var motion: MotionState?
                defer {
                    if let motion { insert(motion, id, at: index) }
                }
                yield &motion
            }
        }
    }

    private mutating func insert(_ motion: MotionState, _ id: StatementID, at index: Int) {
        keys.insert(id, at: index)
        slots.insert(motion, at: index)
        publishBy[motion.position] = max(publishBy[motion.position] ?? .earliest, motion.schedule.publishBy)
        proposal[motion.position] = min(proposal[motion.position] ?? .latest, motion.proposedAt)
        note(id, at: index)
    }

    /// Keeps the list of open motions, and the glances at them, right after a change.
    private mutating func note(_ id: StatementID, at slot: Int) {
        guard let glance = slots[slot]?.glance() else { preconditionFailure("a motion is never removed") }
        let (index, isListed) = place(of: id, in: open)
        switch (glance.isOpen, isListed) {
        case (true, true): glances[index] = glance
        case (true, false):
            open.insert(id, at: index)
            glances.insert(glance, at: index)
        case (false, true):
            open.remove(at: index)
            glances.remove(at: index)
        case (false, false): break
        }
        noteOpening(of: id, isOwed: !glance.isOpen && slots[slot]?.owesOpenings == true)
    }

    private mutating func noteOpening(of id: StatementID, isOwed: Bool) {
        let (index, isListed) = place(of: id, in: opening)
        if isOwed, !isListed { opening.insert(id, at: index) }
        if !isOwed, isListed { opening.remove(at: index) }
    }

    /// The deadlines of a motion.
    func schedule(of id: StatementID) -> Motion.Schedule? {
        let (index, isPresent) = place(of: id, in: open)
        return isPresent ? glances[index].schedule : self[id]?.schedule
    }

    /// A commitment on a motion.
    func commitment(_ commitment: StatementID, on id: StatementID) -> MotionState.SealedBallot? {
        let (index, isPresent) = place(of: id, in: keys)
        return isPresent ? slots[index]?.commitments[commitment] : nil
    }

    /// Whether a receipt of a motion waits for a commitment that it names.
    func hasPendingReceipts(on id: StatementID) -> Bool {
        let (index, isPresent) = place(of: id, in: keys)
        return isPresent && slots[index]?.hasPendingReceipts == true
    }

    /// When this party may have to do something for a motion's signature.
    func signingMoments(of id: StatementID, after now: Moment) -> [Moment] {
        let (index, isPresent) = place(of: id, in: keys)
        return isPresent ? slots[index]?.signingMoments(after: now) ?? [] : []
    }

    /// Whether a receipt ascribes a commitment that is here to another party than its author.
    func isMisattributed(_ receipt: Receipt) -> Bool {
        let (index, isPresent) = place(of: receipt.motion, in: keys)
        return isPresent && slots[index]?.isMisattributed(receipt) == true
    }

    /// Whether a motion is known.
    func contains(_ id: StatementID) -> Bool { place(of: id, in: keys).isPresent }

    private func place(of id: StatementID, in ids: [StatementID]) -> (index: Int, isPresent: Bool) {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = low + (high - low) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return (low, low < ids.count && ids[low] == id)
    }
}
