internal import PauseAgreement
package import QuorumPolicy
package import SignedStatements

/// Something that a scenario makes happen.
package enum ScenarioAction: Hashable, Sendable {
    case ratify(PartyName)
    /// Proposes the motion of this number, tried again every second until the node takes it.
    case propose(PartyName, MotionPlan, number: Int)
    /// The operator's answer on the motion of this number; tried again until commit-by.
    case cast(PartyName, Answer, motion: Int)
    /// The operator lodges a ballot for motions to come, or takes one back; tried again until the node does it.
    case stand(PartyName, Scenario.Standing.Step)
    /// Ends a node at once; it starts again after so many milliseconds, or stays dark.
    case crash(PartyName, losesPower: Bool, back: Int64?)
    /// Ends a node at a point of carrying out its next outputs but so many.
    case crashLater(PartyName, rounds: Int, DeathPoint, back: Int64?)
    case start(PartyName)
    /// Nothing passes from the first to the second any more, for so many milliseconds or for good.
    case cut(from: [PartyName], to: [PartyName], lasting: Int64?)
    case mend(from: [PartyName], to: [PartyName])
    /// Milliseconds ahead of true time.
    case clock(PartyName, Int64)
    case conditions(NetworkConditions)
    /// From now on the party does not keep to the protocol.
    case misbehave(PartyName, Strategy)
    /// As above, but the checks are not told: what a broken node would do.
    case breakNode(PartyName, Strategy)
}

/// A motion by lengths of time, in seconds.
package struct MotionPlan: Hashable, Sendable {
    package var action: OrderAction
    package var commitSeconds: Int64
    /// From commit-by to sign-by.
    package var signSeconds: Int64
    /// From sign-by to publish-by.
    package var publishSeconds: Int64
    package var durationSeconds: Int64

    package init(
        action: OrderAction = .start,
        commitSeconds: Int64 = 20,
        signSeconds: Int64 = 20,
        publishSeconds: Int64 = 10,
        durationSeconds: Int64 = 86_400
    ) {
        self.action = action
        self.commitSeconds = commitSeconds
        self.signSeconds = signSeconds
        self.publishSeconds = publishSeconds
        self.durationSeconds = durationSeconds
    }

    /// What every motion of a scenario pauses.
    package static let scope = (name: "training-runs", value: "above 1e26 operations")

    /// What every motion of a scenario is about.
    static var terms: MotionTerms? {
        guard let name = try? PartyName(scope.name), let value = PlainText(scope.value) else { return nil }
        return MotionTerms(scope: [.init(name: name, value: value)], texts: [])
    }

    /// The proposal at an instant; nil beyond the end of time.
    func proposal(at now: Instant) -> Proposal? {
        guard
            let commit = Seconds(commitSeconds), let sign = Seconds(signSeconds), let publish = Seconds(publishSeconds),
            let duration = Seconds(durationSeconds), let terms = Self.terms
        else { return nil }
        let commitBy = now + commit
        let signBy = commitBy + sign
        let publishBy = signBy + publish
        return Proposal(
            action: action,
            terms: terms,
            schedule: .init(
                commitBy: commitBy,
                signBy: signBy,
                publishBy: publishBy,
                effective: publishBy + publish,
                end: publishBy + publish + duration
            )
        )
    }
}

extension Simulation {
    func carryOut(_ action: ScenarioAction) {
        switch action {
        case .ratify(let party): withNode(party, ratify)
        case .propose(let party, let plan, let number): withNode(party) { propose(plan, number, by: $0) }
        case .cast(let party, let answer, let number): withNode(party) { cast(answer, on: number, by: $0) }
        case .stand(let party, let step): withNode(party) { stand(step, by: $0) }
        case .crash(let party, let losesPower, let back):
            note(losesPower ? "\(party) loses its power" : "the node of \(party) is killed", by: nil)
            withNode(party) { stop($0, losingPower: losesPower) }
            if let back { schedule(.start(party), at: now + back) }
        case .crashLater(let party, let rounds, let point, let back):
            withNode(party) { $0.death = (rounds, point, back) }
        case .start(let party):
            withNode(party) { node in
                guard !node.isUp else { return }
                note("the node of \(party) starts again", by: nil)
                start(node)
            }
        case .cut(let senders, let receivers, let lasting):
            setCut(true, senders, receivers)
            if let lasting { schedule(.mend(from: senders, to: receivers), at: now + lasting) }
        case .mend(let senders, let receivers): setCut(false, senders, receivers)
        case .clock(let party, let milliseconds):
            note("the clock of \(party) is \(milliseconds) ms ahead", by: nil)
            withNode(party) { setClock(of: $0, ahead: milliseconds) }
        case .conditions(let conditions): self.conditions = conditions
        case .misbehave(let party, let strategy):
            note("\(party) does not keep to the protocol: \(strategy.rawValue)", by: nil)
            checks.faulty.insert(party)
            withNode(party) { $0.conduct = Conduct(strategy) }
        case .breakNode(let party, let strategy): withNode(party) { $0.conduct = Conduct(strategy) }
        }
    }

    private func withNode(_ party: PartyName, _ body: (SimulatedNode) -> Void) {
        if let node = node(party) { body(node) }
    }

    private func setCut(_ isCut: Bool, _ senders: [PartyName], _ receivers: [PartyName]) {
        let names = { (parties: [PartyName]) in parties.map(\.text).joined(separator: ", ") }
        let verb = isCut ? "nothing passes any more from" : "messages pass again from"
        note("\(verb) \(names(senders)) to \(names(receivers))", by: nil)
        for sender in senders.compactMap(node) {
            for receiver in receivers.compactMap(node) where receiver !== sender {
                self.setCut(isCut, from: sender, to: receiver)
            }
        }
    }

    /// As an operator whose node is down, or died before it had written anything, does again.
    private func ratify(_ node: SimulatedNode) {
        let refusal = act(node) { participant, now in try participant.ratify(at: now) }
        if case ParticipantError.alreadyRatified? = refusal { return }
        schedule(.ratify(node.party), at: now + 1000)
    }

    private func lives(_ motion: StatementID, at node: SimulatedNode) -> Bool { node.journal.contains(motion.bytes) }

    private func propose(_ plan: MotionPlan, _ number: Int, by node: SimulatedNode) {
        var motion: StatementID?
        let refusal = act(node) { participant, now in
            guard let proposal = plan.proposal(at: now.instant) else { return [] }
            let (id, outputs) = try participant.propose(proposal, at: now)
            motion = id
            return outputs
        }
        if let refusal { note(once: "\(node.party) cannot propose: \(refusal)") }
        // A node that died before it had written the motion never proposed it.
        guard let motion, lives(motion, at: node) else {
            return schedule(.propose(node.party, plan, number: number), at: now + 1000)
        }
        proposed[number] = motion
        commitBy[number] = node.clock(now) + plan.commitSeconds * 1000
    }

    private func stand(_ step: Scenario.Standing.Step, by node: SimulatedNode) {
        let again = ScenarioAction.stand(node.party, step)
        let kind: StatementKind = if case .lodge = step { .standingBallot } else { .standingRevocation }
        let count = standing(of: node, kind).count
        let refusal = act(node) { participant, now in
            switch step {
            case .lodge(let answer, let action, let longest):
                guard let terms = MotionPlan.terms, let longest = Seconds(longest) else { return [] }
                let proposal = StandingProposal(action: action, terms: terms, longest: longest, until: .latest)
                return try participant.lodge(Ballot(answer), for: proposal, at: now).outputs
            case .revoke(let serial): return try participant.revoke(standingBallot: serial, at: now)
            }
        }
        if case ParticipantError.alreadyRevoked? = refusal { return }
        if let refusal { note(once: "\(node.party) cannot do so: \(refusal)") }
        // A node that died before it had written the statement never said it.
        guard refusal == nil, standing(of: node, kind).count > count else { return schedule(again, at: now + 1000) }
        if case .lodge(let answer, _, _) = step, let ballot = standing(of: node, kind).last {
            checks.intend(answer, by: node.party, standing: ballot)
        }
    }

    /// A party's own statements of motions to come, as its journal tells.
    private func standing(of node: SimulatedNode, _ kind: StatementKind) -> [StatementID] {
        node.journal.rows.compactMap { row in
            guard case .item(.statement(let statement)) = row.record, statement.kind == kind else { return nil }
            return statement.head.party == node.party ? statement.id : nil
        }
    }

    private func cast(_ answer: Answer, on number: Int, by node: SimulatedNode) {
        let again = ScenarioAction.cast(node.party, answer, motion: number)
        guard let motion = proposed[number], let end = commitBy[number] else { return schedule(again, at: now + 1000) }
        guard node.clock(now) < end else { return note("\(node.party) does not vote in time", by: nil) }
        checks.intend(answer, by: node.party, on: motion)
        let ballot = Ballot(node.conduct?.strategy == .ignoreCondition ? .agree : answer)
        var isCast = false
        let refusal = act(node) { participant, now in
            let outputs = try participant.cast(ballot, on: motion, at: now)
            isCast = true
            return outputs
        }
        if case ParticipantError.alreadyCast? = refusal { return }
        // Whoever's node died meanwhile finds out whether the ballot was kept.
        if !isCast || !node.isUp { schedule(again, at: now + 1000) }
    }
}
