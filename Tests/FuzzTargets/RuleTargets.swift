internal import QuorumPolicy
internal import SignedStatements

extension FuzzTarget {
    static let rules = [charter, rule, tally]

    /// A charter file.
    private static let charter = FuzzTarget(name: "charter", maximumCount: 4096) { bytes in
        guard let check = try? CharterCheck(bytes) else { return }
        try hold(check.charter.bytes == bytes, "a charter is not the file it was read from")
        for refusal in check.refusals { try hold(!"\(refusal)".isEmpty, "a refusal without a word") }
        guard check.refusals.isEmpty else { return }
        try hold((try? Charter(bytes)) == check.charter, "a charter without refusals is refused")
    }

    /// A rule as it is hashed, and as people write it.
    private static let rule = FuzzTarget(name: "rule", maximumCount: 1024) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let tree = try? ThresholdTree(canonicalText: text) {
            try hold(tree.canonicalText == text, "a rule has two spellings")
            try judge(tree)
        }
        if let tree = try? ThresholdTree(parsingInput: text) {
            try hold((try? ThresholdTree(canonicalText: tree.canonicalText)) == tree, "a rule cannot be read back")
            try judge(tree)
        }
        if let condition = try? Condition(canonicalText: text) {
            try hold(condition.canonicalText == text, "a condition has two spellings")
        }
    }

    /// Evaluation, against its definition, for every set of at most six parties.
    private static func judge(_ tree: ThresholdTree) throws {
        let parties = Array(tree.parties)
        guard parties.count <= 6, tree.leaves.count <= 64 else { return }
        let dual = tree.dual
        for bits in 0..<(1 << parties.count) {
            let set = PartySet(parties.indices.filter { bits >> $0 & 1 == 1 }.map { parties[$0] })
            let isMet = isMet(tree.root, by: set)
            try hold(tree.isSatisfied(by: set) == isMet, "\(tree) by \(set)")
            try hold((tree.missing(from: set) == nil) == isMet, "\(tree) lacks nothing or something of \(set)")
            try hold(dual.isSatisfied(by: tree.parties.subtracting(set)) != isMet, "the dual of \(tree) by \(set)")
            if let quorum = tree.minimalQuorum(within: set) {
                try hold(isMet && quorum.isSubset(of: set) && tree.isSatisfied(by: quorum), "\(tree): \(quorum)")
            } else {
                try hold(!isMet, "\(tree) has no quorum within \(set)")
            }
        }
    }

    private static func isMet(_ node: ThresholdTree.Node, by set: PartySet) -> Bool {
        switch node {
        case .leaf(let party): set.contains(party)
        case .gate(let threshold, let children): children.count { isMet($0, by: set) } >= threshold
        }
    }

    /// Ballots of at most six parties, one a line, against every possible agreeing set.
    private static let tally = FuzzTarget(name: "tally", maximumCount: 1024) { bytes in
        let parties = ["a", "b", "c", "d", "e", "f"].compactMap { try? PartyName($0) }
        var answers: [Tally.OpenedAnswer] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(12) {
            guard let first = line.first else { continue }
            let party = parties[Int(first) % parties.count]
            let text = String(decoding: line.dropFirst(), as: UTF8.self)
            switch text {
            case "": answers.append(.init(party, .agree))
            case "-": answers.append(.init(party, .decline))
            default:
                guard let condition = try? Condition(canonicalText: text) else { continue }
                answers.append(.init(party, .agreeIf(condition)))
            }
        }
        let agreeing = Tally(answers).agreeing
        try hold(Tally(answers.reversed()).agreeing == agreeing, "a tally depends on the order of ballots")
        var greatest = PartySet()
        for bits in 0..<(1 << parties.count) {
            let set = PartySet(parties.indices.filter { bits >> $0 & 1 == 1 }.map { parties[$0] })
            if set.allSatisfy({ isContent($0, with: set, answers) }) { greatest = greatest.union(set) }
        }
        try hold(greatest == agreeing, "the agreeing set is \(agreeing) and should be \(greatest)")
    }

    private static func isContent(_ party: PartyName, with set: PartySet, _ answers: [Tally.OpenedAnswer]) -> Bool {
        answers.contains { opened in
            guard opened.party == party else { return false }
            switch opened.answer {
            case .agree: return true
            case .agreeIf(let condition): return condition.isSatisfied(by: set)
            case .decline, .abstain: return false
            }
        }
    }
}
