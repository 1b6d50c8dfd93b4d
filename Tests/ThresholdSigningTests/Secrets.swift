import CryptoPrimitives
import QuorumPolicy
import Testing
import ThresholdSigning

func bytes(_ hex: String) throws -> [UInt8] {
    try #require(Hex.decode(hex))
}

func bytes32(_ hex: String) throws -> Bytes32 {
    let bytes = try bytes(hex)
    return try #require(Bytes32(bytes))
}

func scalar(_ hex: String) throws -> Scalar {
    let encoding = try bytes32(hex)
    return try #require(Scalar(encoding: encoding))
}

func point(_ hex: String) throws -> UncheckedElement {
    UncheckedElement(try bytes32(hex))
}

func element(_ hex: String) throws -> Element {
    let encoding = try bytes32(hex)
    return try #require(Element(encoding: encoding))
}

func secretScalar(_ hex: String) throws -> SecretScalar {
    guard let scalar = SecretScalar(encoding: SecretBytes(copying: try bytes(hex))) else { throw Malformed.secret }
    return scalar
}

func secretScalars(_ hex: [String]) throws -> SecretScalars {
    guard let scalars = SecretScalars(encoding: SecretBytes(copying: try bytes(hex.joined()))) else {
        throw Malformed.secret
    }
    return scalars
}

enum Malformed: Error {
    case secret
}

extension SecretScalar {
    /// The encoding as text; for comparing with vectors.
    borrowing func hex() -> String {
        let span = self.span
        return Hex.encode(span.indices.map { span[$0] })
    }
}

extension SecretBytes {
    borrowing func hex() -> String {
        let span = self.span
        return Hex.encode(span.indices.map { span[$0] })
    }
}
