internal import QuorumPolicy
public import SignedStatements

/// What proves the keys, out of everything that a node has stored: `keys.jws` (Protocol §8.1).
///
/// Of a party that signed more than one key record it takes the one that all parties signed, of several proofs of a rule's
/// key the one that belongs to it; so a liar's second record spoils nobody's file.
public struct KeyRecordSelection {
    /// Key records in the charter's order of parties, one each, then key proofs in its order of rules.
    public let items: [Item]

    /// Picks out of items in any order.
    public init(_ items: some Sequence<Item>, charter: Charter) {
        var records: OrderedMap<PartyName, [(statement: Statement, record: KeyRecord)]> = [:]
        var proofs: OrderedMap<RuleName, [KeyProof]> = [:]
        for item in items {
            switch item {
            case .statement(let statement):
                guard case .keyRecord(let record) = statement.body, statement.head.charter == charter.id else {
                    continue
                }
                records[statement.head.party, default: []].append((statement, record))
            case .keyProof(let proof) where proof.claims.charter == charter.id:
                proofs[proof.claims.rule, default: []].append(proof)
            case .keyProof, .order: continue
            }
        }
        let signed = charter.parties.compactMap { records[$0.name] }
        let common = signed.first?.map(\.record).first { record in
            signed.allSatisfy { all in all.contains { $0.record == record } }
        }
        let chosen = signed.compactMap { all in all.first { $0.record == common } ?? all.first }
        let kept = charter.signingRules.compactMap { rule in
            let named = common?.keys.first { $0.rule == rule.name }?.transcript
            return proofs[rule.name]?.first { $0.claims.transcript == named } ?? proofs[rule.name]?.first
        }
        self.items = chosen.map { .statement($0.statement) } + kept.map { .keyProof($0) }
    }

    /// `keys.jws`: one item a line.
    public var bytes: [UInt8] { items.flatMap { Array($0.text.utf8) + [UInt8(ascii: "\n")] } }
}
