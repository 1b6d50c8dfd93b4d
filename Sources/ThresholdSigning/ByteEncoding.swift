internal import CryptoPrimitives

/// The fixed-width integers and encodings that hashed texts are made of (Protocol §4, §5).
extension [UInt8] {
    static func littleEndian32(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func littleEndian64(_ value: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func bigEndian64(_ value: Int) -> [UInt8] {
        littleEndian64(value).reversed()
    }

    static func ascii(_ text: String) -> [UInt8] {
        Array(text.utf8)
    }

    mutating func append(_ bytes: Bytes32) {
        append(contentsOf: bytes.array)
    }
}
