internal import CryptoPrimitives
package import QuorumPolicy

/// Who signs a motion's order together, and with which nonces (kind `package`, Protocol §4).
public struct OrderPackage: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// Which attempt this belongs to, 0 or more.
    public let attempt: Int
    /// Counts this coordinator's signing sessions for the motion: 1, 2, 3...
    public let session: Int
    /// The `nonce-commitment` statements, in order of their participants' numbers, none twice.
    public let commitments: [StatementID]

    public init(motion: StatementID, attempt: Int, session: Int, commitments: [StatementID]) {
        self.motion = motion
        self.attempt = attempt
        self.session = session
        self.commitments = commitments
    }

    static let kind = StatementKind.package

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "commitments": .array(commitments.map { .digest($0) }),
            "motion": .digest(motion),
            "session": .count(session),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        attempt = try reader.ordinal("attempt")
        session = try reader.count("session")
        commitments = try reader.strings(
            "commitments",
            count: 1...StatementLimits.parties,
            of: "64 lower-case hexadecimal digits"
        ) { StatementID($0) }
        let sorted = commitments.sorted()
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0 != $1 }) else {
            throw reader.invalid("commitments", "lists a statement twice")
        }
    }
}

extension ThresholdTree {
    /// Who coordinates an attempt at a motion's signature: the rule's parties in their order, beginning with one the motion's id
    /// picks, so that no party can choose to be first (Protocol §7.7).
    package func coordinator(of attempt: Int, on motion: StatementID) -> PartyName {
        let first = motion.bytes.array.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return participants[(first + attempt) % participants.count].party
    }
}
