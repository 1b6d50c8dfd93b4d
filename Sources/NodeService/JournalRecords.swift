internal import CryptoPrimitives
package import NodeStore
package import PauseAgreement
package import SignedStatements

/// How the core's records are rows of the journal.
package enum JournalRecords {
    /// What the first byte of a private row says it is.
    private enum PrivateKind: UInt8 {
        case heldBallot = 1
        case abstaining = 2
        case acknowledged = 3
        case ratifying = 4
    }

    package static func entry(for record: Participant.Record, receivedAt: Instant) -> JournalEntry {
        let at = Int(receivedAt.seconds)
        switch record {
        case .item(let item):
            return JournalEntry(
                kind: .item,
                id: item.id.bytes,
                subject: item.subject,
                bytes: Array(item.text.utf8),
                receivedAt: at
            )
        case .heldBallot(let bytes): return local(.privateRecord, .heldBallot, bytes, at)
        case .abstaining(let id): return local(.localFact, .abstaining, id.bytes.array, at)
        case .acknowledged(let number):
            return local(.localFact, .acknowledged, number == 0 ? [] : Array(String(number).utf8), at)
        case .ratifying: return local(.localFact, .ratifying, [], at)
        }
    }

    private static func local(
        _ kind: JournalEntry.Kind,
        _ content: PrivateKind,
        _ bytes: [UInt8],
        _ receivedAt: Int
    ) -> JournalEntry {
        let all = [content.rawValue] + bytes
        return JournalEntry(kind: kind, id: SHA256.hash(all), bytes: all, receivedAt: receivedAt)
    }

    /// The record a row holds; throws when the row is not one this program writes.
    static func record(in entry: JournalEntry) throws(ParticipantError) -> Participant.Record {
        if entry.kind == .item {
            do {
                return .item(try Item(decoding: String(decoding: entry.bytes, as: UTF8.self)))
            } catch {
                throw .journalDamaged("item \(entry.id): \(error)")
            }
        }
        let content = Array(entry.bytes.dropFirst())
        switch entry.bytes.first.flatMap(PrivateKind.init) {
        case .heldBallot: return .heldBallot(content)
        case .acknowledged:
            if content.isEmpty { return .acknowledged(writtenOff: 0) }
            guard let number = Int(String(decoding: content, as: UTF8.self)), number > 0 else {
                throw .journalDamaged("a local row is malformed")
            }
            return .acknowledged(writtenOff: number)
        case .ratifying: return .ratifying
        case .abstaining:
            guard let id = Bytes32(content) else { throw .journalDamaged("a local row is malformed") }
            return .abstaining(StatementID(id))
        case nil: throw .journalDamaged("a local row is of an unknown kind")
        }
    }
}

extension Item {
    /// The motion that the item is evidence of, the charter for the keys every order needs, the place in the chain, or the
    /// standing ballot.
    fileprivate var subject: Bytes32? {
        switch self {
        case .order(let order): order.claims.motion.bytes
        case .keyProof(let proof): proof.claims.charter.bytes
        case .statement(let statement):
            switch statement.body {
            case .motion, .standingBallot: statement.id.bytes
            case .standingRevocation(let revocation): revocation.ballot.bytes
            case .standingReceipt(let receipt): (receipt.motion ?? receipt.statement).bytes
            case .keyRecord: statement.head.charter.bytes
            case .publicationReceipt(let receipt): receipt.position.subject
            case .lapse(let lapse): lapse.position.subject
            default: statement.body.motion?.bytes
            }
        }
    }
}

extension ChainPosition {
    /// What receipts and lapses of one place and round are found by, whatever order or predecessor they name.
    var subject: Bytes32 {
        SHA256.hash(Array("standstill-position/\(seq)/\(round)".utf8))
    }
}
