public import CryptoPrimitives

/// A ballot with what opens it, as its author has it (Protocol §11.4).
///
/// Noncopyable: revealing the randomness makes the ballot readable for everybody, and uses this up.
public struct OwnBallot: ~Copyable, Sendable {
    /// What the author commits to; public.
    public let sealed: SealedBallot
    private let randomness: SecretScalar

    private static let tag: [UInt8] = .ascii("STANDSTILL-SEALED-BALLOT-RANDOMNESS-v1")

    /// Seals at most ``SealedBallot/contentCount`` bytes with 32 secret bytes that serve one ballot.
    ///
    /// The same secret, label, key and content give the same ballot, so that a party that restarted can still open its own.
    /// Scalar i is SHA-512, reduced, over a tag, the secret, key, label, padded content and i: 0 gives r and 1 gives s. They
    /// depend on the content, because two contents under one pair would reveal r. Throws
    /// ``ThresholdError/oversizedContent(_:limit:)``.
    public init(
        _ content: [UInt8],
        label: BallotLabel,
        key: OpeningKey,
        secret: borrowing SecretBytes
    ) throws(ThresholdError) {
        precondition(secret.count == 32, "a ballot's secret is 32 bytes")
        let plaintext = try BallotCipher.padded(content)
        let input = key.encoding + label.framed + plaintext
        self.init(
            plaintext: plaintext,
            label: label,
            key: key,
            randomness: Self.scalar(0, secret, input),
            nonce: Self.scalar(1, secret, input)
        )
    }

    /// The same with given r and s, and any plaintext of 1024 bytes: for vectors, and for contents that no honest author seals.
    package init(
        plaintext: [UInt8],
        label: BallotLabel,
        key: OpeningKey,
        randomness: consuming SecretScalar,
        nonce: consuming SecretScalar
    ) {
        let second = UncheckedElement(SecondGenerator.element)
        guard
            let point = randomness.basePointMultiple(), let secondPoint = randomness.multiple(of: second),
            let commitment = nonce.basePointMultiple(), let secondCommitment = nonce.multiple(of: second),
            let shared = randomness.diffieHellman(UncheckedElement(key.element))
        else { preconditionFailure("a hash does not reduce to zero") }
        let cipher = BallotCipher(key: key, label: label, point: UncheckedElement(point))
        let ciphertext = cipher.seal(plaintext, shared: shared)
        let challenge = SealedBallot.challenge(
            key: key,
            label: label,
            ciphertext: ciphertext,
            points: [point, commitment, secondPoint, secondCommitment].map(UncheckedElement.init)
        )
        var response = randomness.duplicate()
        response.multiply(by: challenge)
        response.add(nonce)
        sealed = SealedBallot(
            point: point,
            secondPoint: secondPoint,
            challenge: challenge,
            response: response.reveal(),
            ciphertext: ciphertext
        )
        self.randomness = randomness
    }

    /// r, with which everybody can read the ballot: ``OpenableBallot/open(randomness:)``.
    public consuming func reveal() -> Scalar {
        randomness.duplicate().reveal()
    }

    /// r or s.
    package static func scalar(_ index: Int, _ secret: borrowing SecretBytes, _ input: [UInt8]) -> SecretScalar {
        var hasher = SecretHasher()
        hasher.update(tag)
        hasher.update(secret)
        hasher.update(input + .littleEndian64(index))
        return SecretScalar(reducing: hasher.finish())
    }
}
