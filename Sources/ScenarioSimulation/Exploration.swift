internal import PauseAgreement
internal import QuorumPolicy

/// One seed of a swarm: a scenario with drawn faults, played, and what must not have happened.
package struct Exploration {
    package let seed: UInt64
    package let scenario: Scenario
    package let run: ScenarioRun
    /// nil when all is well.
    package let violation: Violation?
    /// Whether an order was owed, and came.
    package let madeOrder: Bool

    /// Draws the faults of a seed and plays them.
    package init(_ base: Scenario, seed: UInt64, keys: PreparedKeys, readsOnce: Bool = true, signers: SignerPool? = nil)
    {
        self.init(
            drawn: Swarm.scenario(base, seed: seed),
            seed: seed,
            keys: keys,
            readsOnce: readsOnce,
            signers: signers
        )
    }

    /// Plays a scenario whose faults were drawn.
    package init(
        drawn scenario: Scenario,
        seed: UInt64,
        keys: PreparedKeys,
        readsOnce: Bool = true,
        signers: SignerPool? = nil
    ) {
        self.seed = seed
        self.scenario = scenario
        run = ScenarioRun(scenario, seed: seed, keys: keys, readsOnce: readsOnce, signers: signers)
        let simulation = run.simulation
        var missing: Violation?
        var count = 0
        for case .outcome(let motion, .order, _) in scenario.expectations {
            let (isOwed, parties) = Calm.owesOrder(scenario, motion: motion, ready: run.ready)
            guard isOwed else { continue }
            count += 1
            for party in parties where missing == nil {
                guard run.ending.outcome(of: motion, at: party) != .order else { continue }
                let phase = run.ending.phase(of: motion, at: party)
                let text = "motion \(motion) is \(phase.isEmpty ? "unknown" : phase), though its quorum agreed in calm"
                missing = Violation(.liveness, at: simulation.now, by: party, text)
            }
        }
        violation = run.violation ?? missing
        madeOrder = count > 0 && violation == nil
    }

    /// Leaves out fault after fault as long as the same thing goes wrong; `again` plays a scenario with this seed.
    package func shrunk(_ again: (Scenario) -> Exploration) -> Exploration {
        var best = self
        var size = max(1, best.scenario.faults.count / 2)
        while true {
            var start = 0
            var isShorter = false
            while start < best.scenario.faults.count {
                var fewer = best.scenario
                fewer.faults.removeSubrange(start..<min(start + size, fewer.faults.count))
                let attempt = again(fewer)
                if attempt.violation?.invariant == violation?.invariant {
                    best = attempt
                    isShorter = true
                } else {
                    start += size
                }
            }
            guard size > 1 || isShorter else { return best }
            size = max(1, size / 2)
        }
    }
}
