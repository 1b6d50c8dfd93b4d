import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// Writes `Protocol/vectors/threshold-signing.json`; every secret in it is a hash of the seed and a label.
///
/// Run `STANDSTILL_WRITE_VECTORS=1 swift test --disable-xctest --filter VectorGeneration` and look at the difference: the
/// file must not change unless the specification does.
@Suite struct VectorGeneration {
    static let seed = "standstill-threshold-signing-1"
    static let file = RepositoryFiles.vectors.appending(path: "threshold-signing.json")
    /// Rules with two signer sets each: the smallest quorum in order of names, and everybody.
    static let rules = [
        "3of(p1,p2,p3,p4,p5)",
        "2of(2of(lab-a,lab-b,lab-c),2of(gov-x,gov-y,gov-z))",
        "2of(3of(lab-a,lab-b,lab-c,lab-d),1of(2of(eu-1,eu-2,eu-3),un),io-1)",
        "3of(2of(a,b,c),2of(b,c,d),a,1of(d,e))",
    ]

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
            ("suite", "FROST(Ed25519, SHA-512) over threshold-gate trees; COCKTAIL(Ed25519, SHA-512) key ceremony"),
            ("seed", .string(seed)),
            ("vectors", .array(try rules.map { try GeneratedVector(rule: $0).json() })),
        ])
    }
}

/// One rule's ceremony and signatures.
private struct GeneratedVector {
    let rule: String
    let structure: AccessStructure
    let session: CeremonySession

    init(rule: String) throws {
        self.rule = rule
        structure = AccessStructure(try ThresholdTree(canonicalText: rule))
        var keys: [Element] = []
        for participant in 1...structure.participantCount {
            keys.append(Self.key(participant, rule).publicKey)
        }
        let randomness = try #require(Bytes32(Self.digest("session", rule).prefix(32)))
        session = try CeremonySession(structure: structure, staticKeys: keys, randomness: randomness)
    }

    func json() throws -> OrderedJSON {
        var messages: [DealingMessage] = []
        for participant in 1...structure.participantCount {
            messages.append(
                try dealing(participant).message(in: session, ceremonyKey: Self.key(participant, rule))
            )
        }
        let transcript = try Transcript(session: session, messages: messages)
        let message = Array("A pause that \(rule) agreed to.".utf8)
        let tree = structure.tree
        let quorum = try #require(tree.minimalQuorum(within: tree.parties))
        return .object([
            ("policy", .string(rule)),
            ("policy_hash", .hex(structure.policyHash)),
            ("D", .number(structure.columnCount)),
            ("participants", .array(tree.participants.map { participant($0) })),
            ("leaves", .array(tree.leaves.map { leaf($0) })),
            ("dkg", try ceremony(transcript)),
            ("group_public_key", .hex(transcript.groupKey.element.bytes.array)),
            ("message", .hex(message)),
            (
                "signing",
                .array(try [quorum, tree.parties].map { try signing(by: $0, message, transcript) })
            ),
        ])
    }

    private func participant(_ participant: ThresholdTree.Participant) -> OrderedJSON {
        let key = Self.key(participant.identifier, rule)
        return .object([
            ("identifier", .number(participant.identifier)),
            ("name", .string(participant.party.text)),
            ("leaves", .array(participant.leaves.map { .number($0) })),
            ("static_secret_key", .string(key.secret.hex())),
            ("static_public_key", .hex(key.publicKey.bytes.array)),
        ])
    }

    private func leaf(_ leaf: ThresholdTree.Leaf) -> OrderedJSON {
        .object([
            ("name", .string(leaf.party.text)),
            ("path", .array(leaf.path.map { .array([.number($0.gate), .number($0.x)]) })),
            ("msp_row", .array(structure.row(ofLeaf: leaf.number).map { .hex($0.bytes.array) })),
        ])
    }

    private func ceremony(_ transcript: Transcript) throws -> OrderedJSON {
        var shares = [OrderedJSON](repeating: .number(0), count: structure.tree.leaves.count)
        var certificates: [OrderedJSON] = []
        for participant in structure.tree.participants {
            let key = Self.key(participant.identifier, rule)
            let share = try transcript.recoverShares(with: key)
            for (index, leaf) in participant.leaves.enumerated() {
                shares[leaf] = .string(share.shares.scalar(at: index).hex())
            }
            certificates.append(.hex(try transcript.certificate(by: key)))
        }
        return .object([
            ("session_id", .hex(session.sessionID)),
            ("context", .hex(session.context)),
            ("round1", .array(transcript.messages.enumerated().map { dealt($1, by: $0 + 1) })),
            ("leaf_shares", .array(shares)),
            (
                "leaf_public_shares",
                .array(
                    structure.tree.leaves.map {
                        .hex(transcript.groupKey.verificationShare(ofLeaf: $0.number).bytes.array)
                    }
                )
            ),
            ("transcript_hash", .hex(transcript.digest)),
            ("certificate", .array(certificates)),
        ])
    }

    private func dealt(_ message: DealingMessage, by dealer: Int) -> OrderedJSON {
        .object([
            (
                "coefficients",
                .array((0..<structure.columnCount).map { .string(coefficient($0, of: dealer).hex()) })
            ),
            ("ephemeral_secret_key", .string(ephemeral(of: dealer).hex())),
            ("vss_commitment", .array(message.commitment.map { .hex($0.bytes.array) })),
            ("pop", .hex(message.proofOfPossession)),
            ("ephemeral_public_key", .hex(message.ephemeralKey.bytes.array)),
            ("encrypted_shares", .array(message.ciphertexts.map { .hex($0) })),
        ])
    }

    private func signing(by parties: PartySet, _ message: [UInt8], _ transcript: Transcript) throws -> OrderedJSON {
        let signers = structure.tree.participants.filter { parties.contains($0.party) }
        var commitments: [SigningCommitments] = []
        for signer in signers {
            commitments.append(try nonces(of: signer, parties, transcript).commitments)
        }
        let package = try SigningPackage(groupKey: transcript.groupKey, message: message, commitments: commitments)
        var shares: [SignatureShare] = []
        var rounds: [OrderedJSON] = []
        for (index, signer) in signers.enumerated() {
            let share = try transcript.recoverShares(with: Self.key(signer.identifier, rule))
            shares.append(try share.sign(package, with: try nonces(of: signer, parties, transcript)))
            let nonces = try nonces(of: signer, parties, transcript)
            rounds.append(commitment(nonces, of: signer, parties, package.bindingFactors[index]))
        }
        return .object([
            ("signers", .array(signers.map { .string($0.party.text) })),
            (
                "coefficients",
                .object(package.coefficients.map { ("\($0.leaf)", .hex($0.value.bytes.array)) })
            ),
            ("round1", .array(rounds)),
            (
                "round2",
                .array(
                    shares.map {
                        .object([
                            ("identifier", .number($0.participant)), ("sig_share", .hex($0.value.bytes.array)),
                        ])
                    }
                )
            ),
            ("sig", .hex(try package.aggregate(shares))),
        ])
    }

    private func commitment(
        _ nonces: borrowing SigningNonces,
        of signer: ThresholdTree.Participant,
        _ parties: PartySet,
        _ bindingFactor: Scalar
    ) -> OrderedJSON {
        .object([
            ("identifier", .number(signer.identifier)),
            ("hiding_nonce_randomness", .hex(randomness("hiding", signer, parties))),
            ("binding_nonce_randomness", .hex(randomness("binding", signer, parties))),
            ("hiding_nonce", .string(nonces.hiding.hex())),
            ("binding_nonce", .string(nonces.binding.hex())),
            ("hiding_nonce_commitment", .hex(nonces.commitments.hiding.bytes.array)),
            ("binding_nonce_commitment", .hex(nonces.commitments.binding.bytes.array)),
            ("binding_factor", .hex(bindingFactor.bytes.array)),
        ])
    }

    private func nonces(
        of signer: ThresholdTree.Participant,
        _ parties: PartySet,
        _ transcript: Transcript
    ) throws -> SigningNonces {
        SigningNonces(
            for: try transcript.recoverShares(with: Self.key(signer.identifier, rule)),
            hiding: SecretBytes(copying: randomness("hiding", signer, parties)),
            binding: SecretBytes(copying: randomness("binding", signer, parties))
        )
    }

    private func randomness(_ kind: String, _ signer: ThresholdTree.Participant, _ parties: PartySet) -> [UInt8] {
        Array(Self.digest("\(kind) nonce of \(signer.party) among \(parties)", rule).prefix(32))
    }

    private func dealing(_ participant: Int) -> Dealing {
        let coefficients = SecretScalars(count: structure.columnCount) { coefficient($0, of: participant) }
        return Dealing(structure: structure, coefficients: coefficients, ephemeral: ephemeral(of: participant))
    }

    private func coefficient(_ column: Int, of dealer: Int) -> SecretScalar {
        Self.scalar("coefficient \(column) of dealer \(dealer)", rule)
    }

    private func ephemeral(of dealer: Int) -> SecretScalar {
        Self.scalar("ephemeral key of dealer \(dealer)", rule)
    }

    private static func key(_ participant: Int, _ rule: String) -> CeremonyKey {
        CeremonyKey(secret: scalar("static key of participant \(participant)", rule))
    }

    private static func scalar(_ label: String, _ rule: String) -> SecretScalar {
        SecretScalar(reducing: SecretBytes(copying: digest(label, rule)))
    }

    private static func digest(_ label: String, _ rule: String) -> [UInt8] {
        SHA512.hash(Array("\(VectorGeneration.seed)\n\(rule)\n\(label)".utf8))
    }
}
