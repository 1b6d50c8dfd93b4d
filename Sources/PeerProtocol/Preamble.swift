package import CryptoPrimitives

/// The 40 bytes a dialler sends in clear before the handshake, so that a mistake is explained instead of failing as a MAC.
///
/// `"STSL" || version (u16) || 0 (u16) || network id [0..<8] || expected key [0..<16] || own key [0..<8]`. Roster and
/// network are public, so nothing is given away; the whole preamble is part of the handshake's prologue (Protocol §9).
package struct Preamble: Hashable, Sendable {
    /// The protocol version this software speaks.
    package static let currentVersion: UInt16 = 1
    private static let magic = Array("STSL".utf8)

    package let version: UInt16
    /// The first 8 bytes of the network id.
    package let network: [UInt8]
    /// The first 16 bytes of the key the dialler expects to find.
    package let expected: [UInt8]
    /// The first 8 bytes of the dialler's own key.
    package let own: [UInt8]

    /// The preamble of a node that dials `expected`.
    package init(network: Bytes32, expecting expected: PeerKey, own: PeerKey) {
        version = Self.currentVersion
        self.network = Array(network.array.prefix(8))
        self.expected = Array(expected.bytes.array.prefix(16))
        self.own = Array(own.bytes.array.prefix(8))
    }

    /// Reads exactly 40 bytes; a later version may give the reserved bytes and what follows another meaning.
    package init(decoding bytes: [UInt8]) throws(PreambleError) {
        var reader = ByteReader(bytes)
        guard
            reader.take(4) == Self.magic,
            let version = reader.integer(UInt16.self),
            let reserved = reader.integer(UInt16.self),
            let network = reader.take(8),
            let expected = reader.take(16),
            let own = reader.take(8),
            reader.remaining == 0
        else { throw .foreignProtocol }
        guard version == Self.currentVersion, reserved == 0 else { throw .versionMismatch(theirs: version) }
        self.version = version
        self.network = network
        self.expected = expected
        self.own = own
    }

    /// The 40 bytes.
    package var encoded: [UInt8] {
        Self.magic + version.bigEndianBytes + [0, 0] + network + expected + own
    }

    /// What both ends mix into the handshake: protocol, version, network and every byte sent before it.
    package func prologue(network: Bytes32) -> [UInt8] {
        Array("standstill/1".utf8) + [0] + network.array + encoded
    }

    /// Checks that the dialler meant this node and this network.
    func check(network: Bytes32, own key: PeerKey) throws(PreambleError) {
        guard self.network == Array(network.array.prefix(8)) else {
            throw .networkMismatch(theirs: Hex.encode(self.network), ours: Hex.encode(network.array.prefix(8)))
        }
        guard own != Array(key.bytes.array.prefix(8)) else { throw .dialledOneself }
        guard expected == Array(key.bytes.array.prefix(16)) else {
            throw .dialledSomeoneElse(expected: Hex.encode(expected), ours: key)
        }
    }
}

/// The responder's answer when it will not shake hands: a reason for programs and a sentence for people.
///
/// On the wire: reason (u8, not 0), count (u8), that many printable ASCII bytes. A single 0 byte means "go on". Nothing
/// here is authenticated: it explains a failure and must never decide anything else.
package struct Refusal: Hashable, Sendable {
    package enum Reason: UInt8, Hashable, Sendable {
        case version = 1
        case network = 2
        case someoneElse = 3
        case oneself = 4
        case busy = 5
    }

    /// The byte that means "go on with the handshake".
    package static let accepted: UInt8 = 0

    /// `nil` for a reason this version does not know.
    package let reason: Reason?
    package let text: PrintableText
    private let code: UInt8

    package init(_ reason: Reason, _ text: String) {
        self.reason = reason
        self.text = PrintableText(escaping: text)
        code = reason.rawValue
    }

    init(code: UInt8, text: PrintableText) {
        reason = Reason(rawValue: code)
        self.text = text
        self.code = code
    }

    /// At most 202 bytes.
    package var encoded: [UInt8] {
        [code, UInt8(text.bytes.count)] + text.bytes
    }

    /// The refusal that tells the dialler what its preamble got wrong; `nil` for a caller that speaks something else.
    init?(for error: PreambleError) {
        switch error {
        case .foreignProtocol: return nil
        case .versionMismatch: self.init(.version, "this node speaks version \(Preamble.currentVersion)")
        case .networkMismatch(_, let ours): self.init(.network, "this node is in the network that begins \(ours)")
        case .dialledSomeoneElse(_, let ours): self.init(.someoneElse, "you dialled someone else: I am \(ours)")
        case .dialledOneself: self.init(.oneself, "you dialled yourself")
        }
    }
}

/// What a caller's preamble got wrong; nothing about the caller is proven yet.
package enum PreambleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first bytes are not this protocol's.
    case foreignProtocol
    /// The caller speaks another version.
    case versionMismatch(theirs: UInt16)
    /// The caller is in another network; the first 8 bytes of both ids in hexadecimal.
    case networkMismatch(theirs: String, ours: String)
    /// The caller expects the key that begins with `expected` in hexadecimal.
    case dialledSomeoneElse(expected: String, ours: PeerKey)
    /// The caller has this node's own key.
    case dialledOneself

    package var description: String {
        switch self {
        case .foreignProtocol:
            "caller does not speak the standstill protocol"
        case .versionMismatch(let theirs):
            "caller speaks protocol version \(theirs), this node \(Preamble.currentVersion); update the older software"
        case .networkMismatch(let theirs, let ours):
            "caller is in network \(theirs)..., this node in \(ours)...; compare the charters' network lines"
        case .dialledSomeoneElse(let expected, let ours):
            "caller expected key \(expected)... here, but this node is \(ours.short)...; correct its address entry"
        case .dialledOneself:
            "caller has this node's own key; unless `standstill doctor` asked, remove the own address or stop the second node"
        }
    }
}
