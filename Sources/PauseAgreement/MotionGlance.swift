internal import QuorumPolicy
internal import SignedStatements

/// What is asked of every open motion at every event, without references, so that looking does not copy the motion.
///
/// Says nothing that ``MotionState`` does not say; ``MotionTable`` keeps it right.
struct MotionGlance: Sendable {
    let id: StatementID
    let position: ChainPosition
    let schedule: Motion.Schedule
    /// The motion has no outcome yet.
    let isOpen: Bool
    let orderDigest: OrderDigest
    /// The agreement has come and this node has not taken note of it.
    let isNewlyAgreed: Bool
    /// The parties have agreed, this node has noted when, and there is no order yet.
    let isSigning: Bool
    let isVotedDown: Bool
    let hasOrder: Bool
    /// There is no order yet, and shares of a package that are to be put together, or that this party asked for and has to check.
    let hasShares: Bool
    /// A quorum has opened ballots here of which nobody has said so.
    let isReading: Bool
    /// The phase that the facts show when the motion's turn has come.
    let reached: MotionPhase
    /// The phase last seen.
    let seen: MotionPhase?
    /// Whether this party may have something to say on the motion, whatever the time; `false` only when it has not.
    let mayOwe: Bool
    /// Whether this party has promised to receipt nothing more.
    let hasClosed: Bool
    /// From when it gives receipts for what awaits them; nil when nothing does.
    let receiptsDue: Moment?
}

extension MotionState {
    /// Mutating, so that the motion is looked at in its place and not copied.
    mutating func glance() -> MotionGlance {
        let hasClosed = closes.contains(own)
        let isSealed = committedByOwn
        let owesBallot = ownBallot != nil && (isSealed ? isClosed && mayStillPass && !hasOpenedOwn : !hasClosed)
        let owesRecord = !hasClosed && (!awaitingReceipt.isEmpty || certifiedVoters == voters)
        return MotionGlance(
            id: id,
            position: position,
            schedule: schedule,
            isOpen: outcome == nil,
            orderDigest: orderDigest,
            isNewlyAgreed: agreement != nil && signing.agreedAt == nil,
            isSigning: order == nil && agreement != nil && signing.agreedAt != nil,
            isVotedDown: isVotedDown,
            hasOrder: order != nil,
            hasShares: order == nil && signing.hasShares(for: own),
            isReading: !opening.read.isEmpty,
            reached: reached,
            seen: phase,
            mayOwe: owesBallot || owesRecord || mayOweOpenings || (order == nil && agreement != nil),
            hasClosed: hasClosed,
            receiptsDue: hasClosed ? nil : receiptsDue
        )
    }

    /// The phase that the facts show when the motion's turn has come.
    var reached: MotionPhase {
        if order != nil { return .publishing }
        if agreement != nil { return .signing }
        if isClosed { return .opening }
        return closes.isEmpty ? .committing : .closing
    }
}
