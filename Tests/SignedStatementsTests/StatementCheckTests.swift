import QuorumPolicy
import SignedStatements
import Testing

@Suite struct StatementCheckTests {
    private func member(refusedIn body: StatementBody, by party: String = "lab.aster") throws -> String? {
        let name = try Pilot.party(party)
        do {
            try Pilot.charter().check(Samples.signed(body, of: party))
            return nil
        } catch StatementError.refusedByCharter(name, let member, _) {
            return member
        }
    }

    @Test func `a ratification repeats network and title of the charter`() throws {
        let charter = try Pilot.charter()
        let wrongNetwork = Ratification(network: "another", title: charter.title)
        let wrongTitle = Ratification(network: charter.network, title: try Pilot.plain("Another"))
        #expect(try member(refusedIn: .ratification(wrongNetwork)) == "network")
        #expect(try member(refusedIn: .ratification(wrongTitle)) == "title")
    }

    @Test func `a ceremony covers the rules with a key in the charter's order`() throws {
        let (one, other) = (Pilot.bytes32("one"), Pilot.bytes32("other"))
        func contribution(_ rules: [String]) throws -> StatementBody {
            let keys = try rules.map {
                CeremonyContribution.Key(rule: try Pilot.rule($0), commitment: one, random: other)
            }
            return .ceremonyContribution(.init(attempt: 1, keys: keys))
        }
        #expect(try member(refusedIn: contribution(["decide"])) == nil)
        #expect(try member(refusedIn: contribution(["decide", "decide"])) == "keys")
        #expect(try member(refusedIn: contribution(["record"])) == "keys")
        #expect(try member(refusedIn: contribution(["decide", "record"])) == "keys")
        let nonces = KeyNonces(
            attempt: 1,
            retry: 0,
            keys: [.init(rule: try Pilot.rule("decide"), hiding: one, binding: other)]
        )
        #expect(try member(refusedIn: .keyNonces(nonces)) == nil)
        #expect(try member(refusedIn: .keyNonces(nonces), by: Pilot.observer) == "keys")
    }

    @Test func `whoever is named is a party`() throws {
        let stranger = try Pilot.party("lab.zephyr")
        let motion = Pilot.id("motion")
        let receipt = Receipt(motion: motion, commitment: Pilot.id("commitment"), committer: stranger)
        #expect(try member(refusedIn: .receipt(receipt)) == "commitments")
        let opening = Opening(
            motion: motion,
            commitment: Pilot.id("commitment"),
            ballot: Ballot(.agreeIf(try Condition(canonicalText: "1of(lab.dorado,lab.zephyr)"))),
            salt: Pilot.bytes32("salt")
        )
        #expect(try member(refusedIn: .opening(opening)) == "ballot.condition")
        let publication = PublicationReceipt(
            motion: motion,
            order: OrderDigest(Pilot.bytes32("order")),
            position: ChainPosition(seq: 1, round: 1, previous: nil),
            roll: [stranger]
        )
        #expect(try member(refusedIn: .publicationReceipt(publication)) == "roll")
        for accused in [stranger, try Pilot.party("lab.aster")] {
            let accusation = Accusation(
                accused: accused,
                offence: .twoReceipts,
                motion: nil,
                proof: Pilot.bytes32("proof"),
                statements: [Pilot.id("statement")]
            )
            #expect(try member(refusedIn: .accusation(accusation)) == "accused")
        }
        let abort = CeremonyAbort(attempt: 1, reason: .silence, culprit: stranger, rule: nil, complaint: nil)
        #expect(try member(refusedIn: .ceremonyAbort(abort)) == "culprit")
        let noKey = CeremonyAbort(
            attempt: 1,
            reason: .silence,
            culprit: try Pilot.party("lab.dorado"),
            rule: try Pilot.rule("record"),
            complaint: nil
        )
        #expect(try member(refusedIn: .ceremonyAbort(noKey)) == "rule")
    }

    @Test func `missing ratifications are those of every party, observers included`() throws {
        let charter = try Pilot.charter()
        let ratification = StatementBody.ratification(.init(network: charter.network, title: charter.title))
        let names = Pilot.labs + Pilot.governments + [Pilot.observer]
        let all = try names.map { try Samples.signed(ratification, of: $0) }
        #expect(charter.missingRatifications(in: all).isEmpty)
        let one = try Samples.signed(.close(.init(motion: Pilot.id("motion"))), of: "lab.aster")
        let wrong = try Samples.signed(
            .ratification(.init(network: "another", title: charter.title)),
            of: Pilot.observer
        )
        let missing = charter.missingRatifications(in: Array(all.dropFirst().dropLast()) + [one, wrong])
        #expect(missing == PartySet(try ["lab.aster", Pilot.observer].map(Pilot.party)))
    }
}
