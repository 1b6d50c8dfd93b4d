package import PauseAgreement
package import QuorumPolicy
internal import SignedStatements

/// A scenario played to its end: what came of it, and whether that was expected.
package struct ScenarioRun {
    package let scenario: Scenario
    package let simulation: Simulation
    /// When the run began, in true time.
    package let begin: Moment
    /// What was expected and did not come, a sentence each.
    package let surprises: [String]

    package var violation: Violation? { simulation.violation }
    package var isAsExpected: Bool { violation == nil && surprises.isEmpty }

    /// Plays a scenario.
    ///
    /// `keys` are those of its charter, from a ceremony that was run before; `signers` have recovered their shares of them. With
    /// `readsOnce` a statement is decoded and verified once for all nodes, which is the stand-in for real cryptography. To try the
    /// checks, nodes without `isDurable` send before they write, and checks that are `ignored` say nothing.
    package init(
        _ scenario: Scenario,
        seed: UInt64,
        keys: PreparedKeys,
        readsOnce: Bool = true,
        signers: SignerPool? = nil,
        isDurable: Bool = true,
        ignoring ignored: Set<Invariant> = []
    ) {
        self.scenario = scenario
        let simulation = Simulation(
            charter: scenario.charter,
            seed: seed,
            keys: keys,
            readsOnce: readsOnce,
            signers: signers,
            isDurable: isDurable
        )
        simulation.checks.ignored = ignored
        begin = simulation.now
        simulation.conditions = scenario.conditions
        for fault in scenario.faults { simulation.schedule(fault.action, at: begin + fault.at) }
        for (index, vote) in scenario.votes.enumerated() {
            simulation.schedule(.propose(vote.proposer, vote.plan, number: index + 1), at: begin + vote.at)
            for ballot in vote.ballots {
                let action = ScenarioAction.cast(ballot.party, ballot.answer, motion: index + 1)
                simulation.schedule(action, at: begin + vote.at + ballot.after)
            }
        }
        simulation.run(until: begin + scenario.end)
        simulation.dismiss()
        self.simulation = simulation
        surprises =
            simulation.violation == nil
            ? scenario.expectations.flatMap { Self.surprises($0, scenario, simulation) } : []
    }

    private static func surprises(
        _ expectation: Scenario.Expectation,
        _ scenario: Scenario,
        _ simulation: Simulation
    ) -> [String] {
        switch expectation {
        case .outcome(let motion, let expected, let parties):
            parties.compactMap { party in
                let found = simulation.outcome(of: motion, at: party)
                guard found != expected else { return nil }
                let why = simulation.reason(of: motion, at: party)
                return
                    "motion \(motion) at \(party): \(expected.rawValue) was expected, \(found.rawValue) is there\(why)"
            }
        case .convicted(let liar, let parties):
            parties.filter { !simulation.convicts(liar, at: $0) }.map { "\($0) has no proof against \(liar)" }
        }
    }
}

extension Simulation {
    /// How a party's node sees a motion now; a node that is down is asked what it knew, by its journal.
    package func outcome(of number: Int, at party: PartyName) -> Scenario.Outcome {
        phase(of: number, at: party) == "published" ? .order : .none
    }

    /// The phase of a motion at a party, as `standstill motion show` names it; empty where it is unknown or the node is down.
    package func phase(of number: Int, at party: PartyName) -> String {
        guard let motion = motion(number), let node = node(party), let agreement = node.agreement else { return "" }
        let page = agreement.status(at: node.clock(now)).motions.first { $0.id == motion.description }
        return page?.phase ?? ""
    }

    fileprivate func reason(of number: Int, at party: PartyName) -> String {
        guard motion(number) != nil else { return ": it was never proposed" }
        let phase = phase(of: number, at: party)
        return phase.isEmpty ? ": its node is down or has not heard of it" : ": it is \(phase)"
    }

    func convicts(_ liar: PartyName, at party: PartyName) -> Bool {
        guard let agreement = node(party)?.agreement else { return false }
        let status = agreement.status(at: now)
        return status.equivocators.contains(liar.text) || status.misconduct.contains { $0.party == liar.text }
    }
}
