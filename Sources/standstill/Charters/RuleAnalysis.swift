internal import QuorumPolicy
internal import SignedStatements

/// What a rule means for those who stand under it: who can decide, who can stop it, who would have to lie.
struct RuleAnalysis: Encodable {
    let rule: String
    let requirement: String
    let hasKey: Bool
    /// A number, or the bounds of one that would take too long to find; likewise below.
    let smallestQuorum: String
    /// "very many" beyond 2^128.
    let minimalQuorums: String
    let smallestBlockingSet: String
    let crashTolerance: String
    /// The fewest parties that two quorums share.
    let overlap: String
    let veto: [String]
    let withoutSay: [String]
    /// Tags whose parties can meet the rule by themselves.
    let canAct: [String]
    /// Tags without whose parties the rule cannot be met.
    let canStop: [String]

    init(_ rule: Charter.Rule, of charter: Charter) {
        let tree = rule.tree
        self.rule = rule.name.text
        requirement = charter.requirement(of: rule)
        hasKey = charter.keyedRules.contains(rule)
        smallestQuorum = tree.smallestQuorum.description
        minimalQuorums = tree.minimalQuorumCount?.description ?? "very many"
        smallestBlockingSet = tree.smallestBlockingSet.description
        crashTolerance = tree.crashTolerance.description
        overlap = tree.smallestSelfOverlap.description
        veto = tree.partiesWithVeto.map(\.text)
        withoutSay = charter.partyNames.subtracting(tree.parties).union(tree.partiesWithoutSay).map(\.text)
        let tagged = Self.tagged(charter)
        canAct = tagged.filter { tree.isSatisfied(by: $0.parties) }.map(\.tag)
        canStop = tagged.filter { tree.isBlocked(by: $0.parties) }.map(\.tag)
    }

    /// The analysis as people read it.
    var lines: [String] {
        let key =
            hasKey
            ? "signs orders with a key of its own; to forge one takes the shares of \(Self.parties(smallestQuorum))"
            : "needs no key: each party signs its own receipts"
        return [
            "rule \(rule): \(requirement)",
            "  \(key)",
            "  the smallest quorum has \(Self.parties(smallestQuorum)); minimal quorums: \(minimalQuorums)",
            "  any \(Self.parties(crashTolerance)) may be missing; \(smallestBlockingSet) can be enough to stop it",
            "  two quorums share at least \(Self.parties(overlap)): "
                + "so many must lie for two orders to contradict each other",
            "  with a veto: \(Self.list(veto)); without a say: \(Self.list(withoutSay))",
        ] + canAct.map { "  the parties with \($0) can meet it by themselves" }
            + canStop.map { "  the parties with \($0) can stop it by themselves" }
    }

    private static func parties(_ number: String) -> String { "\(number) \(number == "1" ? "party" : "parties")" }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "nobody" : names.joined(separator: ", ")
    }

    /// The parties of every tag that stands on more than one of them.
    private static func tagged(_ charter: Charter) -> [(tag: String, parties: PartySet)] {
        var sets: OrderedMap<String, PartySet> = [:]
        for party in charter.parties {
            for tag in party.tags { sets["\(tag.key)=\(tag.value)", default: []].insert(party.name) }
        }
        return sets.filter { $0.value.count > 1 }.map { ($0.key, $0.value) }
    }
}
