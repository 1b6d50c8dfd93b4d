public import SignedStatements

/// What a verifier found out about an order: separate facts, each with a sentence, and one verdict.
///
/// All members are plain values, so that any encoder can write the report as JSON; their names are part of the command's
/// interface. Times are RFC 3339, digests hexadecimal. Every list has an order of its own, never that of the lines.
public struct OrderReport: Hashable, Sendable, Codable {
    public let verdict: Verdict
    /// What the order says; nil if `order.jws` is not an order.
    public let order: OrderContent?
    /// The instant for which state and verdict hold.
    public let at: String
    /// Whether what the caller knew beforehand leads to this order; without a pin it is unknown.
    public let pin: Fact
    /// Whether the charter was supplied, is well-formed, and is the one that the order names.
    public let charter: Fact
    /// Whether every party signed the same group keys, and each key has proven itself.
    public let keyRecord: Fact
    /// Whether the group key of the order's rule signed, and so a quorum assented.
    public let signature: Fact
    /// Whether the order says word for word what the motion proposed, and the motion keeps to the charter.
    public let claims: Fact
    public let roll: Roll
    public let publication: Publication
    public let state: State
    /// What parties signed and no honest party would; it is proof against them, and does not weaken the order.
    public let misconduct: [Misconduct]
    /// The lines of `record.jws` that count for nothing, in the order of lines.
    public let ignored: [IgnoredLine]
    /// What no bundle can prove.
    public let caveats: [String]

    /// One thing that was judged.
    public struct Fact: Hashable, Sendable, Codable {
        /// How it was judged.
        public enum Status: String, CaseIterable, Hashable, Sendable, Codable {
            case holds
            case fails
            /// What was supplied does not tell.
            case unknown
        }

        public let status: Status
        /// Starts lower case, without a full stop at the end.
        public let sentence: String

        static func holds(_ sentence: String) -> Fact { Fact(status: .holds, sentence: sentence) }
        static func fails(_ sentence: String) -> Fact { Fact(status: .fails, sentence: sentence) }
        static func unknown(_ sentence: String) -> Fact { Fact(status: .unknown, sentence: sentence) }
    }

    /// What the order itself says.
    public struct OrderContent: Hashable, Sendable, Codable {
        /// SHA-256 of the payload.
        public let digest: String
        public let charter: String
        public let motion: String
        public let action: String
        public let rule: String
        public let seq: Int
        public let round: Int
        /// The digest of the order before, or "none".
        public let previous: String
        public let proposed: String
        public let effective: String
        public let end: String
        public let summary: String
    }

    /// Who agreed, counted again from the ballots.
    public struct Roll: Hashable, Sendable, Codable {
        /// Whether certified, opened ballots of a closed motion satisfy the rule.
        public let fact: Fact
        /// Whether a record quorum closed the motion.
        public let isClosed: Bool
        /// The greatest set of agreeing parties whose conditions the set itself meets.
        public let agreeing: [String]
        /// Every commitment, by party.
        public let ballots: [SealedBallot]
        /// Parties that agreed on a condition which does not hold.
        public let withdrawn: [String]
        /// Parties that publication receipts name as agreeing and whose opened agreement was not supplied.
        public let namedByReceiptsOnly: [String]
    }

    /// One commitment and what became of it.
    public struct SealedBallot: Hashable, Sendable, Codable {
        public let party: String
        /// The `commitment` statement, or the `standing-ballot` that serves as one.
        public let commitment: String
        /// Whether it was lodged in advance.
        public let isStanding: Bool
        public let receipts: [String]
        /// Whether the receipts satisfy the record rule.
        public let isCertified: Bool
        /// agree, agree if ..., decline, abstain; empty while no opening matches the seal.
        public let answer: String
        /// Whether it entered the tally: certified and opened.
        public let isCounted: Bool
    }

    /// Who saw the order in time.
    public struct Publication: Hashable, Sendable, Codable {
        /// Whether a record quorum gave receipts dated before publish-by.
        public let fact: Fact
        /// Empty without the motion.
        public let publishBy: String
        public let onTime: [PublicationReceipt]
        public let late: [PublicationReceipt]
        /// Parties of the record rule without a receipt for this order.
        public let missing: [String]
        /// Parties whose only receipt for this place of the chain is for another order.
        public let gaveToAnother: [String]
        /// Parties that signed that the order's round is over without an order that counts.
        public let gaveUp: [String]
    }

    /// One party's publication receipt for this order.
    public struct PublicationReceipt: Hashable, Sendable, Codable {
        public let party: String
        /// By the party's own clock.
        public let at: String
    }

    /// What the order is at the given instant.
    public struct State: Hashable, Sendable, Codable {
        public let name: OrderState
        /// Whether the instant is so near a boundary that honest clocks may differ on it.
        public let isNearBoundary: Bool
        /// Seconds by which honest clocks may differ; 0 without a charter.
        public let clockTolerance: Int64
        public let sentence: String
    }

    /// Statements of one party that contradict each other.
    public struct Misconduct: Hashable, Sendable, Codable {
        public let party: String
        public let kind: Offence
        /// The statements that prove it, by digest.
        public let statements: [String]
        public let sentence: String
    }

    /// A line that counts for nothing.
    public struct IgnoredLine: Hashable, Sendable, Codable {
        public let file: EvidenceFile
        /// 1-based.
        public let line: Int
        public let reason: String
    }
}

/// What an order is at an instant, for a verifier (Protocol §7.9).
public enum OrderState: String, CaseIterable, Hashable, Sendable, Codable {
    /// Published in time, takes effect later.
    case notYet = "not-yet"
    case inForce = "in-force"
    case ended
    /// Void: no record quorum gave its receipts before publish-by, and none can have given them.
    case late
    /// The receipts supplied are no record quorum, and do not show that there was none.
    case unpublished
}
