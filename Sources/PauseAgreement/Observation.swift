public import QuorumPolicy
public import SignedStatements

/// Something a person or a counter should hear of; the agreement itself is unaffected.
public enum Observation: Hashable, Sendable {
    /// A valid item that changes nothing or may not be kept, with the reason.
    case refused(StatementID, from: PartyName, Refusal)
    /// One party signed two different statements with one number: transferable proof of misconduct.
    case equivocation(PartyName, StatementID, StatementID)
    /// A party's statements prove an offence: by these of its own, in the order of numbers.
    case misconduct(PartyName, Offence, [StatementID])
    /// A party accuses another, and answers for it.
    case accused(PartyName, Offence, by: PartyName)
    /// A statement of this party that this node did not make: a second node, or a restored backup.
    case twin(StatementID, number: Int)
    /// A peer's node lacks statements that its party has signed: an old copy, or a new machine that is catching up.
    case behind(PartyName, says: Int, known: Int)
    /// So many peers say that a second node with this party's key is alive that one of them must be honest.
    case twinReported(by: [PartyName])
    /// The machine's clock jumped: memory may have been restored, so nonces are dropped and the peers are asked again.
    case interrupted
    /// This node's clock left, or came back into, the charter's tolerance of its peers' median.
    case clock(offsetMilliseconds: Int64, isTrusted: Bool)
    case ratified(PartyName)
    case ceremonyStage(KeyCeremony.Stage, attempt: Int)
    /// An attempt of the ceremony failed; nobody where the terms of all cancel out.
    case ceremonyAborted(attempt: Int, culprit: PartyName?, CeremonyFailure)
    case keysReady
    /// A party lodged a standing ballot.
    case lodged(StatementID, by: PartyName)
    /// A party took its standing ballot back; it binds until the notice has run out.
    case revoked(StatementID, by: PartyName)
    case proposed(StatementID, by: PartyName)
    case committed(StatementID, by: PartyName)
    case certified(StatementID, by: PartyName)
    case closed(StatementID)
    case opened(StatementID, by: PartyName)
    /// A shareholder said what a quorum opened, because its author has not.
    case openedByQuorum(StatementID, of: PartyName, by: PartyName)
    /// A quorum opened a ballot that holds nothing readable; it counts as abstaining.
    case unreadable(StatementID, by: PartyName)
    /// The opened ballots satisfy the rule for the first time.
    case agreed(StatementID)
    /// A signer offered nonces for the order.
    case offered(StatementID, by: PartyName)
    /// A coordinator chose the signers of one attempt.
    case packaged(StatementID, attempt: Int, by: PartyName)
    /// A signer answered a package.
    case signed(StatementID, by: PartyName)
    /// A signature share or a nonce commitment was wrong, proven by the individual check.
    case faultySigner(StatementID, PartyName)
    case ordered(StatementID)
    /// The order counts: a record quorum signed publication receipts.
    case published(StatementID)
    case failed(StatementID, missing: String)
    case superseded(StatementID)
    /// An order exists and can never count: its round was given up, or its place taken, before a record quorum receipted it.
    case void(StatementID)
    case lapsed(ChainPosition)
    /// This party's nonces for a package are gone, as after a restart; it does not answer.
    case noncesLost(StatementID)
    /// Work with this party's secrets came to nothing, with the reason.
    case unable(String)
}

/// Why a verified item is not kept.
public enum Refusal: Hashable, Sendable, CustomStringConvertible {
    case alreadySaid
    case notAVoter
    case notAParticipant
    case againstCharter(String)
    case motionEnded
    case sealMismatch
    case malformedBallot
    case wrongOpeningShare
    case commitmentOfAnother
    case wrongStandingBallot
    case wrongCoordinator
    case malformedPackage(String)
    case notInPackage
    case malformedShare
    case malformedNonces
    case wrongCeremonyAttempt
    case keyRecordDiffers
    case wrongPosition
    case keysNotReady
    case limit(String)

    public var description: String {
        switch self {
        case .alreadySaid: "it repeats what this party has said already"
        case .notAVoter: "this party has no share in the rule"
        case .notAParticipant: "this party has no part in the ceremony"
        case .againstCharter(let why): "the charter does not allow it: \(why)"
        case .motionEnded: "the motion has ended"
        case .sealMismatch: "the opening does not match the sealed ballot"
        case .malformedBallot: "the sealed ballot does not verify: nobody could be sure to open it"
        case .wrongOpeningShare: "a opening share does not verify"
        case .commitmentOfAnother: "the commitment belongs to another party or motion"
        case .wrongStandingBallot: "it names a standing ballot that is not for this motion, or two of one party"
        case .wrongCoordinator: "another party coordinates this attempt"
        case .malformedPackage(let why): "the signing package is malformed: \(why)"
        case .notInPackage: "this party is not in the signing package"
        case .malformedNonces: "a nonce commitment is not a point of the prime-order subgroup"
        case .malformedShare: "the signature share is not a canonical scalar"
        case .wrongCeremonyAttempt: "the ceremony has attempts 1 to \(Limits.ceremonyAttempts)"
        case .keyRecordDiffers: "its key record differs from the ceremony's result"
        case .wrongPosition: "it speaks of another position of the chain"
        case .keysNotReady: "the ceremony is not finished"
        case .limit(let what): "a limit is reached: \(what)"
        }
    }
}
