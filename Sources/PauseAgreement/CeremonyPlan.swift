internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Who makes which keys under a charter; the same in every attempt.
struct CeremonyPlan: Sendable {
    /// One rule with a key, with those who will hold shares of it.
    struct KeyedRule: Sendable {
        let name: RuleName
        let structure: AccessStructure
        /// Whether its key signs orders; the key that opens ballots never signs, and its shares prove themselves otherwise.
        let signs: Bool

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
    /// All who hold a share of a key that signs.
    let signers: PartySet
    /// All parties, observers included.
    let everyone: PartySet

    init(_ charter: Charter) {
        self.charter = charter
        rules = charter.keyedRules.map {
            KeyedRule(name: $0.name, structure: AccessStructure($0.tree), signs: $0 != charter.openRule)
        }
        participants = PartySet(rules.flatMap(\.parties))
        signers = PartySet(rules.filter(\.signs).flatMap(\.parties))
        everyone = PartySet(charter.parties.map(\.name))
    }

    /// The rules in which a party holds a share, in charter order.
    func rules(of party: PartyName) -> [KeyedRule] {
        rules.filter { $0.parties.contains(party) }
    }

    /// The rules in whose orders a party has a share, in charter order.
    func signingRules(of party: PartyName) -> [KeyedRule] {
        rules(of: party).filter(\.signs)
    }
}
