import Foundation
import NodeService
import PauseAgreement
import QuorumPolicy
import SignedStatements

/// A village going through a scenario: every change comes at its moment, and the outcome must be the scenario's.
struct Passage {
    let scenario: Scenario
    let village: Village
    let wires: any Wires
    private let journey: Journey

    init(_ scenario: Scenario, _ village: Village, _ wires: any Wires) {
        self.scenario = scenario
        self.village = village
        self.wires = wires
        journey = Journey(village, proposer: "lab.a")
        journey.lengths = scenario.lengths
    }

    func run() async throws {
        try await change(at: .start)
        try village.startAll()
        try await village.until("everybody has keys") {
            _ = try await journey.step(proposes: false)
            return try await all(but: []) { $0.ceremony.stage == "finished" }
        }
        try await change(at: .keys)
        if has(.motion) {
            try await village.until("everybody knows the motion") {
                try await journey.step(casts: false)
                return try await all(but: []) { !$0.motions.isEmpty }
            }
            try await change(at: .motion)
        }
        switch scenario.outcome {
        case .order: try await awaitOrder()
        case .orderInLaterRound: try await awaitLapse()
        }
        try await compare()
    }

    private func has(_ moment: Scenario.Moment) -> Bool { scenario.changes.contains { $0.moment == moment } }

    private func awaitOrder() async throws {
        let dark = scenario.cutOff(at: .order)
        try await village.until("an order, but for \(dark)") {
            try await journey.step()
            return try await all(but: dark) { $0.orders.count == 1 }
        }
        try await change(at: .order)
    }

    private func awaitLapse() async throws {
        let dark = scenario.cutOff(at: .lapse)
        try await village.until("everybody gives the round up, but for \(dark)") {
            try await journey.step(proposes: false)
            return try lapses == village.names.count - dark.count
        }
        try await change(at: .lapse)
        try await village.until("the round lapses, and its motion has failed") {
            let hasFailed = try await all(but: []) { $0.motions.contains { $0.phase == "failed" } && $0.orders.isEmpty }
            return try hasFailed && lapses == village.names.count
        }
    }

    /// How many parties have given up the first round, by the first party's journal.
    private var lapses: Int {
        get throws {
            try JournalCopy(of: village.home(village.names[0])).rows.compactMap(\.item).count { item in
                if case .statement(let statement) = item { statement.kind == .lapse } else { false }
            }
        }
    }

    private func change(at moment: Scenario.Moment) async throws {
        for change in scenario.changes where change.moment == moment {
            try await wires.set(change.weather, on: ways(change.ways))
        }
    }

    private func ways(_ ways: Scenario.Ways) -> [Way] {
        let everything = village.names.flatMap { sender in
            village.names.filter { $0 != sender }.map { Way(sender: sender, receiver: $0) }
        }
        return switch ways {
        case .all: everything
        case .around(let parties): everything.filter { parties.contains($0.sender) != parties.contains($0.receiver) }
        case .from(let sender, let receiver): [Way(sender: sender, receiver: receiver)]
        }
    }

    private func all(but dark: [String], _ isTrue: (AgreementStatus) -> Bool) async throws -> Bool {
        for name in village.names where !dark.contains(name) {
            guard let status = await village.status(of: name)?.agreement, isTrue(status) else { return false }
        }
        return true
    }

    /// Everybody ends with the same order, nobody is accused, and every journal bears it out.
    private func compare() async throws {
        try await journey.finish()
        var orders: Set<String> = []
        for name in village.names {
            guard let status = await village.status(of: name) else { throw village.failure("\(name) does not answer") }
            let agreement = status.agreement
            for order in agreement.orders { orders.insert("\(order.digest) in round \(order.round)") }
            guard agreement.equivocators.isEmpty, !agreement.isAbstaining else {
                throw village.failure("\(name) accuses \(agreement.equivocators), or abstains")
            }
            guard scenario.outcome == .order || agreement.orders.allSatisfy({ $0.round > 0 }) else {
                throw village.failure("the order is of the first round")
            }
        }
        guard orders.count == 1 else { throw village.failure("orders differ: \(orders.sorted())") }
        try await village.stopAll()
        try bearWitness()
    }

    private func bearWitness() throws {
        for name in village.names {
            var witness = Witness(of: try PartyName(name))
            for other in village.names where other != name { try witness.hear(other, in: village.home(other)) }
            try witness.look(in: village.home(name), "at the end")
            if let breach = witness.verdict.first { throw village.failure("\(name): \(breach)") }
        }
    }
}
