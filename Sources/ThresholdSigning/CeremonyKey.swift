public import CryptoPrimitives

/// A party's long-term key for ceremonies: opens the shares dealt to it and certifies transcripts.
///
/// A prime-order scalar d with the point P = dB, derived from the party's seed (Protocol §2). Together with the public
/// transcript it restores every share the party ever received.
public struct CeremonyKey: ~Copyable, Sendable {
    let secret: SecretScalar
    /// P, 32 bytes; the party's static key in every ceremony.
    public let publicKey: Element

    /// Reduces 64 bytes derived from the seed.
    public init(derivedBytes: borrowing SecretBytes) {
        self.init(secret: SecretScalar(reducing: derivedBytes))
    }

    package init(secret: consuming SecretScalar) {
        guard let publicKey = secret.basePointMultiple() else {
            preconditionFailure("64 derived bytes do not reduce to zero")
        }
        self.secret = secret
        self.publicKey = publicKey
    }
}
