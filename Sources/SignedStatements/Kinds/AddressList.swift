internal import QuorumPolicy

/// Where a party's node can be dialled; kind `address`, a later one replaces an earlier one.
public struct AddressList: StatementContent {
    /// 0...8 addresses, in the party's order of preference, none twice.
    public let addresses: [PeerAddress]

    public init(addresses: [PeerAddress]) {
        self.addresses = addresses
    }

    static let kind = StatementKind.address

    var members: OrderedMap<String, CanonicalJSON> {
        ["addresses": .array(addresses.map { .name($0) })]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        addresses = try reader.strings("addresses", count: 0...StatementLimits.addresses, of: "host:port") {
            PeerAddress($0)
        }
        for (index, address) in addresses.enumerated() where addresses[..<index].contains(address) {
            throw reader.invalid("addresses", "lists \(address) twice")
        }
    }
}

/// A host and a port, such as `node.example.org:7001` or `[2001:db8::1]:7001`.
public struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// A DNS name or IPv4 address in lower case, or an IPv6 address without its brackets; 1 to 253 bytes.
    public let host: String
    /// 1...65535.
    public let port: Int

    /// Reads `host:port`; nil for anything else, upper case and leading zeros included.
    public init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits), (1...65_535).contains(port), String(port) == digits else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard (1...253).contains(host.utf8.count),
            host.utf8.allSatisfy({ isBracketed ? Self.isInIPv6($0) : Self.isInName($0) }),
            !isBracketed || host.utf8.contains(UInt8(ascii: ":"))
        else { return nil }
        self.host = String(host)
        self.port = port
    }

    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isInIPv6(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        case UInt8(ascii: ":"), UInt8(ascii: "."): true
        default: false
        }
    }
}
