public import CryptoPrimitives

/// A ballot that its author or a quorum of the `open` rule can read: a TDH2 ciphertext, as received (Protocol §11.4).
///
/// 1168 bytes, whatever the ballot says. Nothing is known of it until ``openable(as:under:)`` has accepted it.
public struct SealedBallot: Hashable, Sendable {
    /// The longest content, in bytes: 1020.
    public static let contentCount = BallotCipher.plaintextCount - 4
    /// Bytes of the encoding: 4 times 32, 1024 of padded content and a tag of 16.
    public static let byteCount = 128 + BallotCipher.ciphertextCount

    /// u = rB.
    let point: UncheckedElement
    /// u' = rG2.
    let secondPoint: UncheckedElement
    /// e.
    let challenge: Scalar
    /// f = s + re.
    let response: Scalar
    /// c, the padded content under a key from rh.
    let ciphertext: [UInt8]

    private static let proofTag: [UInt8] = .ascii("STANDSTILL-SEALED-BALLOT-PROOF-v1")

    /// Reads u, u', e, f and c; throws ``ThresholdError/malformedBallot``.
    ///
    /// Refuses any other count of bytes, encodings that are no canonical point or scalar, and the identity. The subgroup
    /// is left to ``openable(as:under:)``, whose multiplications check it.
    public init(encoding: [UInt8]) throws(ThresholdError) {
        guard
            encoding.count == Self.byteCount,
            let point = Bytes32(encoding[0..<32]).map({ UncheckedElement($0) }), point.isCanonical,
            let secondPoint = Bytes32(encoding[32..<64]).map({ UncheckedElement($0) }), secondPoint.isCanonical,
            let challenge = Bytes32(encoding[64..<96]).flatMap({ Scalar(encoding: $0) }),
            let response = Bytes32(encoding[96..<128]).flatMap({ Scalar(encoding: $0) })
        else { throw .malformedBallot }
        self.point = point
        self.secondPoint = secondPoint
        self.challenge = challenge
        self.response = response
        ciphertext = Array(encoding[128...])
    }

    init(
        point: Element,
        secondPoint: Element,
        challenge: Scalar,
        response: Scalar,
        ciphertext: [UInt8]
    ) {
        self.point = UncheckedElement(point)
        self.secondPoint = UncheckedElement(secondPoint)
        self.challenge = challenge
        self.response = response
        self.ciphertext = ciphertext
    }

    /// u, u', e, f and c: 1168 bytes.
    public var encoding: [UInt8] {
        point.bytes.array + secondPoint.bytes.array + challenge.bytes.array + response.bytes.array + ciphertext
    }

    /// The public check, for receipts and before any share: its author sealed it for exactly this label and key.
    ///
    /// e = H(key, label, c, u, fB - eu, u', fG2 - eu'), with u and u' of prime order. Whatever passes can be opened by a
    /// quorum. Throws ``ThresholdError/invalidBallot``. Three multiplications.
    public func openable(as label: BallotLabel, under key: OpeningKey) throws(ThresholdError) -> OpenableBallot {
        let second = SecondGenerator.element
        guard
            let first = challenge * point,
            let other = challenge * secondPoint,
            let responseOnSecond = response * second,
            let commitment = UncheckedElement(multiplyingBaseBy: response) - UncheckedElement(first),
            let secondCommitment = UncheckedElement(responseOnSecond) - UncheckedElement(other),
            challenge
                == Self.challenge(
                    key: key,
                    label: label,
                    ciphertext: ciphertext,
                    points: [point, commitment, secondPoint, secondCommitment]
                )
        else { throw .invalidBallot }
        return OpenableBallot(checked: self, label: label, key: key)
    }

    /// The points are u, w, u' and w'.
    static func challenge(
        key: OpeningKey,
        label: BallotLabel,
        ciphertext: [UInt8],
        points: [UncheckedElement]
    ) -> Scalar {
        var input = proofTag + key.encoding + label.framed + .littleEndian64(ciphertext.count) + ciphertext
        for point in points {
            input.append(point.bytes)
        }
        return Scalar(reducing: SHA512.hash(input))
    }
}

/// A sealed ballot that passed its check; shares are given for no other.
///
/// That is what keeps a share from opening anything else: a ballot changed on the way, or one with another label, has none.
public struct OpenableBallot: Hashable, Sendable {
    public let ballot: SealedBallot
    public let label: BallotLabel
    public let key: OpeningKey
    /// SHA-256 over key, label and ballot: what opening shares are bound to, 32 bytes (Protocol §11.5).
    public let digest: Bytes32

    package init(checked ballot: SealedBallot, label: BallotLabel, key: OpeningKey) {
        self.ballot = ballot
        self.label = label
        self.key = key
        digest = SHA256.hash(
            .ascii("STANDSTILL-SEALED-BALLOT-v1") + key.encoding + label.framed + ballot.encoding
        )
    }

    var cipher: BallotCipher { BallotCipher(key: key, label: label, point: ballot.point) }

    public static func == (left: OpenableBallot, right: OpenableBallot) -> Bool { left.digest == right.digest }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
