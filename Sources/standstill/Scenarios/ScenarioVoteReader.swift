internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// Reads one motion of a scenario, and its ballots.
struct ScenarioVoteReader {
    private let parties: ScenarioParties
    private static let standingKeys = ["lodge", "revoke", "ballot", "serial", "action", "lasts", "at"]
    private static let keys = ["action", "by", "at", "commit", "sign", "publish", "lasts", "ballots"]
    /// How long after a motion the first ballot is cast, and how far ballots are apart, in milliseconds.
    private static let firstBallot: Int64 = 1000
    private static let ballotStep: Int64 = 250

    init(_ parties: ScenarioParties) { self.parties = parties }

    func vote(_ node: ScenarioNode) throws(ScenarioFileError) -> Scenario.Vote {
        let entries = try node.entries("a motion", keys: Self.keys)
        guard let by = entries["by"], let ballots = entries["ballots"] else {
            throw ScenarioFileError(node.line, "a motion needs `by` and `ballots`", hint: "see docs/scenarios.md")
        }
        let plan = try plan(entries, node.line)
        let proposer = try parties.party(by, "the proposer")
        guard parties.charter.voters.contains(proposer) else {
            throw ScenarioFileError(by.line, "\(proposer) is an observer and proposes nothing", hint: "name a voter")
        }
        return Scenario.Vote(
            at: try entries["at"]?.milliseconds("at") ?? 1000,
            proposer: proposer,
            plan: plan,
            ballots: try answers(ballots, to: plan.action)
        )
    }

    /// When a motion is over and how long its order lasts: as the file says, or the shortest that is usual and the charter allows.
    private func plan(_ entries: OrderedMap<String, ScenarioNode>, _ line: Int) throws(ScenarioFileError) -> MotionPlan
    {
        let limits = parties.charter.limits
        let (window, margin, longest) = (limits.commitWindow, limits.margin.count, limits.longestMotion.count)
        func seconds(_ key: String, _ allowed: ClosedRange<Int64>, _ usual: Int64) throws(ScenarioFileError) -> Int64 {
            guard let node = entries[key] else { return min(max(usual, allowed.lowerBound), allowed.upperBound) }
            let length = try node.seconds(key)
            guard allowed.contains(length) else {
                let range = "\(allowed.lowerBound)s to \(allowed.upperBound)s"
                throw ScenarioFileError(
                    node.line,
                    "under this charter nobody can propose a motion with `\(key): \(length)s`",
                    hint: "write \(range), or leave the line out"
                )
            }
            return length
        }
        var plan = MotionPlan()
        if let action = entries["action"] { plan.action = try self.action(action) }
        plan.commitSeconds = try seconds(
            "commit",
            window.lowerBound.count...window.upperBound.count,
            plan.commitSeconds
        )
        plan.signSeconds = try seconds("sign", margin + 1...longest, plan.signSeconds)
        plan.publishSeconds = try seconds("publish", max(1, margin)...longest, plan.publishSeconds)
        guard plan.commitSeconds + plan.signSeconds + plan.publishSeconds <= longest else {
            throw ScenarioFileError(
                line,
                "under this charter a motion is over within \(longest)s, three times its longest commit window",
                hint: "make `commit`, `sign` or `publish` shorter"
            )
        }
        let atMost = parties.charter.action(plan.action)?.atMost?.count ?? .max
        plan.durationSeconds = try seconds("lasts", 1...atMost, plan.durationSeconds)
        return plan
    }

    /// What parties lodge in advance, or take back.
    func standing(_ node: ScenarioNode) throws(ScenarioFileError) -> [Scenario.Standing] {
        let entries = try node.entries("a standing ballot", keys: Self.standingKeys)
        let at = try entries["at"]?.milliseconds("at") ?? 1000
        guard parties.charter.limits.standingNotice != nil else {
            throw ScenarioFileError(
                node.line,
                "nobody can vote in advance under this charter",
                hint: "add `opening: guaranteed` and `standing-notice: 60s`, or a charter file with such a limit"
            )
        }
        switch (entries["lodge"], entries["revoke"]) {
        case (let lodgers?, nil):
            guard let ballot = entries["ballot"] else {
                throw ScenarioFileError(node.line, "what does it say?", hint: "add `ballot: agree if 2 of government`")
            }
            let answer = try answer(ballot)
            let action = try entries["action"].map { node throws(ScenarioFileError) in try self.action(node) } ?? .start
            let longest = try entries["lasts"]?.seconds("lasts") ?? MotionPlan().durationSeconds
            return try voters(lodgers, "lodge").map { party in
                .init(at: at, party: party, .lodge(answer, action, longestSeconds: longest))
            }
        case (nil, let revokers?):
            let serial = try entries["serial"]?.number("the serial", in: 1...1024) ?? 1
            return try voters(revokers, "revoke").map { .init(at: at, party: $0, .revoke(serial: serial)) }
        default:
            throw ScenarioFileError(
                node.line,
                "a standing ballot is either lodged or taken back",
                hint: "write `lodge: lab.1, ballot: agree` or `revoke: lab.1`"
            )
        }
    }

    private func voters(_ node: ScenarioNode, _ what: String) throws(ScenarioFileError) -> [PartyName] {
        let named = try parties.parties(node, what)
        if let observer = named.first(where: { !parties.charter.voters.contains($0) }) {
            throw ScenarioFileError(node.line, "\(observer) is an observer and does not vote", hint: "name voters")
        }
        return named
    }

    private func action(_ node: ScenarioNode) throws(ScenarioFileError) -> OrderAction {
        let text = try node.text("the action")
        guard let known = OrderAction(rawValue: text) else {
            throw ScenarioFileError(node.line, "there is no action `\(text)`", hint: "write start, renew or lift")
        }
        return known
    }

    private func answers(
        _ node: ScenarioNode,
        to action: OrderAction
    ) throws(ScenarioFileError) -> [Scenario.Answered] {
        let charter = parties.charter
        let voters = charter.decision(on: action)?.parties ?? charter.voters
        var answers: [Scenario.Answered] = []
        for (key, line, value) in try node.pairs("ballots") {
            let answer = try answer(value)
            let named = try parties.parties(key, line)
            for party in named {
                guard voters.contains(party) else {
                    // A class or everybody may include some who do not vote.
                    if named.count > 1 { continue }
                    let reason =
                        charter.voters.contains(party)
                        ? "\(party) has no vote on an order to \(action.rawValue)"
                        : "\(party) is an observer and does not vote"
                    throw ScenarioFileError(line, reason, hint: "remove the line")
                }
                // What is said of one party later counts instead of what was said of its class.
                answers.removeAll { $0.party == party }
                answers.append(.init(party, answer, after: 0))
            }
        }
        for index in answers.indices { answers[index].after = Self.firstBallot + Self.ballotStep * Int64(index) }
        return answers
    }

    private func answer(_ node: ScenarioNode) throws(ScenarioFileError) -> Answer {
        let text = try node.text("a ballot")
        switch text {
        case "agree": return .agree
        case "decline": return .decline
        case "abstain": return .abstain
        default: break
        }
        guard text.hasPrefix("agree if ") else {
            throw ScenarioFileError(
                node.line,
                "`\(text)` is no ballot",
                hint: "write agree, decline, abstain or `agree if 2 of government`"
            )
        }
        let condition = String(text.dropFirst("agree if ".count))
        do throws(PolicyError) {
            return .agreeIf(try Condition(parsingInput: condition, with: parties.charter.vocabulary))
        } catch {
            throw ScenarioFileError(
                node.line,
                "the condition cannot be read: \(error)",
                hint: "see `standstill ballot cast --help`"
            )
        }
    }
}
