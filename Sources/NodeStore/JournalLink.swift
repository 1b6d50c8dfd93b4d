internal import CryptoPrimitives

/// The digest that ties each row of a journal to all rows before it.
///
/// SQLite's own check knows the shape of its pages, not their content. With the links a flipped bit, a lost row or a row
/// out of place is found when it is read. They are no defence against somebody who may write to the disk.
struct JournalLink: Hashable, Sendable {
    /// 32 bytes, the last column of a row.
    let digest: Bytes32

    /// What stands before the first row.
    static let start = JournalLink(digest: .zero)

    init(digest: Bytes32) {
        self.digest = digest
    }

    /// The link of a row that follows this one.
    func next(_ row: JournalRow) -> JournalLink {
        var message = Self.domain
        message.reserveCapacity(message.count + 81 + row.entry.bytes.count)
        message += digest.array
        Self.append(row.position, to: &message)
        message.append(row.entry.kind.rawValue)
        message += row.entry.id.array
        Self.append(row.entry.receivedAt, to: &message)
        message += row.entry.bytes
        return JournalLink(digest: SHA256.hash(message))
    }

    private static let domain = Array("STANDSTILL-JOURNAL-v1".utf8)

    private static func append(_ number: Int, to message: inout [UInt8]) {
        let bits = UInt64(bitPattern: Int64(number))
        for shift in stride(from: 0, to: 64, by: 8) {
            message.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }
}
