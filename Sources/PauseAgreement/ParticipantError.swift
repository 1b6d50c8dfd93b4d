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
    case motionInvalid(String)
    case tooManyOpenMotions
    case unknownMotion(StatementID)
    case notAVoter
    case alreadyCast
    case commitDeadlinePassed(Instant)
    case motionEnded

    public var description: String {
        switch self {
        case .itemInvalid(let id, let why): "item \(id) is invalid: \(why)"
        case .journalDamaged(let why):
            "the journal is damaged: \(why); restore the node's directory from a backup, or keep it for analysis and ask"
        case .alreadyRatified: "this party has ratified the charter already"
        case .abstaining:
            """
            another node or an older copy has signed in this party's name, so this node signs nothing; stop the other \
            one, then run `standstill node acknowledge`
            """
        case .asking(let parties):
            """
            this node has just started and signs nothing before its peers have said what they hold of it; \
            try again when more of these are connected: \(parties.map(\.text).joined(separator: ", "))
            """
        case .keysNotReady(let stage):
            "the parties are still \(stage.rawValue), so nothing can be proposed; `standstill status` names who is missing"
        case .motionInvalid(let why): "the motion is not acceptable: \(why)"
        case .tooManyOpenMotions: "this party has too many open motions; wait until one has ended"
        case .unknownMotion(let id): "no motion \(id) is known here; `standstill motion list` shows those that are"
        case .notAVoter: "this party has no share in the motion's rule, so it has no ballot"
        case .alreadyCast: "this party has cast its ballot on the motion; a ballot cannot be changed"
        case .commitDeadlinePassed(let instant): "the commit deadline of the motion was \(instant)"
        case .motionEnded: "the motion has ended"
        }
    }
}
