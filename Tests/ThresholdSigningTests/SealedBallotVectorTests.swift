import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// Reads `Protocol/vectors/sealed-ballots.json` as somebody would who knows the public values only.
@Suite struct SealedBallotVectorTests {
    struct File: Decodable {
        let secondGenerator: String
        let vectors: [Vector]
    }
    struct Vector: Decodable {
        let policy: String
        let policyHash: String
        let columns: [String]
        let leafPublicShares: [String]
        let ballots: [Ballot]
        let openings: [Opening]
        let quorum: [Int]
        let weights: [String: String]
    }
    struct Ballot: Decodable {
        let charter: String
        let motion: String
        let party: String
        let rule: String
        let rulePolicyHash: String
        let content: String
        let randomness: String
        let sealed: String
        let digest: String
    }
    struct Opening: Decodable {
        let identifier: Int
        let shares: String
    }

    let file: File

    init() throws {
        let url = RepositoryFiles.vectors.appending(path: "sealed-ballots.json")
        file = try RepositoryFiles.decode(File.self, from: url)
    }

    @Test func `the public values of the file lead to its contents`() throws {
        #expect(try SecondGenerator.element == element(file.secondGenerator))
        #expect(file.vectors.count == 2)
        for vector in file.vectors {
            let structure = AccessStructure(try ThresholdTree(canonicalText: vector.policy))
            #expect(Hex.encode(structure.policyHash) == vector.policyHash)
            let groupKey = try GroupKey(structure: structure, columns: vector.columns.map { try point($0) })
            let key = OpeningKey(groupKey)
            let ballots = try vector.ballots.map { try openable($0, under: key) }
            let verification = VerificationShares(of: groupKey)
            #expect(verification.points.map { Hex.encode($0.bytes.array) } == vector.leafPublicShares)
            let shares = try vector.openings.map { opening in
                let shares = try OpeningShares(
                    encoding: bytes(opening.shares),
                    participant: opening.identifier,
                    leaves: structure.leaves(of: opening.identifier).count,
                    ballots: ballots.count
                )
                return try verification.verify(shares, for: ballots)
            }
            let quorum = try OpeningQuorum(vector.quorum, of: key)
            for coefficient in quorum.coefficients {
                #expect(vector.weights["\(coefficient.leaf)"] == Hex.encode(coefficient.value.bytes.array))
            }
            for (ballot, expected) in zip(ballots, vector.ballots) {
                let content = OpenedBallot.content(try bytes(expected.content))
                #expect(try quorum.open(ballot, with: shares) == content)
                #expect(try ballot.open(randomness: scalar(expected.randomness)) == content)
            }
        }
    }

    private func openable(_ vector: Ballot, under key: OpeningKey) throws -> OpenableBallot {
        let label = BallotLabel(
            charter: try bytes32(vector.charter),
            subject: .motion(try bytes32(vector.motion)),
            party: try PartyName(vector.party),
            rule: vector.rule,
            structure: AccessStructure(try ThresholdTree(canonicalText: "2of(p1,p2,p3)"))
        )
        #expect(Hex.encode(label.policyHash) == vector.rulePolicyHash)
        let ballot = try SealedBallot(encoding: bytes(vector.sealed)).openable(as: label, under: key)
        #expect(Hex.encode(ballot.digest.array) == vector.digest)
        return ballot
    }
}
