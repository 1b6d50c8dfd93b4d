public import QuorumPolicy

/// What every party statement says about itself: under which charter, by whom, and its place among that party's statements.
public struct StatementHead: Hashable, Sendable {
    /// The charter that this belongs to.
    public let charter: CharterID
    /// Who states this.
    public let party: PartyName
    /// Counts the statements of this party from 1, without gaps.
    public let number: Int
    /// The party's statement `number - 1`; nil exactly for number 1.
    public let previous: StatementID?
    /// The time by its author's clock.
    public let at: Instant

    public init(charter: CharterID, party: PartyName, number: Int, previous: StatementID?, at: Instant) {
        self.charter = charter
        self.party = party
        self.number = number
        self.previous = previous
        self.at = at
    }

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "at": .instant(at),
            "charter": .digest(charter),
            "number": .count(number),
            "party": .name(party),
            "previous": .digest(orNone: previous),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        charter = try reader.digest("charter")
        party = try reader.partyName("party")
        number = try reader.count("number")
        previous = try reader.digestOrNone("previous")
        at = try reader.instant("at")
        guard (number == 1) == (previous == nil) else {
            throw reader.invalid("previous", "must be \"none\" for number 1 and a digest for every later one")
        }
    }
}
