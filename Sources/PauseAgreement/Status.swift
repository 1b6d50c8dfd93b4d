internal import QuorumPolicy
internal import SignedStatements

/// A snapshot of what this node knows, for screens and scripts: who has done what, and who is missing since when.
///
/// Every field is plain text or numbers, so that it can be written as JSON; names of members are part of the command's
/// interface.
public struct AgreementStatus: Hashable, Sendable, Codable {
    public let network: String
    public let charter: String
    public let party: String
    /// `true` while this node signs nothing because somebody else speaks for its party.
    public let isAbstaining: Bool
    /// Whom a node that has just started still asks before it signs anything; empty once it signs.
    public let asking: [String]
    public let ceremony: CeremonyStatus
    public let parties: [PartyStatus]
    public let motions: [MotionStatus]
    public let orders: [OrderStatus]
    /// Ballots that were lodged in advance, by party and serial.
    public let standing: [StandingStatus]
    /// Parties that signed two different statements with one number.
    public let equivocators: [String]
    /// Offences that this node can prove, by party, in the order in which they were found.
    public let misconduct: [OffenceStatus]
    /// Who accuses whom, and answers for it.
    public let accusations: [AccusationStatus]
    /// The party's highest statement number.
    public let statementNumber: Int
}

/// One offence that this node can prove.
public struct OffenceStatus: Hashable, Sendable, Codable {
    public let party: String
    /// Its stable code.
    public let offence: String
    /// What was done; continues the party's name.
    public let sentence: String
    /// The motion that it is about; empty where there is none.
    public let motion: String
    /// The offender's own statements that show it, by id.
    public let statements: [String]
    /// Whether another party could explain it by having signed twice what it may sign once.
    public let isConditional: Bool
}

/// One accusation that a party has signed.
public struct AccusationStatus: Hashable, Sendable, Codable {
    public let accuser: String
    public let accused: String
    /// The offence's code.
    public let offence: String
}

/// How far the keys have come.
public struct CeremonyStatus: Hashable, Sendable, Codable {
    /// ratifying, contributing, dealing, certifying, proving, recording, finished or aborted.
    public let stage: String
    /// The number of the present attempt, from 1.
    public let attempt: Int
    /// Who has not done what this stage waits for.
    public let missing: [String]
    /// When this node entered the stage, RFC 3339.
    public let since: String
    /// Why the attempt was aborted, and who accuses others wrongly, in sentences; empty when nothing went wrong.
    public let problems: [String]
    /// What the present attempt waits for or failed of, party by party.
    public let failures: [CeremonyFailureStatus]
    /// The attempts before, and why they failed.
    public let earlier: [CeremonyAttemptStatus]
    /// Group keys by rule, base64url, once proven.
    public let keys: [String: String]
}

/// An attempt of the ceremony that was given up.
public struct CeremonyAttemptStatus: Hashable, Sendable, Codable {
    public let number: Int
    public let failures: [CeremonyFailureStatus]
}

/// Something that the ceremony waits for or failed of.
public struct CeremonyFailureStatus: Hashable, Sendable, Codable {
    /// A stable code, such as CER-14.
    public let code: String
    /// Empty where nobody is to blame.
    public let party: String
    /// ratified, contributed, dealt, certified, proved or recorded.
    public let step: String
    /// A sentence whose subject is the party.
    public let what: String
    /// What to do about it.
    public let remedy: String
    /// Whose word it is; empty where every node sees it from the statements.
    public let accuser: String
    /// `true` while nothing has gone wrong.
    public let isWaiting: Bool
}

/// One party's row.
public struct PartyStatus: Hashable, Sendable, Codable {
    public let name: String
    public let partyClass: String
    public let legalName: String
    public let isVoter: Bool
    public let addresses: [String]
    /// The highest statement number known of it; 0 before the first.
    public let statementNumber: Int
    /// Which steps of the ceremony it has done.
    public let ceremonySteps: [String]
}

/// One motion's page.
public struct MotionStatus: Hashable, Sendable, Codable {
    public let id: String
    public let proposer: String
    public let action: String
    public let rule: String
    public let seq: Int
    public let round: Int
    public let summary: String
    public let proposedAt: String
    public let commitBy: String
    public let signBy: String
    public let publishBy: String
    public let effective: String
    public let end: String
    /// committing, closing, opening, signing, publishing, published, failed, superseded, void (an order exists and never
    /// counts) or waiting (for its turn).
    public let phase: String
    /// When this node saw the phase begin, RFC 3339.
    public let since: String
    /// Whom the phase waits for.
    public let missing: [String]
    /// What is missing, in a sentence; empty when nothing is.
    public let shortfall: String
    public let voters: [VoterStatus]
    /// The agreeing set of the tally so far.
    public let agreeing: [String]
    /// Why parties that agreed on a condition are not in the agreeing set.
    public let withdrawals: [String]
    /// SHA-256 of the order's payload once an order exists.
    public let order: String
    /// Coordinators that have begun, in order.
    public let coordinators: [String]
}

/// What one voter has done on one motion.
public struct VoterStatus: Hashable, Sendable, Codable {
    public let name: String
    public let hasCommitted: Bool
    public let isCertified: Bool
    public let hasClosed: Bool
    public let hasOpened: Bool
    /// agree, agree if ..., decline, abstain; empty while sealed.
    public let answer: String
    public let hasSigned: Bool
    public let hasPublished: Bool
}

/// One ballot that was lodged in advance.
public struct StandingStatus: Hashable, Sendable, Codable {
    /// The `standing-ballot` statement.
    public let id: String
    public let party: String
    public let serial: Int
    public let action: String
    /// Which motions it is for, in the words of their terms.
    public let terms: String
    /// The longest that an order may last, such as `90d`.
    public let longest: String
    /// The last commit deadline, RFC 3339.
    public let until: String
    /// By its author's clock, RFC 3339.
    public let lodgedAt: String
    /// recording, lodged, revoking (taken back and still binding), revoked, spent or expired.
    public let state: String
    /// Until when it binds all the same, RFC 3339, once a record quorum has recorded that it is taken back; else empty.
    public let bindsUntil: String
    /// Who has recorded it.
    public let recorders: [String]
    /// agree, agree if ..., decline, abstain; empty while it is sealed and not this party's own.
    public let answer: String
}

/// One order that counts.
public struct OrderStatus: Hashable, Sendable, Codable {
    public let seq: Int
    public let round: Int
    public let motion: String
    public let digest: String
    public let action: String
    public let effective: String
    public let end: String
    /// not-yet, in-force, ended or replaced, at the time of the snapshot.
    public let state: String
}
