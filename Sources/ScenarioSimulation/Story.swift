internal import PauseAgreement
package import QuorumPolicy
internal import SignedStatements

/// What happened in a run, each thing once: when somebody first noticed it, and by when how many had.
package struct StoryLine: Hashable, Sendable {
    /// Milliseconds from the beginning of the run.
    package let first: Int64
    package internal(set) var last: Int64
    /// Who noticed, in order; empty for what the scenario did.
    package internal(set) var witnesses: [PartyName]
    package let text: String
    /// An operator should look.
    package let isAlarming: Bool
}

extension ScenarioRun {
    /// The run's timeline, told once.
    package var story: [StoryLine] {
        struct Subject: Hashable {
            let motion: String
            let text: String
        }
        var places: [Subject: Int] = [:]
        var lines: [StoryLine] = []
        for entry in simulation.timeline {
            let at = entry.at.milliseconds - begin.milliseconds
            guard case .observation(let observation) = entry.event, let party = entry.party else {
                lines.append(StoryLine(first: at, last: at, witnesses: [], text: entry.text, isAlarming: false))
                continue
            }
            let subject = Subject(motion: observation.motion?.description ?? "", text: entry.text)
            if let place = places[subject] {
                lines[place].last = at
                if !lines[place].witnesses.contains(party) { lines[place].witnesses.append(party) }
            } else {
                places[subject] = lines.count
                lines.append(
                    StoryLine(
                        first: at,
                        last: at,
                        witnesses: [party],
                        text: entry.text,
                        isAlarming: observation.isAlarming
                    )
                )
            }
        }
        return lines
    }
}
