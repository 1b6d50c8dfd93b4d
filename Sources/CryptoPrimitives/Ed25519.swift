internal import CSodium

/// Ed25519 (RFC 8032) as every party of this protocol verifies it.
public enum Ed25519 {
    /// Bytes of a signature: 64.
    public static let signatureCount = 64

    /// Accepts a signature only under the strict rule of Protocol §4: S < L, A and R canonical and of prime order, and the
    /// cofactorless equation of RFC 8032 §5.1.7.
    ///
    /// Verifiers of the field disagree on everything this rule leaves out, and all accept what it lets in.
    /// A signature is 64 bytes; any other count is refused. A, being an ``Element``, is canonical, of prime order and not
    /// the identity.
    public static func verify(_ signature: [UInt8], of message: [UInt8], by publicKey: Element) -> Bool {
        guard
            signature.count == signatureCount,
            let commitment = Bytes32(signature.prefix(32)),
            Element(encoding: commitment) != nil,
            let response = Bytes32(signature.suffix(32)),
            Scalar(encoding: response) != nil
        else { return false }
        return equationHolds(signature, of: message, by: publicKey)
    }

    /// As ``verify(_:of:by:)`` for 32 bytes that claim to be a public key.
    public static func verify(_ signature: [UInt8], of message: [UInt8], byEncoded publicKey: Bytes32) -> Bool {
        guard let publicKey = Element(encoding: publicKey) else { return false }
        return verify(signature, of: message, by: publicKey)
    }

    /// libsodium's own check, without the subgroup of R: for measurements, and where R is known to be good.
    public static func equationHolds(_ signature: [UInt8], of message: [UInt8], by publicKey: Element) -> Bool {
        guard signature.count == signatureCount else { return false }
        return unsafe publicKey.bytes.withPointer { publicKey in
            unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
        }
    }
}

/// A party's signing key: derived from 32 seed bytes, kept in guarded memory.
public struct Ed25519SigningKey: ~Copyable, Sendable {
    private let expanded: SecretBytes
    /// The public key A, 32 bytes.
    public let publicKey: Element

    /// The key pair of RFC 8032 §5.1.5 for a 32-byte seed.
    public init(seed: borrowing SecretBytes) {
        precondition(seed.count == 32, "an Ed25519 seed is 32 bytes")
        let expanded = SecretBytes(zeroed: 64)
        let encoding = unsafe Bytes32(writtenBy: {
            unsafe _ = crypto_sign_seed_keypair($0, expanded.start, seed.start)
        })
        guard let publicKey = Element(computed: encoding) else {
            preconditionFailure("a clamped scalar never gives the identity")
        }
        self.expanded = expanded
        self.publicKey = publicKey
    }

    /// The 64-byte signature of RFC 8032 §5.1.6.
    public borrowing func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Ed25519.signatureCount)
        unsafe _ = crypto_sign_detached(&signature, nil, message, UInt64(message.count), expanded.start)
        return signature
    }
}
