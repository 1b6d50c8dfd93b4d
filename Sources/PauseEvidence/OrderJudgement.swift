internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// One order on trial: each file is read once, then each fact is judged by itself.
struct OrderJudgement {
    let order: Order
    let pin: OrderVerification.Pin?
    let instant: Instant
    let charter: Supplied<Charter>
    let keyRecord: Supplied<VerifiedKeyRecord>
    let record: Supplied<MotionRecord>
    let publication: PublicationCount?

    var claims: OrderClaims { order.claims }

    init(_ order: Order, _ bundle: EvidenceBundle, pin: OrderVerification.Pin?, at instant: Instant) {
        self.order = order
        self.pin = pin
        self.instant = instant
        let charter = Supplied(bundle.charter) { (bytes) throws(EvidenceError) in
            try Self.charter(bytes, named: order.claims.charter)
        }
        self.charter = charter
        let keyRecord = Supplied(charter.value.flatMap { charter in bundle.keys.map { (charter, $0) } }) {
            (charter, keys) throws(EvidenceError) in try KeyRecordVerification.verify(keys, charter: charter)
        }
        self.keyRecord = keyRecord
        let decision = charter.value?.rule(order.claims.rule)?.tree
        record = Supplied(
            charter.value.flatMap { charter in
                decision.flatMap { decision in bundle.record.map { (charter, decision, $0) } }
            }
        ) { (charter, decision, bytes) throws(EvidenceError) in
            try MotionRecord(bytes, of: order.claims, decision: decision, charter: charter, keys: keyRecord.value)
        }
        publication = record.value.flatMap { PublicationCount($0) }
    }

    private static func charter(_ bytes: [UInt8], named id: CharterID) throws(EvidenceError) -> Charter {
        // The digest first: a charter that the order does not name is not worth reading.
        let found = CharterID(SHA256.hash(bytes))
        guard found == id else { throw .wrongCharter(found: found, expected: id) }
        do { return try Charter(bytes) } catch { throw .charter(error) }
    }
}

/// A file's content: not there, refused, or read.
enum Supplied<Value> {
    case missing
    case refused(EvidenceError)
    case read(Value)

    init<Source>(_ source: Source?, _ read: (Source) throws(EvidenceError) -> Value) {
        guard let source else {
            self = .missing
            return
        }
        do { self = .read(try read(source)) } catch { self = .refused(error) }
    }

    var value: Value? {
        switch self {
        case .read(let value): value
        case .missing, .refused: nil
        }
    }
}
