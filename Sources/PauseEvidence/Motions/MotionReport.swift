internal import SignedStatements

/// What the files of a motion prove, in members with names that do not change (Protocol §8.8).
public struct MotionReport: Hashable, Sendable, Codable {
    /// The answer in one word, for scripts.
    public enum Verdict: String, CaseIterable, Hashable, Sendable, Codable {
        /// Certified, opened ballots of a closed motion satisfy the rule.
        case agreed
        /// Nothing from outside the files says that this charter is the right one.
        case unpinned
        /// The pin or the charter is wrong.
        case invalid
        /// All ballots are open and do not satisfy the rule.
        case notAgreed = "not-agreed"
        /// What was supplied shows neither.
        case insufficientEvidence = "insufficient-evidence"

        /// What a command should exit with.
        public var exitCode: Int32 {
            switch self {
            case .agreed: 0
            case .unpinned: 10
            case .invalid: 11
            case .notAgreed: 12
            case .insufficientEvidence: 14
            }
        }

        var sentence: String {
            switch self {
            case .agreed: "AGREED: the parties have agreed on this motion"
            case .unpinned: "UNPINNED: nothing outside these files says whose motion this is; pin the charter"
            case .invalid: "INVALID: these files prove nothing"
            case .notAgreed: "NOT AGREED: all ballots are open, and they do not satisfy the rule"
            case .insufficientEvidence: "INSUFFICIENT EVIDENCE: these files show neither agreement nor its failure"
            }
        }
    }

    /// A party whose opened ballot agrees, and which was asked for a share of the signature that is not here.
    public struct OwedShare: Hashable, Sendable, Codable {
        public let party: String
        /// How many packages that its node must answer asked it for a share.
        public let requests: Int

        /// One sentence for a person.
        public var sentence: String {
            "\(party) agreed by its opened ballot and offered nonces, and gave no share of the signature: "
                + "\(requests) package\(requests == 1 ? "" : "s") asked it for one"
        }
    }

    public let verdict: Verdict
    /// The motion's statement; empty, as what follows from it, if it is not in the record.
    public let motion: String
    public let summary: String
    public let signBy: String
    public let pin: OrderReport.Fact
    public let charter: OrderReport.Fact
    public let keys: OrderReport.Fact
    public let roll: OrderReport.Roll?
    /// Parties with a share of the signature that is dated before sign-by.
    public let signers: [String]
    /// Parties that agreed, when the rule is satisfied and there is no order, were asked for a share and gave none.
    public let owed: [OwedShare]
    /// Parties that agreed and gave none, and nothing here shows that they had to.
    public let unasked: [String]
    public let misconduct: [OrderReport.Misconduct]
    public let ignored: [OrderReport.IgnoredLine]
    /// What these files cannot show.
    public let caveats: [String]

    /// The report as people read it: the verdict first, then one line for each fact.
    public var lines: [String] {
        var lines = [verdict.sentence]
        if !motion.isEmpty {
            lines += [OrderReport.line("summary", summary), OrderReport.line("motion", motion)]
        }
        lines += [
            OrderReport.line("pinned", pin), OrderReport.line("charter", charter), OrderReport.line("keys", keys),
        ]
        if let roll {
            lines.append(OrderReport.line("roll", roll.fact))
            lines += OrderReport.ballotLines(of: roll)
        }
        lines += signers.map { OrderReport.line("signed", $0) }
        lines += owed.map { OrderReport.line("owed", $0.sentence) }
        lines += unasked.map {
            OrderReport.line("no share", "\($0) gave none, and nothing here shows that it was asked")
        }
        lines += misconduct.map { OrderReport.line("misconduct", "\($0.sentence): \($0.kind.rawValue)") }
        lines += ignored.map { OrderReport.line("ignored", "\($0.file.rawValue) line \($0.line): \($0.reason)") }
        return lines + caveats.map { OrderReport.line("note", $0) }
    }
}
