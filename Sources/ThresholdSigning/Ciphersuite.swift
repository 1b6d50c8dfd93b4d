internal import CryptoPrimitives

/// The hash functions of FROST(Ed25519, SHA-512), RFC 9591 §6.1.
enum Ciphersuite {
    private static let context = "FROST-ED25519-SHA512-v1"
    private static let bindingTag: [UInt8] = .ascii(context + "rho")
    private static let nonceTag: [UInt8] = .ascii(context + "nonce")
    private static let messageTag: [UInt8] = .ascii(context + "msg")
    private static let commitmentTag: [UInt8] = .ascii(context + "com")

    /// H1: a signer's binding factor from the common prefix and the signer's identifier.
    static func bindingFactor(prefix: [UInt8], participant: Int) -> Scalar {
        Scalar(reducing: SHA512.hash(bindingTag + prefix + identifier(participant)))
    }

    /// H2: plain RFC 8032 hashing, so that the result is an ordinary Ed25519 signature.
    static func challenge(commitment: Element, key: Element, message: [UInt8]) -> Scalar {
        Scalar(reducing: SHA512.hash(commitment.bytes.array + key.bytes.array + message))
    }

    /// H3 over fresh randomness (32 bytes) and all of the party's leaf shares, computed in guarded memory.
    static func nonce(randomness: borrowing SecretBytes, shares: borrowing SecretBytes) -> SecretScalar {
        var hasher = SecretHasher()
        hasher.update(nonceTag)
        hasher.update(randomness)
        hasher.update(shares)
        return SecretScalar(reducing: hasher.finish())
    }

    /// H4.
    static func messageDigest(_ message: [UInt8]) -> [UInt8] {
        SHA512.hash(messageTag + message)
    }

    /// H5.
    static func commitmentDigest(_ encodedList: [UInt8]) -> [UInt8] {
        SHA512.hash(commitmentTag + encodedList)
    }

    /// A participant's number as a scalar's 32-byte encoding.
    static func identifier(_ participant: Int) -> [UInt8] {
        .littleEndian64(participant) + [UInt8](repeating: 0, count: 24)
    }
}
