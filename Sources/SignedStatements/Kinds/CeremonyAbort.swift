internal import CryptoPrimitives
public import QuorumPolicy

/// A party's word that an attempt cannot succeed, who is at fault and how (Protocol §5).
public struct CeremonyAbort: StatementContent {
    /// What went wrong.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        /// The dealing does not open the dealer's contribution.
        case contributionMismatch = "contribution-mismatch"
        /// The dealing repeats another dealer's terms.
        case copiedTerms = "copied-terms"
        /// The dealing has the wrong number of points or shares, or something in it is no group element.
        case malformedDealing = "malformed-dealing"
        /// The proof of possession does not verify.
        case proofOfPossession = "proof-of-possession"
        /// A share does not fit the dealer's commitment; the complaint proves it.
        case wrongShare = "wrong-share"
        /// A complaint that is itself wrong.
        case falseComplaint = "false-complaint"
        /// The certificate's signature or transcript is wrong.
        case wrongCertificate = "wrong-certificate"
        /// The share of the key proof does not verify.
        case wrongKeyShare = "wrong-key-share"
        /// Two different statements of the culprit for one step.
        case equivocation
        /// The culprit stated nothing in time.
        case silence
        /// The party's own officers stopped; the culprit is the party itself.
        case stopped
    }

    /// Which attempt this belongs to, from 1.
    public let attempt: Int
    /// What went wrong.
    public let reason: Reason
    /// Who is at fault.
    public let culprit: PartyName
    /// The rule whose key could not be made; nil when it concerns the whole ceremony.
    public let rule: RuleName?
    /// What proves a wrong share, 128 bytes; nil for every other reason.
    public let complaint: [UInt8]?

    public init(attempt: Int, reason: Reason, culprit: PartyName, rule: RuleName?, complaint: [UInt8]?) {
        self.attempt = attempt
        self.reason = reason
        self.culprit = culprit
        self.rule = rule
        self.complaint = complaint
    }

    /// Bytes of a complaint.
    public static let complaintCount = 128

    static let kind = StatementKind.ceremonyAbort

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "complaint": .base64(complaint ?? []),
            "culprit": .name(culprit),
            "reason": .string(reason.rawValue),
            "rule": .string(rule?.text ?? ""),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        culprit = try reader.partyName("culprit")
        reason = try reader.word("reason")
        rule = try reader.ruleNameOrEmpty("rule")
        let bytes = try reader.bytes("complaint", atMost: Self.complaintCount)
        guard bytes.isEmpty || bytes.count == Self.complaintCount else {
            throw reader.invalid("complaint", "is neither empty nor \(Self.complaintCount) bytes")
        }
        complaint = bytes.isEmpty ? nil : bytes
        guard (complaint != nil) == (reason == .wrongShare) else {
            throw reader.invalid("complaint", "does not fit the reason \(reason.rawValue)")
        }
        guard complaint == nil || rule != nil else {
            throw reader.invalid("rule", "does not say which key the complaint is about")
        }
    }
}
