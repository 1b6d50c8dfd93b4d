public import CryptoPrimitives
public import QuorumPolicy

/// A 32-byte digest that names one kind of thing; another kind's digest is another type.
public protocol DigestName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The digest, 32 bytes.
    var bytes: Bytes32 { get }
    init(_ bytes: Bytes32)
}

extension DigestName {
    /// Reads 64 lower-case hexadecimal digits; nil for any other text.
    public init?(_ text: String) {
        guard let bytes = Hex.decode(text).flatMap({ Bytes32($0) }) else { return nil }
        self.init(bytes)
    }

    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// 64 lower-case hexadecimal digits.
    public var description: String { bytes.description }
}

/// Names a statement, an order or a key proof: SHA-256 of its signing input.
public struct StatementID: DigestName {
    public let bytes: Bytes32
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// Names a charter: SHA-256 of the file's bytes.
public struct CharterID: DigestName {
    public let bytes: Bytes32
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// Names what an order says: SHA-256 of its payload bytes, the same for every signature over it (Protocol §8).
public struct OrderDigest: DigestName {
    public let bytes: Bytes32
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// Names a ceremony's public record: 64 bytes, SHA-512 (Protocol §5).
public struct TranscriptDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The digest, 64 bytes.
    public let bytes: [UInt8]

    /// Takes 64 bytes; nil for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 64 else { return nil }
        self.bytes = bytes
    }

    /// Reads 128 lower-case hexadecimal digits; nil for any other text.
    public init?(_ text: String) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(bytes)
    }

    public static func < (left: TranscriptDigest, right: TranscriptDigest) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// 128 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}

/// The name of a charter's rule, in the alphabet of party names.
public struct RuleName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name itself, ASCII, 1 to 64 bytes out of `a-z 0-9 - . _ /`.
    public let text: String

    /// Accepts a name, or says which byte of it is not allowed.
    public init(_ text: String) throws(PolicyError) {
        self.text = try PartyName(text).text
    }

    public var description: String { text }

    public static func < (left: RuleName, right: RuleName) -> Bool { left.text < right.text }
}
