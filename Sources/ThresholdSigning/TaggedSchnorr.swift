internal import CryptoPrimitives

/// COCKTAIL's Schnorr signature for Ed25519: proofs of possession and certificates, 64 bytes R || z (Protocol §5).
///
/// Its challenge carries a tag, so that none of these signatures is an Ed25519 signature over anything.
enum TaggedSchnorr {
    static let signatureCount = 64

    private static let nonceTag: [UInt8] = .ascii("COCKTAIL-DKG-Ed25519-SHA512-NONCE")
    private static let challengeTag: [UInt8] = .ascii("COCKTAIL-DKG-Ed25519-SHA512-H7")

    /// Deterministic: the nonce is a hash of key and message, so that signing twice gives the same bytes.
    static func sign(_ message: [UInt8], with key: borrowing SecretScalar, publicKey: Element) -> [UInt8] {
        var hasher = SecretHasher()
        hasher.update(nonceTag)
        hasher.update(key)
        hasher.update(message)
        var response = SecretScalar(reducing: hasher.finish())
        guard let commitment = response.basePointMultiple() else {
            preconditionFailure("a hash does not reduce to zero")
        }
        var weighted = key.duplicate()
        weighted.multiply(by: challenge(commitment.bytes, publicKey.bytes, message))
        response.add(weighted)
        return commitment.bytes.array + response.reveal().bytes.array
    }

    /// Refuses other counts than 64 bytes, z >= L, and keys outside the prime-order subgroup.
    static func isValid(_ signature: [UInt8], of message: [UInt8], by key: UncheckedElement) -> Bool {
        guard
            signature.count == signatureCount,
            let commitment = Bytes32(signature.prefix(32)),
            let response = Bytes32(signature.suffix(32)).flatMap({ Scalar(encoding: $0) }),
            let weighted = challenge(commitment, key.bytes, message) * key,
            let expected = UncheckedElement(multiplyingBaseBy: response) - UncheckedElement(weighted)
        else { return false }
        return expected.bytes == commitment && expected != .identity
    }

    private static func challenge(_ commitment: Bytes32, _ key: Bytes32, _ message: [UInt8]) -> Scalar {
        Scalar(reducing: SHA512.hash(challengeTag + commitment.array + key.array + message))
    }
}
