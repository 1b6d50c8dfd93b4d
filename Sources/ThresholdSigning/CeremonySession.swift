public import CryptoPrimitives
internal import QuorumPolicy

/// What all parties of one distributed key generation agree on before anybody deals (Protocol §5).
public struct CeremonySession: Hashable, Sendable {
    /// How the transcript's extension comes about.
    package enum Extension: Hashable, Sendable {
        /// SHA-512 over the policy and every message, ciphertexts included: what this protocol does.
        case policyAndMessages
        /// Given bytes, as in COCKTAIL's own vectors.
        case fixed([UInt8])
    }

    static let suite: [UInt8] = .ascii("COCKTAIL(Ed25519, SHA-512)")

    public let structure: AccessStructure
    /// P of every participant, in order of their numbers.
    public let staticKeys: [Element]
    /// "STANDSTILL-DKG-v1", the rule's text, epoch 0 and 32 fresh bytes.
    public let sessionID: [UInt8]
    /// COCKTAIL's context, 64 bytes: a hash over session id, suite and static keys, bound into every proof and share.
    public let context: [UInt8]
    let transcriptExtension: Extension

    /// A session of this protocol; `randomness` is ``sharedRandomness(boundTo:contributions:)`` or anything else that no
    /// single party chose and no other session has.
    ///
    /// Throws for a count of static keys other than n and for two participants with one key.
    public init(
        structure: AccessStructure,
        staticKeys: [Element],
        randomness: Bytes32
    ) throws(ThresholdError) {
        let text = [UInt8].ascii(structure.tree.canonicalText)
        let sessionID: [UInt8] =
            .ascii("STANDSTILL-DKG-v1") + .littleEndian64(text.count) + text + .littleEndian64(0) + randomness.array
        try self.init(structure: structure, staticKeys: staticKeys, sessionID: sessionID)
    }

    /// A session with a session id as given; for published vectors.
    package init(
        structure: AccessStructure,
        staticKeys: [Element],
        sessionID: [UInt8],
        extension transcriptExtension: Extension = .policyAndMessages
    ) throws(ThresholdError) {
        let count = structure.participantCount
        guard staticKeys.count == count else { throw .wrongStaticKeyCount(staticKeys.count, expected: count) }
        for (index, key) in staticKeys.enumerated() {
            if let earlier = staticKeys[..<index].firstIndex(of: key) {
                throw .repeatedStaticKey(participant: index + 1, earlier: earlier + 1)
            }
        }
        self.structure = structure
        self.staticKeys = staticKeys
        self.sessionID = sessionID
        self.transcriptExtension = transcriptExtension
        var input: [UInt8] = .ascii("COCKTAIL-DKG-CONTEXT")
        input += .bigEndian64(sessionID.count) + sessionID + .bigEndian64(Self.suite.count) + Self.suite
        input += .littleEndian32(count)
        for key in staticKeys {
            input.append(key.bytes)
        }
        context = SHA512.hash(input)
    }

    /// 32 bytes that depend on everybody's contribution and on what the ceremony is for.
    ///
    /// SHA-256 over "STANDSTILL-SESSION-v1", the purpose (network, charter id, rule and attempt, encoded by the caller) and
    /// the contributions in order of participants: each the round-0 commitment and 32 fresh bytes.
    public static func sharedRandomness(
        boundTo purpose: [UInt8],
        contributions: [(commitment: Bytes32, random: Bytes32)]
    ) -> Bytes32 {
        var input: [UInt8] = .ascii("STANDSTILL-SESSION-v1")
        input += .littleEndian64(purpose.count) + purpose + .littleEndian32(contributions.count)
        for (commitment, random) in contributions {
            input.append(commitment)
            input.append(random)
        }
        return SHA256.hash(input)
    }

    /// The number of the participant with this static key.
    public func participant(withKey key: Element) -> Int? {
        staticKeys.firstIndex(of: key).map { $0 + 1 }
    }

    func participant(_ key: borrowing CeremonyKey) throws(ThresholdError) -> Int {
        guard let participant = participant(withKey: key.publicKey) else { throw .notAParticipant }
        return participant
    }
}
