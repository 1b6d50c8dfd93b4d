internal import Foundation
internal import NodeService
internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// A scenario played by real nodes on this machine: processes, keys, a ceremony and TCP, in real time.
struct LiveRun: Sendable {
    /// What came of it.
    struct Result: Sendable {
        let ending: ScenarioEnding
        let story: [StoryLine]
        let notices: Int
        /// How long it ran, without the ceremony.
        let milliseconds: Int64
    }

    private let scenario: Scenario
    private let assembly: LocalAssembly
    private static let charterFile = "scenario.charter"
    /// How long until a node that could not do something is asked again, and until a party's end is looked at again.
    private static let pause = Duration.milliseconds(500)

    private init(_ scenario: Scenario, in directory: URL) {
        self.scenario = scenario
        assembly = LocalAssembly(
            in: directory,
            parties: scenario.charter.parties.map(\.name.text),
            charterFile: Self.charterFile
        )
    }

    /// Plays a scenario that ``LiveRules`` allow; nothing is left of it afterwards, however it ends.
    static func play(_ scenario: Scenario, tell: @escaping @Sendable (String) -> Void) async throws -> Result {
        let directory = try LocalAssembly.makeTemporaryDirectory("standstill-live")
        defer { try? FileManager.default.removeItem(at: directory) }
        let run = LiveRun(scenario, in: directory)
        let assembly = run.assembly
        defer { assembly.end() }
        do {
            return try await Interruption.guarding {
                try await run.found(tell)
                return try await run.play(LiveRecord(tell: tell))
            } end: {
                assembly.end()
            }
        } catch let failure as AssemblyFailure {
            throw CommandFailure(failure.description, hint: "run it without --live to see whether the file is to blame")
        }
    }

    /// Keys, charter, ratifications and a ceremony, as parties make them.
    private func found(_ tell: (String) -> Void) async throws {
        tell("\(assembly.parties.count) parties make their keys and ratify the charter")
        let keys = try await assembly.makeParties()
        let charter = try ScenarioCharter.rekeyed(scenario.charter.bytes) { keys[$0.text] ?? "" }
        try Data(charter.bytes).write(to: assembly.directory.appending(path: Self.charterFile))
        try assembly.ratify()
        tell("their nodes start and make the group keys")
        try await assembly.startAll()
        for party in assembly.parties { try await assembly.awaitKeys(of: party) }
    }

    private func play(_ record: LiveRecord) async throws -> Result {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for party in scenario.charter.parties {
                group.addTask { await follow(party.name, record) }
            }
            for fault in scenario.faults { group.addTask { try await carryOut(fault, record) } }
            for standing in scenario.standing { group.addTask { try await stand(standing, record) } }
            for (index, vote) in scenario.votes.enumerated() {
                group.addTask { try await propose(vote, number: index + 1, record) }
                for ballot in vote.ballots {
                    group.addTask { try await cast(ballot, of: vote, number: index + 1, record) }
                }
            }
            group.addTask { try await awaitEnd(record) }
            while let isEnd = try await group.next(), !isEnd {}
            group.cancelAll()
        }
        return Result(
            ending: await ending(record),
            story: record.story,
            notices: record.notices,
            milliseconds: record.now
        )
    }
}

// MARK: - What people and faults do

extension LiveRun {
    private func carryOut(_ fault: Scenario.Fault, _ record: LiveRecord) async throws -> Bool {
        try await record.wait(until: fault.at)
        guard case .crash(let party, _, let back) = fault.action else {
            throw AssemblyFailure("a fault cannot be played live: \(fault.entry ?? "")")
        }
        record.note("the node of \(party) is killed")
        assembly.kill(party.text)
        if let back {
            try await record.wait(until: fault.at + back)
            record.note("the node of \(party) starts again")
            try assembly.start(party.text)
        }
        return false
    }

    private func propose(_ vote: Scenario.Vote, number: Int, _ record: LiveRecord) async throws -> Bool {
        try await record.wait(until: vote.at)
        let request = OperatorRequest.propose(MotionRequest(vote.plan))
        var refusal = ""
        while true {
            let commitBy = record.now + vote.plan.commitSeconds * 1000
            let answer = await assembly.answer(to: request, of: vote.proposer.text)
            if let motion = answer?.motion {
                record.add(LiveRecord.Motion(id: motion, commitBy: commitBy), number: number)
                return false
            }
            if let error = answer?.error, error != refusal {
                record.note("\(vote.proposer) cannot propose: \(error)")
                refusal = error
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func stand(_ standing: Scenario.Standing, _ record: LiveRecord) async throws -> Bool {
        try await record.wait(until: standing.at)
        let request: OperatorRequest =
            switch standing.step {
            case .lodge(let answer, let action, let longest): .lodge(StandingRequest(answer, action, longest))
            case .revoke(let serial): .revoke(serial: serial)
            }
        var refusal = ""
        while true {
            let answer = await assembly.answer(to: request, of: standing.party.text)
            if answer?.done != nil { return false }
            if let error = answer?.error, error != refusal {
                record.note("\(standing.party) cannot do so: \(error)")
                refusal = error
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func cast(
        _ ballot: Scenario.Answered,
        of vote: Scenario.Vote,
        number: Int,
        _ record: LiveRecord
    ) async throws -> Bool {
        try await record.wait(until: vote.at + ballot.after)
        while true {
            if let motion = record.motion(number) {
                guard record.now < motion.commitBy else {
                    record.note("\(ballot.party) does not vote in time")
                    return false
                }
                let request = OperatorRequest.cast(BallotRequest(ballot.answer, on: motion.id))
                if await assembly.answer(to: request, of: ballot.party.text)?.done != nil { return false }
                // A node that died on the way may have kept the ballot.
                let page = await assembly.status(of: ballot.party.text)?.agreement.motions.first { $0.id == motion.id }
                if page?.voters.first(where: { $0.name == ballot.party.text })?.hasCommitted == true { return false }
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}

// MARK: - What is seen

extension LiveRun {
    /// Hears what a node tells its operator, over all its lives.
    private func follow(_ party: PartyName, _ record: LiveRecord) async -> Bool {
        while !Task.isCancelled {
            do {
                for try await reply in assembly.ask(.follow, of: party.text) {
                    if let event = reply.event { record.notice(event, by: party) }
                }
            } catch {
                // The node is down; it is asked again until the run ends.
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// The end of the run: earlier than the scenario says once everything has happened and what is expected can only stay.
    private func awaitEnd(_ record: LiveRecord) async throws -> Bool {
        let last = scenario.lastHappening
        while record.now < scenario.end {
            try await Task.sleep(for: Self.pause)
            guard scenario.canEndEarly, record.now > last else { continue }
            if await ending(record).surprises(scenario.expectations).isEmpty { return true }
        }
        return true
    }

    private func ending(_ record: LiveRecord) async -> ScenarioEnding {
        var ending = ScenarioEnding(motions: scenario.votes.count)
        let motions = record.motions
        ending.proposed = Set(motions.keys)
        for party in scenario.charter.parties.map(\.name) {
            guard let status = await assembly.status(of: party.text)?.agreement else { continue }
            for (number, motion) in motions {
                ending.phases[number - 1][party] = status.motions.first { $0.id == motion.id }?.phase
            }
            let names = status.equivocators + status.misconduct.map(\.party)
            ending.convictions[party] = PartySet(names.compactMap { try? PartyName($0) })
        }
        return ending
    }
}

extension Scenario {
    /// When the last thing happens that the file asks for, in milliseconds from the beginning.
    fileprivate var lastHappening: Int64 {
        let faults = faults.map { fault -> Int64 in
            if case .crash(_, _, let back?) = fault.action { fault.at + back } else { fault.at }
        }
        let ballots = votes.map { vote in vote.at + (vote.ballots.map(\.after).max() ?? 0) }
        return (faults + ballots + standing.map(\.at)).max() ?? 0
    }

    /// An order that counts does so for good, and a proof is kept; that there is no order is known at the end only.
    fileprivate var canEndEarly: Bool {
        expectations.allSatisfy { if case .outcome(_, .none, _) = $0 { false } else { true } }
    }
}

extension MotionRequest {
    fileprivate init(_ plan: MotionPlan) {
        self.init(
            action: plan.action.rawValue,
            scope: [ScopeEntry(name: MotionPlan.scope.name, value: MotionPlan.scope.value)],
            texts: [],
            commitWithin: Self.text(plan.commitSeconds),
            signWithin: Self.text(plan.signSeconds),
            publishWithin: Self.text(plan.publishSeconds),
            duration: Self.text(plan.durationSeconds)
        )
    }

    private static func text(_ seconds: Int64) -> String { Seconds(seconds)?.description ?? "" }
}

extension BallotRequest {
    fileprivate init(_ answer: Answer, on motion: String) {
        self.init(motion: motion, answer: answer.word, condition: answer.conditionText)
    }
}

extension StandingRequest {
    fileprivate init(_ answer: Answer, _ action: OrderAction, _ longestSeconds: Int64) {
        self.init(
            action: action.rawValue,
            scope: [.init(name: MotionPlan.scope.name, value: MotionPlan.scope.value)],
            texts: [],
            longest: Seconds(longestSeconds)?.description ?? "",
            until: Instant.latest.description,
            answer: answer.word,
            condition: answer.conditionText
        )
    }
}
