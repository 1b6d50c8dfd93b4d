public import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements

/// An order and everything that proves it, as the files that are handed out (Protocol §8).
public struct OrderExport: Hashable, Sendable {
    /// One file of the bundle.
    public struct File: Hashable, Sendable {
        public let name: EvidenceFile
        public let bytes: [UInt8]
    }

    /// In the order of ``EvidenceFile``.
    public let files: [File]

    /// Gathers the files of an order from what a node has stored.
    ///
    /// - Parameters:
    ///   - order: The order, verified under `groupKey`.
    ///   - groupKey: The group key of the order's rule.
    ///   - charter: The charter that the order names.
    ///   - items: Everything stored, in any order; what has nothing to do with the keys or the order's motion is left out.
    /// - Throws: ``EvidenceError/order(_:)`` if another key signed the order, ``EvidenceError/wrongCharter(found:expected:)``.
    public init(
        _ order: Verified<Order>,
        groupKey: Element,
        charter: Charter,
        items: some Sequence<Item>
    ) throws(EvidenceError) {
        let order = order.value
        do { _ = try order.verified(by: groupKey) } catch { throw .order(error) }
        guard order.claims.charter == charter.id else {
            throw .wrongCharter(found: charter.id, expected: order.claims.charter)
        }
        let items = Array(items)
        let key = GroupKeyText(groupKey)
        files = [
            File(name: .order, bytes: Array(order.text.utf8)),
            File(name: .signingInput, bytes: order.claims.signingInput(for: groupKey)),
            File(name: .signature, bytes: order.signature),
            File(name: .groupPEM, bytes: Array(key.pem.utf8)),
            File(name: .groupJWK, bytes: Array(key.jwk.utf8)),
            File(name: .charter, bytes: charter.bytes),
            File(name: .keys, bytes: KeyRecordSelection(items, charter: charter).bytes),
            File(name: .record, bytes: Self.lines(Self.recordItems(in: items, of: order.claims))),
        ]
    }

    /// The bytes of one file.
    public subscript(name: EvidenceFile) -> [UInt8] {
        guard let file = files.first(where: { $0.name == name }) else {
            preconditionFailure("an export has every file")
        }
        return file.bytes
    }

    /// The files that ``OrderVerification`` reads.
    public var bundle: EvidenceBundle {
        EvidenceBundle(order: self[.order], charter: self[.charter], keys: self[.keys], record: self[.record])
    }
}

extension OrderExport {
    /// The motion, then standing ballots that serve it, commitments, receipts of both kinds, closes, openings, publication
    /// receipts and lapses; each kind by party, then number.
    static func recordItems(
        in items: [Item],
        of claims: OrderClaims,
        kinds: [StatementKind] = MotionRecord.kinds
    ) -> [Item] {
        let statements = items.compactMap { item -> Statement? in
            guard case .statement(let statement) = item, statement.head.charter == claims.charter else { return nil }
            return statement
        }
        let served = standingBallots(namedIn: statements, for: claims.motion)
        return kinds.flatMap { kind in
            let chosen = statements.filter { statement in
                statement.kind == kind
                    && (concerns(statement, claims) || (kind == .standingBallot && served[statement.id] != nil))
            }
            return OrderedMap(chosen.map { (StatementOrder($0), $0) }).values.map { Item.statement($0) }
        }
    }

    /// What recorders let count for a motion.
    private static func standingBallots(
        namedIn statements: [Statement],
        for motion: StatementID
    ) -> OrderedMap<StatementID, Void> {
        var served: OrderedMap<StatementID, Void> = [:]
        for case .standingReceipt(let receipt) in statements.lazy.map(\.body) where receipt.motion == motion {
            served[receipt.statement] = ()
        }
        return served
    }

    /// Receipts for other orders of the position and lapses of its round show that an order is void.
    private static func concerns(_ statement: Statement, _ claims: OrderClaims) -> Bool {
        switch statement.body {
        case .publicationReceipt(let receipt): receipt.position == claims.position
        case .lapse(let lapse): lapse.position == claims.position
        default: (statement.body.motion ?? statement.id) == claims.motion
        }
    }

    static func lines(_ items: [Item]) -> [UInt8] {
        items.flatMap { Array($0.text.utf8) + [UInt8(ascii: "\n")] }
    }
}

/// Where a statement stands in a list of one kind: by party, then number; equivocators' statements by digest.
struct StatementOrder: Comparable {
    let party: PartyName
    let number: Int
    let id: StatementID

    init(_ statement: Statement) {
        party = statement.head.party
        number = statement.head.number
        id = statement.id
    }

    static func < (left: StatementOrder, right: StatementOrder) -> Bool {
        (left.party, left.number, left.id) < (right.party, right.number, right.id)
    }
}
