internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Who makes which keys under a charter; the same in every attempt.
struct CeremonyPlan: Sendable {
    /// One rule that signs orders, with those who will hold shares of its key.
    struct KeyedRule: Sendable {
        let name: RuleName
        let structure: AccessStructure

        var parties: PartySet { structure.tree.parties }

        /// The parties with these numbers in the rule.
        func names(of numbers: [Int]) -> [PartyName] {
            structure.tree.participants.filter { numbers.contains($0.identifier) }.map(\.party)
        }
    }

    let charter: Charter
    /// In charter order.
    let rules: [KeyedRule]
    /// All who hold a share of any key.
    let participants: PartySet
    /// All parties, observers included.
    let everyone: PartySet

    init(_ charter: Charter) {
        self.charter = charter
        rules = charter.keyedRules.map { KeyedRule(name: $0.name, structure: AccessStructure($0.tree)) }
        participants = PartySet(rules.flatMap(\.parties))
        everyone = PartySet(charter.parties.map(\.name))
    }

    /// The rules in which a party holds a share, in charter order.
    func rules(of party: PartyName) -> [KeyedRule] {
        rules.filter { $0.parties.contains(party) }
    }
}
