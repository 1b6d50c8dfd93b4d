import CryptoPrimitives
import Testing

func bytes(_ hex: String) throws -> [UInt8] {
    try #require(Hex.decode(hex))
}

func bytes32(_ hex: String) throws -> Bytes32 {
    let bytes = try bytes(hex)
    return try #require(Bytes32(bytes))
}

func secret(_ hex: String) throws -> SecretBytes {
    SecretBytes(copying: try bytes(hex))
}

extension SecretBytes {
    borrowing func hex() -> String {
        let span = self.span
        return Hex.encode(span.indices.map { span[$0] })
    }
}
