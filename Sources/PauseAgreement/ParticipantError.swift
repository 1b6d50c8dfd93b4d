public import QuorumPolicy
public import SignedStatements

/// Why an operator's wish or a peer's item was not taken; nothing has changed.
public enum ParticipantError: Error, Hashable, Sendable, CustomStringConvertible {
    case itemInvalid(StatementID, String)
    case journalDamaged(String)
    case alreadyRatified
    case abstaining
    /// The peers have not yet said what they hold of this party.
    case asking(waitingFor: [PartyName])
    case keysNotReady(KeyCeremony.Stage)
    case noCeremonyPart
    case nothingToRetry(KeyCeremony.Stage)
    case tooManyCeremonyAttempts
    case keyRecordSigned(attempt: Int)
    case nothingToStop(KeyCeremony.Stage)
    case keyShareGiven
    case unknownParty(PartyName)
    case notMissing(PartyName, KeyCeremony.Stage)
    case motionInvalid(String)
    case tooManyOpenMotions
    /// The motions of the round have run out, and the parties are giving it up.
    case roundEnding(atLatest: Instant)
    case unknownMotion(StatementID)
    case notAVoter
    /// Statements of this party that were written off may have been about the motion.
    case writtenOff
    case alreadyCast
    case commitDeadlinePassed(Instant)
    case conditionTooLong(atMost: Int)
    case motionEnded
    case tooManyAccusations
    case noStandingBallots
    case standingTooLate(Instant)
    case tooManyStandingBallots
    case unknownStandingBallot(Int)
    case alreadyRevoked(Int)

    public var description: String {
        switch self {
        case .itemInvalid(let id, let why): "item \(id) is invalid: \(why)"
        case .journalDamaged(let why):
            "the journal is damaged: \(why)"
        case .alreadyRatified:
            "this party has ratified the charter already; `standstill ceremony show` names who is waited for"
        case .abstaining:
            "this node abstains, so it signs nothing; `standstill status` says why and what to do"
        case .asking(let parties):
            """
            this node has just started and signs nothing before its peers have said what they hold of it; \
            try again when more of these are connected: \(parties.map(\.text).joined(separator: ", "))
            """
        case .keysNotReady(let stage):
            "the parties are still \(stage.rawValue), so nothing can be proposed; `standstill status` names who is missing"
        case .noCeremonyPart:
            "this party holds no share of any key, so it has no part in the key ceremony; only watch it"
        case .nothingToRetry(let stage):
            "the key ceremony is \(stage.rawValue), so there is nothing to retry; `standstill ceremony show` names who is missing"
        case .tooManyCeremonyAttempts:
            "\(Limits.ceremonyAttempts) attempts of the key ceremony have failed; agree on a new charter with fresh keys"
        case .keyRecordSigned(let attempt):
            """
            this party has signed the keys of attempt \(attempt), so it takes part in no other; wait until the others \
            have signed them, or agree on a new charter with fresh keys
            """
        case .nothingToStop(let stage):
            "the key ceremony is \(stage.rawValue), so there is nothing to stop; see `standstill ceremony show`"
        case .keyShareGiven:
            "this party has proven its shares, so the others may finish the keys any time; wait for those who are missing"
        case .unknownParty(let name): "\(name) is not a party of the charter; `standstill status` lists those that are"
        case .notMissing(let name, let stage):
            """
            \(name) has done its part of \(stage.rawValue); blame one who is missing, or stop for reasons of your own \
            without --blame
            """
        case .motionInvalid(let why): "the motion is not acceptable: \(why)"
        case .tooManyOpenMotions: "this party has too many open motions; wait until one has ended"
        case .roundEnding(let end):
            """
            the last motion has just run out without an order that counts, and the parties are making room for the next; \
            try again in a few seconds, at \(end) at the latest
            """
        case .unknownMotion(let id): "no motion \(id) is known here; `standstill motion list` shows those that are"
        case .writtenOff:
            "this party may have voted on the motion before statements of it were lost; it takes part in later ones"
        case .notAVoter: "this party has no share in the motion's rule, so it has no ballot"
        case .alreadyCast: "this party has cast its ballot on the motion; a ballot cannot be changed"
        case .commitDeadlinePassed(let instant): "the commit deadline of the motion was \(instant)"
        case .conditionTooLong(let limit):
            "the ballot's condition is longer than the \(limit) bytes that a sealed ballot holds: name groups with fewer "
                + "parties, or fewer parties"
        case .motionEnded: "the motion has ended"
        case .tooManyAccusations:
            "this party has signed \(Limits.accusationsPerParty) accusations; export the proof with --unsigned"
        case .noStandingBallots:
            "this charter has no \"limit standing-notice\", so nobody can vote in advance; vote on each motion"
        case .standingTooLate(let until):
            "the standing ballot would have run out at \(until); give an instant that lies in the future"
        case .tooManyStandingBallots:
            """
            this party has \(Limits.liveStandingBallotsPerParty) standing ballots that have not run out, or \
            \(Limits.standingBallotsPerParty) in all; wait until one has, or vote on each motion
            """
        case .unknownStandingBallot(let serial):
            "this party has no standing ballot \(serial); `standstill ballot standing` lists those that it has"
        case .alreadyRevoked(let serial):
            "standing ballot \(serial) is taken back already; it binds until its notice runs out"
        }
    }
}
