internal import CryptoPrimitives

/// A proof that one leaf's share made all its points for a list of ballots: one pair of scalars, however many ballots.
///
/// The discrete logarithms of Y to B and of each U to its u are compared at once, in a sum with weights that are hashes of
/// all of them: the batched proof of RFC 9497 §2.2, with a first weight of 1, so that a single ballot costs nothing more.
struct OpeningProof: Hashable {
    let challenge: Scalar
    let response: Scalar
}

/// What a proof is about: a leaf, its verification share, the ballots and the leaf's points for them (Protocol §11.5).
struct OpeningClaim {
    let verificationShare: UncheckedElement
    let ballots: [OpenableBallot]
    let points: [UncheckedElement]
    /// SHA-512 over all of it, 64 bytes.
    private let digest: [UInt8]

    private static let claimTag: [UInt8] = .ascii("STANDSTILL-OPENING-CLAIM-v1")
    private static let weightTag: [UInt8] = .ascii("STANDSTILL-OPENING-WEIGHT-v1")
    private static let proofTag: [UInt8] = .ascii("STANDSTILL-OPENING-PROOF-v1")
    private static let nonceTag: [UInt8] = .ascii("STANDSTILL-OPENING-NONCE-v1")

    /// As many points as ballots, which are all sealed to the key.
    init(
        key: OpeningKey,
        leaf: Int,
        verificationShare: UncheckedElement,
        ballots: [OpenableBallot],
        points: [UncheckedElement]
    ) {
        self.verificationShare = verificationShare
        self.ballots = ballots
        self.points = points
        var input = Self.claimTag + key.encoding + .littleEndian32(leaf) + verificationShare.bytes.array
        input += .littleEndian32(ballots.count)
        for (ballot, point) in zip(ballots, points) {
            input.append(ballot.digest)
            input.append(point.bytes)
        }
        digest = SHA512.hash(input)
    }

    /// Deterministic: the nonce is a hash of the share and the claim, so that proving twice gives the same bytes.
    func prove(with share: borrowing SecretScalar) -> OpeningProof {
        var hasher = SecretHasher()
        hasher.update(Self.nonceTag)
        hasher.update(share)
        hasher.update(digest)
        var response = SecretScalar(reducing: hasher.finish())
        guard
            let base = sum(of: ballots.map(\.ballot.point)),
            let image = share.multiple(of: base),
            let commitment = response.basePointMultiple(),
            let secondCommitment = response.multiple(of: base)
        else { preconditionFailure("points of checked ballots have prime order, and no hash makes their sum vanish") }
        let challenge = challenge(
            base,
            [UncheckedElement(image), UncheckedElement(commitment), UncheckedElement(secondCommitment)]
        )
        var weighted = share.duplicate()
        weighted.multiply(by: challenge)
        response.add(weighted)
        return OpeningProof(challenge: challenge, response: response.reveal())
    }

    /// Recomputes both commitments as zB - cY and zM - cZ.
    ///
    /// Two multiplications for every ballot but the first, and three more.
    ///
    /// False as well for points outside the prime-order subgroup: a weight's multiplication refuses each but the first, and
    /// the sum has the first one's torsion.
    func isProven(by proof: OpeningProof) -> Bool {
        guard
            let base = sum(of: ballots.map(\.ballot.point)),
            let image = sum(of: points),
            let onShare = proof.challenge * verificationShare,
            let onBase = proof.response * base,
            let onImage = proof.challenge * image,
            let commitment = UncheckedElement(multiplyingBaseBy: proof.response) - UncheckedElement(onShare),
            let secondCommitment = UncheckedElement(onBase) - UncheckedElement(onImage)
        else { return false }
        return challenge(base, [image, commitment, secondCommitment]) == proof.challenge
    }

    private func challenge(_ base: UncheckedElement, _ points: [UncheckedElement]) -> Scalar {
        var input = Self.proofTag + digest
        input.append(base.bytes)
        for point in points {
            input.append(point.bytes)
        }
        return Scalar(reducing: SHA512.hash(input))
    }

    private func sum(of terms: [UncheckedElement]) -> UncheckedElement? {
        var sum: UncheckedElement? = terms.first
        for (index, term) in terms.enumerated().dropFirst() {
            guard let weighted = weight(index) * term, let partial = sum else { return nil }
            sum = partial + UncheckedElement(weighted)
        }
        return sum
    }

    private func weight(_ index: Int) -> Scalar {
        Scalar(reducing: SHA512.hash(Self.weightTag + digest + .littleEndian32(index)))
    }
}
