internal import QuorumPolicy
public import SignedStatements

/// Everything that was signed about a motion, whether or not there is an order, as files that are handed out (Protocol §8.8).
public struct MotionExport: Hashable, Sendable {
    /// `charter`, `keys.jws` and `record.jws`.
    public let files: [OrderExport.File]

    /// Gathers the files of a motion from what a node has stored.
    ///
    /// - Parameters:
    ///   - motion: The `motion` statement.
    ///   - charter: The charter that it is under.
    ///   - items: Everything stored, in any order; what has nothing to do with the keys or the motion is left out.
    /// - Throws: ``EvidenceError/missingMotion(_:)`` when the motion is not among the items.
    public init(of motion: StatementID, charter: Charter, items: some Sequence<Item>) throws(EvidenceError) {
        let items = Array(items)
        let statement = items.lazy.compactMap { item -> Statement? in
            if case .statement(let statement) = item, statement.id == motion { statement } else { nil }
        }.first
        guard let claims = statement.flatMap({ OrderClaims($0) }) else { throw .missingMotion(motion) }
        let record = OrderExport.recordItems(in: items, of: claims, kinds: Self.kinds)
        files = [
            OrderExport.File(name: .charter, bytes: charter.bytes),
            OrderExport.File(name: .keys, bytes: KeyRecordSelection(items, charter: charter).bytes),
            OrderExport.File(name: .record, bytes: OrderExport.lines(record)),
        ]
    }

    /// What its `record.jws` holds: that of an order, and what was said to make one.
    static let kinds = MotionRecord.kinds + [.nonceCommitment, .package, .signatureShare]
}
