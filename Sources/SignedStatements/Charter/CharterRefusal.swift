public import QuorumPolicy

/// Why a well-formed charter must not be used: its rules would let two orders contradict each other, or one side act alone.
public enum CharterRefusal: Hashable, Sendable {
    /// Parties of one class meet a rule by themselves, and the charter does not allow it.
    case singleClass(Charter.Rule, partyClass: PartyName, quorum: PartySet)
    /// Two quorums, of one rule or of two that sign orders, need not have a party in common.
    case disjointQuorums(Charter.Rule, Charter.Rule, witness: QuorumPair?)
    /// Two quorums of the record rule may have no more parties in common than may be faulty.
    case recordOverlap(Charter.Rule, overlap: Int, faultBound: Int, witness: QuorumPair?)
    /// The record rule counts parties without a share in any rule that signs orders.
    case recordOutsiders(Charter.Rule, PartySet)

    /// Two quorums that show the fault.
    public struct QuorumPair: Hashable, Sendable {
        /// A quorum.
        public let first: PartySet
        /// Another quorum.
        public let second: PartySet
    }

    /// The 1-based line of the rule at fault; of two, the later one.
    public var line: Int {
        switch self {
        case .singleClass(let rule, _, _), .recordOverlap(let rule, _, _, _), .recordOutsiders(let rule, _): rule.line
        case .disjointQuorums(let rule, let other, _): max(rule.line, other.line)
        }
    }
}

extension CharterRefusal: CustomStringConvertible {
    public var description: String {
        "line \(line): \(fault)"
    }

    private var fault: String {
        switch self {
        case .singleClass(let rule, let partyClass, let quorum):
            "rule \(rule.name) can be met by parties of class \(partyClass) alone, for instance by \(quorum): "
                + "require another class as well, or add a line \"allow-single-class\""
        case .disjointQuorums(let rule, let other, let witness) where rule == other:
            "two quorums of rule \(rule.name) can have no party in common\(Self.example(witness)), "
                + "so that two contradictory orders need nobody to sign both: raise a threshold"
        case .disjointQuorums(let rule, let other, let witness):
            "a quorum of rule \(rule.name) and one of rule \(other.name) can have no party in common"
                + "\(Self.example(witness)), so that each could undo the other: raise a threshold"
        case .recordOverlap(let rule, let overlap, let faultBound, let witness):
            "two quorums of rule \(rule.name) can have only \(overlap) parties in common\(Self.example(witness)); "
                + "more than fault-bound, \(faultBound), are needed: raise a threshold or lower fault-bound"
        case .recordOutsiders(let rule, let parties):
            "rule \(rule.name) counts \(parties), without a place in any rule that signs orders: "
                + "leave them out, so that they gain no veto"
        }
    }

    private static func example(_ witness: QuorumPair?) -> String {
        witness.map { ", for instance (\($0.first)) and (\($0.second))" } ?? ""
    }
}
