import AssemblySupport
import BallotSealing
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing
import ThresholdSigning

@testable import PauseAgreement

/// `opening guaranteed`: a certified ballot is opened whether or not its author still likes it (Protocol §7.5).
@Suite struct GuaranteedOpeningTests {
    let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    private func assembly(_ opening: Charter.OpeningMode = .guaranteed, seed: UInt64 = 1) throws -> Assembly {
        let assembly = try Assembly(seed: seed, opening: opening)
        try assembly.makeKeys()
        #expect(try assembly.status("lab.p1").ceremony.stage == "finished")
        return assembly
    }

    private func sealing(_ assembly: Assembly) throws -> BallotSealing {
        try assembly.node("lab.p1").with { participant in try #require(participant.agreement.knownSealing) }
    }

    private func motion(_ assembly: Assembly) throws -> MotionStatus {
        try #require(try assembly.status("lab.p1").motions.first)
    }

    private func answer(of voter: String, _ assembly: Assembly) throws -> String {
        try #require(try motion(assembly).voters.first { $0.name == voter }).answer
    }

    /// Any point of the group.
    private func point() throws -> Element {
        PartySecrets(seed: Assembly.seed(of: try PartyName("lab.p1"))).publicKeys.identity
    }

    /// The opening that a voter's node would send.
    private func isOpening(_ item: Item, by name: String) -> Bool {
        if case .statement(let statement) = item {
            statement.kind == .opening && statement.head.party.text == name
        } else {
            false
        }
    }

    @Test func `everybody's ballot is sealed for the quorum, opened by its author, and an order is made`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 2)
        #expect(try self.motion(assembly).phase == "published")
        let openings = try assembly.statements(.opening, at: "lab.p1")
        #expect(openings.count == voters.count)
        #expect(Set(openings.map(\.head.party.text)) == Set(voters))
        #expect(try assembly.statements(.openingShare, at: "lab.p1").count == voters.count)
        for statement in try assembly.statements(.commitment, at: "lab.p1") {
            guard case .commitment(let body) = statement.body, case .ciphertext(let bytes) = body.seal else {
                Issue.record("a commitment without a ciphertext")
                continue
            }
            #expect(bytes.count == StatementLimits.sealedBallot)
        }
    }

    @Test func `a sealed ballot has the size that statements expect`() {
        #expect(StatementLimits.sealedBallot == SealedBallot.byteCount)
    }

    /// Three labs of four and two governments of three are needed; without the silent lab's ballot there are two labs.
    @Test(arguments: [Charter.OpeningMode.own, .guaranteed])
    func `a party that falls silent after committing cannot take its ballot back`(opening: Charter.OpeningMode) throws {
        let assembly = try assembly(opening)
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(name == "lab.p4" ? .decline : .agree, by: name, on: motion) }
        assembly.delivers = { item, _ in !self.isOpening(item, by: "lab.p3") }
        try assembly.run(seconds: 4)
        switch opening {
        case .own:
            #expect(try self.motion(assembly).phase == "opening")
            #expect(try self.motion(assembly).missing == ["lab.p3"])
        case .guaranteed:
            #expect(try self.motion(assembly).agreeing.contains("lab.p3"))
            let said = try assembly.statements(.opening, at: "lab.p1").filter { $0.head.party.text != "lab.p3" }
            #expect(said.count == 7, "somebody says it in place of the author, and nobody twice")
            // The order needs its share, which it gives: it is the opening alone that it holds back.
            #expect(try self.motion(assembly).phase == "published")
        }
    }

    @Test func `a node that is gone after committing has voted all the same`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, statement.head.party.text == "lab.p4" else { return true }
            return statement.kind == .commitment
        }
        try assembly.run(seconds: 14)
        #expect(try self.motion(assembly).phase == "published")
        #expect(try self.motion(assembly).agreeing.contains("lab.p4"))
    }

    @Test func `no share is given before the motion is closed, and none where opening would be in vain`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 5)
        #expect(try assembly.statements(.openingShare, at: "lab.p1").isEmpty)
        try assembly.run(seconds: 8)
        #expect(try assembly.statements(.close, at: "lab.p1").count == 7)
        #expect(try assembly.statements(.openingShare, at: "lab.p1").isEmpty)
        #expect(try assembly.statements(.opening, at: "lab.p1").isEmpty)
    }

    @Test func `a motion that may pass and is not closed yet gets no share`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters.dropLast() { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 5)
        #expect(try self.motion(assembly).voters.count(where: \.isCertified) == 6)
        #expect(try assembly.statements(.openingShare, at: "lab.p1").isEmpty)
        try assembly.run(seconds: 6)
        #expect(!(try assembly.statements(.openingShare, at: "lab.p1").isEmpty))
    }

    @Test func `who repeats its share or its opening says nothing new`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 2)
        for kind in [StatementKind.openingShare, .opening] {
            let said = try #require(
                assembly.statements(kind, at: "lab.p1").first { $0.head.party.text == "gov.p3" }
            )
            let again = try assembly.forge(said.body, by: "gov.p3")
            try assembly.hand(again, to: "lab.p1")
            let refusal = Observation.refused(again.id, from: try PartyName("gov.p3"), .alreadySaid)
            #expect(try assembly.node("lab.p1").observations.contains(refusal))
        }
    }

    @Test func `whoever has no share in opening opens nobody's ballot`() throws {
        let assembly = try Assembly(observers: 1, opening: .guaranteed)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 2)
        let opening = try #require(
            assembly.statements(.opening, at: "lab.p1").first { $0.head.party.text == "gov.p3" }
        )
        let item = try assembly.forge(opening.body, by: "observer.p1")
        try assembly.hand(item, to: "lab.p1")
        let refusal = Observation.refused(item.id, from: try PartyName("observer.p1"), .commitmentOfAnother)
        #expect(try assembly.node("lab.p1").observations.contains(refusal))
    }

    @Test func `a ballot that does not verify for its author and motion is refused and gets no receipt`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        try assembly.cast(.agree, by: "lab.p1", on: motion)
        try assembly.settle()
        guard case .commitment(let original)? = try assembly.statements(.commitment, at: "lab.p1").first?.body,
            case .ciphertext(let bytes) = original.seal
        else { throw Assembly.AssemblyError.badText }
        var mauled = bytes
        mauled[200] ^= 1
        for bytes in [bytes, mauled] {
            let copy = try assembly.forge(
                .commitment(BallotCommitment(motion: motion, seal: .ciphertext(bytes))),
                by: "gov.p3"
            )
            let before = try assembly.status("lab.p1").motions
            try assembly.hand(copy, to: "lab.p1")
            #expect(try assembly.status("lab.p1").motions == before)
            let refusal = Observation.refused(copy.id, from: try PartyName("gov.p3"), .malformedBallot)
            #expect(try assembly.node("lab.p1").observations.contains(refusal))
        }
    }

    @Test func `a seal for the other way of opening is against the charter`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        let digest = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: .digest(.zero))),
            by: "gov.p3"
        )
        try assembly.hand(digest, to: "lab.p1")
        #expect(
            try assembly.node("lab.p1").observations.contains {
                if case .refused(digest.id, _, .againstCharter) = $0 { true } else { false }
            }
        )
    }

    @Test func `a wrong opening share changes nothing, names its sender, and keeps no ballot closed`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return true }
            return statement.kind != .openingShare && !self.isOpening(item, by: "lab.p4")
        }
        try assembly.run(seconds: 1)
        let own = try assembly.statements(.openingShare, at: "gov.p3").filter { $0.head.party.text == "gov.p3" }
        guard case .openingShare(let body)? = own.first?.body else { throw Assembly.AssemblyError.badText }
        var bytes = body.shares
        bytes.replaceSubrange(0..<32, with: try point().bytes.array)
        let wrong = try assembly.forge(
            .openingShare(SharedOpening(motion: motion, commitments: body.commitments, shares: bytes)),
            by: "gov.p3"
        )
        let before = try self.motion(assembly)
        try assembly.hand(wrong, to: "lab.p1")
        #expect(try self.motion(assembly) == before)
        let refusal = Observation.refused(wrong.id, from: try PartyName("gov.p3"), .wrongOpeningShare)
        #expect(try assembly.node("lab.p1").observations.contains(refusal))
        assembly.delivers = { item, _ in !self.isOpening(item, by: "lab.p4") }
        try assembly.exchange()
        try assembly.run(seconds: 3)
        #expect(try answer(of: "lab.p4", assembly) == "agree")
    }

    @Test func `an opening that is not what was sealed is refused, whoever says it`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return true }
            return statement.kind != .opening && statement.kind != .openingShare
        }
        try assembly.run(seconds: 1)
        let commitment = try #require(
            assembly.statements(.commitment, at: "lab.p1").first { $0.head.party.text == "gov.p3" }
        )
        let lie = Opening(motion: motion, commitment: commitment.id, ballot: Ballot(.decline), salt: .zero)
        for speaker in ["gov.p3", "lab.p2"] {
            let item = try assembly.forge(.opening(lie), by: speaker)
            let before = try self.motion(assembly)
            try assembly.hand(item, to: "lab.p1")
            #expect(try self.motion(assembly) == before)
            let refusal = Observation.refused(item.id, from: try PartyName(speaker), .sealMismatch)
            #expect(try assembly.node("lab.p1").observations.contains(refusal))
        }
    }

    /// What is sealed may be anything; it opens, and it counts for nothing.
    @Test(arguments: [false, true])
    func `a ballot that holds nothing readable counts as abstaining and is shown as such`(hasWrongSalt: Bool) throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters where name != "gov.p3" { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.settle()
        let content =
            hasWrongSalt
            ? SealedContent(Ballot(.agree), salt: PublicRandom.bytes32()).bytes : Array("no ballot at all".utf8)
        let party = try PartyName("gov.p3")
        let sealed = try assembly.node("lab.p1").with { participant -> SealedBallot in
            let agreement = participant.agreement
            let rule = try #require(agreement.charter.rule(try RuleName("decide")))
            let label = BallotLabel(
                charter: agreement.charter.id.bytes,
                subject: .motion(motion.bytes),
                party: party,
                rule: rule.name.text,
                structure: AccessStructure(rule.tree)
            )
            let key = try #require(agreement.ceremony.transcript(of: try RuleName("open"))?.groupKey)
            return try OwnBallot(content, label: label, key: OpeningKey(key), secret: SecretBytes.random(count: 32))
                .sealed
        }
        let commitment = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: .ciphertext(sealed.encoding))),
            by: "gov.p3"
        )
        assembly.spread(commitment, from: "gov.p3")
        try assembly.run(seconds: 4)
        #expect(try answer(of: "gov.p3", assembly) == "unreadable")
        #expect(try self.motion(assembly).phase == "published")
        #expect(try !self.motion(assembly).agreeing.contains("gov.p3"))
        #expect(try assembly.node("lab.p1").observations.contains(.unreadable(motion, by: party)))
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `what is open depends on the statements, not on their order, and survives a restart`(seed: UInt64) throws {
        let assembly = try assembly(seed: seed)
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(name == "gov.p3" ? .decline : .agree, by: name, on: motion) }
        assembly.delivers = { item, _ in !self.isOpening(item, by: "lab.p2") }
        try assembly.run(seconds: 5)
        let expected = try self.motion(assembly)
        #expect(expected.phase == "published")
        var random = SeededRandom(seed: seed)
        var late = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: SecretBytes.random(count: 32)).signer(for: try PartyName("observer"))
        )
        _ = late.resume(at: assembly.now)
        for item in try assembly.items(of: "lab.p1").shuffled(using: &random) {
            _ = try late.receive(item, at: assembly.now)
        }
        let found = try #require(late.agreement.status(at: assembly.now).motions.first)
        #expect(found.agreeing == expected.agreeing)
        #expect(found.voters.map(\.answer) == expected.voters.map(\.answer))
        #expect(found.phase == expected.phase)
        try assembly.stop("lab.p1")
        try assembly.start(PartyName("lab.p1"))
        #expect(try self.motion(assembly).voters.map(\.answer) == expected.voters.map(\.answer))
        #expect(try self.motion(assembly).phase == expected.phase)
    }

    @Test func `a condition too long for a sealed ballot is refused before anything is sealed`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        let names = (1...120).map { "party.with-a-long-name.\($0)" }.joined(separator: ",")
        let answer = Answer.agreeIf(try Condition(canonicalText: "120of(\(names))"))
        #expect(throws: ParticipantError.conditionTooLong(atMost: SealedContent.conditionCount)) {
            try assembly.cast(answer, by: "lab.p1", on: motion)
        }
        try assembly.cast(.agree, by: "lab.p1", on: motion)
    }

    @Test func `a certificate that does not prove the shares of the key that opens ballots ends the attempt`() throws {
        let assembly = try Assembly(opening: .guaranteed)
        var forged: Item?
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, statement.head.party.text == "gov.p3",
                case .ceremonyCertificate(let body) = statement.body
            else { return true }
            if forged == nil {
                let keys = body.keys.map { key in
                    let proofs = key.possession.map { proof in proof.dropLast() + [proof[63] ^ 1] }
                    return CeremonyCertificate.Key(
                        rule: key.rule,
                        signature: key.signature,
                        transcript: key.transcript,
                        possession: proofs.map { Array($0) }
                    )
                }
                forged = try? assembly.forge(
                    .ceremonyCertificate(CeremonyCertificate(attempt: body.attempt, keys: keys)),
                    by: "gov.p3",
                    number: statement.head.number
                )
            }
            return item.id == forged?.id
        }
        try assembly.ratify()
        try assembly.run(seconds: 1)
        assembly.spread(try #require(forged), from: "gov.p3")
        try assembly.run(seconds: 1)
        #expect(try assembly.status("lab.p1").ceremony.stage == "aborted")
        #expect(try assembly.status("lab.p1").ceremony.failures.contains { $0.party == "gov.p3" })
    }

    @Test func `the key that opens ballots signs nothing`() throws {
        let assembly = try assembly()
        let point = try point().bytes
        let keys = [try RuleName("decide"), try RuleName("open")].map {
            KeyNonces.Key(rule: $0, hiding: point, binding: point)
        }
        let offer = try assembly.forge(.keyNonces(KeyNonces(attempt: 1, retry: 2, keys: keys)), by: "gov.p3")
        try assembly.hand(offer, to: "lab.p1")
        #expect(
            try assembly.node("lab.p1").observations.contains {
                if case .refused(offer.id, _, .againstCharter) = $0 { true } else { false }
            }
        )
    }
}
