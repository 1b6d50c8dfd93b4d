import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing
import ThresholdSigning

@testable import PauseAgreement

/// A node is copied, rolled back and restarted in mid-signing, while the keys of everybody else serve the attacker.
@Suite("No nonce answers twice")
struct NonceSafetyTests {
    static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]
    @Test func `no state of a disk and no package makes a party answer one nonce commitment twice`() throws {
        let assembly = try Self.midSigning()
        let session = try #require(
            try assembly.node("gov.p3").with { participant in
                participant.agreement.motions.values.compactMap(\.signing.sessions.values.first).first
            }
        )
        let victim = try #require(session.signers.first { $0 != session.coordinator })
        let disk = try assembly.node(victim.text).journal
        let attack = try Attack(on: victim.text, of: assembly)
        // The old incarnation goes on running beside all that are restored from its disk.
        try assembly.node(victim.text).with { try attack.strike(&$0) }
        let signing = disk.firstIndex { Self.kind($0.record) == .nonceCommitment } ?? 0
        #expect(disk.count - signing > 10)
        for count in 0...disk.count where count >= signing || count % 50 == 0 {
            var copy = Participant(
                charter: assembly.charter,
                signer: PartySecrets(seed: Assembly.seed(of: victim)).signer(for: victim)
            )
            for (record, at) in disk.prefix(count) { try copy.restore(record, at: at) }
            attack.beginIncarnation()
            attack.note(copy.resume(at: assembly.now))
            // Its peers lie too: they know of nothing that it has said.
            for node in assembly.nodes where node.name != victim {
                attack.note(try copy.receive(PeerHead(number: 0, newest: nil), from: node.name, at: assembly.now))
            }
            // What it offers in this run is asked for first; then what earlier runs offered, also after the operator
            // has acknowledged that somebody else speaks for the party.
            let held = Set(
                disk.prefix(count).compactMap { if case .item(let item) = $0.record { item.id } else { nil } }
            )
            for item in attack.world where !held.contains(item.id) {
                attack.note(try copy.receive(item, at: assembly.now))
            }
            try attack.strike(&copy)
            for item in attack.disk where !held.contains(item.id) {
                attack.note(try copy.receive(item, at: assembly.now))
            }
            attack.note(copy.acknowledge(at: assembly.now))
            try attack.strike(&copy)
        }
        #expect(attack.offerCount > 10)
        #expect(attack.answers.count > 6)
        for (commitment, shares) in attack.answers { #expect(shares.count == 1, "\(commitment)") }
    }

    @Test func `the signer itself spends a pair of nonces once, whatever the package`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let rule = try #require(assembly.charter.action(.start)?.rule)
        let victim = try PartyName("lab.p3")
        let transcript = try #require(
            try assembly.node("lab.p3").with { $0.agreement.ceremony.transcript(of: rule) }
        )
        let motion = StatementID(SHA256.hash([1]))
        var signer = PartySecrets(seed: Assembly.seed(of: victim)).signer(for: victim)
        _ = signer.perform(
            .recoverShares(attempt: 1, [SecretWork.Recovered(rule: rule, transcript: transcript)])
        )
        guard
            case .issue(.nonceCommitment(let offer)) =
                signer.perform(.offer(motion: motion, attempt: 0, serial: 1, rule: rule))
        else {
            Issue.record("no nonces")
            return
        }
        let own = SigningCommitments(
            participant: 3,
            hiding: UncheckedElement(offer.hiding),
            binding: UncheckedElement(offer.binding)
        )
        var answers: [SecretResult] = []
        for turn in 1...3 as ClosedRange<UInt64> {
            let others = [1, 2, 5, 6].map { participant in
                SigningCommitments(
                    participant: participant,
                    hiding: UncheckedElement(multiplyingBaseBy: Scalar(turn * 100 + UInt64(participant))),
                    binding: UncheckedElement(multiplyingBaseBy: Scalar(turn * 1000 + UInt64(participant)))
                )
            }
            let package = try SigningPackage(
                groupKey: transcript.groupKey,
                message: [UInt8(turn)],
                commitments: (others + [own]).sorted { $0.participant < $1.participant }
            )
            let asked = SecretWork.Asked(rule: rule, package: package)
            answers.append(signer.perform(.answer(motion: motion, package: motion, attempt: 0, serial: 1, asked)))
        }
        guard case .issue(.signatureShare) = answers[0] else {
            Issue.record("the first package is answered")
            return
        }
        for answer in answers.dropFirst() {
            guard case .noncesLost = answer else {
                Issue.record("a second answer to one pair of nonces")
                return
            }
        }
    }

    @Test func `a package is on the disk before its answer, and every answer before it is sent`() throws {
        let assembly = try Assembly()
        var answered = 0
        var durable: OrderedMap<PartyName, Set<StatementID>> = [:]
        assembly.inspects = { name, outputs in
            for output in outputs {
                switch output {
                case .append(.item(let item)):
                    if case .statement(let statement) = item, statement.head.party == name,
                        case .signatureShare(let share) = statement.body
                    {
                        answered += 1
                        #expect(durable[name, default: []].contains(share.package))
                    }
                    durable[name, default: []].insert(item.id)
                case .send(let item): #expect(durable[name, default: []].contains(item.id))
                case .append, .report, .refuse: break
                }
            }
        }
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 3)
        #expect(answered >= 5)
    }

    @Test func `nobody answers a package with a commitment that another package has used, whosever it is`() throws {
        let assembly = try Self.midSigning()
        let state = try #require(
            assembly.node("gov.p3").with { participant in
                participant.agreement.motions.values.first { !$0.signing.sessions.isEmpty }
            }
        )
        let session = try #require(state.signing.sessions.values.first)
        let coordinator = state.coordinator(of: session.attempt)
        // Everybody has offered again, since no order came.
        let fresh = session.signers.compactMap { signer in
            state.signing.offers(of: signer, in: session.attempt).last { state.signing.uses[$0.id] == nil }?.id
        }
        try #require(fresh.count == session.signers.count)
        let asked = session.signers.filter { $0 != coordinator }
        var mixed = fresh
        let victim = try #require(session.signers.firstIndex(of: asked[0]))
        mixed[victim] = session.offers[victim]
        func answers(to commitments: [StatementID], number: Int, by name: PartyName) throws -> Bool {
            let body = OrderPackage(
                motion: state.id,
                attempt: session.attempt,
                session: number,
                commitments: commitments
            )
            let package = try assembly.forge(.package(body), by: coordinator.text, number: 100_000 + number)
            let outputs = try assembly.node(name.text).with { try $0.receive(package, at: assembly.now) }
            let known = try assembly.node(name.text).with {
                $0.agreement.motions[state.id]?.signing.sessions.keys ?? []
            }
            #expect(known.contains(package.id))
            return outputs.contains { output in
                if case .send(.statement(let statement)) = output { statement.kind == .signatureShare } else { false }
            }
        }
        #expect(try !answers(to: mixed, number: 900, by: asked[1]))
        #expect(try answers(to: fresh, number: 901, by: asked[2]))
    }

    /// A motion is being signed, another is open; no share arrives, so that signers offer again.
    private static func midSigning() throws -> Assembly {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motions = try [assembly.propose(by: "lab.p1"), assembly.propose(by: "lab.p2")]
        for name in voters { try assembly.cast(.agree, by: name, on: motions[0]) }
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .signatureShare } else { true }
        }
        try assembly.run(seconds: 1)
        return assembly
    }

    private static func kind(_ record: Participant.Record) -> StatementKind? {
        if case .item(.statement(let statement)) = record { statement.kind } else { nil }
    }
}

/// Everything an attacker can do to one party: it holds all other parties' keys and every statement ever made.
private final class Attack {
    struct Offer {
        let id: StatementID
        let motion: StatementID
        let attempt: Int
        /// Names the pair of nonces, whoever offered it and how often.
        let hiding: Bytes32
    }

    /// What others said.
    private(set) var world: [Item] = []
    /// What the victim said up to now.
    private(set) var disk: [Item] = []
    /// The shares given for each nonce commitment of the victim, by any of its incarnations.
    private(set) var answers: [Bytes32: Set<Bytes32>] = [:]
    private let assembly: Assembly
    private let victim: String
    private var offers: [Offer] = []
    /// Those that lie on the disk.
    private var stored = 0
    /// Those that were known when the present incarnation began.
    private var earlier = 0
    /// Which of the victim's offers a package names.
    private var used: [StatementID: Offer] = [:]
    private var forged: OrderedMap<StatementID, (offers: [Item], packages: [Item])> = [:]
    private var number = 100_000

    init(on victim: String, of assembly: Assembly) throws {
        self.assembly = assembly
        self.victim = victim
        var seen: Set<StatementID> = []
        for node in assembly.nodes {
            for item in try assembly.items(of: node.name.text) where seen.insert(item.id).inserted {
                if item.author?.text == victim { disk.append(item) } else { world.append(item) }
            }
        }
        for kind in [StatementKind.nonceCommitment, .package, .signatureShare] {
            for case .statement(let statement) in disk + world where statement.kind == kind {
                learn(.statement(statement))
            }
        }
        stored = offers.count
    }

    /// A copy of the node starts: earlier copies' offers are of no use against it.
    func beginIncarnation() { earlier = offers.count }

    var offerCount: Int { offers.count }

    func note(_ outputs: [Participant.Output]) {
        for case .send(let item) in outputs { learn(item) }
    }

    private func learn(_ item: Item) {
        guard case .statement(let statement) = item else { return }
        switch statement.body {
        case .nonceCommitment(let body) where statement.head.party.text == victim:
            guard !offers.contains(where: { $0.id == statement.id }) else { return }
            offers.append(
                Offer(
                    id: statement.id,
                    motion: body.motion,
                    attempt: body.attempt,
                    hiding: body.hiding
                )
            )
        case .package(let body):
            // The victim's commitment in it, if it has one there.
            used[statement.id] = offers.first { body.commitments.contains($0.id) }
        case .signatureShare(let body) where statement.head.party.text == victim:
            guard let offer = used[body.package] else {
                Issue.record("an answer to a package without the victim's nonces")
                return
            }
            answers[offer.hiding, default: []].insert(body.share)
        default: break
        }
    }

    /// Asks for three answers with every commitment that the victim ever made: with other nonces, with other signers.
    func strike(_ participant: inout Participant) throws {
        for (index, offer) in offers.enumerated() where index < stored || index >= earlier {
            let known =
                try forged[offer.id] ?? packages(naming: offer.id, attempt: offer.attempt, motion: offer.motion)
            forged[offer.id] = known
            for item in known.offers + known.packages {
                note(try participant.receive(item, at: assembly.now))
            }
        }
    }

    /// Three labs and two governments, the victim among them, in the order of the rule.
    private static func quorum(with victim: String, of names: [String]) -> [String] {
        func some(_ count: Int, _ kind: String) -> [String] {
            let others = names.filter { $0.hasPrefix(kind) && $0 != victim }
            return victim.hasPrefix(kind) ? [victim] + others.prefix(count - 1) : Array(others.prefix(count))
        }
        let chosen = some(3, "lab") + some(2, "gov")
        return NonceSafetyTests.voters.filter(chosen.contains)
    }

    func packages(
        naming own: StatementID,
        attempt: Int,
        motion: StatementID
    ) throws -> (offers: [Item], packages: [Item]) {
        let witness = try #require(assembly.nodes.first { $0.name.text != victim })
        let coordinator = try witness.with { $0.agreement.motions[motion]?.coordinator(of: attempt).text }
        guard let coordinator, coordinator != victim else { return ([], []) }
        let one = Self.quorum(with: victim, of: NonceSafetyTests.voters)
        let two = Self.quorum(with: victim, of: NonceSafetyTests.voters.reversed())
        var offers: [Item] = []
        var packages: [Item] = []
        for signers in [one, one, two] {
            var commitments: [StatementID] = []
            for name in signers {
                guard name != victim else {
                    commitments.append(own)
                    continue
                }
                number += 1
                let offer = OrderNonces(
                    motion: motion,
                    attempt: attempt,
                    serial: number,
                    hiding: UncheckedElement(multiplyingBaseBy: Scalar(UInt64(number))).bytes,
                    binding: UncheckedElement(multiplyingBaseBy: Scalar(UInt64(number) << 20)).bytes
                )
                let item = try assembly.forge(.nonceCommitment(offer), by: name, number: number)
                offers.append(item)
                commitments.append(item.id)
            }
            number += 1
            let package = OrderPackage(motion: motion, attempt: attempt, session: number, commitments: commitments)
            packages.append(try assembly.forge(.package(package), by: coordinator, number: number))
        }
        // The same commitments for another message: the order of the other motion.
        let others = try witness.with { $0.agreement.motionIDs.filter { $0 != motion } }
        for other in others {
            let witnessed = try witness.with { $0.agreement.motions[other]?.coordinator(of: attempt).text }
            guard let another = witnessed, another != victim else { continue }
            number += 1
            let mixed = OrderPackage(motion: other, attempt: attempt, session: number, commitments: [own])
            packages.append(try assembly.forge(.package(mixed), by: another, number: number))
        }
        for item in packages { learn(item) }
        return (offers, packages)
    }
}
