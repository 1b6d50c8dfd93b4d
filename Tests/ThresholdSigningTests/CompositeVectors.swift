import Foundation
import TestSupport

/// The shape of `Protocol/vectors/threshold-signing.json`: ceremony and signing over threshold trees, field by field.
struct CompositeVectors: Decodable {
    struct Vector: Decodable {
        let policy: String
        let policyHash: String
        let columnCount: Int
        let participants: [Participant]
        let leaves: [Leaf]
        let dkg: Ceremony
        let groupPublicKey: String
        let message: String
        let signing: [Signing]

        enum CodingKeys: String, CodingKey {
            case policy, policyHash, participants, leaves, dkg, groupPublicKey, message, signing
            case columnCount = "D"
        }
    }
    struct Participant: Decodable {
        let identifier: Int
        let name: String
        let leaves: [Int]
        let staticSecretKey: String
        let staticPublicKey: String
    }
    struct Leaf: Decodable {
        let name: String
        let path: [[Int]]
        let mspRow: [String]
    }
    struct Ceremony: Decodable {
        let sessionId: String
        let context: String
        let round1: [Dealing]
        let leafShares: [String]
        let leafPublicShares: [String]
        let transcriptHash: String
        let certificate: [String]
    }
    struct Dealing: Decodable {
        let coefficients: [String]
        let ephemeralSecretKey: String
        let vssCommitment: [String]
        let pop: String
        let ephemeralPublicKey: String
        let encryptedShares: [String]
    }
    struct Signing: Decodable {
        let signers: [String]
        let coefficients: [String: String]
        let round1: [Commitment]
        let round2: [Share]
        let sig: String
    }
    struct Commitment: Decodable {
        let identifier: Int
        let hidingNonceRandomness: String
        let bindingNonceRandomness: String
        let hidingNonce: String
        let bindingNonce: String
        let hidingNonceCommitment: String
        let bindingNonceCommitment: String
        let bindingFactor: String
    }
    struct Share: Decodable {
        let identifier: Int
        let sigShare: String
    }

    let suite: String
    let seed: String
    let vectors: [Vector]

    /// Our own files of this shape, and whatever an external directory has.
    static let files: [URL] = {
        let own = RepositoryFiles.jsonFiles(below: RepositoryFiles.vectors)
        let others = RepositoryFiles.externalVectors.map { RepositoryFiles.jsonFiles(below: $0) } ?? []
        return (own + others).filter { isComposite($0) }
    }()

    private static func isComposite(_ file: URL) -> Bool {
        (try? RepositoryFiles.decode(CompositeVectors.self, from: file)) != nil
    }
}
