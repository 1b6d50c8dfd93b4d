public import CryptoPrimitives

/// One party's pair of secret nonces for one signature.
///
/// Signing twice with the same nonces reveals the key share. The pair is therefore noncopyable and
/// ``KeyShare/sign(_:with:)`` consumes it: code that would use it again does not compile. It lives in memory only and has
/// no encoding. RFC 9591 §5.1.
public struct SigningNonces: ~Copyable, Sendable {
    let hiding: SecretScalar
    let binding: SecretScalar
    /// What the other signers need to know: 2 points.
    public let commitments: SigningCommitments

    /// Fresh randomness, hedged with the key share: a broken generator alone does not reveal it (RFC 9591 §4.1).
    public init(for share: borrowing KeyShare) {
        self.init(for: share, hiding: .random(count: 32), binding: .random(count: 32))
    }

    /// The same from chosen randomness, 32 bytes each; for test vectors, never for production.
    package init(
        for share: borrowing KeyShare,
        hiding hidingRandomness: consuming SecretBytes,
        binding bindingRandomness: consuming SecretBytes
    ) {
        let secret = share.shares.encoding()
        hiding = Ciphersuite.nonce(randomness: hidingRandomness, shares: secret)
        binding = Ciphersuite.nonce(randomness: bindingRandomness, shares: secret)
        guard let hidingPoint = hiding.basePointMultiple(), let bindingPoint = binding.basePointMultiple() else {
            preconditionFailure("a hash does not reduce to zero")
        }
        commitments = SigningCommitments(
            participant: share.participant,
            hiding: UncheckedElement(hidingPoint),
            binding: UncheckedElement(bindingPoint)
        )
    }
}

/// The public half of a party's nonces, as received: 2 points of 32 bytes, not yet checked.
public struct SigningCommitments: Hashable, Sendable {
    /// The party's number, 1...n.
    public let participant: Int
    public let hiding: UncheckedElement
    public let binding: UncheckedElement

    public init(participant: Int, hiding: UncheckedElement, binding: UncheckedElement) {
        self.participant = participant
        self.hiding = hiding
        self.binding = binding
    }

    /// The party's part of `encode_group_commitment_list`, 96 bytes (RFC 9591 §4.3).
    var encoding: [UInt8] {
        Ciphersuite.identifier(participant) + hiding.bytes.array + binding.bytes.array
    }

    /// What costs no curve arithmetic to see.
    var isCanonical: Bool {
        hiding.isCanonical && binding.isCanonical
    }
}

/// One party's share of a signature; public.
public struct SignatureShare: Hashable, Sendable {
    /// The party's number, 1...n.
    public let participant: Int
    public let value: Scalar

    public init(participant: Int, value: Scalar) {
        self.participant = participant
        self.value = value
    }
}
