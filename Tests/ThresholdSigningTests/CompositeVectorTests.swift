import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// Every file of composite vectors, ours and external ones, is reproduced byte for byte.
@Suite struct CompositeVectorTests {
    @Test(arguments: CompositeVectors.files)
    func `every value of a vector file is reproduced`(file: URL) throws {
        let vectors = try RepositoryFiles.decode(CompositeVectors.self, from: file).vectors
        print("vectors: \(file.path()), \(vectors.count) rules")
        for vector in vectors {
            let structure = try checkStructure(vector)
            let transcript = try checkCeremony(vector, structure)
            for signing in vector.signing {
                try checkSigning(signing, vector, transcript)
            }
        }
    }

    @Test func `without an external directory only the vectors of the repository run`() {
        if RepositoryFiles.externalVectors == nil {
            print("skipped: composite vectors of others (set STANDSTILL_VECTORS to a directory)")
        }
        #expect(!CompositeVectors.files.isEmpty)
    }

    private func checkStructure(_ vector: CompositeVectors.Vector) throws -> AccessStructure {
        let structure = AccessStructure(try ThresholdTree(canonicalText: vector.policy))
        #expect(Hex.encode(structure.policyHash) == vector.policyHash)
        #expect(structure.columnCount == vector.columnCount)
        for (participant, expected) in zip(structure.tree.participants, vector.participants) {
            #expect(participant.party.text == expected.name)
            #expect(participant.leaves == expected.leaves)
        }
        for (leaf, expected) in zip(structure.tree.leaves, vector.leaves) {
            #expect(leaf.path.map { [$0.gate, $0.x] } == expected.path)
            #expect(structure.row(ofLeaf: leaf.number).map { "\($0.bytes)" } == expected.mspRow)
        }
        return structure
    }

    private func checkCeremony(
        _ vector: CompositeVectors.Vector,
        _ structure: AccessStructure
    ) throws -> Transcript {
        let session = try CeremonySession(
            structure: structure,
            staticKeys: vector.participants.map { try element($0.staticPublicKey) },
            sessionID: try bytes(vector.dkg.sessionId)
        )
        let randomness = try #require(Bytes32(session.sessionID.suffix(32)))
        let derived = try CeremonySession(structure: structure, staticKeys: session.staticKeys, randomness: randomness)
        #expect(derived == session)
        #expect(Hex.encode(session.context) == vector.dkg.context)
        var messages: [DealingMessage] = []
        for (participant, expected) in zip(vector.participants, vector.dkg.round1) {
            messages.append(try checkDealing(expected, of: participant, in: session))
        }
        let transcript = try Transcript(session: session, messages: messages)
        #expect(Hex.encode(transcript.digest) == vector.dkg.transcriptHash)
        #expect("\(transcript.groupKey.element.bytes)" == vector.groupPublicKey)
        try transcript.verify(vector.dkg.certificate.map { try bytes($0) })
        for participant in vector.participants {
            try checkRecovery(participant, vector, transcript)
        }
        for (leaf, expected) in vector.dkg.leafPublicShares.enumerated() {
            #expect("\(transcript.groupKey.verificationShare(ofLeaf: leaf).bytes)" == expected)
        }
        return transcript
    }

    private func checkDealing(
        _ expected: CompositeVectors.Dealing,
        of participant: CompositeVectors.Participant,
        in session: CeremonySession
    ) throws -> DealingMessage {
        let dealing = Dealing(
            structure: session.structure,
            coefficients: try secretScalars(expected.coefficients),
            ephemeral: try secretScalar(expected.ephemeralSecretKey)
        )
        let key = CeremonyKey(secret: try secretScalar(participant.staticSecretKey))
        let message = try dealing.message(in: session, ceremonyKey: key)
        #expect(message.commitment.map { "\($0.bytes)" } == expected.vssCommitment)
        #expect("\(message.ephemeralKey.bytes)" == expected.ephemeralPublicKey)
        #expect(Hex.encode(message.proofOfPossession) == expected.pop)
        #expect(message.ciphertexts.map { Hex.encode($0) } == expected.encryptedShares)
        return message
    }

    private func checkRecovery(
        _ participant: CompositeVectors.Participant,
        _ vector: CompositeVectors.Vector,
        _ transcript: Transcript
    ) throws {
        let key = CeremonyKey(secret: try secretScalar(participant.staticSecretKey))
        #expect("\(key.publicKey.bytes)" == participant.staticPublicKey)
        let share = try transcript.recoverShares(with: key)
        let expected = participant.leaves.map { vector.dkg.leafShares[$0] }.joined()
        #expect(share.encoding().hex() == expected)
        let certificate = try transcript.certificate(by: key)
        #expect(Hex.encode(certificate) == vector.dkg.certificate[participant.identifier - 1])
    }

    private func checkSigning(
        _ signing: CompositeVectors.Signing,
        _ vector: CompositeVectors.Vector,
        _ transcript: Transcript
    ) throws {
        let signers = vector.participants.filter { signing.signers.contains($0.name) }
        #expect(signing.round1.map(\.identifier) == signers.map(\.identifier))
        var commitments: [SigningCommitments] = []
        for (signer, expected) in zip(signers, signing.round1) {
            let nonces = try nonces(of: signer, expected, transcript)
            #expect(nonces.hiding.hex() == expected.hidingNonce)
            #expect(nonces.binding.hex() == expected.bindingNonce)
            #expect("\(nonces.commitments.hiding.bytes)" == expected.hidingNonceCommitment)
            #expect("\(nonces.commitments.binding.bytes)" == expected.bindingNonceCommitment)
            commitments.append(nonces.commitments)
        }
        let package = try SigningPackage(
            groupKey: transcript.groupKey,
            message: try bytes(vector.message),
            commitments: commitments
        )
        for coefficient in package.coefficients {
            #expect("\(coefficient.value.bytes)" == signing.coefficients["\(coefficient.leaf)"])
        }
        #expect(package.coefficients.count == signing.coefficients.count)
        #expect(package.bindingFactors.map { "\($0.bytes)" } == signing.round1.map(\.bindingFactor))
        var shares: [SignatureShare] = []
        for (index, signer) in signers.enumerated() {
            let share = try keyShare(of: signer, transcript)
            let nonces = try nonces(of: signer, signing.round1[index], transcript)
            let signed = try share.sign(package, with: nonces)
            #expect("\(signed.value.bytes)" == signing.round2[index].sigShare)
            #expect(package.isValid(signed))
            shares.append(signed)
        }
        let signature = try package.aggregate(shares)
        #expect(Hex.encode(signature) == signing.sig)
        #expect(Ed25519.verify(signature, of: package.message, by: transcript.groupKey.element))
    }

    private func keyShare(of signer: CompositeVectors.Participant, _ transcript: Transcript) throws -> KeyShare {
        try transcript.recoverShares(with: CeremonyKey(secret: try secretScalar(signer.staticSecretKey)))
    }

    private func nonces(
        of signer: CompositeVectors.Participant,
        _ expected: CompositeVectors.Commitment,
        _ transcript: Transcript
    ) throws -> SigningNonces {
        SigningNonces(
            for: try keyShare(of: signer, transcript),
            hiding: SecretBytes(copying: try bytes(expected.hidingNonceRandomness)),
            binding: SecretBytes(copying: try bytes(expected.bindingNonceRandomness))
        )
    }
}
