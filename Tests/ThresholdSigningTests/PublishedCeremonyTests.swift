import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// COCKTAIL's own vectors, as C2SP publishes them.
private struct PublishedCeremony: Decodable {
    struct Vector: Decodable {
        struct Config: Decodable {
            let staticSecretKeys: [String]
            let staticPublicKeys: [String]
        }
        struct Dealing: Decodable {
            let ephemeralPublicKey: String
            let vssCommitment: [String]
            let pop: String
            let encryptedShares: [String]
        }
        struct Result: Decodable {
            let participantId: Int
            let secretShare: String
            let verificationShare: String
        }
        struct Certification: Decodable {
            struct Signature: Decodable {
                let signerId: Int
                let signature: String
            }
            let transcriptHash: String
            let signatures: [Signature]
        }
        let n: Int
        let t: Int
        let sessionTag: String
        let context: String
        let `extension`: String
        /// Application data that COCKTAIL lets a dealer append to its shares, one per dealer; this protocol never does.
        let payloads: [String]?
        let config: Config
        let round1: [Dealing]
        let round2: [Result]
        let round3: Certification
        let groupPublicKey: String
    }
    let vectors: [Vector]
}

@Suite struct PublishedCeremonyTests {
    @Test func `a flat rule's ceremony is COCKTAIL's, byte for byte`() throws {
        guard let file = RepositoryFiles.external("cocktail/cocktail-dkg-ed25519-sha512.json") else { return }
        let published = try RepositoryFiles.decode(PublishedCeremony.self, from: file)
        #expect(!published.vectors.isEmpty)
        for vector in published.vectors {
            try check(vector)
        }
    }

    private func check(_ vector: PublishedCeremony.Vector) throws {
        let names = (1...vector.n).map { "p\($0)" }.joined(separator: ",")
        let session = try CeremonySession(
            structure: AccessStructure(try ThresholdTree(canonicalText: "\(vector.t)of(\(names))")),
            staticKeys: vector.config.staticPublicKeys.map { try element($0) },
            sessionID: try bytes(vector.sessionTag),
            extension: .fixed(try bytes(vector.extension))
        )
        #expect(Hex.encode(session.context) == vector.context)
        let messages = try vector.round1.map { dealing in
            DealingMessage(
                commitment: try dealing.vssCommitment.map { try point($0) },
                proofOfPossession: try bytes(dealing.pop),
                ephemeralKey: try point(dealing.ephemeralPublicKey),
                // With a payload the sizes are not this protocol's; the transcript does not depend on ciphertexts here.
                ciphertexts: try dealing.encryptedShares.map { Array(try bytes($0).prefix(48)) }
            )
        }
        let transcript = try Transcript(session: session, messages: messages)
        #expect(Hex.encode(transcript.digest) == vector.round3.transcriptHash)
        #expect("\(transcript.groupKey.element.bytes)" == vector.groupPublicKey)
        try transcript.verify(vector.round3.signatures.map { try bytes($0.signature) })
        for (result, secret) in zip(vector.round2, vector.config.staticSecretKeys) {
            let key = CeremonyKey(secret: try secretScalar(secret))
            #expect(try secretShare(of: result.participantId, key, vector, transcript) == result.secretShare)
            if vector.payloads == nil {
                let share = try transcript.recoverShares(with: key)
                #expect(share.participant == result.participantId)
                #expect(share.encoding().hex() == result.secretShare)
            }
            let verification = transcript.groupKey.verificationShare(ofLeaf: result.participantId - 1)
            #expect("\(verification.bytes)" == result.verificationShare)
            let certificate = try transcript.certificate(by: key)
            #expect(Hex.encode(certificate) == vector.round3.signatures[result.participantId - 1].signature)
        }
    }

    /// Decrypts the published ciphertexts, payloads included, and sums up the shares.
    private func secretShare(
        of participant: Int,
        _ key: borrowing CeremonyKey,
        _ vector: PublishedCeremony.Vector,
        _ transcript: Transcript
    ) throws -> String {
        var sum = SecretScalar.zero()
        for (index, dealing) in vector.round1.enumerated() {
            let cipher = transcript.cipher(from: index + 1, to: participant)
            guard
                let ephemeral = key.secret.diffieHellman(cipher.ephemeralKey),
                let staticSecret = key.secret.diffieHellman(UncheckedElement(cipher.dealer)),
                let plaintext = cipher.decrypt(
                    try bytes(dealing.encryptedShares[participant - 1]),
                    ephemeral: ephemeral,
                    static: staticSecret
                ),
                let share = SecretScalar(encoding: plaintext.slice(0..<32))
            else { throw Malformed.secret }
            if let payloads = vector.payloads {
                #expect(plaintext.slice(32..<plaintext.count).hex() == payloads[index])
            }
            sum.add(share)
        }
        return sum.hex()
    }
}
