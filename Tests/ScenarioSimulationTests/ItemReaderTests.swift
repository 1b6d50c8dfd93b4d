import PauseAgreement
import QuorumPolicy
import SignedStatements
import Testing

@testable import ScenarioSimulation

/// Reading once must take in nothing that reading anew would refuse.
@Suite struct ItemReaderTests {
    private let charter: Charter
    private let signed: Verified<Statement>
    /// The same statement under another signature, so that it has the same id.
    private let forged: Item

    init() throws {
        charter = try ScenarioCharter.short("5 labs 3, 4 governments 2")
        let party = try PartyName("lab.1")
        let at = try #require(Instant(seconds: 1_900_000_000))
        let head = StatementHead(charter: charter.id, party: party, number: 1, previous: nil, at: at)
        let draft = try StatementDraft(head: head, body: .close(Close(motion: StatementID(charter.id.bytes))))
        signed = try draft.signed(by: PreparedKeys.secrets(of: party).identity, in: charter)
        forged = .statement(draft.signed(by: PreparedKeys.secrets(of: try PartyName("lab.2")).identity))
    }

    @Test func `what a party of the run has signed is taken without a look at the signature`() throws {
        var reader = ItemReader(charter: charter, readsOnce: true)
        let shared = try #require(reader.shared)
        shared.note(signed)
        let parcel = reader.parcel(.statement(signed.value))
        guard case .statement(let read) = reader.read(parcel) else { throw Refused() }
        #expect(read == signed)
    }

    @Test(arguments: [true, false])
    func `another signature under the same id is refused`(isSecond: Bool) throws {
        var reader = ItemReader(charter: charter, readsOnce: true)
        let shared = try #require(reader.shared)
        shared.note(signed)
        #expect(forged.id == signed.value.id)
        if isSecond { _ = reader.read(reader.parcel(.statement(signed.value))) }
        guard case .invalid = reader.read(reader.parcel(forged)) else { throw Refused() }
    }

    @Test func `with real cryptography every node finds out for itself`() throws {
        var reader = ItemReader(charter: charter, readsOnce: false)
        #expect(reader.parcel(forged).identifier == nil)
        guard case .invalid = reader.read(reader.parcel(forged)) else { throw Refused() }
    }

    private struct Refused: Error {}
}
