import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct CeremonyTests {
    static let rule = "2of(2of(a,b,c),1of(a,d))"

    @Test func `a dealing comes out the same after a restart, and differs by label and secret`() throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: Self.rule))
        func dealing(_ secret: UInt8, _ label: [UInt8]) -> [Element] {
            let dealing = Dealing(
                structure: structure,
                secret: SecretBytes(copying: [UInt8](repeating: secret, count: 32)),
                label: label
            )
            return dealing.commitment + [dealing.ephemeralKey]
        }
        #expect(dealing(1, [1]) == dealing(1, [1]))
        #expect(Set(dealing(1, [1]) + dealing(1, [2]) + dealing(2, [1])).count == 12)
        let ceremony = try SmallCeremony(Self.rule)
        let again = try ceremony.dealing(2).message(in: ceremony.session, ceremonyKey: ceremony.key(2))
        #expect(again == ceremony.messages[1])
    }

    @Test func `every party recovers the shares that the group key promises`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let transcript = try ceremony.transcript()
        for participant in ceremony.participants {
            let share = try transcript.recoverShares(with: ceremony.key(participant))
            #expect(share.participant == participant)
            let stored = try KeyShare(
                participant: participant,
                encoding: share.encoding(),
                groupKey: transcript.groupKey
            )
            #expect(stored.encoding().hex() == share.encoding().hex())
        }
    }

    @Test(arguments: [-1, 1])
    func `a raised or lowered threshold is refused by name`(change: Int) throws {
        let ceremony = try SmallCeremony(Self.rule)
        let honest = ceremony.messages[2]
        let terms = change > 0 ? honest.commitment + [honest.commitment[1]] : honest.commitment.dropLast()
        let message = try proven(honest, commitment: Array(terms), dealer: 3, ceremony)
        #expect(throws: ThresholdError.wrongCommitmentLength(dealer: 3, 3 + change, expected: 3)) {
            try ceremony.transcript(replacing: 3, by: message)
        }
    }

    @Test func `a copied contribution is refused and names the copier`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        var messages = ceremony.messages
        messages[2] = messages[0]
        #expect(throws: ThresholdError.contributionMismatch(dealer: 3)) {
            try Transcript(session: ceremony.session, messages: messages, contributions: ceremony.contributions)
        }
        #expect(throws: ThresholdError.repeatedContribution(dealer: 3, earlier: 1)) {
            try ceremony.transcript(replacing: 3, by: ceremony.messages[0])
        }
    }

    @Test func `a copied ephemeral key is refused`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let message = try proven(
            ceremony.messages[2],
            ephemeralKey: ceremony.messages[0].ephemeralKey,
            dealer: 3,
            ceremony
        )
        #expect(throws: ThresholdError.repeatedContribution(dealer: 3, earlier: 1)) {
            try ceremony.transcript(replacing: 3, by: message)
        }
    }

    @Test func `a proof of possession counts in its own session only`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let other = try CeremonySession(
            structure: ceremony.structure,
            staticKeys: ceremony.session.staticKeys,
            randomness: .zero
        )
        #expect(throws: ThresholdError.invalidProofOfPossession(dealer: 1)) {
            try Transcript(session: other, messages: ceremony.messages, contributions: ceremony.contributions)
        }
    }

    @Test func `a constant term chosen to cancel the others' is refused`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        var terms = ceremony.messages[3].commitment
        let others = ceremony.messages[..<3].reduce(UncheckedElement.identity) { $0.adding($1.commitment[0]) }
        let chosen = UncheckedElement(Element.base) - others
        terms[0] = try #require(chosen)
        let message = try proven(ceremony.messages[3], commitment: terms, dealer: 4, ceremony)
        #expect(throws: ThresholdError.invalidProofOfPossession(dealer: 4)) {
            try ceremony.transcript(replacing: 4, by: message)
        }
    }

    @Test(arguments: [2, 4, 8])
    func `torsion in a commitment or an ephemeral key is refused by name`(order: Int) throws {
        let ceremony = try SmallCeremony(Self.rule)
        let honest = ceremony.messages[1]
        for column in honest.commitment.indices {
            var terms = honest.commitment
            terms[column] = try BadPoint.mixed(terms[column], order: order)
            let message = try proven(honest, commitment: terms, dealer: 2, ceremony)
            // The proof of possession refuses it in the constant term, the sum everywhere else.
            let expected: ThresholdError =
                column == 0 ? .invalidProofOfPossession(dealer: 2) : .invalidCommitment(dealer: 2, column: column)
            #expect(throws: expected) { try ceremony.transcript(replacing: 2, by: message) }
        }
        let twisted = try BadPoint.mixed(honest.ephemeralKey, order: order)
        let message = try proven(honest, ephemeralKey: twisted, dealer: 2, ceremony)
        #expect(throws: ThresholdError.invalidEphemeralKey(dealer: 2)) {
            try ceremony.transcript(replacing: 2, by: message)
        }
    }

    @Test(arguments: BadPoint.encodings, [1, 2, 4])
    func `a term that is no element is refused by name`(encoding: String, dealer: Int) throws {
        let ceremony = try SmallCeremony(Self.rule)
        let honest = ceremony.messages[dealer - 1]
        for column in 1..<3 {
            var terms = honest.commitment
            terms[column] = try point(encoding)
            let message = try proven(honest, commitment: terms, dealer: dealer, ceremony)
            #expect(throws: ThresholdError.invalidCommitment(dealer: dealer, column: column)) {
                try ceremony.transcript(replacing: dealer, by: message)
            }
        }
        let message = try proven(honest, ephemeralKey: try point(encoding), dealer: dealer, ceremony)
        #expect(throws: ThresholdError.invalidEphemeralKey(dealer: dealer)) {
            try ceremony.transcript(replacing: dealer, by: message)
        }
    }

    @Test func `a dealer that cancels a column of the sum is found by its shares`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        var terms = ceremony.messages[3].commitment
        let others = ceremony.messages[..<3].reduce(UncheckedElement.identity) { $0.adding($1.commitment[1]) }
        let negation = UncheckedElement.identity - others
        terms[1] = try #require(negation)
        let message = try proven(ceremony.messages[3], commitment: terms, dealer: 4, ceremony)
        let transcript = try ceremony.transcript(replacing: 4, by: message)
        #expect(transcript.groupKey.columns[1] == .identity)
        #expect(throws: ThresholdError.wrongShare(dealer: 4)) {
            _ = try transcript.recoverShares(with: ceremony.key(2))
        }
    }

    @Test func `ciphertexts are one per participant and of the right size`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let honest = ceremony.messages[0]
        let short = replacing(honest, ciphertexts: honest.ciphertexts.dropLast())
        #expect(throws: ThresholdError.wrongCiphertextCount(dealer: 1, 3, expected: 4)) {
            try ceremony.transcript(replacing: 1, by: short)
        }
        for (recipient, count) in [(1, 79), (1, 81), (2, 47), (4, 0)] {
            var ciphertexts = honest.ciphertexts
            ciphertexts[recipient - 1] = [UInt8](repeating: 0, count: count)
            let expected = recipient == 1 ? 80 : 48
            #expect(
                throws: ThresholdError.wrongCiphertextSize(
                    dealer: 1,
                    recipient: recipient,
                    count,
                    expected: expected
                )
            ) {
                try ceremony.transcript(replacing: 1, by: replacing(honest, ciphertexts: ciphertexts))
            }
        }
    }

    @Test func `everybody takes part exactly once`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let messages = ceremony.messages
        #expect(throws: ThresholdError.wrongMessageCount(3, expected: 4)) {
            try Transcript(
                session: ceremony.session,
                messages: messages.dropLast(),
                contributions: ceremony.contributions
            )
        }
        #expect(throws: ThresholdError.wrongMessageCount(5, expected: 4)) {
            try Transcript(
                session: ceremony.session,
                messages: messages,
                contributions: ceremony.contributions + [.zero]
            )
        }
        let keys = ceremony.session.staticKeys
        #expect(throws: ThresholdError.wrongStaticKeyCount(3, expected: 4)) {
            try CeremonySession(structure: ceremony.structure, staticKeys: keys.dropLast(), randomness: .zero)
        }
        #expect(throws: ThresholdError.repeatedStaticKey(participant: 4, earlier: 2)) {
            try CeremonySession(
                structure: ceremony.structure,
                staticKeys: [keys[0], keys[1], keys[2], keys[1]],
                randomness: .zero
            )
        }
    }

    @Test func `a stranger neither deals nor recovers nor certifies`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let stranger = try SmallCeremony(Self.rule, seed: 9)
        let transcript = try ceremony.transcript()
        #expect(throws: ThresholdError.notAParticipant) {
            try ceremony.dealing(1).message(in: ceremony.session, ceremonyKey: stranger.key(1))
        }
        #expect(throws: ThresholdError.notAParticipant) {
            _ = try transcript.recoverShares(with: stranger.key(1))
        }
        #expect(throws: ThresholdError.notAParticipant) { try transcript.certificate(by: stranger.key(1)) }
    }

    @Test func `parties that saw different ciphertexts cannot certify each other`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let transcript = try ceremony.transcript()
        var ciphertexts = ceremony.messages[2].ciphertexts
        ciphertexts[1][0] ^= 1
        let other = try ceremony.transcript(
            replacing: 3,
            by: replacing(ceremony.messages[2], ciphertexts: ciphertexts)
        )
        #expect(other.digest != transcript.digest)
        let certificate = try other.certificate(by: ceremony.key(1))
        #expect(throws: ThresholdError.invalidCertificate(participant: 1)) {
            try transcript.verify(certificate, by: 1)
        }
    }

    @Test func `a certificate counts for its signer only`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let transcript = try ceremony.transcript()
        var certificates: [[UInt8]] = []
        for participant in ceremony.participants {
            certificates.append(try transcript.certificate(by: ceremony.key(participant)))
        }
        try transcript.verify(certificates)
        #expect(throws: ThresholdError.wrongMessageCount(3, expected: 4)) {
            try transcript.verify(certificates.dropLast())
        }
        certificates.swapAt(1, 3)
        #expect(throws: ThresholdError.invalidCertificate(participant: 2)) { try transcript.verify(certificates) }
        #expect(throws: ThresholdError.unknownParticipant(5)) { try transcript.verify(certificates[0], by: 5) }
        for index in stride(from: 0, to: 64, by: 7) {
            var changed = certificates[0]
            changed[index] ^= 0x10
            #expect(throws: ThresholdError.invalidCertificate(participant: 1)) { try transcript.verify(changed, by: 1) }
        }
        #expect(throws: ThresholdError.invalidCertificate(participant: 1)) { try transcript.verify([], by: 1) }
    }

    @Test func `the commitment of round 0 is the hash that the protocol names`() throws {
        let ceremony = try SmallCeremony(Self.rule)
        let dealing = ceremony.dealing(2)
        let name = Array("b".utf8)
        let input =
            Array("STANDSTILL-CONTRIBUTION-v1".utf8) + [1, 0, 0, 0, 0, 0, 0, 0] + name
            + dealing.constantTerm.bytes.array
            + dealing.ephemeralKey.bytes.array
        let contribution = dealing.contribution(of: try PartyName("b"))
        #expect(contribution == SHA256.hash(input))
        #expect(contribution == ceremony.contributions[1])
    }

    @Test func `every error says what is wrong in lower case, and names the culprit where there is one`() {
        let blaming: [ThresholdError] = [
            .invalidNonceCommitments(by: [3]), .wrongShares(by: [3]), .wrongCommitmentLength(dealer: 3, 2, expected: 4),
            .invalidCommitment(dealer: 3, column: 1), .invalidEphemeralKey(dealer: 3),
            .invalidProofOfPossession(dealer: 3), .contributionMismatch(dealer: 3),
            .wrongCiphertextCount(dealer: 3, 1, expected: 2),
            .wrongCiphertextSize(dealer: 3, recipient: 1, 1, expected: 2), .wrongShare(dealer: 3),
            .invalidCertificate(participant: 3),
        ]
        let others: [ThresholdError] = [
            .unsortedSigners([2, 1]), .unknownParticipant(9), .idleSigner(2), .unqualifiedSigners([1]),
            .neutralGroupCommitment, .ownCommitmentMissing(participant: 1), .otherGroupKey,
            .noncesOfAnother(participant: 2), .missingShare(of: 1), .unexpectedShare(of: 1),
            .wrongKeyShare(participant: 1), .malformedGroupKey, .wrongStaticKeyCount(1, expected: 2),
            .repeatedStaticKey(participant: 2, earlier: 1), .notAParticipant, .wrongMessageCount(1, expected: 2),
            .repeatedContribution(dealer: 2, earlier: 1), .neutralGroupKey,
        ]
        for error in blaming {
            #expect(error.culprits == [3])
            #expect(error.description.contains("3"))
        }
        for error in blaming + others {
            #expect(error.description.first?.isLowercase == true)
        }
        for error in others {
            #expect(error.culprits.isEmpty)
        }
    }

    @Test func `the shared randomness depends on purpose, order and every contribution`() {
        let one = Bytes32([UInt8](repeating: 1, count: 32)) ?? .zero
        let all = [
            CeremonySession.sharedRandomness(boundTo: [1], contributions: [(.zero, one), (one, .zero)]),
            CeremonySession.sharedRandomness(boundTo: [2], contributions: [(.zero, one), (one, .zero)]),
            CeremonySession.sharedRandomness(boundTo: [1], contributions: [(one, .zero), (.zero, one)]),
            CeremonySession.sharedRandomness(boundTo: [1], contributions: [(.zero, one), (one, one)]),
            CeremonySession.sharedRandomness(boundTo: [1], contributions: [(.zero, one)]),
        ]
        #expect(Set(all).count == all.count)
    }

    private func replacing(_ message: DealingMessage, ciphertexts: [[UInt8]]) -> DealingMessage {
        DealingMessage(
            commitment: message.commitment,
            proofOfPossession: message.proofOfPossession,
            ephemeralKey: message.ephemeralKey,
            ciphertexts: ciphertexts
        )
    }

    /// A message with changed terms and a proof that is as good as the dealer can make it.
    private func proven(
        _ message: DealingMessage,
        commitment: [UncheckedElement]? = nil,
        ephemeralKey: UncheckedElement? = nil,
        dealer: Int,
        _ ceremony: SmallCeremony
    ) throws -> DealingMessage {
        let changed = DealingMessage(
            commitment: commitment ?? message.commitment,
            proofOfPossession: [],
            ephemeralKey: ephemeralKey ?? message.ephemeralKey,
            ciphertexts: message.ciphertexts
        )
        let dealing = ceremony.dealing(dealer)
        return DealingMessage(
            commitment: changed.commitment,
            proofOfPossession: dealing.proof(over: changed.possessionMessage(in: ceremony.session)),
            ephemeralKey: changed.ephemeralKey,
            ciphertexts: changed.ciphertexts
        )
    }
}
