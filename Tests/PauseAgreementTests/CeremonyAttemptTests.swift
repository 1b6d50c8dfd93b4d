import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("An attempt of the ceremony fails, and another makes the keys")
struct CeremonyAttemptTests {
    let parties = Assembly.parties

    @Test func `a wrong share names its dealer everywhere, and the next attempt makes the keys`() throws {
        let assembly = try Assembly()
        try assembly.failOfWrongShare()
        for name in parties where name != "gov.p3" {
            #expect(try assembly.stage(at: name) == "aborted")
            #expect(try assembly.failures(at: name) == ["CER-14 gov.p3"])
        }
        #expect(try assembly.status("lab.p1").ceremony.keys.isEmpty)
        try assembly.retry()
        try assembly.run(seconds: 1)
        let keys = try assembly.status("lab.p1").ceremony.keys
        for name in parties {
            let ceremony = try assembly.status(name).ceremony
            #expect((ceremony.stage, ceremony.attempt) == ("finished", 2))
            #expect(ceremony.keys == keys && keys.count == 1)
            #expect(ceremony.earlier.map { $0.failures.map(\.code) } == [["CER-14"]])
        }
        let motion = try assembly.propose()
        for name in parties { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 3)
        #expect(try assembly.status("gov.p1").orders.count == 1)
    }

    @Test func `what a node knows of two attempts depends on the statements, not on their order`() throws {
        let assembly = try Assembly()
        try assembly.failOfWrongShare()
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
        try assembly.retry()
        try assembly.run(seconds: 1)
        #expect(try assembly.stage(at: "lab.p1") == "finished")
        try assembly.requireOneView(at: "lab.p1", seeds: 5...12)
    }

    @Test func `nobody takes part in another attempt before its own operator said so`() throws {
        let assembly = try Assembly()
        try assembly.failOfWrongShare()
        try assembly.run(seconds: 5)
        #expect(try assembly.statements(.ceremonyContribution, at: "lab.p1").count == 7)
        try assembly.retry(["lab.p1"])
        try assembly.run(seconds: 5)
        #expect(try assembly.statements(.ceremonyContribution, at: "lab.p2").count == 8)
        #expect(
            try assembly.failures(at: "lab.p2") == parties.filter { $0 != "lab.p1" }.sorted().map { "CER-03 \($0)" }
        )
        #expect(throws: ParticipantError.nothingToRetry(.contributing)) { try assembly.retry(["lab.p1"]) }
    }

    @Test func `there is nothing to retry while an attempt goes on or when the keys are made`() throws {
        let assembly = try Assembly()
        #expect(throws: ParticipantError.nothingToRetry(.ratifying)) { try assembly.retry(["lab.p1"]) }
        try assembly.makeKeys()
        #expect(throws: ParticipantError.nothingToRetry(.finished)) { try assembly.retry(["lab.p1"]) }
    }

    @Test func `a false complaint names the complainer and not the dealer`() throws {
        let assembly = try Assembly()
        assembly.hold(.keyNonces)
        try assembly.makeKeys()
        let complaint = [UInt8](repeating: 7, count: CeremonyAbort.complaintCount)
        let item = try assembly.forge(assembly.abort(.wrongShare, "lab.p2", complaint: complaint), by: "gov.p3")
        for name in parties { try assembly.hand(item, to: name) }
        for name in parties.dropLast() {
            #expect(try assembly.failures(at: name) == ["CER-15 gov.p3"])
        }
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
    }

    @Test(arguments: [
        CeremonyAbort.Reason.contributionMismatch, .malformedDealing, .proofOfPossession, .wrongCertificate,
    ])
    func `an accusation that the statements do not bear out changes nothing and names its author`(
        reason: CeremonyAbort.Reason
    ) throws {
        let assembly = try Assembly()
        assembly.hold(.keyNonces)
        try assembly.makeKeys()
        #expect(try assembly.stage(at: "lab.p1") == "proving")
        let item = try assembly.forge(assembly.abort(reason, "lab.p2"), by: "gov.p3", number: 900)
        for name in parties.dropLast() { try assembly.hand(item, to: name) }
        #expect(try assembly.stage(at: "lab.p1") == "proving")
        #expect(try assembly.failures().contains("CER-21 gov.p3"))
        try assembly.open()
        // Its own node has met a statement that it did not make.
        try assembly.act("gov.p3") { participant, now in participant.acknowledge(at: now) }
        try assembly.run(seconds: 1)
        #expect(try assembly.stage(at: "lab.p1") == "finished")
    }

    @Test func `a wrong key share ends the attempt, and is reported once`() throws {
        let assembly = try Assembly()
        var forged: StatementID?
        assembly.delivers = { item, _ in
            // The party could make the proof by itself with its own right share.
            guard case .statement(let statement) = item else { return false }
            return statement.kind != .keyShare || statement.head.party.text != "gov.p3" || statement.id == forged
        }
        try assembly.makeKeys()
        let real = try #require(
            assembly.statements(.keyShare, at: "gov.p3").first { $0.head.party.text == "gov.p3" }
        )
        let wrong = KeyShares(
            attempt: 1,
            retry: 1,
            keys: assembly.charter.keyedRules.map { .init(rule: $0.name, share: Scalar(7).bytes) }
        )
        let item = try assembly.forge(.keyShare(wrong), by: "gov.p3", number: real.head.number)
        forged = item.id
        for name in parties.dropLast() { try assembly.hand(item, to: name) }
        try assembly.run(seconds: 2)
        for name in parties.dropLast() {
            #expect(try assembly.failures(at: name) == ["CER-17 gov.p3"])
            let reports = try assembly.node(name).observations.filter {
                $0 == .ceremonyAborted(attempt: 1, culprit: try? PartyName("gov.p3"), .wrongKeyShare)
            }
            #expect(reports.count == 1)
        }
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
    }

    @Test func `a silent party is given up by another's word, which is named as such`() throws {
        let assembly = try Assembly()
        try assembly.stop("gov.p3")
        for name in parties.dropLast() {
            try assembly.act(name) { participant, now in try participant.ratify(at: now) }
        }
        try assembly.run(seconds: 1)
        let culprit = try PartyName("gov.p3")
        #expect(throws: ParticipantError.notMissing(try PartyName("lab.p2"), .ratifying)) {
            try assembly.act("lab.p1") { try $0.stopCeremony(blaming: PartyName("lab.p2"), at: $1) }
        }
        try assembly.act("lab.p1") { try $0.stopCeremony(blaming: culprit, at: $1) }
        try assembly.settle()
        let failure = try #require(assembly.status("lab.p2").ceremony.failures.first)
        #expect((failure.code, failure.party, failure.accuser) == ("CER-19", "gov.p3", "lab.p1"))
        #expect(throws: ParticipantError.nothingToStop(.aborted)) {
            try assembly.act("lab.p1") { try $0.stopCeremony(blaming: nil, at: $1) }
        }
        try assembly.start(culprit)
        try assembly.act("gov.p3") { participant, now in try participant.ratify(at: now) }
        try assembly.exchange()
        try assembly.retry()
        try assembly.run(seconds: 1)
        #expect(try parties.allSatisfy { try assembly.stage(at: $0) == "finished" })
    }

    @Test func `nobody gives up after proving its shares, and after all proofs an abort is too late`() throws {
        let assembly = try Assembly()
        assembly.hold(.keyShare)
        try assembly.makeKeys()
        #expect(try assembly.stage(at: "lab.p1") == "proving")
        #expect(throws: ParticipantError.keyShareGiven) {
            try assembly.act("lab.p1") { try $0.stopCeremony(blaming: nil, at: $1) }
        }
        assembly.hold(.keyRecord)
        try assembly.exchange()
        #expect(try assembly.stage(at: "lab.p1") == "recording")
        let item = try assembly.forge(assembly.abort(.stopped, "gov.p3"), by: "gov.p3")
        for name in parties.dropLast() { try assembly.hand(item, to: name) }
        #expect(try assembly.stage(at: "lab.p1") == "recording")
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
    }

    /// One party hides its share, aborts, and shows the share to one other when the rest has gone on.
    @Test func `whoever has gone on signs no earlier keys, and whoever has signed keys goes on no more`() throws {
        let assembly = try Assembly()
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return false }
            return !(statement.kind == .keyShare && statement.head.party.text == "gov.p3")
        }
        try assembly.makeKeys()
        let share = try #require(
            assembly.statements(.keyShare, at: "gov.p3").first { $0.head.party.text == "gov.p3" }
        )
        let abort = try assembly.forge(assembly.abort(.stopped, "gov.p3"), by: "gov.p3")
        let others = parties.filter { $0 != "gov.p3" && $0 != "lab.p1" }
        assembly.delivers = { _, to in to.text != "lab.p1" }
        for name in others { try assembly.hand(abort, to: name) }
        try assembly.retry(others)
        try assembly.settle()
        try assembly.hand(.statement(share), to: "lab.p1")
        #expect(try assembly.statements(.keyRecord, at: "lab.p1").contains { $0.head.party.text == "lab.p1" })
        try assembly.open()
        for name in others { try assembly.hand(.statement(share), to: name) }
        try assembly.exchange()
        for name in others {
            #expect(try assembly.status(name).ceremony.attempt == 2)
            #expect(try assembly.failures(at: name).contains("CER-06 lab.p1"))
            #expect(try !assembly.statements(.keyRecord, at: name).contains { others.contains($0.head.party.text) })
        }
        #expect(throws: ParticipantError.keyRecordSigned(attempt: 1)) { try assembly.retry(["lab.p1"]) }
        try assembly.requireOneView(at: "lab.p2", seeds: 1...4)
    }

    /// Only an observer can be led to the proofs of two attempts: a participant gives no share for the second.
    @Test func `a party signs one key record in the life of the charter, so at most one attempt is finished`() throws {
        let assembly = try Assembly(observers: 1)
        let observer = "observer.p1"
        // One key share reaches the observer alone, and its author gets none of the others'.
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item else { return false }
            guard case .keyShare(let share) = statement.body, share.attempt == 1 else { return true }
            return to.text == observer || to.text != "gov.p3" && statement.head.party.text != "gov.p3"
        }
        try assembly.makeKeys()
        #expect(try assembly.stage(at: observer) == "recording")
        #expect(try assembly.stage(at: "lab.p1") == "proving")
        #expect(throws: ParticipantError.noCeremonyPart) { try assembly.retry([observer]) }
        let abort = try assembly.forge(assembly.abort(.stopped, "gov.p3"), by: "gov.p3")
        for name in parties + [observer] { try assembly.hand(abort, to: name) }
        try assembly.act("gov.p3") { participant, now in participant.acknowledge(at: now) }
        try assembly.retry()
        try assembly.run(seconds: 1)
        for name in parties {
            #expect(try assembly.stage(at: name) == "recording")
            #expect(try assembly.status(name).ceremony.attempt == 2)
            #expect(try assembly.failures(at: name) == ["CER-02 observer.p1"])
        }
        let records = try assembly.statements(.keyRecord, at: observer).filter { $0.head.party.text == observer }
        #expect(records.count == 1)
        #expect(try assembly.failures(at: observer) == ["CER-06 observer.p1"])
    }

    @Test func `a contribution to a later attempt waits for its turn, and nobody skips a number`() throws {
        let assembly = try Assembly()
        assembly.hold(.keyNonces)
        try assembly.makeKeys()
        let before = try assembly.status("lab.p1").ceremony
        let second = try assembly.forge(.ceremonyContribution(assembly.contribution(attempt: 2)), by: "gov.p3")
        let third = try assembly.forge(
            .ceremonyContribution(assembly.contribution(attempt: 3)),
            by: "gov.p3",
            number: 900
        )
        for item in [third, second] { try assembly.hand(item, to: "lab.p1") }
        #expect(try assembly.status("lab.p1").ceremony == before)
        let abort = try assembly.forge(assembly.abort(.stopped, "gov.p3"), by: "gov.p3", number: 901)
        try assembly.hand(abort, to: "lab.p1")
        #expect(try assembly.status("lab.p1").ceremony.attempt == 2)
        #expect(try assembly.node("lab.p1").with { participant in participant.parkedCount } == 1)
    }

    @Test func `there are so many attempts and messages of a step, and no more`() throws {
        let assembly = try Assembly()
        let party = try PartyName("gov.p3")
        var ceremony = KeyCeremony(charter: assembly.charter)
        func stop(_ attempt: Int) throws -> Reception {
            guard case .ceremonyAbort(let body) = try assembly.abort(.stopped, "gov.p3", attempt: attempt) else {
                return .early
            }
            return ceremony.abort(body, by: party)
        }
        for attempt in 1...Limits.ceremonyAttempts {
            #expect(ceremony.contribute(assembly.contribution(attempt: attempt), by: party) == .taken)
            #expect(try stop(attempt) == .taken)
        }
        let last = Limits.ceremonyAttempts
        let late = ceremony.contribute(assembly.contribution(attempt: last + 1), by: party)
        #expect(late == .refused(.wrongCeremonyAttempt))
        #expect(ceremony.attempt == last)
        #expect(ceremony.troubles.contains { $0.failure == .noAttemptsLeft })
        for count in 2...Limits.messagesPerStep + 1 {
            let again = ceremony.contribute(assembly.contribution(attempt: last), by: party)
            #expect((again == .taken) == (count <= Limits.messagesPerStep))
        }
    }

    @Test func `of the ways to put transcripts together a bounded number is compared, as many of each party`() {
        let limit = Limits.comparedTranscripts
        for (sizes, narrowed) in [
            ([1, limit, 1], [1, limit, 1]), ([limit + 1, 1], [limit, 1]), ([100, 100], [16, 16]),
            ([2, 0, 2], [2, 0, 2]), ([3, 3, 3, 3, 3], [3, 3, 3, 3, 3]),
            (Array(repeating: 2, count: 9), Array(repeating: 1, count: 9)),
        ] {
            let choices = CeremonyAttempt.narrowed(sizes.map { Array(0..<$0) }, to: limit)
            #expect(choices.map(\.count) == narrowed)
            #expect(TranscriptDraft.combinations(of: choices, atMost: limit).count == narrowed.reduce(1, *))
        }
    }

    @Test func `pairs of contributions and dealings are looked at from the front on both sides`() {
        for (first, second) in [(0, 3), (1, 1), (2, 3), (4, 2)] {
            let pairs = CeremonyAttempt.pairs(first, second)
            #expect(pairs.count == first * second)
            #expect(Set(pairs.map { $0.0 * 10 + $0.1 }).count == pairs.count)
            #expect(pairs.map { max($0.0, $0.1) } == pairs.map { max($0.0, $0.1) }.sorted())
        }
    }

    @Test func `shares and nonces of an attempt that is given up are gone from memory`() throws {
        let assembly = try Assembly()
        assembly.hold(.keyShare)
        try assembly.makeKeys()
        let name = try PartyName("lab.p1")
        let agreement = try assembly.node("lab.p1").with { participant in participant.agreement }
        #expect(agreement.attemptOfShares == 1)
        let rule = try #require(assembly.charter.keyedRules.first?.name)
        let recovered = SecretWork.Recovered(
            rule: rule,
            transcript: try #require(agreement.ceremony.transcript(of: rule))
        )
        var signer = PartySecrets(seed: Assembly.seed(of: name)).signer(for: name)
        func offers(_ result: SecretResult) -> Bool { if case .issue = result { true } else { false } }
        let offer = SecretWork.offerProofs(ProofTryName(attempt: 1, retry: 9), rules: [rule])
        _ = signer.perform(.recoverShares(attempt: 1, [recovered]))
        let before = offers(signer.perform(offer))
        _ = signer.perform(.forgetShares)
        let after = offers(signer.perform(offer))
        _ = signer.perform(.recoverShares(attempt: 1, [recovered]))
        _ = signer.perform(.recoverShares(attempt: 2, []))
        let later = offers(signer.perform(offer))
        #expect((before, after, later) == (true, false, false))
        let abort = try assembly.forge(assembly.abort(.stopped, "gov.p3"), by: "gov.p3")
        try assembly.hand(abort, to: "lab.p1")
        #expect(try assembly.node("lab.p1").with { participant in participant.agreement.attemptOfShares } == nil)
    }
}
