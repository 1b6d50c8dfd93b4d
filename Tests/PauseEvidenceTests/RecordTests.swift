import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseEvidence

@Suite("A record is a set of facts")
struct RecordTests {
    @Test
    func `a smallest record quorum of receipts in time proves publication`() throws {
        let (scene, motion) = try Scene.published(by: Scene.quorum)
        let report = try scene.report(motion)
        #expect(report.verdict == .inForce)
        #expect(report.publication.onTime.map(\.party) == Scene.quorum.sorted())
        #expect(report.publication.missing == ["gov.p3", "lab.p4"])
    }

    @Test(arguments: Scene.quorum)
    func `one receipt below the quorum proves nothing`(absent: String) throws {
        let (scene, motion) = try Scene.published(by: Scene.quorum.filter { $0 != absent })
        let report = try scene.report(motion)
        #expect(report.verdict == .insufficientEvidence)
        #expect(report.state.name == .unpublished)
        #expect(report.publication.fact.status == .unknown)
        #expect(report.publication.missing.contains(absent))
    }

    @Test
    func `a receipt counts until the second before publish-by`() throws {
        let (onTime, first) = try Scene.published(at: 24)
        #expect(try onTime.report(first).verdict == .inForce)
        let (late, second) = try Scene.published(at: 25)
        let report = try late.report(second)
        #expect(report.verdict == .void)
        #expect(report.state.name == .late)
        #expect(report.publication.late.map(\.party) == Scene.everyone.sorted())
    }

    @Test
    func `an order is void only when no quorum can have given its receipts in time`() throws {
        var (scene, motion) = try Scene.published(by: ["lab.p1", "lab.p2", "gov.p1", "gov.p2"])
        try scene.publish(motion, by: ["lab.p3"], at: 26)
        let report = try scene.report(motion)
        #expect(report.publication.late == [.init(party: "lab.p3", at: "2030-03-17T17:47:06Z")])
        // The receipt of lab.p4 may be somewhere else: whoever leaves it out must not make the order void.
        #expect(report.verdict == .insufficientEvidence)
        var complete = scene
        try complete.publish(motion, by: ["lab.p4"])
        #expect(try complete.report(motion).verdict == .inForce)
        try scene.publish(motion, by: ["lab.p4"], at: 26)
        #expect(try scene.report(motion).verdict == .void)
    }

    @Test
    func `a round that a record quorum has given up makes its order void, one party less proves nothing`() throws {
        var (scene, motion) = try Scene.published(by: ["gov.p3"])
        let lapse = StatementBody.lapse(Lapse(position: motion.claims.position))
        for party in Scene.quorum.dropLast() { try scene.record(lapse, by: party, at: 30) }
        // Two of three labs gave it up, so that no quorum of three labs can have given receipts.
        var report = try scene.report(motion)
        #expect(report.verdict == .void)
        scene.record.removeAll { $0.kind == .lapse && $0.head.party.text != "lab.p1" }
        report = try scene.report(motion)
        #expect(report.verdict == .insufficientEvidence)
        #expect(report.publication.gaveUp == ["lab.p1"])
    }

    @Test
    func `parties that gave the round up but name the order they receipted do not make it void`() throws {
        var (scene, motion) = try Scene.published(by: ["lab.p1", "lab.p2"])
        for party in ["lab.p1", "lab.p2", "lab.p3"] {
            let receipted = party == "lab.p3" ? nil : motion.order.digest
            try scene.record(.lapse(Lapse(position: motion.claims.position, receipted: receipted)), by: party, at: 30)
        }
        #expect(try scene.report(motion).verdict == .insufficientEvidence)
        let stray = Lapse(position: ChainPosition(seq: 1, round: 5, previous: nil))
        try scene.record(.lapse(stray), by: "lab.p4", at: 30)
        let report = try scene.report(motion)
        #expect(report.verdict == .insufficientEvidence)
        #expect(report.ignored.map(\.reason) == ["this lapse of lab.p4 is for another place of the chain"])
    }

    @Test
    func `a party's earliest receipt counts`() throws {
        for dates: [Int64] in [[20, 26], [26, 20]] {
            var (scene, motion) = try Scene.published(by: Scene.quorum.filter { $0 != "lab.p1" })
            for date in dates { try scene.publish(motion, by: ["lab.p1"], at: date) }
            let report = try scene.report(motion)
            #expect(report.verdict == .inForce)
            #expect(report.publication.late.isEmpty)
        }
    }

    @Test
    func `a receipt for this order after another predecessor does not count`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion(seq: 2, previous: OrderDigest(.zero)))
        let misplaced = PublicationReceipt(
            motion: motion.id,
            order: motion.order.digest,
            position: ChainPosition(seq: 2, round: 0, previous: OrderDigest(SHA256.hash([]))),
            roll: []
        )
        for party in Scene.everyone { try scene.record(.publicationReceipt(misplaced), by: party, at: 20) }
        let report = try scene.report(motion)
        #expect(report.verdict == .insufficientEvidence)
        #expect(report.ignored.count == 7)
    }

    @Test
    func `a receipt without a place in the record rule is listed and not counted`() throws {
        var (scene, motion) = try Scene.published(by: Scene.quorum)
        guard let index = scene.record.firstIndex(where: { $0.kind == .publicationReceipt }) else {
            throw Scene.Missing()
        }
        let wrongPlace = PublicationReceipt(
            motion: motion.id,
            order: motion.order.digest,
            position: ChainPosition(seq: 1, round: 1, previous: nil),
            roll: []
        )
        try scene.record(.publicationReceipt(wrongPlace), by: "lab.p4", at: 20)
        let lines = scene.bundle(motion).recordLines
        let forged = String(lines[index].dropLast(4)) + "AAAA"
        let report = judge(scene, motion, lines + [forged, "", "nonsense", scene.keys[0].text, lines[index]])
        #expect(report.verdict == .inForce)
        #expect(report.ignored.map(\.line) == Array(lines.count...lines.count + 5))
        let reasons = report.ignored.map(\.reason)
        #expect(reasons[0] == "this receipt of lab.p4 is for another order or place of the chain")
        #expect(reasons[1].hasPrefix("signature is not"))
        #expect(reasons[2] == "compact JWS with 1 parts instead of 3")
        #expect(reasons[4].hasSuffix("does not belong into this file"))
        #expect(reasons[5] == "it repeats line \(index + 1)")
    }

    @Test
    func `a party without a place in the rules counts nowhere`() throws {
        var (scene, motion) = try Scene.published(by: Scene.quorum)
        let before = try scene.report(motion)
        let ballot = try scene.commit(.agree, by: Scene.observer, on: motion)
        try scene.receipt(ballot, by: ["lab.p1"], on: motion)
        let own = CastBallot(
            party: "lab.p1",
            ballot: ballot.ballot,
            salt: ballot.salt,
            commitment: try commitment(in: scene)
        )
        try scene.receipt(own, by: [Scene.observer], on: motion)
        try scene.close(motion, by: [Scene.observer])
        try scene.open(ballot, on: motion)
        try scene.publish(motion, by: [Scene.observer])
        let report = try scene.report(motion)
        #expect(report.roll == before.roll)
        #expect(report.publication == before.publication)
        #expect(
            report.ignored.map(\.reason) == [
                "obs.p1 has no vote under rule decide", "the commitment that lab.p1 refers to was not supplied",
                "obs.p1 has no place in the record rule", "obs.p1 has no place in the record rule",
                "the commitment that obs.p1 refers to was not supplied", "obs.p1 has no place in the record rule",
            ]
        )
    }

    @Test
    func `nobody opens or ascribes the commitment of another`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        let ballot = try scene.commit(.agree, by: "lab.p1", on: motion)
        let stolen = CastBallot(
            party: "lab.p2",
            ballot: ballot.ballot,
            salt: ballot.salt,
            commitment: ballot.commitment
        )
        try scene.receipt(stolen, by: ["gov.p1"], on: motion)
        try scene.open(stolen, on: motion)
        #expect(
            try scene.report(motion).ignored.map(\.reason) == [
                "gov.p1 ascribes the commitment to a party that did not make it",
                "lab.p2 ascribes the commitment to a party that did not make it",
            ]
        )
    }

    @Test
    func `a receipt counts for what was supplied, whatever else it says`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        let ballot = try scene.commit(.agree, by: "lab.p1", on: motion)
        let author = try PartyName(ballot.party)
        let missing = StatementID(PublicRandom.bytes32())
        let partly = Receipt(
            motion: motion.id,
            commitments: [author: ballot.commitment, try PartyName("lab.p2"): missing]
        )
        try scene.record(.receipt(partly), by: "gov.p1", at: 3)
        let stolen = Receipt(
            motion: motion.id,
            commitments: [author: ballot.commitment, try PartyName("lab.p2"): ballot.commitment]
        )
        try scene.record(.receipt(stolen), by: "gov.p2", at: 3)
        let report = try scene.report(motion)
        #expect(report.roll.ballots.first { $0.party == "lab.p1" }?.receipts == ["gov.p1", "gov.p2"])
        #expect(report.ignored.isEmpty)
        #expect(report.misconduct.map(\.kind) == [.misattributedReceipt])
    }

    @Test
    func `statements about another motion or against the charter are left out`() throws {
        var (scene, motion) = try Scene.published(by: Scene.quorum)
        let other = try scene.propose(Scene.motion())
        try scene.commit(.agree, by: "lab.p2", on: other)
        let stranger = Answer.agreeIf(try Condition(canonicalText: "lab.p9"))
        let ballot = try scene.commit(stranger, by: "lab.p4", on: motion, salt: "second")
        try scene.open(ballot, on: motion)
        let reasons = try scene.report(motion).ignored.map(\.reason)
        #expect(reasons.count == 3)
        #expect(reasons[0] == "this statement of lab.p1 is about another motion")
        #expect(reasons[1] == "this statement of lab.p2 is about another motion")
        #expect(reasons[2].contains("names lab.p9, who is not a party"))
    }

    private func commitment(in scene: Scene) throws -> StatementID {
        let statement = scene.record.first { $0.kind == .commitment && $0.head.party.text == "lab.p1" }
        guard let statement else { throw Scene.Missing() }
        return statement.id
    }

    @Test
    func `the order of lines does not matter`() throws {
        var (scene, motion) = try Scene.published(by: Scene.quorum)
        _ = try scene.commit(.agree, by: "lab.p4", on: motion, salt: "second")
        let lines = scene.bundle(motion).recordLines
        let expected = judge(scene, motion, lines)
        #expect(expected.misconduct.count == 1)
        for seed in 1...10 as ClosedRange<UInt64> {
            var random = SeededRandom(seed: seed)
            #expect(judge(scene, motion, lines.shuffled(using: &random)) == expected)
        }
    }

    @Test
    func `an opening that does not match its seal is not counted`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        var ballots: [CastBallot] = []
        for party in Scene.quorum { ballots.append(try scene.commit(.agree, by: party, on: motion)) }
        for ballot in ballots { try scene.receipt(ballot, by: Scene.quorum, on: motion) }
        try scene.close(motion, by: Scene.quorum)
        for ballot in ballots.dropFirst() { try scene.open(ballot, on: motion) }
        try scene.open(ballots[0], on: motion, salt: .zero)
        try scene.publish(motion, by: Scene.quorum)
        let report = try scene.report(motion)
        #expect(report.verdict == .inForce)
        #expect(report.roll.fact.status == .unknown)
        #expect(report.roll.fact.sentence.contains("lab.p1"))
        #expect(report.roll.namedByReceiptsOnly == ["lab.p1"])
        #expect(report.ignored.map(\.reason) == ["this opening of lab.p1 does not match the seal of its commitment"])
        #expect(report.roll.ballots.first { $0.party == "lab.p1" }?.answer == "")
    }

    @Test
    func `an opened ballot without a record quorum of receipts is shown and not counted`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        let ballot = try scene.commit(.agree, by: "lab.p1", on: motion)
        try scene.receipt(ballot, by: Array(Scene.quorum.dropLast()), on: motion)
        try scene.close(motion, by: Scene.quorum)
        try scene.open(ballot, on: motion)
        let roll = try scene.report(motion).roll
        #expect(roll.agreeing.isEmpty)
        #expect(roll.ballots.map(\.isCertified) == [false])
        #expect(roll.ballots.map(\.isCounted) == [false])
        #expect(roll.ballots.map(\.answer) == ["agree"])
    }

    @Test
    func `a roll is not proven before a record quorum has closed`() throws {
        var (scene, motion) = try Scene.published()
        let keep = Set(Scene.quorum.dropLast())
        scene.record.removeAll { $0.kind == .close && !keep.contains($0.head.party.text) }
        let report = try scene.report(motion)
        #expect(!report.roll.isClosed)
        #expect(report.roll.fact.status == .unknown)
        #expect(report.verdict == .inForce)
    }

    @Test
    func `ballots that all decline contradict the signature and are said to`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        for party in Scene.everyone {
            let ballot = try scene.commit(.decline, by: party, on: motion)
            try scene.receipt(ballot, by: Scene.everyone, on: motion)
            try scene.open(ballot, on: motion)
        }
        try scene.close(motion, by: Scene.everyone)
        #expect(try scene.report(motion).roll.fact.status == .fails)
    }

    @Test
    func `a condition that does not hold withdraws the agreement`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        let answer = Answer.agreeIf(try Condition(canonicalText: "lab.p4"))
        let ballot = try scene.commit(answer, by: "lab.p1", on: motion)
        try scene.receipt(ballot, by: Scene.everyone, on: motion)
        try scene.open(ballot, on: motion)
        let roll = try scene.report(motion).roll
        #expect(roll.withdrawn == ["lab.p1"])
        #expect(roll.ballots.map(\.answer) == ["agree if lab.p4"])
    }

    @Test
    func `too many lines are refused before they are read`() throws {
        let (scene, motion) = try Scene.published()
        var bundle = scene.bundle(motion)
        bundle.record = [UInt8](repeating: UInt8(ascii: "\n"), count: EvidenceLimits.recordLines + 2)
        let report = OrderVerification.verify(bundle, pin: .charter(scene.charter.id), at: try Scene.instant(1_800))
        #expect(report.claims.sentence.hasPrefix("record.jws: more than 262144 lines"))
        #expect(report.verdict == .insufficientEvidence)
    }

    private func judge(_ scene: Scene, _ motion: CarriedMotion, _ lines: [String]) -> OrderReport {
        let bundle = scene.bundle(motion).with(recordLines: lines)
        let instant = motion.claims.effective
        return OrderVerification.verify(bundle, pin: .charter(scene.charter.id), at: instant)
    }
}

@Suite("Contradictions are reported and take nothing away")
struct MisconductTests {
    @Test
    func `a party that gave receipts for two orders is named, and its receipt still counts`() throws {
        var (scene, motion) = try Scene.published(by: Scene.quorum)
        let other = PublicationReceipt(
            motion: StatementID(SHA256.hash([1])),
            order: OrderDigest(SHA256.hash([2])),
            position: motion.claims.position,
            roll: []
        )
        let second = try scene.record(.publicationReceipt(other), by: "lab.p1", at: 21)
        let report = try scene.report(motion)
        #expect(report.verdict == .inForce)
        #expect(report.misconduct.map(\.kind) == [.twoPublicationReceipts])
        #expect(report.misconduct.map(\.party) == ["lab.p1"])
        #expect(report.misconduct[0].statements.contains(second.id.description))
        #expect(report.publication.gaveToAnother.isEmpty)
    }

    @Test
    func `an honest receipt for another order is no misconduct`() throws {
        var (scene, motion) = try Scene.published(by: Scene.quorum)
        let other = PublicationReceipt(
            motion: StatementID(SHA256.hash([1])),
            order: OrderDigest(SHA256.hash([2])),
            position: motion.claims.position,
            roll: []
        )
        try scene.record(.publicationReceipt(other), by: "lab.p4", at: 21)
        let report = try scene.report(motion)
        #expect(report.misconduct.isEmpty)
        #expect(report.publication.gaveToAnother == ["lab.p4"])
    }

    @Test
    func `two commitments of one party bind it, and two receipts for them name the recorder`() throws {
        var (scene, motion) = try Scene.published()
        let second = try scene.commit(.agree, by: "lab.p4", on: motion, salt: "second")
        // Everybody closed already, so that each of these also breaks the recorder's promise.
        try scene.receipt(second, by: ["gov.p1"], on: motion)
        let report = try scene.report(motion)
        #expect(report.misconduct.map(\.kind) == [.twoCommitments, .twoReceipts, .receiptAfterClose])
        #expect(report.misconduct.map(\.party) == ["lab.p4", "gov.p1", "gov.p1"])
        #expect(!report.roll.agreeing.contains("lab.p4"))
        try scene.receipt(second, by: Scene.everyone, on: motion)
        try scene.open(second, on: motion)
        #expect(try scene.report(motion).roll.agreeing.contains("lab.p4"))
    }

    @Test
    func `a receipt dated after the commit deadline is named`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        let ballot = try scene.commit(.agree, by: "lab.p1", on: motion)
        try scene.receipt(ballot, by: ["lab.p2"], on: motion, at: 9)
        #expect(try scene.report(motion).misconduct.isEmpty)
        try scene.receipt(ballot, by: ["lab.p3"], on: motion, at: 10)
        #expect(try scene.report(motion).misconduct.map(\.kind) == [.receiptAfterDeadline])
    }

    @Test
    func `two statements with one number are proof of equivocation`() throws {
        var (scene, motion) = try Scene.published()
        guard let close = scene.record.last(where: { $0.kind == .close }) else { throw Scene.Missing() }
        let again = Close(motion: motion.id)
        try scene.record(.close(again), by: close.head.party.text, at: 12, number: close.head.number)
        let report = try scene.report(motion)
        #expect(report.misconduct.map(\.kind).contains(.twoStatementsWithOneNumber))
        #expect(report.verdict == .inForce)
    }

    @Test
    func `no honest party of a real run is accused`() throws {
        #expect(try RealEvidence.shared.get().report().misconduct.isEmpty)
    }
}
