import AssemblySupport
import CryptoPrimitives
import PauseEvidence
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

/// What the files of an order prove when one of the ballots was opened without its author (Protocol §8.6).
@Suite struct GuaranteedRollTests {
    private let assembly: Assembly
    private let motion: StatementID
    private let files: OrderExport

    /// An order to which the silent lab.p3 was needed: lab.p4 declined.
    init() throws {
        assembly = try Assembly(opening: .guaranteed)
        try assembly.makeKeys()
        motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"] {
            try assembly.cast(name == "lab.p4" ? .decline : .agree, by: name, on: motion)
        }
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item, statement.kind == .opening {
                statement.head.party.text != "lab.p3"
            } else {
                true
            }
        }
        try assembly.run(seconds: 5)
        files = try assembly.exportedOrder(at: "lab.p1")
    }

    private func report(_ change: (inout EvidenceBundle) -> Void = { _ in }) -> OrderReport {
        var bundle = files.bundle
        change(&bundle)
        return OrderVerification.verify(bundle, pin: .charter(assembly.charter.id), at: assembly.now.instant)
    }

    @Test func `a ballot that a quorum opened is on the roll`() {
        let report = report()
        #expect(report.roll.fact.status == .holds)
        #expect(report.roll.agreeing.contains("lab.p3"))
        #expect(report.roll.ballots.first { $0.party == "lab.p3" }?.answer == "agree")
        #expect(report.verdict == .notYetEffective)
        #expect(report.misconduct.isEmpty)
        #expect(report.ignored.isEmpty)
    }

    @Test func `without the key that ballots are sealed to no opening counts`() {
        let report = report { $0.keys = nil }
        #expect(report.roll.agreeing.isEmpty)
        #expect(report.ignored.contains { $0.reason.contains("without keys.jws nobody can check this opening") })
    }

    @Test func `an opening that does not make the seal counts for nothing, whoever signed it`() throws {
        let commitment = try #require(
            assembly.statements(.commitment, at: "lab.p1").first { $0.head.party.text == "lab.p3" }
        )
        let lie = Opening(motion: motion, commitment: commitment.id, ballot: Ballot(.decline), salt: .zero)
        let lines = try ["lab.p3", "gov.p1"].map { try assembly.forge(.opening(lie), by: $0).text + "\n" }
        let report = report { $0.record?.append(contentsOf: Array(lines.joined().utf8)) }
        #expect(report.roll.agreeing.contains("lab.p3"))
        #expect(report.ignored.count == 2)
        #expect(report.ignored.allSatisfy { $0.reason.contains("does not match the seal") })
    }

    @Test func `the key that opens ballots needs no key proof, and none is taken for it`() throws {
        let keys = String(decoding: try #require(files.bundle.keys), as: UTF8.self)
        #expect(keys.split(separator: "\n").count == assembly.charter.parties.count + 1)
    }
}

extension Assembly {
    /// The files of the one order that a node has.
    func exportedOrder(at name: String) throws -> OrderExport {
        let items = try items(of: name)
        let orders = items.compactMap { if case .order(let order) = $0 { order } else { nil } }
        let key = try node(name).with { participant in
            try #require(participant.agreement.groupKey(of: try RuleName("decide")))
        }
        return try OrderExport(
            try #require(orders.first).verified(by: key),
            groupKey: key,
            charter: charter,
            items: items
        )
    }
}
