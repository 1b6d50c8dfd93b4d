import AssemblySupport
import BallotSealing
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

/// What liars do with ballots that are lodged in advance, and what keeps them from it (Protocol §7.11).
@Suite struct HostileStandingTests {
    private let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    private func assembly(_ notice: Int64? = 60, faultBound: Int = 0) throws -> Assembly {
        let assembly = try Assembly(faultBound: faultBound, opening: .guaranteed, standingNotice: notice)
        try assembly.makeKeys()
        return assembly
    }

    private func standing(_ assembly: Assembly, by name: String, at node: String = "lab.p1") throws -> Statement {
        try #require(try assembly.statements(.standingBallot, at: node).first { $0.head.party.text == name })
    }

    private func ballot(_ statement: Statement) throws -> StandingBallot {
        guard case .standingBallot(let body) = statement.body else { throw Missing() }
        return body
    }

    private struct Missing: Error {}

    private func sealing(_ assembly: Assembly) throws -> BallotSealing {
        var agreement = try assembly.node("lab.p1").with { $0.agreement }
        let sealing = agreement.sealing()
        return try #require(sealing)
    }

    private func refusal(of item: Item, at name: String, _ assembly: Assembly) throws -> Refusal? {
        try assembly.hand(item, to: name)
        return try assembly.node(name).observations.lazy.compactMap { observation in
            if case .refused(item.id, _, let refusal) = observation { refusal } else { nil }
        }.first
    }

    private func agreeing(_ assembly: Assembly, at name: String = "lab.p1") throws -> [String] {
        try #require(try assembly.status(name).motions.first).agreeing
    }

    /// The text of another party's ballot, and of one's own for another pattern.
    @Test func `a copied ballot is refused, and so is one whose pattern was changed`() throws {
        let assembly = try assembly()
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.settle()
        let body = try ballot(try standing(assembly, by: "lab.p3"))
        let pattern = body.pattern
        let wider = StandingPattern(
            action: pattern.action,
            rule: pattern.rule,
            terms: pattern.terms,
            longest: 2 * pattern.longest,
            until: pattern.until,
            serial: pattern.serial
        )
        let later = StandingPattern(
            action: pattern.action,
            rule: pattern.rule,
            terms: pattern.terms,
            longest: pattern.longest,
            until: .latest,
            serial: pattern.serial
        )
        let next = StandingPattern(
            action: pattern.action,
            rule: pattern.rule,
            terms: pattern.terms,
            longest: pattern.longest,
            until: pattern.until,
            serial: pattern.serial + 1
        )
        let copies = [("lab.p4", pattern), ("lab.p3", wider), ("lab.p3", later), ("lab.p3", next)]
        for (name, pattern) in copies {
            let forged = try assembly.forge(
                .standingBallot(StandingBallot(pattern: pattern, seal: body.seal)),
                by: name
            )
            #expect(try refusal(of: forged, at: "lab.p1", assembly) == .malformedBallot)
        }
    }

    @Test func `a sealed ballot of a motion is none for motions to come, nor the other way round`() throws {
        let assembly = try assembly()
        try assembly.lodge(.agree, by: "lab.p3")
        let motion = try assembly.propose()
        try assembly.cast(.agree, by: "lab.p4", on: motion)
        try assembly.settle()
        let standing = try ballot(try standing(assembly, by: "lab.p3"))
        let asCommitment = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: standing.seal)),
            by: "lab.p3"
        )
        #expect(try refusal(of: asCommitment, at: "lab.p1", assembly) == .malformedBallot)
        let commitment = try #require(try assembly.statements(.commitment, at: "lab.p1").first)
        guard case .commitment(let body) = commitment.body else { throw Missing() }
        let asStanding = try assembly.forge(
            .standingBallot(StandingBallot(pattern: standing.pattern, seal: body.seal)),
            by: "lab.p4"
        )
        #expect(try refusal(of: asStanding, at: "lab.p1", assembly) == .malformedBallot)
    }

    @Test func `a receipt for a commitment does not certify a standing ballot`() throws {
        let assembly = try assembly()
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        let id = try standing(assembly, by: "lab.p3").id
        // One recorder lets it count, so that the motion knows of it.
        let first = StandingReceipt(statement: id, motion: motion)
        try assembly.hand(try assembly.forge(.standingReceipt(first), by: "lab.p2"), to: "lab.p1")
        let receipt = Receipt(motion: motion, commitment: id, committer: try PartyName("lab.p3"))
        let forged = try assembly.forge(.receipt(receipt), by: "lab.p4")
        #expect(try refusal(of: forged, at: "lab.p1", assembly) == .commitmentOfAnother)
    }

    /// Of several authors, so that some standing ballots' ids are lower than the commitments', and some are not.
    @Test func `a node receipts a voter's own ballot also when its standing ballot is known for the motion`() throws {
        let assembly = try assembly()
        let authors = ["lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]
        for name in authors { try assembly.lodge(.agree, by: name) }
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        let ids = try authors.map { try standing(assembly, by: $0).id }
        for (index, id) in ids.enumerated() {
            let first = StandingReceipt(statement: id, motion: motion)
            let forged = try assembly.forge(.standingReceipt(first), by: "lab.p2", number: 500 + index)
            try assembly.hand(forged, to: "lab.p1")
        }
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item, to.text == "lab.p1" else { return true }
            return statement.kind == .commitment
        }
        for name in authors { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 1)
        let receipts = try assembly.statements(.receipt, at: "lab.p1").flatMap {
            statement -> [(key: PartyName, value: StatementID)] in
            if case .receipt(let body) = statement.body { Array(body.commitments) } else { [] }
        }
        #expect(receipts.map(\.key.text).sorted() == authors.sorted())
        #expect(receipts.allSatisfy { !ids.contains($0.value) })
    }

    @Test func `a receipt for what is not for the motion counts for nothing`() throws {
        let assembly = try assembly()
        let usual = try assembly.standingProposal()
        let short = StandingProposal(
            action: .start,
            terms: usual.terms,
            longest: try #require(Seconds(1)),
            until: usual.until
        )
        try assembly.lodge(.agree, by: "lab.p4", for: short)
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        let other = StandingReceipt(statement: try standing(assembly, by: "lab.p4").id, motion: motion)
        let forged = try assembly.forge(.standingReceipt(other), by: "lab.p2")
        #expect(try refusal(of: forged, at: "lab.p1", assembly) == .wrongStandingBallot)
    }

    /// Eight of a party's are taken and others wait; what recorders let count is taken all the same.
    @Test func `what recorders let count is taken however much its author has lodged elsewhere`() throws {
        let assembly = try assembly()
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item, statement.kind == .standingBallot else { return true }
            return statement.head.party.text != "lab.p3" || to.text != "lab.p1"
        }
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.run(seconds: 4)
        let real = try standing(assembly, by: "lab.p3", at: "lab.p2")
        let body = try ballot(real)
        let sealing = try sealing(assembly)
        // The liar shows this node eight others.
        for serial in 2...9 {
            let pattern = StandingPattern(
                action: body.pattern.action,
                rule: body.pattern.rule,
                terms: body.pattern.terms,
                longest: body.pattern.longest,
                until: body.pattern.until,
                serial: serial
            )
            let subject = BallotSealing.Subject(party: try PartyName("lab.p3"), pattern: pattern)
            let seal = try #require(sealing.seal(Ballot(.decline), salt: .zero, as: subject))
            let forged = try assembly.forge(
                .standingBallot(StandingBallot(pattern: pattern, seal: seal)),
                by: "lab.p3",
                number: 100 + serial
            )
            try assembly.hand(forged, to: "lab.p1")
        }
        try assembly.hand(.statement(real), to: "lab.p1")
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").count == 8)
        let motion = try assembly.propose()
        for name in voters where name != "lab.p3" { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 13)
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").contains { $0.id == real.id })
        #expect(try assembly.statements(.close, at: "lab.p1").count == 7)
        #expect(try agreeing(assembly) == agreeing(assembly, at: "gov.p1"))
    }

    @Test func `without the charter's word nobody votes in advance`() throws {
        let assembly = try assembly(nil)
        let proposal = try assembly.standingProposal()
        let rule = try RuleName("decide")
        let pattern = StandingPattern(
            action: .start,
            rule: rule,
            terms: proposal.terms,
            longest: proposal.longest,
            until: proposal.until,
            serial: 1
        )
        let sealing = try sealing(assembly)
        let subject = BallotSealing.Subject(party: try PartyName("lab.p3"), pattern: pattern)
        let seal = try #require(sealing.seal(Ballot(.agree), salt: .zero, as: subject))
        let motion = try assembly.propose()
        let bodies: [StatementBody] = [
            .standingBallot(StandingBallot(pattern: pattern, seal: seal)),
            .standingReceipt(StandingReceipt(statement: motion)),
            .standingRevocation(StandingRevocation(ballot: motion)),
            .standingReceipt(StandingReceipt(statement: motion, motion: motion)),
        ]
        for body in bodies {
            let item = try assembly.forge(body, by: "lab.p3")
            guard case .againstCharter = try refusal(of: item, at: "lab.p1", assembly) else {
                Issue.record("\(body.kind) is not refused")
                continue
            }
        }
    }

    @Test func `a recorder's second receipt and a stranger's change nothing`() throws {
        let assembly = try Assembly(observers: 1, opening: .guaranteed, standingNotice: 60)
        try assembly.makeKeys()
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.settle()
        let id = try standing(assembly, by: "lab.p3").id
        let again = try assembly.forge(.standingReceipt(StandingReceipt(statement: id)), by: "lab.p2")
        #expect(try refusal(of: again, at: "lab.p1", assembly) == .alreadySaid)
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        for (count, expected) in [(1, nil), (2, Refusal.alreadySaid)] {
            let body = StandingReceipt(statement: id, motion: motion)
            let item = try assembly.forge(.standingReceipt(body), by: "lab.p2", number: 100 + count)
            #expect(try refusal(of: item, at: "lab.p1", assembly) == expected)
        }
        let observers = try assembly.forge(.standingReceipt(StandingReceipt(statement: id)), by: "observer.p1")
        #expect(try refusal(of: observers, at: "lab.p1", assembly) == .notAVoter)
    }

    @Test func `a node whose clock is wrong gives no receipts for what is lodged`() throws {
        let assembly = try assembly(faultBound: 0)
        try assembly.act("lab.p2") { $0.compareClocks(offsetMilliseconds: 5000, at: $1) }
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.run(seconds: 1)
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").count == 6)
        try assembly.act("lab.p2") { $0.compareClocks(offsetMilliseconds: 0, at: $1) }
        try assembly.run(seconds: 1)
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").count == 7)
    }

    /// Whoever comes late, and in whatever order it hears of everything, sees what the others see.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `the order of arrival decides nothing`(seed: UInt64) throws {
        let assembly = try Assembly(seed: seed, opening: .guaranteed, standingNotice: 60)
        try assembly.makeKeys()
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.lodge(.agreeIf(try Condition(canonicalText: "2of(lab.p1,lab.p2)")), by: "lab.p4")
        try assembly.run(seconds: 4)
        try assembly.stop("gov.p3")
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "gov.p1", "gov.p2"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 14)
        #expect(try agreeing(assembly) == ["gov.p1", "gov.p2", "lab.p1", "lab.p2", "lab.p3", "lab.p4"])
        try assembly.start(try PartyName("gov.p3"))
        try assembly.run(seconds: 1)
        #expect(try agreeing(assembly, at: "gov.p3") == agreeing(assembly))
        #expect(try assembly.status("gov.p3").motions.first?.phase == "published")
    }
}
