import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

/// Ceremonies in which somebody does what no honest node does.
extension Assembly {
    static let parties = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    /// Everybody joins the next attempt.
    func retry(_ names: [String] = parties) throws {
        for name in names {
            try act(name) { participant, now in try participant.retryCeremony(at: now).outputs }
        }
    }

    func stage(at name: String) throws -> String { try status(name).ceremony.stage }

    /// Code and party of everything the ceremony waits for or failed of.
    func failures(at name: String = "lab.p1") throws -> [String] {
        try status(name).ceremony.failures.map { "\($0.code) \($0.party)" }
    }

    /// Nothing of this kind arrives anywhere, until ``open()``.
    func hold(_ kinds: StatementKind...) {
        delivers = { item, _ in
            if case .statement(let statement) = item { !kinds.contains(statement.kind) } else { true }
        }
    }

    /// Everything arrives, and what was held back too.
    func open() throws {
        delivers = { _, _ in true }
        try exchange()
    }

    /// Runs until everybody has dealt; one party's dealing has reached nobody, nor the others' that party.
    func runToDealing(withholding name: String) throws -> Statement {
        delivers = { item, to in
            guard case .statement(let statement) = item, statement.kind == .ceremonyDealing else { return true }
            return statement.head.party.text != name && to.text != name
        }
        try ratify()
        try settle()
        return try #require(statements(.ceremonyDealing, at: name).first { $0.head.party.text == name })
    }

    /// As if the party's node had dealt this instead, from its journal on.
    func replaceDealing(_ real: Statement, with keys: [CeremonyDealing.Key]) throws -> Item {
        let node = try node(real.head.party.text)
        try stop(node.name.text)
        node.journal.removeAll { record, _ in
            if case .item(.statement(let statement)) = record { statement.id == real.id } else { false }
        }
        let body = StatementBody.ceremonyDealing(CeremonyDealing(attempt: 1, keys: keys))
        let item = try forge(body, by: node.name.text)
        node.journal.append((.item(item), now.instant))
        try start(node.name)
        return item
    }

    /// What a party dealt, with the share for one recipient damaged.
    func damaged(_ dealing: Statement, for recipient: String) throws -> [CeremonyDealing.Key] {
        guard case .ceremonyDealing(let body) = dealing.body else { throw AssemblyError.badText }
        return try body.keys.map { key in
            let tree = try #require(charter.rule(key.rule)?.tree)
            let number = try #require(tree.identifier(of: PartyName(recipient)))
            var shares = key.shares
            shares[number - 1][0] ^= 1
            return CeremonyDealing.Key(
                rule: key.rule,
                ephemeral: key.ephemeral,
                proofOfPossession: key.proofOfPossession,
                shares: shares,
                commitment: key.commitment
            )
        }
    }

    /// A first attempt that fails because a party dealt another one a wrong share.
    func failOfWrongShare(dealer: String = "gov.p3", victim: String = "lab.p2") throws {
        let real = try runToDealing(withholding: dealer)
        let wrong = try replaceDealing(real, with: damaged(real, for: victim))
        delivers = { _, _ in true }
        spread(wrong, from: dealer)
        try exchange()
    }

    func abort(
        _ reason: CeremonyAbort.Reason,
        _ culprit: String,
        attempt: Int = 1,
        complaint: [UInt8]? = nil
    ) throws -> StatementBody {
        .ceremonyAbort(
            CeremonyAbort(
                attempt: attempt,
                reason: reason,
                culprit: try PartyName(culprit),
                rule: complaint == nil ? nil : charter.keyedRules.first?.name,
                complaint: complaint
            )
        )
    }

    /// A contribution with fresh bytes that commits to nothing in particular.
    func contribution(attempt: Int) -> CeremonyContribution {
        CeremonyContribution(
            attempt: attempt,
            keys: charter.keyedRules.map {
                .init(rule: $0.name, commitment: PublicRandom.bytes32(), random: PublicRandom.bytes32())
            }
        )
    }

    /// The ceremony as somebody sees it who gets these items in this order.
    func view(of items: [Item]) throws -> (ceremony: CeremonyStatus, steps: [[String]], parked: Int) {
        var late = Participant(
            charter: charter,
            signer: PartySecrets(seed: SecretBytes.random(count: 32)).signer(for: try PartyName("observer"))
        )
        _ = late.resume(at: now)
        for item in items { _ = try late.receive(item, at: now) }
        let status = late.agreement.status(at: now)
        return (status.ceremony, status.parties.map(\.ceremonySteps), late.parkedCount)
    }

    /// Checks that every order of what a party holds gives the same view of the ceremony.
    func requireOneView(at name: String, seeds: ClosedRange<UInt64>, and more: [Item] = []) throws {
        let items = try items(of: name) + more
        let there = try status(name)
        for seed in seeds {
            var random = SeededRandom(seed: seed)
            let view = try view(of: items.shuffled(using: &random))
            #expect(view.ceremony.stage == there.ceremony.stage)
            #expect(view.ceremony.attempt == there.ceremony.attempt)
            #expect(view.ceremony.missing == there.ceremony.missing)
            #expect(view.ceremony.failures == there.ceremony.failures)
            #expect(view.ceremony.keys == there.ceremony.keys)
            #expect(view.steps == there.parties.map(\.ceremonySteps))
            guard more.isEmpty else { continue }
            #expect(view.ceremony.earlier == there.ceremony.earlier)
            #expect(view.parked == 0)
        }
    }
}
