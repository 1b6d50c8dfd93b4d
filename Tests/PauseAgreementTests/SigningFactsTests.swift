import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("What is kept of offers and packages")
struct SigningFactsTests {
    @Test func `offers over the limit wait until the coordinator's package names them`() throws {
        let scene = try Scene()
        let offers = try (1...Limits.nonceCommitmentsPerAttempt + 1).map { try scene.offer(by: scene.liar, serial: $0) }
        for offer in offers.dropLast() { try scene.hand(offer) }
        #expect(try scene.kept().count == Limits.nonceCommitmentsPerAttempt)
        try scene.hand(offers[Limits.nonceCommitmentsPerAttempt])
        #expect(try scene.kept().count == Limits.nonceCommitmentsPerAttempt)
        #expect(try scene.parked() == 1)
        let last = offers[Limits.nonceCommitmentsPerAttempt]
        let package = try scene.package(naming: last)
        try scene.hand(package)
        #expect(try scene.kept().contains(last.id))
        #expect(try scene.sessions().contains(package.id))
        #expect(try scene.parked() == 0)
    }

    @Test func `a package makes no room in another coordinator's attempt`() throws {
        let scene = try Scene()
        let offers = try (1...Limits.nonceCommitmentsPerAttempt + 1).map { try scene.offer(by: scene.liar, serial: $0) }
        for offer in offers { try scene.hand(offer) }
        try scene.hand(scene.package(naming: offers[Limits.nonceCommitmentsPerAttempt], by: scene.liar))
        #expect(try scene.kept().count == Limits.nonceCommitmentsPerAttempt)
        #expect(try scene.sessions().isEmpty)
    }

    @Test func `two offers with one serial are both kept, so that a package means the same to everybody`() throws {
        let scene = try Scene()
        let offers = try [scene.offer(by: scene.liar, serial: 1), scene.offer(by: scene.liar, serial: 1)]
        for offer in offers { try scene.hand(offer) }
        #expect(try scene.kept() == offers.map(\.id).sorted())
        let package = try scene.package(naming: offers[1])
        try scene.hand(package)
        #expect(try scene.sessions() == [package.id])
    }

    @Test func `everybody has a turn early, and turns go on beginning until sign-by`() throws {
        let scene = try Scene(signBy: 3_600)
        var motion = try scene.motionState()
        let agreedAt = Moment(motion.schedule.commitBy)
        motion.signing.agreedAt = agreedAt
        let turns = motion.attempts(among: motion.voters)
        #expect(turns.count == Limits.signingAttempts)
        let begins = turns.indices.map { motion.beginning(of: $0, among: turns.count) }
        #expect(begins == begins.sorted())
        let patience = Limits.coordinatorPatienceMilliseconds
        #expect(begins[motion.voters.count] == agreedAt + Int64(motion.voters.count) * patience)
        let gaps = zip(begins.dropFirst(), begins).map { $0.milliseconds - $1.milliseconds }
        #expect(gaps.allSatisfy { (patience...40_000).contains($0) })
        let last = try #require(begins.last)
        #expect(last < Moment(motion.schedule.signBy))
        #expect(last + 60_000 > Moment(motion.schedule.signBy))
        #expect(motion.begunAttempts(at: agreedAt, among: turns).count == 1)
        #expect(motion.begunAttempts(at: last, among: turns).count == turns.count)
        #expect(motion.begunAttempts(at: last + -1, among: turns).count == turns.count - 1)
    }
}

/// A motion, its first coordinator, a party that says too much, and one that listens.
private final class Scene {
    let coordinator: String
    let liar: String
    private let listener: String
    private let assembly: Assembly
    private let motion: StatementID
    private var number = 1_000

    init(signBy seconds: Int64 = 20) throws {
        assembly = try Assembly()
        try assembly.makeKeys()
        let id = try assembly.propose(signBySeconds: seconds)
        motion = id
        let first = try assembly.node("lab.p1").with { $0.agreement.motions[id]?.coordinator(of: 0).text }
        let chosen = try #require(first)
        coordinator = chosen
        let others = ["gov.p1", "gov.p2", "lab.p1"].filter { $0 != chosen }
        liar = others[0]
        listener = others[1]
    }

    func offer(by name: String, serial: Int) throws -> Item {
        number += 1
        let offer = OrderNonces(
            motion: motion,
            attempt: 0,
            serial: serial,
            hiding: UncheckedElement(multiplyingBaseBy: Scalar(UInt64(number))).bytes,
            binding: UncheckedElement(multiplyingBaseBy: Scalar(UInt64(number + 1_000_000))).bytes
        )
        return try assembly.forge(.nonceCommitment(offer), by: name, number: number)
    }

    /// A package that names the offer, with fresh offers of others, which the listener gets first.
    func package(naming offer: Item, by name: String? = nil) throws -> Item {
        var commitments: [StatementID] = []
        for signer in ["lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"] where signer != listener {
            guard signer != liar else {
                commitments.append(offer.id)
                continue
            }
            let other = try self.offer(by: signer, serial: 1)
            try hand(other)
            commitments.append(other.id)
        }
        number += 1
        let body = OrderPackage(motion: motion, attempt: 0, session: 1, commitments: commitments)
        return try assembly.forge(.package(body), by: name ?? coordinator, number: number)
    }

    func motionState() throws -> MotionState { try state { $0 } }

    func hand(_ item: Item) throws { try assembly.hand(item, to: listener) }

    /// The liar's offers that the listener keeps, ascending.
    func kept() throws -> [StatementID] {
        let liar = try PartyName(liar)
        return try state { $0.signing.offers(of: liar, in: 0).map(\.id).sorted() }
    }

    func sessions() throws -> [StatementID] { try state { $0.signing.sessions.keys } }

    func parked() throws -> Int { try assembly.node(listener).with { $0.parkedCount } }

    private func state<Result>(_ body: (MotionState) throws -> Result) throws -> Result {
        try body(try #require(assembly.node(listener).with { $0.agreement.motions[motion] }))
    }
}
