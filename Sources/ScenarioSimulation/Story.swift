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
}

/// A run's story, told as things happen.
package struct Story: Sendable {
    private struct Subject: Hashable {
        let motion: String
        let text: String
    }

    private var places: [Subject: Int] = [:]
    package private(set) var lines: [StoryLine] = []

    package init() {}

    /// Something happens: what the scenario did, or what a party noticed, of a motion if it is about one.
    ///
    /// - Returns: Whether it is told for the first time.
    @discardableResult
    package mutating func tell(
        _ text: String,
        at moment: Int64,
        by party: PartyName? = nil,
        motion: String = ""
    ) -> Bool {
        guard let party else {
            lines.append(StoryLine(first: moment, last: moment, witnesses: [], text: text))
            return true
        }
        let subject = Subject(motion: motion, text: text)
        guard let place = places[subject] else {
            places[subject] = lines.count
            lines.append(StoryLine(first: moment, last: moment, witnesses: [party], text: text))
            return true
        }
        lines[place].last = moment
        if !lines[place].witnesses.contains(party) { lines[place].witnesses.append(party) }
        return false
    }
}

extension ScenarioRun {
    /// The run's timeline, told once.
    package var story: [StoryLine] {
        var story = Story()
        for entry in simulation.timeline {
            let at = entry.at.milliseconds - begin.milliseconds
            switch entry.event {
            case .note(let text): story.tell(text, at: at)
            case .observation(let observation):
                let motion = observation.motion?.description ?? ""
                story.tell(observation.sentence, at: at, by: entry.party, motion: motion)
            }
        }
        return story.lines
    }
}
