internal import CryptoPrimitives
internal import NodeStore
internal import PeerProtocol

/// The journal as peers may read it: items only, by position.
///
/// A journal that cannot be read shows nothing new; the node's next append finds out why and says so.
struct JournalView: JournalIndex {
    let journal: Journal

    var lastPosition: UInt64 { UInt64(journal.count) }

    func contains(_ identifier: StatementIdentifier) -> Bool {
        (try? journal.contains(identifier)) ?? false
    }

    func missing(of identifiers: [StatementIdentifier]) -> [StatementIdentifier] {
        (try? journal.missing(of: identifiers)) ?? identifiers
    }

    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier]) {
        let last = lastPosition
        guard after < last, let ids = try? journal.ids(after: Int(after), limit: limit) else { return (after, []) }
        // A full page ends at its last item; a page that is not full has seen the journal to its end.
        let upTo = ids.count == limit ? ids.last.map { UInt64($0.position) } ?? last : last
        return (upTo, ids.map(\.id))
    }
}
