import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// Writes `Protocol/vectors/sealed-ballots.json`; every secret in it is a hash of the seed and a label.
///
/// Run `STANDSTILL_WRITE_VECTORS=1 swift test --disable-xctest --filter SealedBallotVectorGeneration` and look at the
/// difference: the file must not change unless the specification does.
@Suite struct SealedBallotVectorGeneration {
    static let seed = "standstill-sealed-ballots-1"
    static let file = RepositoryFiles.vectors.appending(path: "sealed-ballots.json")
    static let rules = ["2of(p1,p2,p3)", "2of(2of(lab-a,lab-b,lab-c),1of(lab-b,gov-x))"]

    @Test func `the vectors of the repository are what this implementation writes`() throws {
        let text = try Self.json().text() + "\n"
        if ProcessInfo.processInfo.environment["STANDSTILL_WRITE_VECTORS"] != nil {
            try Data(text.utf8).write(to: Self.file)
            print("wrote \(Self.file.path())")
        }
        #expect(try Data(contentsOf: Self.file) == Data(text.utf8))
    }

    private static func json() throws -> OrderedJSON {
        .object([
            ("suite", "TDH2(Ed25519, SHA-512) with ChaCha20-Poly1305 over threshold-gate trees"),
            ("seed", .string(seed)),
            ("second_generator", .hex(SecondGenerator.element.bytes.array)),
            ("vectors", .array(try rules.map { try GeneratedBallots(rule: $0).json() })),
        ])
    }
}

/// One open key with two ballots, opened together by everybody.
private struct GeneratedBallots {
    let rule: String
    let structure: AccessStructure
    let groupKey: GroupKey
    let key: OpeningKey
    let labels: [BallotLabel]
    let contents = [
        Array(#"{"answer":"agree","condition":"1of(p2,p3)"}"#.utf8),
        Array(#"{"answer":"decline","condition":""}"#.utf8),
    ]

    init(rule: String) throws {
        self.rule = rule
        structure = AccessStructure(try ThresholdTree(canonicalText: rule))
        let columns = Self.dealing(structure, rule).commitment.map(UncheckedElement.init)
        groupKey = try GroupKey(structure: structure, columns: columns)
        key = OpeningKey(groupKey)
        let deciding = AccessStructure(try ThresholdTree(canonicalText: "2of(p1,p2,p3)"))
        labels = try ["p1", "p2"].map { party in
            BallotLabel(
                charter: try #require(Bytes32(Self.digest("charter", rule).prefix(32))),
                subject: .motion(try #require(Bytes32(Self.digest("motion", rule).prefix(32)))),
                party: try PartyName(party),
                rule: "pause",
                structure: deciding
            )
        }
    }

    func json() throws -> OrderedJSON {
        let ballots = try labels.indices.map { try own($0).sealed.openable(as: labels[$0], under: key) }
        let tree = structure.tree
        let minimal = try #require(tree.minimalQuorum(within: tree.parties))
        let participants = tree.participants.filter { minimal.contains($0.party) }.map(\.identifier)
        let quorum = try OpeningQuorum(participants, of: key)
        var shares: [OpeningShares] = []
        for participant in tree.participants {
            shares.append(try share(of: participant.identifier).shares(for: ballots))
        }
        let verification = VerificationShares(of: groupKey)
        let verified = try shares.map { try verification.verify($0, for: ballots) }
        for (ballot, content) in zip(ballots, contents) {
            #expect(try quorum.open(ballot, with: verified) == .content(content))
        }
        return .object([
            ("policy", .string(rule)),
            ("policy_hash", .hex(structure.policyHash)),
            (
                "coefficients",
                .array((0..<structure.columnCount).map { .string(Self.coefficient($0, rule).hex()) })
            ),
            ("columns", .array(groupKey.columns.map { .hex($0.bytes.array) })),
            ("leaf_public_shares", .array(verification.points.map { .hex($0.bytes.array) })),
            ("ballots", .array(try ballots.indices.map { try self.ballot($0, ballots[$0]) })),
            (
                "openings",
                .array(
                    shares.map {
                        .object([("identifier", .number($0.participant)), ("shares", .hex($0.encoding))])
                    }
                )
            ),
            ("quorum", .array(participants.map { .number($0) })),
            ("weights", .object(quorum.coefficients.map { ("\($0.leaf)", .hex($0.value.bytes.array)) })),
        ])
    }

    private func ballot(_ index: Int, _ ballot: OpenableBallot) throws -> OrderedJSON {
        let label = labels[index]
        guard case .motion(let motion) = label.subject else { preconditionFailure("the vectors are about motions") }
        let randomness = try own(index).reveal()
        #expect(try ballot.open(randomness: randomness) == .content(contents[index]))
        return .object([
            ("charter", .hex(label.charter.array)),
            ("motion", .hex(motion.array)),
            ("party", .string(label.party.text)),
            ("rule", .string(label.rule)),
            ("rule_policy_hash", .hex(label.policyHash)),
            ("content", .hex(contents[index])),
            ("secret", .hex(secret(index))),
            ("randomness", .hex(randomness.bytes.array)),
            ("sealed", .hex(ballot.ballot.encoding)),
            ("digest", .hex(ballot.digest.array)),
        ])
    }

    private func own(_ index: Int) throws -> OwnBallot {
        try OwnBallot(contents[index], label: labels[index], key: key, secret: SecretBytes(copying: secret(index)))
    }

    private func secret(_ index: Int) -> [UInt8] {
        Array(Self.digest("secret of ballot \(index)", rule).prefix(32))
    }

    private func share(of participant: Int) throws -> OpeningKeyShare {
        let shares = Self.dealing(structure, rule).shares(of: participant)
        return OpeningKeyShare(
            try KeyShare(participant: participant, encoding: shares.encoding(), groupKey: groupKey)
        )
    }

    private static func dealing(_ structure: AccessStructure, _ rule: String) -> Dealing {
        let coefficients = SecretScalars(count: structure.columnCount) { coefficient($0, rule) }
        return Dealing(structure: structure, coefficients: coefficients, ephemeral: coefficient(-1, rule))
    }

    private static func coefficient(_ column: Int, _ rule: String) -> SecretScalar {
        SecretScalar(reducing: SecretBytes(copying: digest("coefficient \(column)", rule)))
    }

    private static func digest(_ label: String, _ rule: String) -> [UInt8] {
        SHA512.hash(Array("\(SealedBallotVectorGeneration.seed)\n\(rule)\n\(label)".utf8))
    }
}
