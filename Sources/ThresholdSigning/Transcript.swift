public import CryptoPrimitives

/// A checked round 1: every dealer's message, their sum, and the bytes all parties sign (Protocol §5).
///
/// Everything here is public. Shares are restored from it with ``recoverShares(with:)``, today or years later.
public struct Transcript: Hashable, Sendable {
    public let session: CeremonySession
    /// In order of participants.
    public let messages: [DealingMessage]
    /// The key that the ceremony makes, if it is certified.
    public let groupKey: GroupKey
    /// The bytes that certificates sign.
    public let bytes: [UInt8]
    /// SHA-512 of ``bytes``, 64 bytes.
    public let digest: [UInt8]

    /// Checks all messages against the session and against the commitments of round 0, both in order of participants.
    ///
    /// Every error names the dealer. The shares inside are checked by their recipients: ``recoverShares(with:)``.
    public init(
        session: CeremonySession,
        messages: [DealingMessage],
        contributions: [Bytes32]
    ) throws(ThresholdError) {
        let count = session.structure.participantCount
        guard contributions.count == count else { throw .wrongMessageCount(contributions.count, expected: count) }
        guard messages.count == count else { throw .wrongMessageCount(messages.count, expected: count) }
        for (index, (message, contribution)) in zip(messages, contributions).enumerated() {
            try session.check(message, from: index + 1, contribution: contribution)
        }
        try self.init(session: session, checked: messages)
    }

    /// The same without a round 0; for COCKTAIL's vectors.
    package init(session: CeremonySession, messages: [DealingMessage]) throws(ThresholdError) {
        let count = session.structure.participantCount
        guard messages.count == count else { throw .wrongMessageCount(messages.count, expected: count) }
        for (index, message) in messages.enumerated() {
            try session.check(message, from: index + 1)
        }
        try self.init(session: session, checked: messages)
    }

    private init(session: CeremonySession, checked messages: [DealingMessage]) throws(ThresholdError) {
        try Self.refuseCopies(messages)
        let columns = try CommitmentSum.columns(of: messages)
        guard let element = Element(encoding: columns[0].bytes) else { throw .neutralGroupKey }
        self.session = session
        self.messages = messages
        groupKey = GroupKey(structure: session.structure, element: element, checkedColumns: columns)
        bytes = Self.encode(session, messages)
        digest = SHA512.hash(bytes)
    }

    /// The digest of the transcript that these messages make, in order of participants, if they pass every check; none is made.
    public static func digest(session: CeremonySession, uncheckedMessages messages: [DealingMessage]) -> [UInt8] {
        SHA512.hash(encode(session, messages))
    }

    private static func refuseCopies(_ messages: [DealingMessage]) throws(ThresholdError) {
        for (index, message) in messages.enumerated() {
            let earlier = messages[..<index].firstIndex {
                $0.commitment[0] == message.commitment[0] || $0.ephemeralKey == message.ephemeralKey
            }
            if let earlier { throw .repeatedContribution(dealer: index + 1, earlier: earlier + 1) }
        }
    }

    private static func encode(_ session: CeremonySession, _ messages: [DealingMessage]) -> [UInt8] {
        var bytes: [UInt8] = .littleEndian64(CeremonySession.suite.count) + CeremonySession.suite
        bytes += .littleEndian64(session.context.count) + session.context
        bytes += .littleEndian32(session.structure.participantCount) + .littleEndian32(session.structure.columnCount)
        for key in session.staticKeys {
            bytes.append(key.bytes)
        }
        for message in messages {
            bytes += message.commitmentEncoding
        }
        for message in messages {
            bytes += message.proofOfPossession
        }
        for message in messages {
            bytes.append(message.ephemeralKey.bytes)
        }
        let ending = extensionBytes(session, messages)
        return bytes + .littleEndian64(ending.count) + ending
    }

    private static func extensionBytes(_ session: CeremonySession, _ messages: [DealingMessage]) -> [UInt8] {
        switch session.transcriptExtension {
        case .fixed(let bytes): return bytes
        case .policyAndMessages:
            var input: [UInt8] = .ascii("STANDSTILL-DKG-EXT-v1") + session.structure.policyHash
            for message in messages {
                input += message.encoding
            }
            return SHA512.hash(input)
        }
    }
}

extension Transcript: CustomStringConvertible {
    /// The first 8 bytes of the digest, which is enough to tell transcripts apart in a log.
    public var description: String {
        "transcript \(Hex.encode(digest.prefix(8))) of \(messages.count) participants"
    }
}
