import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("Before a node's first word")
struct StartTests {
    static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    /// An assembly with a motion in which lab.p2 owes receipts, closes, its opening and its signature.
    private func assemblyWithMotion(_ ballots: [String] = voters) throws -> (Assembly, StatementID) {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ballots { try assembly.cast(.agree, by: name, on: motion) }
        return (assembly, motion)
    }

    private func answer(_ assembly: Assembly, _ name: String, by peer: String) throws {
        let head = try assembly.head(of: assembly.node(name), at: assembly.node(peer))
        let party = try PartyName(peer)
        try assembly.act(name) { participant, now in try participant.receive(head, from: party, at: now) }
    }

    @Test func `nothing is signed before those who answered make a record quorum with this party`() throws {
        let (assembly, _) = try assemblyWithMotion(Array(Self.voters.dropLast()))
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"), alone: true)
        let node = try assembly.node("lab.p2")
        let before = node.sent.count
        try assembly.run(seconds: 2)
        #expect(node.sent.count == before)
        #expect(try assembly.status("lab.p2").asking.count == 6)
        // The record rule asks for 3 of 4 labs and 2 of 3 governments: lab.p2 itself is one of them.
        for peer in ["lab.p1", "gov.p1", "gov.p2"] { try answer(assembly, "lab.p2", by: peer) }
        try assembly.run(seconds: 1)
        #expect(node.sent.count == before)
        try answer(assembly, "lab.p2", by: "lab.p3")
        #expect(node.sent.count > before)
        #expect(try assembly.status("lab.p2").asking.isEmpty)
    }

    @Test func `where few are up at a time, one answer and the wait for others suffice`() throws {
        let assembly = try Assembly()
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"), alone: true)
        try assembly.act("lab.p2") { participant, now in try participant.ratify(at: now) }
        let node = try assembly.node("lab.p2")
        // Without any answer no wait is long enough.
        try assembly.run(seconds: 40)
        #expect(node.sent.isEmpty)
        try answer(assembly, "lab.p2", by: "gov.p3")
        try assembly.pass(milliseconds: Limits.inquiryPatienceMilliseconds - 1)
        #expect(node.sent.isEmpty)
        try assembly.pass(milliseconds: 1)
        #expect(node.sent.count == 1)
    }

    @Test func `an answer with a statement that is not this party's, or does not verify, is no answer`() throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"), alone: true)
        let before = try assembly.status("lab.p2")
        let foreign = try #require(try assembly.lastStatement(of: "gov.p1"))
        let forged = try assembly.forge(.address(AddressList(addresses: [])), by: "lab.p2", number: 900)
        let text = try #require(forged.text.split(separator: ".").dropLast().joined(separator: ".") as String?)
        let unsigned = try Item(decoding: text + "." + Base64URL.encode([UInt8](repeating: 0, count: 64)))
        for item in [Item.statement(foreign), unsigned] {
            #expect(throws: ParticipantError.self) {
                try assembly.act("lab.p2") { participant, now in
                    try participant.receive(PeerHead(number: 1, newest: item), from: PartyName("lab.p1"), at: now)
                }
            }
        }
        #expect(try assembly.status("lab.p2") == before)
    }

    @Test(arguments: [0, 1, 3])
    func `a journal put back to an earlier state is found out before one number is used twice`(kept: Int) throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.run(seconds: 1)
        let node = try assembly.node("lab.p2")
        try assembly.stop("lab.p2")
        let whole = node.journal
        // `kept` thirds of what it was.
        node.journal = Array(whole.prefix(whole.count * kept / 4))
        func signed() -> Int { node.sent.count { if case .statement = $0 { true } else { false } } }
        let sent = signed()
        try assembly.start(PartyName("lab.p2"), alone: true)
        try assembly.run(seconds: 1)
        try answer(assembly, "lab.p2", by: "gov.p3")
        #expect(try assembly.status("lab.p2").isAbstaining)
        // It stays so whatever arrives, and learns all of its own statements again.
        for item in try assembly.items(of: "lab.p1") { try assembly.hand(item, to: "lab.p2") }
        try assembly.run(seconds: 40)
        #expect(signed() == sent)
        let last = try #require(try assembly.lastStatement(of: "lab.p2")).head.number
        #expect(try assembly.status("lab.p2").statementNumber == last)
        #expect(try Self.voters.allSatisfy { try assembly.status($0).equivocators.isEmpty })
        // The operator has looked; it goes on with the next number.
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(at: now) }
        _ = try assembly.propose(.renew, by: "lab.p2")
        #expect(try assembly.lastStatement(of: "lab.p2")?.head.number == last + 1)
        #expect(try Self.voters.allSatisfy { try assembly.status($0).equivocators.isEmpty })
    }

    @Test func `statements below the newest are missed until they are here`() throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.run(seconds: 1)
        let last = try #require(try assembly.lastStatement(of: "lab.p2")).head.number
        let node = try assembly.node("lab.p2")
        try assembly.stop("lab.p2")
        // As after a peer's answer: the newest is here, some before it are not.
        node.journal = node.journal.filter { entry in
            guard case .item(.statement(let statement)) = entry.record else { return true }
            return statement.head.party != node.name || ![.commitment, .receipt, .close].contains(statement.kind)
        }
        try assembly.start(PartyName("lab.p2"), alone: true)
        func missing(_ signed: Int) throws -> Int {
            try node.with { $0.agreement.missingOwnStatements(signed: signed) }
        }
        #expect(try node.with { $0.agreement.ownStatementNumber } == last)
        #expect(try (missing(0), missing(last + 3)) == (3, 6))
        for item in try assembly.items(of: "lab.p1") { try assembly.hand(item, to: "lab.p2") }
        #expect(try (missing(0), missing(last + 3)) == (0, 3))
    }

    @Test(arguments: [0, 3])
    func `numbers that were written off are never used, and not missed after a restart`(lost: Int) throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.run(seconds: 1)
        let node = try assembly.node("lab.p2")
        let known = lost == 0 ? 0 : try #require(try assembly.lastStatement(of: "lab.p2")).head.number
        if lost == 0 { node.journal = [] }
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"), alone: true)
        // As when the high-water file knows of more than the journal, or of some and the journal of none.
        let signed = known + max(lost, 5)
        try assembly.act("lab.p2") { participant, now in
            participant.suspect()
            return participant.acknowledge(writingOff: signed, at: now)
        }
        for _ in 1...2 {
            try assembly.stop("lab.p2")
            try assembly.start(PartyName("lab.p2"), alone: true)
            #expect(try node.with { $0.agreement.missingOwnStatements(signed: signed) } == 0)
            #expect(try node.with { $0.agreement.missingOwnStatements(signed: signed + 2) } == 2)
            let head = try node.with { $0.agreement.nextHead(at: assembly.now) }
            #expect(head.number == signed + 1)
            // It can be read back, whatever is left to name.
            #expect(head.previous != nil)
            _ = try StatementDraft(head: head, body: .address(AddressList(addresses: [])))
        }
    }

    @Test func `a suspicion that a statement confirms is remembered over a restart`() throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.run(seconds: 1)
        let node = try assembly.node("lab.p2")
        try assembly.stop("lab.p2")
        node.journal = Array(node.journal.prefix(node.journal.count / 4))
        try assembly.start(PartyName("lab.p2"), alone: true)
        // As when the high-water file shows that the journal is old.
        try assembly.act("lab.p2") { participant, _ in
            participant.suspect()
            return []
        }
        for item in try assembly.items(of: "lab.p1") { try assembly.hand(item, to: "lab.p2") }
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        #expect(try assembly.status("lab.p2").isAbstaining)
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(at: now) }
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        #expect(try assembly.status("lab.p2").isAbstaining == false)
    }

    @Test func `a number that only a peer can show is remembered although the statement cannot be taken yet`() throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.run(seconds: 1)
        let node = try assembly.node("lab.p2")
        try assembly.stop("lab.p2")
        node.journal = []
        try assembly.start(PartyName("lab.p2"), alone: true)
        try answer(assembly, "lab.p2", by: "lab.p1")
        let kinds: [StatementKind] = [.receipt, .close, .opening, .signatureShare, .publicationReceipt]
        let last = try kinds.flatMap { try assembly.statements($0, at: "lab.p1") }
            .filter { $0.head.party == node.name }.map(\.head.number).max()
        #expect(try node.with { $0.agreement.highestOwnNumber } == last)
        #expect(try node.with { $0.agreement.ownStatementNumber } == 0)
    }

    @Test func `a refused statement in this party's name stops it once, and its number is used`() throws {
        let (assembly, motion) = try assemblyWithMotion()
        try assembly.run(seconds: 3)
        let number = try #require(try assembly.lastStatement(of: "lab.p2")).head.number + 5
        // It has closed the motion already, so this says nothing that could become a fact.
        let other = try assembly.forge(.close(Close(motion: motion)), by: "lab.p2", number: number)
        try assembly.hand(other, to: "lab.p2")
        #expect(try assembly.status("lab.p2").isAbstaining)
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(at: now) }
        // A peer that heard it first holds it, and shows it at every connection.
        try assembly.hand(other, to: "lab.p2")
        #expect(try assembly.status("lab.p2").isAbstaining == false)
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        try assembly.hand(other, to: "lab.p2")
        let status = try assembly.status("lab.p2")
        #expect((status.isAbstaining, status.statementNumber) == (false, number))
        let next = try assembly.propose(.renew, by: "lab.p2")
        #expect(try assembly.lastStatement(of: "lab.p2")?.id == next)
        #expect(try assembly.lastStatement(of: "lab.p2")?.head.number == number + 1)
    }

    @Test func `what others sign in this party's name is kept up to a limit`() throws {
        let (assembly, motion) = try assemblyWithMotion()
        try assembly.run(seconds: 3)
        let number = try #require(try assembly.lastStatement(of: "lab.p2")).head.number
        let others = try (1...Limits.refusedOwnStatements + 1).map {
            try assembly.forge(.close(Close(motion: motion)), by: "lab.p2", number: number + $0)
        }
        let before = try assembly.items(of: "lab.p2").count
        for other in others.dropLast() { try assembly.hand(other, to: "lab.p2") }
        #expect(try assembly.items(of: "lab.p2").count == before + Limits.refusedOwnStatements)
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(at: now) }
        for other in others.dropLast() { try assembly.hand(other, to: "lab.p2") }
        #expect(try assembly.status("lab.p2").isAbstaining == false)
        try assembly.hand(others[Limits.refusedOwnStatements], to: "lab.p2")
        #expect(try assembly.status("lab.p2").isAbstaining)
        #expect(!(try assembly.items(of: "lab.p2").contains { $0.id == others[Limits.refusedOwnStatements].id }))
    }

    @Test func `a peer whose node stands below what is known of it is named`() throws {
        let (assembly, _) = try assemblyWithMotion()
        try assembly.settle()
        let known = try #require(try assembly.lastStatement(of: "gov.p1")).head.number
        let node = try assembly.node("lab.p1")
        let party = try PartyName("gov.p1")
        for number in [known, known - 1] {
            try assembly.act("lab.p1") { participant, now in
                try participant.receive(PeerHead(number: number, newest: nil), from: party, at: now)
            }
        }
        let found = node.observations.filter { if case .behind = $0 { true } else { false } }
        #expect(found == [.behind(party, says: known - 1, known: known)])
    }

    @Test func `a second node is believed when one more than may lie says so`() throws {
        let (assembly, _) = try assemblyWithMotion()
        let bound = assembly.charter.limits.faultBound
        for peer in Self.voters.filter({ $0 != "lab.p2" }).prefix(bound) {
            let party = try PartyName(peer)
            // However often one of them says it.
            for _ in 0..<5 {
                try assembly.act("lab.p2") { participant, now in participant.hearTwin(from: party, at: now) }
            }
        }
        #expect(try assembly.status("lab.p2").isAbstaining == false)
        let party = try PartyName("gov.p3")
        try assembly.act("lab.p2") { participant, now in participant.hearTwin(from: party, at: now) }
        #expect(try assembly.status("lab.p2").isAbstaining)
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(at: now) }
        #expect(try assembly.status("lab.p2").isAbstaining == false)
    }

    @Test func `a wish to ratify is kept over a restart and signed when the peers have answered`() throws {
        let assembly = try Assembly()
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"), alone: true)
        try assembly.act("lab.p2") { participant, now in try participant.ratify(at: now) }
        #expect(throws: ParticipantError.alreadyRatified) {
            try assembly.act("lab.p2") { participant, now in try participant.ratify(at: now) }
        }
        #expect(try assembly.status("lab.p2").statementNumber == 0)
        // Its own operator is told so, and the others, who cannot know it, that it has not ratified.
        #expect(try assembly.codes(of: "lab.p2", at: "lab.p2") == ["CER-08"])
        #expect(try assembly.codes(of: "lab.p2", at: "lab.p1") == ["CER-01"])
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        #expect(try assembly.status("lab.p2").statementNumber == 1)
        #expect(try assembly.status("lab.p2").ceremony.missing.contains("lab.p2") == false)
    }
}

@Suite("Clocks and memory that are not what they were")
struct ClockTests {
    @Test(arguments: [Int64(-1_001), 1_001])
    func `a clock outside the tolerance gives no receipts until it is right again`(offset: Int64) throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        try assembly.act("lab.p2") { participant, now in
            participant.compareClocks(offsetMilliseconds: offset, at: now)
        }
        let motion = try assembly.propose()
        try assembly.cast(.agree, by: "lab.p1", on: motion)
        try assembly.run(seconds: 1)
        func receipts() throws -> Int {
            try assembly.statements(.receipt, at: "lab.p1").count { $0.head.party.text == "lab.p2" }
        }
        #expect(try receipts() == 0)
        let node = try assembly.node("lab.p2")
        #expect(node.observations.contains(.clock(offsetMilliseconds: offset, isTrusted: false)))
        try assembly.act("lab.p2") { participant, now in
            participant.compareClocks(offsetMilliseconds: offset > 0 ? 1_000 : -1_000, at: now)
        }
        try assembly.settle()
        #expect(try receipts() == 1)
    }

    @Test func `with too few peers to compare with, a clock is taken at its word`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        try assembly.act("lab.p2") { participant, now in
            participant.compareClocks(offsetMilliseconds: 60_000, at: now)
                + participant.compareClocks(offsetMilliseconds: nil, at: now)
        }
        let motion = try assembly.propose()
        try assembly.cast(.agree, by: "lab.p1", on: motion)
        try assembly.run(seconds: 1)
        #expect(try assembly.statements(.receipt, at: "lab.p1").count == 7)
    }

    @Test func `a clock that runs ahead closes by the others' clocks, so that nobody is shut out`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        _ = try assembly.propose()
        try assembly.act("lab.p2") { participant, now in
            participant.compareClocks(offsetMilliseconds: -5_000, at: now)
        }
        try assembly.run(seconds: 12)
        func closers() throws -> [String] { try assembly.statements(.close, at: "lab.p1").map(\.head.party.text) }
        #expect(try closers().count == 6)
        #expect(try !closers().contains("lab.p2"))
        try assembly.run(seconds: 4)
        #expect(try closers().contains("lab.p2"))
    }

    @Test func `a clock that has jumped closes nothing and gives no receipts before it has been compared again`() throws
    {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        try assembly.act("lab.p2") { participant, now in participant.interrupt(at: now) }
        let node = try assembly.node("lab.p2")
        for peer in ["lab.p1", "lab.p3", "gov.p1", "gov.p2"] {
            let head = try assembly.head(of: node, at: assembly.node(peer))
            let party = try PartyName(peer)
            try assembly.act("lab.p2") { participant, now in try participant.receive(head, from: party, at: now) }
        }
        #expect(try assembly.status("lab.p2").asking.isEmpty)
        try assembly.cast(.agree, by: "lab.p1", on: motion)
        // An hour ahead: the deadlines of all motions seem to have passed.
        let ahead = assembly.now + 3_600_000
        try assembly.act("lab.p2") { participant, now in
            participant.compareClocks(offsetMilliseconds: nil, at: ahead) + participant.tick(at: ahead)
        }
        try assembly.run(seconds: 5)
        func said(_ kind: StatementKind) throws -> Bool {
            try assembly.statements(kind, at: "lab.p1").contains { $0.head.party.text == "lab.p2" }
        }
        #expect(try !said(.close) && !said(.receipt))
        try assembly.act("lab.p2") { participant, now in participant.compareClocks(offsetMilliseconds: 0, at: now) }
        try assembly.settle()
        #expect(try said(.receipt) && !said(.close))
        try assembly.run(seconds: 10)
        #expect(try said(.close))
    }

    @Test func `after a jump of the clock no nonce of before answers, and the peers are asked again`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in StartTests.voters { try assembly.cast(.agree, by: name, on: motion) }
        // Nonces are offered, and no package arrives anywhere.
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .package } else { true }
        }
        try assembly.run(seconds: 1)
        let offers = try assembly.statements(.nonceCommitment, at: "lab.p1").filter { $0.head.party.text == "lab.p2" }
        #expect(!offers.isEmpty)
        // As a coordinator it may have answered its own package.
        let earlier = try assembly.statements(.signatureShare, at: "lab.p2").map(\.id)
        try assembly.act("lab.p2") { participant, now in participant.interrupt(at: now) }
        #expect(try assembly.status("lab.p2").asking.count == 6)
        assembly.delivers = { _, _ in true }
        for name in StartTests.voters {
            for package in try assembly.statements(.package, at: name) {
                assembly.spread(.statement(package), from: name)
            }
        }
        try assembly.settle()
        func answered() throws -> [Statement] {
            try assembly.statements(.signatureShare, at: "lab.p1")
                .filter { $0.head.party.text == "lab.p2" && !earlier.contains($0.id) }
        }
        #expect(try answered().isEmpty)
        let node = try assembly.node("lab.p2")
        for peer in ["lab.p1", "lab.p3", "gov.p1", "gov.p2"] {
            let head = try assembly.head(of: node, at: assembly.node(peer))
            let party = try PartyName(peer)
            try assembly.act("lab.p2") { participant, now in try participant.receive(head, from: party, at: now) }
        }
        try assembly.run(seconds: 12)
        #expect(try assembly.status("lab.p2").motions.first?.phase == "published")
        // Whatever it answered after the jump used nonces made after it.
        let packages = try assembly.statements(.package, at: "lab.p1")
        for share in try answered() {
            guard case .signatureShare(let body) = share.body else { continue }
            let package = try #require(packages.first { $0.id == body.package })
            guard case .package(let content) = package.body else { continue }
            #expect(content.commitments.allSatisfy { id in !offers.contains { $0.id == id } })
        }
    }
}

extension Assembly {
    /// What a node says that the ceremony waits for of one party.
    fileprivate func codes(of party: String, at node: String) throws -> [String] {
        try status(node).ceremony.failures.filter { $0.party == party }.map(\.code)
    }
}
