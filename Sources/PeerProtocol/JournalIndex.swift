internal import CryptoPrimitives

/// What dissemination asks of the journal: a view of the statements that may travel, in the order they were written.
///
/// Positions start at 1 and never change; a position may hold something that does not travel.
package protocol JournalIndex {
    /// The highest position, 0 when the journal is empty.
    var lastPosition: UInt64 { get }

    /// Whether the statement is in the journal.
    func contains(_ identifier: StatementIdentifier) -> Bool

    /// The identifiers of a list that are not in the journal, in the order of the list.
    func missing(of identifiers: [StatementIdentifier]) -> [StatementIdentifier]

    /// The identifiers at positions in `(after, upTo]`, ascending, at most `limit`; `upTo` is how far the answer goes.
    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier])
}

extension JournalIndex {
    package func missing(of identifiers: [StatementIdentifier]) -> [StatementIdentifier] {
        identifiers.filter { !contains($0) }
    }
}

/// Names a statement by its bytes.
package enum StatementName {
    /// The SHA-256 of what comes before the last `.` of a compact JWS, its signing input; `nil` without a `.`.
    package static func identifier(of item: [UInt8]) -> StatementIdentifier? {
        guard let dot = item.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return SHA256.hash(Array(item[..<dot]))
    }
}
