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

    /// Who had keys when the ceremony was to be over.
    let ready: PartySet

    /// Somebody had no keys when the time of the ceremony was over, though nothing stood in the way.
    private let keyViolation: Violation?

    package var violation: Violation? { simulation.violation ?? keyViolation }
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
            keys: scenario.ceremony > 0 ? nil : keys,
            readsOnce: readsOnce,
            signers: scenario.ceremony > 0 ? nil : signers,
            isDurable: isDurable
        )
        simulation.checks.ignored = ignored
        begin = simulation.now
        simulation.conditions = scenario.conditions
        for fault in scenario.faults { simulation.schedule(fault.action, at: begin + fault.at) }
        if scenario.ceremony > 0 {
            for party in scenario.charter.parties { simulation.schedule(.ratify(party.name), at: begin + 1000) }
        }
        let first = begin + scenario.ceremony
        for standing in scenario.standing {
            simulation.schedule(.stand(standing.party, standing.step), at: first + standing.at)
        }
        for (index, vote) in scenario.votes.enumerated() {
            simulation.schedule(.propose(vote.proposer, vote.plan, number: index + 1), at: first + vote.at)
            for ballot in vote.ballots {
                let action = ScenarioAction.cast(ballot.party, ballot.answer, motion: index + 1)
                simulation.schedule(action, at: first + vote.at + ballot.after)
            }
        }
        simulation.run(until: first)
        ready = simulation.keyed
        keyViolation = scenario.ceremony > 0 ? simulation.unfinishedKeys(Calm.owesKeys(scenario)) : nil
        simulation.run(until: first + scenario.end)
        simulation.compareKeys()
        simulation.dismiss()
        self.simulation = simulation
        ending = simulation.ending(motions: scenario.votes.count)
        surprises = simulation.violation == nil && keyViolation == nil ? ending.surprises(scenario.expectations) : []
    }
}
