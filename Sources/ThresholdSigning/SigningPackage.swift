public import CryptoPrimitives

/// Everything one signature depends on, checked and computed once: key, message and the signers' nonce commitments.
///
/// Signers, aggregators and whoever looks for a wrong share all use the same value. The curve arithmetic (one
/// multiplication and two additions per signer) happens in the initialiser. RFC 9591 §4.3-§4.6, Protocol §4.
public struct SigningPackage: Hashable, Sendable {
    public let groupKey: GroupKey
    public let message: [UInt8]
    /// One per signer, ascending by participant.
    public let commitments: [SigningCommitments]
    /// R, the first half of the signature: 32 bytes, of prime order.
    public let groupCommitment: Element
    /// The weight of each leaf's share.
    public let coefficients: [AccessStructure.LeafCoefficient]
    let challenge: Scalar
    let bindingFactors: [Scalar]
    /// Each signer's term of R.
    private let terms: [UncheckedElement]

    /// Checks the signer set and the commitments, which are ascending by participant.
    ///
    /// The subgroup is checked on the sum, and on single commitments only after a failure: torsion that cancels out
    /// between two signers changes neither R nor anybody's share. Throws what ``AccessStructure/coefficients(for:)`` does,
    /// and names signers whose commitments are malformed.
    public init(
        groupKey: GroupKey,
        message: [UInt8],
        commitments: [SigningCommitments]
    ) throws(ThresholdError) {
        coefficients = try groupKey.structure.coefficients(for: commitments.map(\.participant))
        let malformed = commitments.filter { !$0.isCanonical }
        guard malformed.isEmpty else { throw .invalidNonceCommitments(by: malformed.map(\.participant)) }
        let factors = Self.bindingFactors(groupKey: groupKey.element, message: message, commitments: commitments)
        let terms = try Self.terms(commitments, factors)
        let commitment = try Self.groupCommitment(terms, of: commitments)
        self.groupKey = groupKey
        self.message = message
        self.commitments = commitments
        self.terms = terms
        bindingFactors = factors
        groupCommitment = commitment
        challenge = Ciphersuite.challenge(commitment: commitment, key: groupKey.element, message: message)
    }

    /// The signers' numbers, ascending.
    public var signers: [Int] { commitments.map(\.participant) }

    /// The 64-byte Ed25519 signature from exactly one share of every signer, in any order.
    ///
    /// The result passes the strict rule of Protocol §4: R was checked by the initialiser, S is reduced, and the equation is
    /// checked here. Only when it does not hold are the shares looked at one by one: throws
    /// ``ThresholdError/wrongShares(by:)``. R is reused, so the cost is one verification.
    public func aggregate(_ shares: [SignatureShare]) throws(ThresholdError) -> [UInt8] {
        let ordered = try onePerSigner(shares)
        let response = ordered.reduce(Scalar.zero) { $0 + $1.value }
        let signature = groupCommitment.bytes.array + response.bytes.array
        guard Ed25519.equationHolds(signature, of: message, by: groupKey.element) else {
            throw .wrongShares(by: culprits(among: ordered))
        }
        return signature
    }

    /// Whether a share answers this package: z B == D + rho E + c Y, with Y from the group key.
    ///
    /// False for a participant who is not a signer.
    public func isValid(_ share: SignatureShare) -> Bool {
        guard let position = position(of: share.participant) else { return false }
        let verification = groupKey.verificationShare(of: share.participant, weighedBy: coefficients)
        // An identity here means that all dealers conspired; the equation stays right.
        let weighted = verification == .identity ? nil : challenge * verification
        let expected = terms[position].adding(weighted.map(UncheckedElement.init) ?? .identity)
        return UncheckedElement(multiplyingBaseBy: share.value) == expected
    }

    /// The participants whose shares are wrong, in the order given.
    public func culprits(among shares: [SignatureShare]) -> [Int] {
        shares.filter { !isValid($0) }.map(\.participant)
    }

    func position(of participant: Int) -> Int? {
        commitments.firstIndex { $0.participant == participant }
    }

    /// The weights of a signer's shares, by the position of the leaf among the signer's leaves.
    func weights(of participant: Int) -> [(index: Int, weight: Scalar)] {
        let leaves = groupKey.structure.leaves(of: participant)
        return coefficients.compactMap { coefficient in
            guard coefficient.participant == participant else { return nil }
            return leaves.firstIndex(of: coefficient.leaf).map { ($0, coefficient.value) }
        }
    }

    private func onePerSigner(_ shares: [SignatureShare]) throws(ThresholdError) -> [SignatureShare] {
        let ordered = shares.sorted { $0.participant < $1.participant }
        var remaining = ordered[...]
        for signer in signers {
            guard let share = remaining.first else { throw .missingShare(of: signer) }
            guard share.participant >= signer else { throw .unexpectedShare(of: share.participant) }
            guard share.participant == signer else { throw .missingShare(of: signer) }
            remaining.removeFirst()
        }
        if let extra = remaining.first { throw .unexpectedShare(of: extra.participant) }
        return ordered
    }

    /// RFC 9591 §4.4.
    private static func bindingFactors(
        groupKey: Element,
        message: [UInt8],
        commitments: [SigningCommitments]
    ) -> [Scalar] {
        var list: [UInt8] = []
        for commitment in commitments {
            list += commitment.encoding
        }
        let prefix =
            groupKey.bytes.array + Ciphersuite.messageDigest(message) + Ciphersuite.commitmentDigest(list)
        return commitments.map { Ciphersuite.bindingFactor(prefix: prefix, participant: $0.participant) }
    }

    private static func terms(
        _ commitments: [SigningCommitments],
        _ factors: [Scalar]
    ) throws(ThresholdError) -> [UncheckedElement] {
        var terms: [UncheckedElement] = []
        var malformed: [Int] = []
        for (commitment, factor) in zip(commitments, factors) {
            // The multiplication refuses a binding commitment outside the subgroup; the addition a hiding one off the curve.
            if let bound = factor * commitment.binding, let term = commitment.hiding + UncheckedElement(bound) {
                terms.append(term)
            } else {
                malformed.append(commitment.participant)
            }
        }
        guard malformed.isEmpty else { throw .invalidNonceCommitments(by: malformed) }
        return terms
    }

    private static func groupCommitment(
        _ terms: [UncheckedElement],
        of commitments: [SigningCommitments]
    ) throws(ThresholdError) -> Element {
        let sum = terms.dropFirst().reduce(terms[0]) { $0.adding($1) }
        if let element = Element(encoding: sum.bytes) { return element }
        let malformed = commitments.filter { Element(encoding: $0.hiding.bytes) == nil }
        guard malformed.isEmpty else { throw .invalidNonceCommitments(by: malformed.map(\.participant)) }
        throw .neutralGroupCommitment
    }
}
