internal import QuorumPolicy
internal import SignedStatements

/// Finds statements of one party that no honest party signs together (Protocol §7.3, §7.4, §7.8 and §10).
struct MisconductSearch {
    /// By kind, then by party.
    private(set) var findings: [OrderReport.Misconduct] = []

    /// Searches verified statements about one motion, and publication receipts for one place of the chain.
    init(_ statements: [Statement], commitBy: Instant?) {
        let ordered = statements.sorted { StatementOrder($0) < StatementOrder($1) }
        searchNumbers(ordered)
        searchCommitments(ordered)
        searchReceipts(ordered)
        searchLateReceipts(ordered, commitBy: commitBy)
        searchPublication(ordered)
    }

    private mutating func searchNumbers(_ statements: [Statement]) {
        for (one, other) in zip(statements, statements.dropFirst())
        where one.head.party == other.head.party && one.head.number == other.head.number {
            find(.twoStatementsWithOneNumber, [one, other], "signed two statements with number \(one.head.number)")
        }
    }

    private mutating func searchCommitments(_ statements: [Statement]) {
        let commitments = statements.filter { $0.kind == .commitment }
        searchPairs(commitments, .twoCommitments, "committed to two ballots on one motion") { one, other in
            one.head.party == other.head.party
        }
    }

    private mutating func searchReceipts(_ statements: [Statement]) {
        // By recorder and committer, so that two receipts for one party's commitments are neighbours.
        let receipts = statements.compactMap { statement -> (statement: Statement, receipt: Receipt)? in
            guard case .receipt(let receipt) = statement.body else { return nil }
            return (statement, receipt)
        }
        .sorted { ($0.statement.head.party, $0.receipt.committer) < ($1.statement.head.party, $1.receipt.committer) }
        for (one, other) in zip(receipts, receipts.dropFirst())
        where one.statement.head.party == other.statement.head.party
            && one.receipt.committer == other.receipt.committer
            && one.receipt.commitment != other.receipt.commitment
        {
            find(
                .twoReceipts,
                [one.statement, other.statement],
                "gave receipts for two commitments of \(one.receipt.committer)"
            )
        }
    }

    private mutating func searchLateReceipts(_ statements: [Statement], commitBy: Instant?) {
        let closes = OrderedMap(
            statements.filter { $0.kind == .close }.reversed().map { ($0.head.party, $0) }
        )
        for receipt in statements where receipt.kind == .receipt {
            if let close = closes[receipt.head.party], close.head.number < receipt.head.number {
                find(.receiptAfterClose, [close, receipt], "gave a receipt after its close")
            }
            if let commitBy, receipt.head.at >= commitBy {
                find(.receiptAfterDeadline, [receipt], "gave a receipt that is dated after the commit deadline")
            }
        }
    }

    private mutating func searchPublication(_ statements: [Statement]) {
        let receipts = statements.filter { $0.kind == .publicationReceipt }
        let sentence = "gave publication receipts for two orders at one place of the chain"
        searchPairs(receipts, .twoPublicationReceipts, sentence) { one, other in
            guard one.head.party == other.head.party,
                case .publicationReceipt(let first) = one.body, case .publicationReceipt(let second) = other.body
            else { return false }
            return first.order != second.order
        }
    }

    private mutating func searchPairs(
        _ statements: [Statement],
        _ kind: MisconductKind,
        _ sentence: String,
        where contradict: (Statement, Statement) -> Bool
    ) {
        for (one, other) in zip(statements, statements.dropFirst()) where contradict(one, other) {
            find(kind, [one, other], sentence)
        }
    }

    private mutating func find(_ kind: MisconductKind, _ statements: [Statement], _ sentence: String) {
        guard let party = statements.first?.head.party else { return }
        findings.append(
            OrderReport.Misconduct(
                party: party.text,
                kind: kind,
                statements: statements.map(\.id.description),
                sentence: "\(party) \(sentence)"
            )
        )
    }
}
