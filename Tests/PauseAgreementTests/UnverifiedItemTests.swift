import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("What could not be verified when it came has a sender all the same")
struct UnverifiedItemTests {
    /// The item with another signature; its id is the same.
    private func forged(_ item: Item) throws -> Item {
        var parts = item.text.split(separator: ".").map(String.init)
        parts[2] = (parts[2].first == "A" ? "B" : "A") + parts[2].dropFirst()
        return try Item(decoding: parts.joined(separator: "."))
    }

    private func assemblyWithOrder() throws -> Assembly {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2"] {
            try assembly.cast(.agree, by: name, on: motion)
        }
        try assembly.run(seconds: 14)
        return assembly
    }

    @Test func `an order or key proof that waited for its key and is false names who sent it, and hides no true one`()
        throws
    {
        let assembly = try assemblyWithOrder()
        let items = try assembly.items(of: "lab.p1")
        let group = items.filter { $0.author == nil }
        #expect(group.count == 2)
        let (liar, other) = (try PartyName("gov.p3"), try PartyName("gov.p1"))
        var late = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: SecretBytes.random(count: 32)).signer(for: try PartyName("observer"))
        )
        _ = late.resume(at: assembly.now)
        var outputs: [Participant.Output] = []
        for item in group {
            outputs += try late.receive(forged(item), from: liar, at: assembly.now)
            // Somebody else is not blamed for what was there already.
            outputs += try late.receive(forged(item), from: other, at: assembly.now)
            outputs += try late.receive(item, from: other, at: assembly.now)
        }
        #expect(outputs.isEmpty)
        #expect(late.parkedCount == 4)
        for item in items where item.author != nil { outputs += try late.receive(item, from: other, at: assembly.now) }
        let blamed = outputs.compactMap { output -> (PartyName, StatementID)? in
            guard case .refuse(let party, .itemInvalid(let id, _)) = output else { return nil }
            return (party, id)
        }
        #expect(blamed.map(\.0) == [liar, liar])
        #expect(Set(blamed.map(\.1)) == Set(group.map(\.id)))
        #expect(late.parkedCount == 0)
        let status = late.agreement.status(at: assembly.now)
        #expect(status.ceremony.stage == "finished" && status.orders.count == 1)
        let kept = outputs.compactMap {
            if case .append(.item(let item)) = $0, item.author == nil { item.text } else { nil }
        }
        #expect(Set(kept) == Set(group.map(\.text)))
    }
}
