/// Cuts messages into padded plaintexts, so that their size tells no more than a multiple of 256 bytes.
///
/// A plaintext is `flags (u8) || count (u16) || count message bytes || zeros`, its size the least multiple of 256. Flag 1:
/// more of this message follows, and this frame is full. Flag 2: the sender's next frame is under its next key.
package enum Framing {
    package static let moreFollows: UInt8 = 1
    package static let newKeyFollows: UInt8 = 2

    /// The plaintexts of one message, at least one.
    package static func plaintexts(of message: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: message.count, by: Limits.fragmentBytes).map { start in
            let end = min(start + Limits.fragmentBytes, message.count)
            return plaintext(Array(message[start..<end]), flags: end < message.count ? moreFollows : 0)
        }
    }

    package static func paddedCount(of count: Int) -> Int {
        let whole = count + Limits.frameHeaderBytes
        return (whole + Limits.paddingBytes - 1) / Limits.paddingBytes * Limits.paddingBytes
    }

    private static func plaintext(_ fragment: [UInt8], flags: UInt8) -> [UInt8] {
        let padding = paddedCount(of: fragment.count) - Limits.frameHeaderBytes - fragment.count
        return [flags] + UInt16(fragment.count).bigEndianBytes + fragment + [UInt8](repeating: 0, count: padding)
    }
}

/// Puts a peer's plaintexts together again, never holding more than its kind of message may have.
package struct Reassembly: Hashable, Sendable {
    /// What one plaintext completed.
    package struct Step: Hashable {
        package let message: Message?
        package let newKeyFollows: Bool
    }

    private var pending: [UInt8] = []

    /// The message bytes held.
    package var pendingCount: Int { pending.count }

    package init() {}

    package mutating func accept(_ plaintext: [UInt8]) throws(PeerProtocolError) -> Step {
        let (flags, fragment) = try Self.open(plaintext)
        try checkSize(adding: fragment)
        pending += fragment
        let newKeyFollows = flags & Framing.newKeyFollows != 0
        guard flags & Framing.moreFollows == 0 else {
            guard fragment.count == Limits.fragmentBytes else { throw .fragmentNotFull(count: fragment.count) }
            return Step(message: nil, newKeyFollows: newKeyFollows)
        }
        let whole = pending
        pending = []
        return Step(message: try Message(decoding: whole), newKeyFollows: newKeyFollows)
    }

    private func checkSize(adding fragment: [UInt8]) throws(PeerProtocolError) {
        let type = pending.first ?? fragment.first ?? 0
        guard let kind = MessageKind(rawValue: type) else { throw .unknownMessage(type: type) }
        let count = pending.count + fragment.count - 1
        guard count <= kind.limit else { throw .messageLength(kind, count: count, limit: kind.limit) }
    }

    private static func open(_ plaintext: [UInt8]) throws(PeerProtocolError) -> (flags: UInt8, fragment: [UInt8]) {
        var reader = ByteReader(plaintext)
        guard let flags = reader.integer(UInt8.self), let count = reader.integer(UInt16.self) else {
            throw .frameLength(count: plaintext.count)
        }
        guard flags & ~(Framing.moreFollows | Framing.newKeyFollows) == 0 else { throw .frameFlags(flags) }
        guard count > 0, Framing.paddedCount(of: Int(count)) == plaintext.count, let fragment = reader.take(Int(count))
        else { throw .fragmentLength(count: Int(count), plaintext: plaintext.count) }
        guard let padding = reader.take(reader.remaining), padding.allSatisfy({ $0 == 0 }) else { throw .padding }
        return (flags, fragment)
    }
}
