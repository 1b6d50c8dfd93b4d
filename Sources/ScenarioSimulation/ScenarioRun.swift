package import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// A scenario played to its end: what came of it, and whether that was expected.
package struct ScenarioRun {
    package let scenario: Scenario
    package let simulation: Simulation
    /// When the run began, in true time.
    package let begin: Moment
    /// What every node knew at the end.
    package let ending: ScenarioEnding
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
        ending = simulation.ending(motions: scenario.votes.count)
        surprises = simulation.violation == nil ? ending.surprises(scenario.expectations) : []
    }
}
