internal import SignedStatements

extension OrderReport {
    /// The report as people read it: the verdict first, then one line for each fact.
    public var lines: [String] {
        [verdict.sentence] + contentLines + factLines + ballotLines
            + misconduct.map { Self.line("misconduct", "\($0.sentence): \($0.kind.rawValue)") }
            + ignored.map { Self.line("ignored", "\($0.file.rawValue) line \($0.line): \($0.reason)") }
            + caveats.map { Self.line("note", $0) }
    }

    private var contentLines: [String] {
        guard let order else { return [] }
        return [
            Self.line("summary", order.summary),
            Self.line("order", "\(order.digest), place \(order.seq) of the chain, round \(order.round)"),
            Self.line("motion", order.motion),
        ]
    }

    private var factLines: [String] {
        [
            Self.line("pinned", pin),
            Self.line("charter", charter),
            Self.line("keys", keyRecord),
            Self.line("signature", signature),
            Self.line("claims", claims),
            Self.line("roll", roll.fact),
            Self.line("published", publication.fact),
            Self.line("state", "\(state.name.rawValue): \(state.sentence)"),
        ] + lateLines
    }

    private var lateLines: [String] {
        publication.late.map { Self.line("late", "receipt of \($0.party), dated \($0.at)") }
            + publication.gaveToAnother.map { Self.line("elsewhere", "\($0) gave its receipt to another order") }
            + publication.gaveUp.map { Self.line("given up", "\($0) signed that the round is over without an order") }
            + roll.namedByReceiptsOnly.map {
                Self.line("not shown", "receipts say that \($0) agreed, but no opened agreement of it counts here")
            }
    }

    private var ballotLines: [String] { Self.ballotLines(of: roll) }

    static func ballotLines(of roll: Roll) -> [String] {
        roll.ballots.map { ballot in
            let answer = ballot.answer.isEmpty ? "not opened" : ballot.answer
            let certified = ballot.isCertified ? "certified" : "NOT certified"
            let standing = ballot.isStanding ? ", lodged in advance" : ""
            let receipts = "\(certified) by \(ballot.receipts.count) receipts"
            return line("ballot", "\(ballot.party): \(answer)\(standing), \(receipts)")
        }
    }

    static func line(_ label: String, _ fact: Fact) -> String {
        switch fact.status {
        case .holds: line(label, "yes: \(fact.sentence)")
        case .fails: line(label, "NO: \(fact.sentence)")
        case .unknown: line(label, "unknown: \(fact.sentence)")
        }
    }

    static func line(_ label: String, _ text: String) -> String {
        label + String(repeating: " ", count: max(1, 12 - label.utf8.count)) + text
    }
}
