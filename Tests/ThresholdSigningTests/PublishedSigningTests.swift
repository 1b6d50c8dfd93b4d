import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// Appendix E.1 of RFC 9591, as published.
private struct PublishedSigning: Decodable {
    struct Inputs: Decodable {
        struct Share: Decodable {
            let identifier: Int
            let participantShare: String
        }
        let groupSecretKey: String
        let verifyingKeyKey: String
        let message: String
        let sharePolynomialCoefficients: [String]
        let participantShares: [Share]
    }
    struct RoundOne: Decodable {
        struct Output: Decodable {
            let identifier: Int
            let hidingNonceRandomness: String
            let bindingNonceRandomness: String
            let hidingNonce: String
            let bindingNonce: String
            let hidingNonceCommitment: String
            let bindingNonceCommitment: String
            let bindingFactor: String
        }
        let outputs: [Output]
    }
    struct RoundTwo: Decodable {
        struct Output: Decodable {
            let identifier: Int
            let sigShare: String
        }
        let outputs: [Output]
    }
    struct Final: Decodable {
        let sig: String
    }
    let inputs: Inputs
    let roundOneOutputs: RoundOne
    let roundTwoOutputs: RoundTwo
    let finalOutput: Final

    static func read() throws -> PublishedSigning {
        try RepositoryFiles.decode(Self.self, from: RepositoryFiles.vectors.appending(path: "rfc9591-ed25519.json"))
    }
}

@Suite struct PublishedSigningTests {
    @Test func `a flat rule signs as RFC 9591 does, byte for byte`() throws {
        let published = try PublishedSigning.read()
        let groupKey = try groupKey(published)
        #expect("\(groupKey.element.bytes)" == published.inputs.verifyingKeyKey)
        var commitments: [SigningCommitments] = []
        for output in published.roundOneOutputs.outputs {
            let nonces = try nonces(output, published, groupKey)
            #expect(nonces.hiding.hex() == output.hidingNonce)
            #expect(nonces.binding.hex() == output.bindingNonce)
            #expect("\(nonces.commitments.hiding.bytes)" == output.hidingNonceCommitment)
            #expect("\(nonces.commitments.binding.bytes)" == output.bindingNonceCommitment)
            commitments.append(nonces.commitments)
        }
        let package = try SigningPackage(
            groupKey: groupKey,
            message: try bytes(published.inputs.message),
            commitments: commitments
        )
        #expect(package.bindingFactors.map { "\($0.bytes)" } == published.roundOneOutputs.outputs.map(\.bindingFactor))
        var shares: [SignatureShare] = []
        for (output, expected) in zip(published.roundOneOutputs.outputs, published.roundTwoOutputs.outputs) {
            let key = try share(of: output.identifier, published, groupKey)
            let signed = try key.sign(package, with: try nonces(output, published, groupKey))
            #expect(signed.participant == expected.identifier)
            #expect("\(signed.value.bytes)" == expected.sigShare)
            shares.append(signed)
        }
        #expect(Hex.encode(try package.aggregate(shares)) == published.finalOutput.sig)
    }

    @Test func `a stored share is compared with the group key`() throws {
        let published = try PublishedSigning.read()
        let groupKey = try groupKey(published)
        let first = try #require(published.inputs.participantShares.first).participantShare
        #expect(throws: ThresholdError.wrongKeyShare(participant: 2)) {
            _ = try KeyShare(
                participant: 2,
                encoding: SecretBytes(copying: try bytes(first)),
                groupKey: groupKey
            )
        }
        #expect(throws: ThresholdError.wrongKeyShare(participant: 1)) {
            _ = try KeyShare(participant: 1, encoding: SecretBytes(copying: [1, 2, 3]), groupKey: groupKey)
        }
        #expect(throws: ThresholdError.unknownParticipant(4)) {
            _ = try KeyShare(participant: 4, encoding: SecretBytes(copying: try bytes(first)), groupKey: groupKey)
        }
    }

    @Test func `a stored group key has one good point per column`() throws {
        let groupKey = try groupKey(PublishedSigning.read())
        let torsion = try BadPoint.mixed(groupKey.columns[1], order: 2)
        let bad = [
            [groupKey.columns[0]],
            groupKey.columns + [groupKey.columns[1]],
            [.identity, groupKey.columns[1]],
            [groupKey.columns[0], torsion],
        ]
        for columns in bad {
            #expect(throws: ThresholdError.malformedGroupKey) {
                try GroupKey(structure: groupKey.structure, columns: columns)
            }
        }
    }

    private func groupKey(_ published: PublishedSigning) throws -> GroupKey {
        let polynomial = [published.inputs.groupSecretKey] + published.inputs.sharePolynomialCoefficients
        return try GroupKey(
            structure: AccessStructure(try ThresholdTree(canonicalText: "2of(p1,p2,p3)")),
            columns: polynomial.map { UncheckedElement(multiplyingBaseBy: try scalar($0)) }
        )
    }

    private func share(
        of identifier: Int,
        _ published: PublishedSigning,
        _ groupKey: GroupKey
    ) throws -> KeyShare {
        let share = try #require(published.inputs.participantShares.first { $0.identifier == identifier })
        return try KeyShare(
            participant: identifier,
            encoding: SecretBytes(copying: try bytes(share.participantShare)),
            groupKey: groupKey
        )
    }

    private func nonces(
        _ output: PublishedSigning.RoundOne.Output,
        _ published: PublishedSigning,
        _ groupKey: GroupKey
    ) throws -> SigningNonces {
        SigningNonces(
            for: try share(of: output.identifier, published, groupKey),
            hiding: SecretBytes(copying: try bytes(output.hidingNonceRandomness)),
            binding: SecretBytes(copying: try bytes(output.bindingNonceRandomness))
        )
    }
}
