public import CryptoPrimitives
public import QuorumPolicy

/// One party's secret part in a ceremony: D coefficients and an ephemeral key.
///
/// Derived from a secret and a label, so that a node that restarts between the rounds deals exactly what it committed to.
/// It exists before the session id is known; the message is made when everybody has contributed (Protocol §5).
public struct Dealing: ~Copyable, Sendable {
    public let structure: AccessStructure
    /// Coefficients times B, the constant term first: D points.
    public let commitment: [Element]
    /// E = eB.
    public let ephemeralKey: Element
    private let coefficients: SecretScalars
    private let ephemeral: SecretScalar

    /// Derives everything from 32 secret bytes that serve one ceremony only, and a label that names ceremony, attempt and
    /// rule.
    ///
    /// Secret i is SHA-512, reduced, over "STANDSTILL-DEALING-v1", the bytes, the label after its length and i: 0 gives the
    /// ephemeral key, 1 the constant term, and so on.
    public init(structure: AccessStructure, secret: borrowing SecretBytes, label: [UInt8]) {
        precondition(secret.count == 32, "a dealing secret is 32 bytes")
        let seed = secret.duplicate()
        let coefficients = SecretScalars(count: structure.columnCount) { index in
            Self.scalar(seed, label: label, index: index + 1)
        }
        self.init(
            structure: structure,
            coefficients: coefficients,
            ephemeral: Self.scalar(seed, label: label, index: 0)
        )
    }

    /// A dealing with given secrets; for test vectors.
    package init(
        structure: AccessStructure,
        coefficients: consuming SecretScalars,
        ephemeral: consuming SecretScalar
    ) {
        precondition(coefficients.count == structure.columnCount, "one coefficient per column")
        var commitment: [Element] = []
        for index in 0..<structure.columnCount {
            commitment.append(Self.point(coefficients.scalar(at: index)))
        }
        self.structure = structure
        self.commitment = commitment
        ephemeralKey = Self.point(ephemeral)
        self.coefficients = coefficients
        self.ephemeral = ephemeral
    }

    /// C_0, the constant term times B.
    public var constantTerm: Element { commitment[0] }

    /// What the party publishes in round 0.
    public borrowing func contribution(of party: PartyName) -> Bytes32 {
        Contribution.commitment(
            party: party,
            constantTerm: UncheckedElement(constantTerm),
            ephemeralKey: UncheckedElement(ephemeralKey)
        )
    }

    /// The round-1 message for a session of the same rule; always the same bytes for the same session.
    ///
    /// Throws ``ThresholdError/notAParticipant`` when the key is nobody's in the session.
    public borrowing func message(
        in session: CeremonySession,
        ceremonyKey: borrowing CeremonyKey
    ) throws(ThresholdError) -> DealingMessage {
        precondition(session.structure.tree == structure.tree, "a dealing is for one rule")
        _ = try session.participant(ceremonyKey)
        var ciphertexts: [[UInt8]] = []
        for (index, recipient) in session.staticKeys.enumerated() {
            ciphertexts.append(seal(for: index + 1, recipient, context: session.context, ceremonyKey))
        }
        let unproven = DealingMessage(
            commitment: commitment.map(UncheckedElement.init),
            proofOfPossession: [],
            ephemeralKey: UncheckedElement(ephemeralKey),
            ciphertexts: ciphertexts
        )
        return DealingMessage(
            commitment: unproven.commitment,
            proofOfPossession: proof(over: unproven.possessionMessage(in: session)),
            ephemeralKey: unproven.ephemeralKey,
            ciphertexts: ciphertexts
        )
    }

    /// The shares of one participant's leaves, in order.
    package borrowing func shares(of participant: Int) -> SecretScalars {
        let leaves = structure.leaves(of: participant)
        let sum = SecretScalars(count: leaves.count) { index in
            coefficients.weightedSum(structure.rows[leaves[index]].entries)
        }
        return sum
    }

    /// A signature with the constant term as its key; the tests prove changed messages with it.
    borrowing func proof(over message: [UInt8]) -> [UInt8] {
        TaggedSchnorr.sign(message, with: coefficients.scalar(at: 0), publicKey: constantTerm)
    }

    private borrowing func seal(
        for participant: Int,
        _ recipient: Element,
        context: [UInt8],
        _ ceremonyKey: borrowing CeremonyKey
    ) -> [UInt8] {
        let point = UncheckedElement(recipient)
        guard
            let ephemeralSecret = ephemeral.diffieHellman(point),
            let staticSecret = ceremonyKey.secret.diffieHellman(point)
        else { preconditionFailure("neither keys nor secrets are zero") }
        let cipher = ShareCipher(
            dealer: ceremonyKey.publicKey,
            recipient: recipient,
            ephemeralKey: UncheckedElement(ephemeralKey),
            context: context
        )
        return cipher.seal(shares(of: participant), ephemeral: ephemeralSecret, static: staticSecret)
    }

    private static func scalar(_ seed: borrowing SecretBytes, label: [UInt8], index: Int) -> SecretScalar {
        var hasher = SecretHasher()
        hasher.update(.ascii("STANDSTILL-DEALING-v1"))
        hasher.update(seed)
        hasher.update(.littleEndian64(label.count) + label + .littleEndian64(index))
        return SecretScalar(reducing: hasher.finish())
    }

    private static func point(_ secret: borrowing SecretScalar) -> Element {
        guard let point = secret.basePointMultiple() else { preconditionFailure("a secret is not zero") }
        return point
    }
}
