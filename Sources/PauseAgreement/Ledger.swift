internal import QuorumPolicy
internal import SignedStatements

/// Which statements of every party are known, by their number: the memory that finds equivocation and repetition.
struct Ledger: Sendable {
    private var entries: OrderedMap<PartyName, OrderedMap<Int, StatementID>> = [:]
    private var conflicts: OrderedMap<PartyName, [StatementID]> = [:]

    /// How a statement relates to those already known.
    enum Standing: Hashable {
        case new
        case known
        /// Another statement of the same party has the same number.
        case conflicting(with: StatementID)
        /// As above, and enough evidence is kept already.
        case beyondEvidence
    }

    func standing(of statement: Statement) -> Standing {
        let party = statement.head.party
        let number = statement.head.number
        guard let earlier = entries.look(at: party, { $0[number] }) ?? nil else { return .new }
        if earlier == statement.id || conflicts[party, default: []].contains(statement.id) { return .known }
        guard conflicts[party, default: []].count < Limits.equivocationsPerParty else { return .beyondEvidence }
        return .conflicting(with: earlier)
    }

    /// Remembers a statement that was accepted, first or conflicting.
    mutating func record(_ statement: Statement) {
        let party = statement.head.party
        let number = statement.head.number
        let isNew = entries.look(at: party) { !$0.contains(number) } ?? true
        if isNew {
            entries[party, default: [:]][number] = statement.id
        } else {
            conflicts[party, default: []].append(statement.id)
        }
    }

    /// The head of a party's chain: its highest known number and that statement's id.
    func head(of party: PartyName) -> (number: Int, id: StatementID)? {
        entries.look(at: party) { $0.last.map { (number: $0.key, id: $0.value) } } ?? nil
    }

    /// How many numbers of a party above one are known with their statements; above 0, its highest when none is missing.
    func count(of party: PartyName, above number: Int) -> Int {
        guard let entries = entries[party] else { return 0 }
        return number == 0 ? entries.count : entries.keys.count { $0 > number }
    }

    /// The first conflicting statement known of each party, for the screens.
    var equivocators: PartySet {
        PartySet(conflicts.keys)
    }
}
