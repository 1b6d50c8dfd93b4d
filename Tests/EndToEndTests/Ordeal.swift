import Foundation
import NodeService
import PauseAgreement
import QuorumPolicy
import SignedStatements

/// A journey in which one node dies again and again and is started again, watched by a witness.
final class Ordeal {
    let village: Village
    let victim: String
    let journey: Journey
    private(set) var witness: Witness
    /// How the victim died, in order: call, before or after, kill or cut.
    private(set) var deaths: [String] = []
    /// How many calls of each class the victim made in all its lives.
    private(set) var calls: [Fault.Call: Int] = [:]
    /// Lives in a row in which nothing was settled that the victim's journal did not hold as settled before.
    private(set) var idleLives = 0
    private var settled = 0

    /// More lives than any list of faults needs.
    static let mostLives = 2_000

    init(_ village: Village, victim: String, proposer: String) throws {
        self.village = village
        self.victim = victim
        journey = Journey(village, proposer: proposer)
        witness = Witness(of: try PartyName(victim))
    }

    /// Goes from the first start to the order; `faults` says what may happen to the victim in each of its lives, from 0.
    func run(_ faults: (_ life: Int) -> [Fault]) async throws {
        try village.startAll(but: [victim])
        for life in 0..<Self.mostLives {
            try village.start(victim, faults(life))
            if try await live() { return try await end() }
            try await examine(life)
        }
        throw village.failure("the order is not there after \(Self.mostLives) lives of \(victim)")
    }

    /// One life of the victim; true when the order is there, false when it died.
    private func live() async throws -> Bool {
        var isDone = false
        try await village.until("the order is there, or \(victim) dies (it has died \(deaths.count) times)") {
            guard village.nodes[victim]?.isRunning == true else { return true }
            isDone = try await journey.step()
            return isDone
        }
        for (call, count) in village.calls(of: victim) { calls[call, default: 0] += count }
        return isDone
    }

    private func examine(_ life: Int) async throws {
        let carriedOut = village.faultsCarriedOut(in: victim)
        guard village.nodes[victim]?.wasKilled == true, carriedOut.count == deaths.count + 1, let how = carriedOut.last
        else {
            throw village.failure(
                "\(victim) ended with status \(village.nodes[victim]?.status ?? 0), and not as planned"
            )
        }
        deaths.append(how)
        try await village.awaitNotice(ofDeath: victim)
        try look("life \(life), \(how)")
        idleLives = witness.settled > settled ? 0 : idleLives + 1
        settled = max(settled, witness.settled)
    }

    private func look(_ moment: String) throws {
        for name in village.names where name != victim { try witness.hear(name, in: village.home(name)) }
        try witness.look(in: village.home(victim), moment)
        if let breach = witness.breaches.first { throw village.failure(breach) }
    }

    /// The order is there: everybody must agree about it, nobody may be accused, and nothing may have been said twice.
    private func end() async throws {
        // A last life in which nothing goes wrong, so that all can be asked.
        try await village.kill(victim)
        try village.start(victim)
        try await journey.finish()
        var digests: Set<String> = []
        for name in village.names {
            guard let status = await village.status(of: name)?.agreement else {
                throw village.failure("\(name) does not answer")
            }
            for order in status.orders { digests.insert(order.digest) }
            guard status.equivocators.isEmpty else { throw village.failure("\(name) accuses \(status.equivocators)") }
            guard !status.isAbstaining else { throw village.failure("\(name) abstains") }
        }
        guard digests.count == 1 else { throw village.failure("there are \(digests.count) orders") }
        try await village.stopAll()
        try look("at the end")
        if let breach = witness.verdict.first { throw village.failure(breach) }
        for kind in [StatementKind.ratification, .ceremonyDealing, .keyRecord, .commitment, .close, .opening]
        where witness.count(kind) != 1 {
            throw village.failure("\(victim) has made \(witness.count(kind)) statements of the kind \(kind.rawValue)")
        }
    }
}
