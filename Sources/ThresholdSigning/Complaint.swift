internal import CryptoPrimitives

/// A proof of 128 bytes that a dealer sent one participant a wrong share, or that the participant lies (Protocol §5).
///
/// It publishes the two Diffie-Hellman values that open the ciphertext, and proves with one three-base Chaum-Pedersen proof
/// that they were made with the complainer's static key. Anybody who holds the transcript can then open the ciphertext and
/// compare the share with the dealer's commitment.
///
/// The static-static value becomes public too. A ceremony key that has complained still keeps its other shares secret,
/// because those need each dealer's ephemeral value as well; but a dealer chooses what it sends as its ephemeral key, so
/// complain in a live attempt only, abandon the attempt with all its keys, and never complain about a stored transcript.
public struct Complaint: Hashable, Sendable {
    /// Bytes of an encoded complaint: 128.
    public static let byteCount = 128

    /// Who is to blame.
    public enum Verdict: Hashable, Sendable {
        case dealer(Int)
        case complainer(Int)
    }

    /// What a complaint turns out to be.
    public enum Finding: Hashable, Sendable {
        /// The proof holds, and the share does not open or does not fit the dealer's commitment.
        case wrongShare
        /// The proof holds, and so does the share.
        case rightShare
        /// Not two points and two scalars: no transcript makes a proof of it.
        case malformed
        /// No proof for this transcript.
        case wrongProof
    }

    /// The accused, 1...n.
    public let dealer: Int
    /// Who complains, 1...n.
    public let complainer: Int
    /// Both Diffie-Hellman values, then challenge and response: 4 times 32 bytes.
    public let bytes: [UInt8]

    /// A complaint as received, whatever its count of bytes; ``judge(in:)`` says what it is worth.
    public init(dealer: Int, complainer: Int, bytes: [UInt8]) {
        self.dealer = dealer
        self.complainer = complainer
        self.bytes = bytes
    }

    /// Who is to blame, the same for everybody who holds the transcript.
    ///
    /// The complainer for a malformed complaint, a proof that does not verify and a share that is right; otherwise the
    /// dealer. Throws ``ThresholdError/unknownParticipant(_:)`` for numbers outside 1...n.
    public func judge(in transcript: Transcript) throws(ThresholdError) -> Verdict {
        try finding(in: transcript) == .wrongShare ? .dealer(dealer) : .complainer(complainer)
    }

    /// As ``judge(in:)``, with the reason.
    public func finding(in transcript: Transcript) throws(ThresholdError) -> Finding {
        for participant in [dealer, complainer] where !(1...transcript.messages.count).contains(participant) {
            throw .unknownParticipant(participant)
        }
        let cipher = transcript.cipher(from: dealer, to: complainer)
        guard let proof = SharedSecretProof(bytes) else { return .malformed }
        guard proof.isValid(cipher, transcript: transcript.digest) else { return .wrongProof }
        let shares = cipher.open(
            transcript.messages[dealer - 1].ciphertexts[complainer - 1],
            ephemeral: SecretBytes(copying: proof.ephemeral.bytes.array),
            static: SecretBytes(copying: proof.staticSecret.bytes.array)
        )
        guard let shares, transcript.areConsistent(shares, from: dealer, to: complainer) else {
            return .wrongShare
        }
        return .rightShare
    }
}

extension Transcript {
    /// Shows everybody what a dealer sent to this party; makes sense after ``ThresholdError/wrongShare(dealer:)``.
    ///
    /// Publishes both Diffie-Hellman values with that dealer: read ``Complaint`` before calling it.
    public func complaint(
        against dealer: Int,
        by key: borrowing CeremonyKey
    ) throws(ThresholdError) -> Complaint {
        let complainer = try session.participant(key)
        guard (1...messages.count).contains(dealer) else { throw .unknownParticipant(dealer) }
        let proof = SharedSecretProof(cipher(from: dealer, to: complainer), key: key, transcript: digest)
        return Complaint(dealer: dealer, complainer: complainer, bytes: proof.encoding)
    }
}
