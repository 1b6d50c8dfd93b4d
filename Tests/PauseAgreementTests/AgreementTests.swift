import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("A quorum orders a pause")
struct AgreementTests {
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `parties make their keys whatever the order of delivery`(seed: UInt64) throws {
        let assembly = try Assembly(seed: seed)
        try assembly.makeKeys()
        for node in assembly.nodes {
            let status = try assembly.status(node.name.text)
            #expect(status.ceremony.stage == "finished")
            #expect(try status.ceremony.keys == assembly.status("lab.p1").ceremony.keys)
            #expect(status.ceremony.keys.count == 1)
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `an agreed motion becomes one order that every node counts`(seed: UInt64) throws {
        let assembly = try Assembly(seed: seed)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2"] {
            try assembly.cast(.agree, by: name, on: motion)
        }
        try assembly.cast(.decline, by: "lab.p4", on: motion)
        try assembly.cast(.abstain, by: "gov.p3", on: motion)
        try assembly.run(seconds: 3)
        for node in assembly.nodes {
            let status = try assembly.status(node.name.text)
            #expect(status.motions.first?.phase == "published", "\(node.observations)")
            #expect(status.orders.map(\.state) == ["not-yet"])
        }
    }
}
