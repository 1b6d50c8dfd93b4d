public import QuorumPolicy

/// Reads a charter file and lists everything that its rules would allow and must not (Protocol §3).
public struct CharterCheck: Hashable, Sendable {
    /// Well-formed; to be used only when there are no refusals.
    public let charter: Charter
    /// In the order of the checks: single classes, disjoint quorums, the record rule.
    public let refusals: [CharterRefusal]

    /// Reads a file; a malformed one has no refusals but an error.
    public init(_ bytes: [UInt8]) throws(CharterError) {
        charter = try Charter(formOf: bytes)
        refusals = charter.singleClassRefusals + charter.disjointQuorumRefusals + charter.recordRefusals
    }

    /// The parties whose ratification is not among these; any order, other statements are ignored.
    public func missingRatifications(in statements: some Sequence<Verified<Statement>>) -> PartySet {
        charter.missingRatifications(in: statements)
    }
}

extension Charter {
    /// The parties, observers included, whose ratification of this charter is not among these statements.
    public func missingRatifications(in statements: some Sequence<Verified<Statement>>) -> PartySet {
        let ratified = statements.filter { statement in
            guard case .ratification = statement.value.body, statement.value.head.charter == id else { return false }
            return (try? check(statement)) != nil
        }
        return partyNames.subtracting(PartySet(ratified.map(\.value.head.party)))
    }

    fileprivate var singleClassRefusals: [CharterRefusal] {
        guard !allowsSingleClass else { return [] }
        return rules.flatMap { rule in
            classes.compactMap { partyClass in
                let members = PartySet(parties.filter { $0.partyClass == partyClass.name }.map(\.name))
                return rule.tree.minimalQuorum(within: members).map {
                    .singleClass(rule, partyClass: partyClass.name, quorum: $0)
                }
            }
        }
    }

    fileprivate var disjointQuorumRefusals: [CharterRefusal] {
        let signing = signingRules
        let others = rules.filter { !signing.contains($0) && $0 != recordRule && $0 != openRule }
        var pairs = others.map { ($0, $0) }
        for (index, rule) in signing.enumerated() {
            pairs += signing[index...].map { (rule, $0) }
        }
        return pairs.compactMap { rule, other in
            guard rule.tree.smallestOverlap(with: other.tree).atLeast == 0 else { return nil }
            return .disjointQuorums(rule, other, witness: QuorumSearch.pair(rule.tree, other.tree, sharing: 0))
        }
    }

    fileprivate var recordRefusals: [CharterRefusal] {
        var refusals: [CharterRefusal] = []
        let overlap = recordRule.tree.smallestSelfOverlap.atLeast
        if overlap <= limits.faultBound {
            let witness = QuorumSearch.pair(recordRule.tree, recordRule.tree, sharing: overlap)
            refusals.append(
                .recordOverlap(recordRule, overlap: overlap, faultBound: limits.faultBound, witness: witness)
            )
        }
        let outsiders = recordRule.tree.parties.subtracting(PartySet(signingRules.flatMap(\.tree.parties)))
        if !outsiders.isEmpty { refusals.append(.recordOutsiders(recordRule, outsiders)) }
        return refusals
    }
}

/// Finds two quorums to show to a person; the verdict itself comes from exact analysis.
private enum QuorumSearch {
    /// Two quorums with no more than so many common parties, or nil if improving a first guess does not find them.
    static func pair(_ rule: ThresholdTree, _ other: ThresholdTree, sharing limit: Int) -> CharterRefusal.QuorumPair? {
        for start in rule.parties {
            guard var first = rule.minimalQuorum(within: rule.parties, inOrder: [start]) else { return nil }
            for _ in 0..<4 {
                guard let second = quorum(of: other, avoiding: first) else { return nil }
                if first.intersection(second).count <= limit { return .init(first: first, second: second) }
                guard let improved = quorum(of: rule, avoiding: second) else { return nil }
                first = improved
            }
        }
        return nil
    }

    private static func quorum(of rule: ThresholdTree, avoiding avoided: PartySet) -> PartySet? {
        let preferred = rule.parties.subtracting(avoided)
        return rule.minimalQuorum(within: rule.parties, inOrder: Array(preferred))
    }
}
