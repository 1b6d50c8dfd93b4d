import AssemblySupport
import PauseAgreement
import QuorumPolicy
import SignedStatements
import Testing

@testable import standstill

/// What `status` and `ceremony show` print about the key ceremony.
@Suite struct CeremonyScreenTests {
    /// The cells of one party's row.
    private func row(_ name: String, _ status: AgreementStatus) throws -> [String] {
        let party = try #require(status.parties.first { $0.name == name })
        return CeremonyPage.cells(of: party, in: status.ceremony)
    }

    @Test func `who is waited for has a code in the column of the step, and one line tells the remedy`() throws {
        let assembly = try Assembly()
        for node in assembly.nodes.dropLast(2) {
            try assembly.act(node.name.text) { participant, now in try participant.ratify(at: now) }
        }
        try assembly.settle()
        let status = try assembly.status("lab.p1")
        #expect(try row("lab.p1", status) == ["yes", "-", "-", "-", "-", "-"])
        #expect(try row("gov.p3", status) == ["CER-01", "-", "-", "-", "-", "-"])
        #expect(
            CeremonyPage.remedies(status.ceremony.failures) == [
                "CER-01 gov.p2, gov.p3: has not ratified the charter; have its officers run `standstill charter ratify`"
            ]
        )
        #expect(status.ceremony.problems.isEmpty)
    }

    @Test func `an attempt that was stopped names who stopped it, and the next is numbered`() throws {
        let assembly = try Assembly()
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .keyShare } else { true }
        }
        try assembly.makeKeys()
        let abort = CeremonyAbort(
            attempt: 1,
            reason: .stopped,
            culprit: try PartyName("gov.p3"),
            rule: nil,
            complaint: nil
        )
        try assembly.hand(assembly.forge(.ceremonyAbort(abort), by: "gov.p3"), to: "lab.p1")
        let failed = try assembly.status("lab.p1")
        #expect(try row("gov.p3", failed) == ["yes", "CER-20", "yes", "yes", "-", "-"])
        #expect(CeremonyPage.heading(failed.ceremony, now: failed.ceremony.since).hasPrefix("key ceremony: aborted"))
        #expect(CeremonyPage.remedies(failed.ceremony.failures).count == 1)
        try assembly.act("lab.p1") { participant, now in try participant.retryCeremony(at: now).outputs }
        let next = try assembly.status("lab.p1")
        #expect(
            CeremonyPage.heading(next.ceremony, now: next.ceremony.since)
                .hasPrefix("key ceremony: contributing, attempt 2")
        )
        #expect(try row("lab.p1", next) == ["yes", "yes", "-", "-", "-", "-"])
        #expect(try row("gov.p3", next) == ["yes", "CER-03", "-", "-", "-", "-"])
    }
}
