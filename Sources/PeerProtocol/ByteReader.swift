internal import CryptoPrimitives

/// Reads fixed-size fields off the front of bytes that may be anything.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - position }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= remaining else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type) -> Value? {
        guard let field = take(Value.bitWidth / 8) else { return nil }
        return field.reduce(0) { $0 << 8 | Value($1) }
    }

    mutating func bytes32() -> Bytes32? {
        take(Bytes32.count).flatMap { Bytes32($0) }
    }

    /// A byte that counts, then as many bytes of printable ASCII.
    mutating func text(limit: Int) -> PrintableText? {
        guard let count = integer(UInt8.self), let field = take(Int(count)) else { return nil }
        return PrintableText(field, limit: limit)
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The value as bytes, the most significant first.
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Self($0)) }
    }
}
