import AssemblySupport
import CryptoPrimitives
import PauseEvidence
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

/// What the files of an order prove when a ballot was lodged before there was a motion (Protocol §7.11, §8.6).
@Suite struct StandingRollTests {
    private let assembly: Assembly
    private let motion: StatementID
    private let files: OrderExport

    /// An order to which the absent lab.p3 was needed: lab.p4 declined.
    init() throws {
        assembly = try Assembly(opening: .guaranteed, standingNotice: 60)
        try assembly.makeKeys()
        try assembly.lodge(.agreeIf(try Condition(canonicalText: "2of(lab.p1,lab.p2)")), by: "lab.p3")
        try assembly.run(seconds: 4)
        motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p4", "gov.p1", "gov.p2", "gov.p3"] {
            try assembly.cast(name == "lab.p4" ? .decline : .agree, by: name, on: motion)
        }
        try assembly.run(seconds: 5)
        files = try assembly.exportedOrder(at: "lab.p1")
    }

    private func report(_ change: ([Statement]) throws -> [String] = { $0.map(\.text) }) throws -> OrderReport {
        var bundle = files.bundle
        let record = String(decoding: try #require(bundle.record), as: UTF8.self)
        let lines = try change(try record.split(separator: "\n").map { try Statement(decoding: String($0)) })
        bundle.record = Array(lines.map { $0 + "\n" }.joined().utf8)
        return OrderVerification.verify(bundle, pin: .charter(assembly.charter.id), at: assembly.now.instant)
    }

    @Test func `a ballot that was lodged in advance is on the roll`() throws {
        let report = try report()
        #expect(report.roll.fact.status == .holds)
        #expect(report.roll.agreeing.contains("lab.p3"))
        let ballot = try #require(report.roll.ballots.first { $0.party == "lab.p3" })
        #expect(ballot.isStanding && ballot.isCounted)
        #expect(ballot.answer == "agree if 2of(lab.p1,lab.p2)")
        #expect(ballot.receipts.count == 7)
        #expect(
            report.lines.contains {
                $0.contains("lab.p3: agree if 2of(lab.p1,lab.p2), lodged in advance, certified by 7")
            }
        )
        #expect(report.verdict == .notYetEffective)
        #expect(report.misconduct.isEmpty)
        #expect(report.ignored.isEmpty)
    }

    @Test func `receipts that it was lodged are not enough`() throws {
        let report = try report { statements in
            statements.filter { $0.kind != .standingReceipt }.map(\.text)
                + (try assembly.statements(.standingReceipt, at: "lab.p1").filter { $0.body.motion == nil }.map(\.text))
        }
        #expect(!report.roll.agreeing.contains("lab.p3"))
        #expect(report.roll.fact.status != .holds)
        #expect(report.ignored.count == 7, "they are about no motion")
    }

    @Test func `a receipt for a ballot that is not there counts for nothing, and neither does its opening`() throws {
        let report = try report { $0.filter { $0.kind != .standingBallot }.map(\.text) }
        #expect(!report.roll.agreeing.contains("lab.p3"))
        #expect(report.ignored.contains { $0.reason.contains("was not supplied, or is for other motions") })
        #expect(report.ignored.count == 8)
    }

    @Test func `a standing ballot for other motions is left out, whoever receipts it`() throws {
        let real = try #require(try assembly.statements(.standingBallot, at: "lab.p1").first)
        guard case .standingBallot(let body) = real.body else { return }
        let pattern = StandingPattern(
            action: .renew,
            rule: body.pattern.rule,
            terms: body.pattern.terms,
            longest: body.pattern.longest,
            until: body.pattern.until,
            serial: 2
        )
        let other = try assembly.forge(.standingBallot(StandingBallot(pattern: pattern, seal: body.seal)), by: "lab.p4")
        let receipts = try ["lab.p1", "lab.p2"].map { name in
            try assembly.forge(.standingReceipt(StandingReceipt(statement: other.id, motion: motion)), by: name).text
        }
        let report = try report { $0.map(\.text) + [other.text] + receipts }
        #expect(report.ignored.map(\.reason).contains { $0.contains("is for other motions") })
        #expect(report.ignored.count == 3)
        #expect(report.roll.ballots.filter(\.isStanding).count == 1)
    }

    @Test func `a receipt for a commitment does not stand for one of a standing ballot, nor the other way round`()
        throws
    {
        let real = try #require(try assembly.statements(.standingBallot, at: "lab.p1").first)
        let commitment = try #require(try assembly.statements(.commitment, at: "lab.p1").first)
        let author = commitment.head.party
        let asCommitment = Receipt(motion: motion, commitment: real.id, committer: try PartyName("lab.p3"))
        let asStanding = StandingReceipt(statement: commitment.id, motion: motion)
        let lines = try [
            assembly.forge(.receipt(asCommitment), by: "lab.p1").text,
            assembly.forge(.standingReceipt(asStanding), by: "lab.p2").text,
        ]
        let report = try report { statements in
            statements.filter { statement in
                // What they would replace.
                if case .standingReceipt = statement.body { return statement.head.party.text != "lab.p1" }
                if case .receipt(let body) = statement.body {
                    return body.commitments[author] == nil || statement.head.party.text != "lab.p2"
                }
                return true
            }.map(\.text) + lines
        }
        #expect(report.ignored.count == 2)
        #expect(report.roll.ballots.first { $0.party == "lab.p3" }?.receipts.contains("lab.p1") == false)
        #expect(report.roll.ballots.first { $0.party == author.text }?.receipts.contains("lab.p2") == false)
    }

    @Test func `a voter that both lodged and cast has two ballots, and agreeing is the stronger`() throws {
        let assembly = try Assembly(opening: .guaranteed, standingNotice: 60)
        try assembly.makeKeys()
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "gov.p1", "gov.p2"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.cast(.decline, by: "lab.p3", on: motion)
        try assembly.run(seconds: 14)
        let status = try #require(try assembly.status("gov.p1").motions.first)
        #expect(status.phase == "published")
        #expect(status.voters.first { $0.name == "lab.p3" }?.answer == "decline and agree")
    }
}
