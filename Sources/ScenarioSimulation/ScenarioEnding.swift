internal import PauseAgreement
package import QuorumPolicy
internal import SignedStatements

/// What the parties' nodes show when a scenario ends, wherever they ran: in a simulation, or on a machine.
package struct ScenarioEnding: Hashable, Sendable {
    /// For each motion, by party, the phase as `standstill motion show` names it; nothing where the node is down or has not heard
    /// of the motion.
    package var phases: [[PartyName: String]]
    /// The numbers of the motions that were proposed.
    package var proposed: Set<Int> = []
    /// By party, against whom its node holds a proof.
    package var convictions: [PartyName: PartySet] = [:]

    /// Of so many motions, of which nobody has heard.
    package init(motions count: Int) {
        phases = Array(repeating: [:], count: count)
    }

    /// The phase of a motion, by its number from 1, at a party; empty where it is not seen.
    package func phase(of number: Int, at party: PartyName) -> String {
        phases.indices.contains(number - 1) ? phases[number - 1][party] ?? "" : ""
    }

    /// How a party's node sees a motion.
    package func outcome(of number: Int, at party: PartyName) -> Scenario.Outcome {
        phase(of: number, at: party) == "published" ? .order : .none
    }

    /// What was expected and did not come, a sentence each.
    package func surprises(_ expectations: [Scenario.Expectation]) -> [String] {
        expectations.flatMap { expectation in
            switch expectation {
            case .outcome(let motion, let expected, let parties):
                // Nobody was asked, so that there is no order says nothing.
                guard expected == .order || proposed.contains(motion) else {
                    return ["motion \(motion): \(expected.rawValue) was expected of it, and it was never proposed"]
                }
                return parties.compactMap { party -> String? in
                    let found = outcome(of: motion, at: party)
                    guard found != expected else { return nil }
                    let why = reason(of: motion, at: party)
                    return
                        "motion \(motion) at \(party): \(expected.rawValue) was expected, \(found.rawValue) is there\(why)"
                }
            case .convicted(let liar, let parties):
                return parties.filter { convictions[$0]?.contains(liar) != true }.map {
                    "\($0) has no proof against \(liar)"
                }
            }
        }
    }

    private func reason(of number: Int, at party: PartyName) -> String {
        guard proposed.contains(number) else { return ": it was never proposed" }
        let phase = phase(of: number, at: party)
        return phase.isEmpty ? ": its node is down or has not heard of it" : ": it is \(phase)"
    }
}

extension Simulation {
    /// What the nodes know now.
    func ending(motions count: Int) -> ScenarioEnding {
        var ending = ScenarioEnding(motions: count)
        ending.proposed = Set(proposed.keys)
        for node in nodes {
            guard let agreement = node.agreement else { continue }
            for (number, motion) in proposed where (1...max(1, count)).contains(number) {
                ending.phases[number - 1][node.party] = agreement.phase(of: motion)?.rawValue
            }
            ending.convictions[node.party] = agreement.convicted
        }
        return ending
    }
}
