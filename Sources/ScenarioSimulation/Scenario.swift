package import QuorumPolicy
package import SignedStatements

/// A question about a charter, put as what people do, what goes wrong, and what is expected to come of it.
package struct Scenario: Hashable, Sendable {
    /// A motion and how its voters answer.
    package struct Vote: Hashable, Sendable {
        /// Milliseconds from the ceremony's time on.
        package var at: Int64
        package var proposer: PartyName
        package var plan: MotionPlan
        package var ballots: [Answered]

        package init(at: Int64, proposer: PartyName, plan: MotionPlan, ballots: [Answered]) {
            self.at = at
            self.proposer = proposer
            self.plan = plan
            self.ballots = ballots
        }
    }

    /// One party's answer.
    package struct Answered: Hashable, Sendable {
        package var party: PartyName
        package var answer: Answer
        /// Milliseconds after the proposal.
        package var after: Int64

        package init(_ party: PartyName, _ answer: Answer, after: Int64) {
            self.party = party
            self.answer = answer
            self.after = after
        }
    }

    /// What a party does about motions to come.
    package struct Standing: Hashable, Sendable {
        package enum Step: Hashable, Sendable {
            /// Lodges a ballot for motions to do this that last at most so many seconds.
            case lodge(Answer, OrderAction, longestSeconds: Int64)
            /// Takes back the ballot with this serial.
            case revoke(serial: Int)
        }

        /// Milliseconds from the ceremony's time on.
        package var at: Int64
        package var party: PartyName
        package var step: Step

        package init(at: Int64, party: PartyName, _ step: Step) {
            self.at = at
            self.party = party
            self.step = step
        }
    }

    /// Something that goes wrong, or is put right.
    package struct Fault: Hashable, Sendable {
        /// Milliseconds from the beginning.
        package var at: Int64
        package var action: ScenarioAction

        package init(at: Int64, _ action: ScenarioAction) {
            self.at = at
            self.action = action
        }
    }

    /// What is expected at the end.
    package enum Expectation: Hashable, Sendable {
        /// How a motion, by its number from 1, ends in the eyes of these parties.
        case outcome(motion: Int, Outcome, seenBy: [PartyName])
        /// These parties hold a proof that the party has done wrong.
        case convicted(PartyName, seenBy: [PartyName])
    }

    /// How a motion ends.
    package enum Outcome: String, CaseIterable, Hashable, Sendable {
        /// An order exists and counts.
        case order
        /// There is no order that counts.
        case none = "no order"
    }

    /// What the scenario asks, in words.
    package var question: String
    package var charter: Charter
    package var conditions = NetworkConditions()
    package var standing: [Standing] = []
    package var votes: [Vote] = []
    package var faults: [Fault] = []
    package var expectations: [Expectation] = []
    /// With how much time for the key ceremony a run begins, in milliseconds; 0 if the keys are there.
    ///
    /// Motions and the end count from then on, faults from the beginning of the run.
    package var ceremony: Int64 = 0
    /// When the run ends, in milliseconds from the ceremony's time on.
    package var end: Int64 = 0

    package init(question: String, charter: Charter) {
        self.question = question
        self.charter = charter
    }

    /// Parties that lie at some time.
    package var liars: PartySet {
        PartySet(faults.compactMap { if case .misbehave(let party, _) = $0.action { party } else { nil } })
    }
}
