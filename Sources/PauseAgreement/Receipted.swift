internal import QuorumPolicy
internal import SignedStatements

/// A party of the record rule whose receipts are taken in.
struct Recorder: Sendable {
    let name: PartyName
    /// Its number in the rule.
    let identifier: Int
    /// This node speaks for it.
    let isOwn: Bool
    let record: ThresholdTree
}

/// Who has receipted one sealed ballot: a bit for each recorder, since every node keeps this for every ballot.
struct Receipted: Sendable {
    private let author: PartyName
    private let isStanding: Bool
    private(set) var progress: QuorumProgress

    init(_ ballot: MotionState.SealedBallot, under record: ThresholdTree) {
        (author, isStanding) = (ballot.author, ballot.isStanding)
        progress = QuorumProgress(towards: record)
    }

    /// Takes in what a recorder says of the ballot: whose it is, and whether it was lodged in advance.
    mutating func take(_ recorder: Recorder, by author: PartyName, isStanding: Bool) -> MotionState.ReceiptEffect {
        guard author == self.author, isStanding == self.isStanding else { return .ofAnother }
        let wasCertified = progress.isQuorum
        guard progress.insert(recorder.identifier, under: recorder.record) else { return .repeated }
        return .counted(certified: progress.isQuorum && !wasCertified ? [author] : [])
    }
}

/// What a receipt that was taken says of a commitment that is not here.
struct PendingReceipt: Hashable, Sendable {
    let statement: StatementID
    let recorder: PartyName
    let committer: PartyName
}
