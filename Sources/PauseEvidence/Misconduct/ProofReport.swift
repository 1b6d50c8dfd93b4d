internal import QuorumPolicy
internal import SignedStatements

/// What a verifier found out about an accusation, as plain values, so that any encoder can write it as JSON.
public struct ProofReport: Hashable, Sendable, Codable {
    public let verdict: ProofVerdict
    /// Why, in one sentence.
    public let sentence: String
    /// Whom the verdict is against: the accused, the accuser, or nobody (empty).
    public let guilty: String
    /// Empty if the file cannot be read; likewise below.
    public let accused: String
    /// The offence's code.
    public let offence: String
    /// Who signed the accusation; empty if nobody did.
    public let accuser: String
    /// The section of the protocol that forbids the offence.
    public let section: String
    /// What else would explain it; empty if nothing would.
    public let condition: String
    /// The charter's id.
    public let charter: String
    public let statements: [Line]

    /// One statement of the file.
    public struct Line: Hashable, Sendable, Codable {
        /// The 1-based line of the file.
        public let line: Int
        public let id: String
        public let party: String
        public let kind: String
        public let number: Int
        /// By its author's clock, RFC 3339.
        public let at: String
        /// Whether it is one of those that show the offence by themselves.
        public let isDecisive: Bool
    }

    /// The report as people read it: the verdict first.
    public var lines: [String] {
        var lines = [verdict.sentence(against: guilty), sentence]
        guard !accused.isEmpty else { return lines }
        lines += [
            "accused     \(accused)",
            "offence     \(offence), forbidden by section \(section) of the protocol",
            "accuser     \(accuser.isEmpty ? "nobody has signed this accusation" : accuser)",
            "charter     \(charter)",
        ]
        if !condition.isEmpty { lines.append("condition   \(condition)") }
        return lines
            + statements.map { statement in
                "line \(statement.line)".padded(to: 12)
                    + "\(statement.party), \(statement.kind) number \(statement.number) of \(statement.at)"
                    + (statement.isDecisive ? ", decisive" : "")
            }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - utf8.count))
    }
}

/// The answer in one word, for scripts (Protocol §7.10).
public enum ProofVerdict: String, CaseIterable, Hashable, Sendable, Codable {
    /// The statements prove that the accused committed the offence.
    case proven
    /// Nothing from outside the file says that its charter is the right one.
    case unpinned
    /// The file is not spelled as it must be, a signature is wrong, or it is under another charter than the pinned one.
    case malformed
    /// The statements do not prove it, and nobody answers for saying so.
    case notProven = "not-proven"
    /// The accused committed it unless there is something signed that is not here, as the condition says.
    case conditional
    /// The accuser named exactly these statements, and they do not prove it.
    case falseAccusation = "false-accusation"

    /// What a command should exit with: 0 if the accusation is proven.
    public var exitCode: Int32 {
        switch self {
        case .proven: 0
        case .unpinned: 10
        case .malformed: 11
        case .notProven: 14
        case .conditional: 15
        case .falseAccusation: 16
        }
    }

    func sentence(against party: String) -> String {
        switch self {
        case .proven: "PROVEN: \(party) has broken the protocol"
        case .unpinned:
            "UNPINNED: nothing outside this file says whose charter this is; pin the charter's id from a source you trust"
        case .malformed: "MALFORMED: this file proves nothing against anybody"
        case .notProven: "NOT PROVEN: this file does not prove what it says"
        case .conditional: "CONDITIONAL: \(party) has broken the protocol, unless there is what the condition names"
        case .falseAccusation:
            "FALSE ACCUSATION: \(party) has accused another party of what its evidence does not prove"
        }
    }
}
