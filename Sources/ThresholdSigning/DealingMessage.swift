public import CryptoPrimitives
public import QuorumPolicy

/// What a dealer publishes in round 1, as received: nothing in it is checked yet (Protocol §5).
public struct DealingMessage: Hashable, Sendable {
    /// Coefficients times B, the constant term first: D points when the dealer is honest.
    public let commitment: [UncheckedElement]
    /// 64 bytes, over the session's context, the commitment and the ephemeral key.
    public let proofOfPossession: [UInt8]
    public let ephemeralKey: UncheckedElement
    /// One per participant: 32 bytes for each of its leaves and a tag of 16.
    public let ciphertexts: [[UInt8]]

    public init(
        commitment: [UncheckedElement],
        proofOfPossession: [UInt8],
        ephemeralKey: UncheckedElement,
        ciphertexts: [[UInt8]]
    ) {
        self.commitment = commitment
        self.proofOfPossession = proofOfPossession
        self.ephemeralKey = ephemeralKey
        self.ciphertexts = ciphertexts
    }

    /// msg1 of COCKTAIL: commitment, proof, ephemeral key, then each ciphertext after its length.
    var encoding: [UInt8] {
        var encoding = commitmentEncoding + proofOfPossession
        encoding.append(ephemeralKey.bytes)
        for ciphertext in ciphertexts {
            encoding += .bigEndian64(ciphertext.count) + ciphertext
        }
        return encoding
    }

    var commitmentEncoding: [UInt8] {
        var encoding: [UInt8] = []
        for point in commitment {
            encoding.append(point.bytes)
        }
        return encoding
    }

    func possessionMessage(in session: CeremonySession) -> [UInt8] {
        session.context + commitmentEncoding + ephemeralKey.bytes.array
    }
}

/// The commitment of round 0: a party binds itself to its terms before it sees anybody's (Protocol §5).
///
/// Whoever copies another dealer's constant term or ephemeral key cannot have committed to it, so the copier is known.
public enum Contribution {
    /// SHA-256 over "STANDSTILL-CONTRIBUTION-v1", the party's name and its length, constant term and ephemeral key.
    public static func commitment(
        party: PartyName,
        constantTerm: UncheckedElement,
        ephemeralKey: UncheckedElement
    ) -> Bytes32 {
        let name = [UInt8].ascii(party.text)
        return SHA256.hash(
            .ascii("STANDSTILL-CONTRIBUTION-v1") + .littleEndian64(name.count) + name + constantTerm.bytes.array
                + ephemeralKey.bytes.array
        )
    }
}
