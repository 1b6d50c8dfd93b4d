internal import CryptoPrimitives
internal import NodeService
internal import PauseEvidence
internal import QuorumPolicy
internal import SignedStatements

/// An order as a node has stored it, with everything that proves it.
struct StoredOrder {
    let order: Verified<Order>
    let groupKey: Element
    let charter: Charter
    let items: [Item]

    /// Fetches the order of a motion from the node; keys and signature are checked again here.
    init(of motion: String, from client: NodeClient, charter: Charter) async throws {
        let items = try await ExportedFiles.items(of: motion, from: client)
        let orders = items.compactMap { item -> Order? in if case .order(let order) = item { order } else { nil } }
        guard let order = orders.first else {
            throw CommandFailure(
                "motion \(motion) has no order",
                hint: "`standstill motion show \(motion)` says how far it has come"
            )
        }
        let keys = try KeyRecordVerification.verify(
            KeyRecordSelection(items, charter: charter).bytes,
            charter: charter
        )
        guard let groupKey = keys.groupKey(of: order.claims.rule) else {
            throw CommandFailure("the charter has no key of rule \(order.claims.rule)", exitStatus: ExitStatus.data)
        }
        self.order = try order.verified(by: groupKey)
        self.groupKey = groupKey
        self.charter = charter
        self.items = items
    }

    /// The files that are handed out.
    func export() throws(EvidenceError) -> OrderExport {
        try OrderExport(order, groupKey: groupKey, charter: charter, items: items)
    }
}
