internal import CryptoPrimitives

/// The kinds of message, with the byte that names each on the wire.
package enum MessageKind: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case hello = 1
    case subscribe = 2
    case have = 3
    case want = 4
    case item = 5
    case ping = 6
    case pong = 7
    case bye = 8
    case head = 9
    case twin = 10

    /// The largest body in bytes, checked before a fragment is kept.
    package var limit: Int {
        switch self {
        case .hello: Limits.helloBytes
        case .have, .want: Limits.listBytes
        case .item: Limits.itemBytes
        case .head: Limits.headBytes
        case .subscribe, .ping, .pong, .bye, .twin: Limits.smallMessageBytes
        }
    }

    package var description: String {
        switch self {
        case .hello: "HELLO"
        case .subscribe: "SUBSCRIBE"
        case .have: "HAVE"
        case .want: "WANT"
        case .item: "ITEM"
        case .ping: "PING"
        case .pong: "PONG"
        case .bye: "BYE"
        case .head: "HEAD"
        case .twin: "TWIN"
        }
    }
}

/// What peers say to each other inside an authenticated connection (Protocol §9).
///
/// One byte for the kind, then fields of fixed size, integers big-endian, texts and lists behind their counts. There is
/// one spelling per message and nothing may follow it.
package enum Message: Hashable, Sendable {
    /// Who is speaking; the first message in both directions and never repeated.
    indirect case hello(Hello)
    /// Asks for one HAVE as soon as the peer's journal goes beyond this position; a later one replaces an earlier one.
    case subscribe(after: UInt64)
    /// The statements between the subscribed position and `upTo`, at most 1,024 of them and one per position at most.
    case have(upTo: UInt64, identifiers: [StatementIdentifier])
    /// Asks for 1 to 256 items.
    case want([StatementIdentifier])
    /// One statement's bytes, 1 byte to 1 MiB, opaque here.
    case item([UInt8])
    /// Asks for a PONG with the same number.
    case ping(UInt64)
    case pong(UInt64)
    /// Says why the connection ends; nothing follows.
    indirect case bye(Bye)
    /// The number of the sender's newest statement, 0 for none, and the receiver's newest statement that the sender
    /// holds, up to 1 MiB of bytes opaque here, empty for none.
    case head(number: UInt64, newest: [UInt8])
    /// Another node with the receiver's key has answered to the sender while this connection was alive; only to peers with
    /// the feature ``Hello/twinNotice``.
    case twin

    package var kind: MessageKind {
        switch self {
        case .hello: .hello
        case .subscribe: .subscribe
        case .have: .have
        case .want: .want
        case .item: .item
        case .ping: .ping
        case .pong: .pong
        case .bye: .bye
        case .head: .head
        case .twin: .twin
        }
    }

    /// Kind and body.
    package var encoded: [UInt8] {
        switch self {
        case .hello(let hello): [kind.rawValue] + hello.encoded
        case .subscribe(let number), .ping(let number), .pong(let number): [kind.rawValue] + number.bigEndianBytes
        case .have(let upTo, let identifiers): [kind.rawValue] + upTo.bigEndianBytes + identifiers.flatMap(\.array)
        case .want(let identifiers): [kind.rawValue] + identifiers.flatMap(\.array)
        case .item(let bytes): [kind.rawValue] + bytes
        case .bye(let bye): [kind.rawValue] + bye.encoded
        case .head(let number, let newest): [kind.rawValue] + number.bigEndianBytes + newest
        case .twin: [kind.rawValue]
        }
    }

    /// Reads kind and body; refuses any other spelling and any byte after it.
    package init(decoding bytes: [UInt8]) throws(PeerProtocolError) {
        guard let type = bytes.first, let kind = MessageKind(rawValue: type) else {
            throw .unknownMessage(type: bytes.first ?? 0)
        }
        guard bytes.count - 1 <= kind.limit else {
            throw .messageLength(kind, count: bytes.count - 1, limit: kind.limit)
        }
        let body = Array(bytes.dropFirst())
        switch kind {
        case .hello: self = .hello(try Hello(decoding: body))
        case .subscribe: self = .subscribe(after: try Self.number(body, in: kind))
        case .ping: self = .ping(try Self.number(body, in: kind))
        case .pong: self = .pong(try Self.number(body, in: kind))
        case .have: self = try Self.have(body)
        case .want: self = .want(try Self.identifiers(body, in: kind, 1...Limits.identifiersPerWant))
        case .item:
            guard !body.isEmpty else { throw .malformed(kind, field: "statement") }
            self = .item(body)
        case .bye: self = .bye(try Bye(decoding: body))
        case .head:
            self = .head(number: try Self.number(Array(body.prefix(8)), in: kind), newest: Array(body.dropFirst(8)))
        case .twin:
            guard body.isEmpty else { throw .malformed(kind, field: "end") }
            self = .twin
        }
    }

    private static func number(_ body: [UInt8], in kind: MessageKind) throws(PeerProtocolError) -> UInt64 {
        var reader = ByteReader(body)
        guard let number = reader.integer(UInt64.self), reader.remaining == 0 else {
            throw .malformed(kind, field: "number")
        }
        return number
    }

    private static func have(_ body: [UInt8]) throws(PeerProtocolError) -> Message {
        let upTo = try number(Array(body.prefix(8)), in: .have)
        let range = 0...Limits.identifiersPerHave
        return .have(upTo: upTo, identifiers: try identifiers(Array(body.dropFirst(8)), in: .have, range))
    }

    private static func identifiers(
        _ body: [UInt8],
        in kind: MessageKind,
        _ counts: ClosedRange<Int>
    ) throws(PeerProtocolError) -> [StatementIdentifier] {
        guard body.count.isMultiple(of: 32), counts.contains(body.count / 32) else {
            throw .malformed(kind, field: "list of identifiers")
        }
        var reader = ByteReader(body)
        var identifiers: [StatementIdentifier] = []
        while let identifier = reader.bytes32() { identifiers.append(identifier) }
        return identifiers
    }
}
