import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@Suite struct BallotTests {
    @Test func `the seal is the digest that the specification spells out`() throws {
        let charter = CharterID(Pilot.bytes32("charter"))
        let motion = Pilot.id("motion")
        let salt = Pilot.bytes32("salt")
        let condition = try Condition(canonicalText: "1of(gov.union,lab.dorado)")
        let ballot = Ballot(.agreeIf(condition))
        let text =
            #"STANDSTILL-BALLOT-v1{"ballot":{"answer":"agree","condition":"1of(gov.union,lab.dorado)"},"#
            + #""charter":"\#(charter)","motion":"\#(motion)","party":"lab.aster","#
            + #""salt":"\#(Base64URL.encode(salt.array))"}"#
        let seal = ballot.digest(charter: charter, motion: motion, party: try Pilot.party("lab.aster"), salt: salt)
        #expect(seal == SHA256.hash(Array(text.utf8)))
    }

    @Test func `the seal depends on everything that it binds`() throws {
        let condition = try Condition(canonicalText: "lab.dorado")
        let answers: [Answer] = [.agree, .decline, .abstain, .agreeIf(condition)]
        var seals: [Bytes32] = []
        for answer in answers {
            for charter in ["a", "b"] {
                for motion in ["a", "b"] {
                    for party in ["lab.aster", "lab.borealis"] {
                        for salt in ["a", "b"] {
                            seals.append(
                                Ballot(answer).digest(
                                    charter: CharterID(Pilot.bytes32(charter)),
                                    motion: Pilot.id(motion),
                                    party: try Pilot.party(party),
                                    salt: Pilot.bytes32(salt)
                                )
                            )
                        }
                    }
                }
            }
        }
        #expect(Set(seals).count == 4 * 16)
    }

    @Test(arguments: [
        (#"{"answer":"decline","condition":"lab.dorado"}"#, "ballot.condition"),
        (#"{"answer":"agree","condition":"2of(lab.dorado, gov.union)"}"#, "ballot.condition"),
        (#"{"answer":"agree","condition":"lab.dorado unless gov.union"}"#, "ballot.condition"),
        (#"{"answer":"Agree","condition":""}"#, "ballot.answer"),
    ])
    func `a ballot that says two things or none is refused`(ballot: String, member: String) throws {
        let signed = try Samples.signed(
            .opening(
                .init(
                    motion: Pilot.id("motion"),
                    commitment: Pilot.id("commitment"),
                    ballot: Ballot(.agree),
                    salt: Pilot.bytes32("salt")
                )
            )
        )
        let parts = signed.text.split(separator: ".")
        let payload = String(decoding: try #require(Base64URL.decode(parts[1])), as: UTF8.self)
        let header = String(decoding: try #require(Base64URL.decode(parts[0])), as: UTF8.self)
        let changed = payload.replacing(#"{"answer":"agree","condition":""}"#, with: ballot)
        #expect(changed != payload)
        let error = #expect(throws: StatementError.self) {
            try Statement(decoding: forged(header: header, payload: changed, by: "lab.aster"))
        }
        guard case .invalidMember(member, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
