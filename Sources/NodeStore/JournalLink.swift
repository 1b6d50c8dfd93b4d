internal import CryptoPrimitives

/// The tag that ties each row of a journal to all rows before it, under a key that follows from the party's seed.
///
/// SQLite's own check knows the shape of its pages, not their content. With the links a flipped bit, a lost row or a row
/// out of place is found when it is read, and so is a row that somebody without the seed has written. Rows cut off at the
/// end leave a shorter journal whose links are right: that is what ``HighWater`` and the peers find.
struct JournalLink: Hashable, Sendable {
    /// 32 bytes, the last column of a row.
    let digest: Bytes32

    init(digest: Bytes32) {
        self.digest = digest
    }

    /// What stands before the first row of a party's journal under a charter.
    static func start(of owner: JournalOwner, key: borrowing SecretBytes) -> JournalLink {
        JournalLink(digest: KeyedHash.tag(of: domain + "\(owner)".utf8, key: key))
    }

    /// The link of a row that follows this one.
    func next(_ row: JournalRow, key: borrowing SecretBytes) -> JournalLink {
        var message = Self.domain
        message.reserveCapacity(message.count + 114 + row.entry.bytes.count)
        message += digest.array
        Self.append(row.position, to: &message)
        message.append(row.entry.kind.rawValue)
        message += row.entry.id.array
        Self.append(row.entry.receivedAt, to: &message)
        message.append(row.entry.subject == nil ? 0 : 1)
        if let subject = row.entry.subject { message += subject.array }
        message += row.entry.bytes
        return JournalLink(digest: KeyedHash.tag(of: message, key: key))
    }

    private static let domain = Array("STANDSTILL-JOURNAL-v2/".utf8)

    private static func append(_ number: Int, to message: inout [UInt8]) {
        let bits = UInt64(bitPattern: Int64(number))
        for shift in stride(from: 0, to: 64, by: 8) {
            message.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }
}
