internal import QuorumPolicy

/// What a statement says, compared with what the charter allows; the sender of a refused one is at fault.
extension Charter {
    /// Checks every value that this statement and the charter alone decide; an error names the party and the member.
    public func check(_ statement: Verified<Statement>) throws(StatementError) {
        let head = statement.value.head
        switch statement.value.body {
        case .ratification(let content): try check(content, by: head.party)
        case .motion(let content): try MotionCheck(charter: self, head: head, motion: content).run()
        case .ceremonyContribution(let content): try requireShareKeys(content.keys.map(\.rule), by: head.party)
        case .ceremonyCertificate(let content): try check(content, by: head.party)
        case .keyRecord(let content): try requireKeys(content.keys.map(\.rule), by: head.party)
        case .ceremonyDealing(let content): try requireShareKeys(content.keys.map(\.rule), by: head.party)
        case .keyNonces(let content): try requireSomeSigningKeys(content.keys.map(\.rule), by: head.party)
        case .keyShare(let content): try requireSomeSigningKeys(content.keys.map(\.rule), by: head.party)
        case .ceremonyAbort(let content): try check(content, by: head.party)
        case .receipt(let content):
            try require(PartySet(content.commitments.keys), member: "commitments", by: head.party)
        case .opening(let content): try check(content.ballot, by: head.party)
        case .publicationReceipt(let content): try require(content.roll, member: "roll", by: head.party)
        case .accusation(let content): try check(content, by: head.party)
        case .commitment(let content): try check(content, by: head.party)
        case .openingShare(let content): try check(content, by: head.party)
        case .standingBallot(let content): try check(content, by: head)
        case .standingRevocation, .standingReceipt: try requireStanding(by: head.party)
        case .address, .close, .nonceCommitment, .package, .signatureShare, .lapse: break
        }
    }

    private func check(_ ratification: Ratification, by party: PartyName) throws(StatementError) {
        guard ratification.network == network else {
            throw .refusedByCharter(party, member: "network", reason: "is not \(network)")
        }
        guard ratification.title == title else {
            throw .refusedByCharter(party, member: "title", reason: "is not \"\(title)\"")
        }
    }

    private func check(_ abort: CeremonyAbort, by party: PartyName) throws(StatementError) {
        try require([abort.culprit], member: "culprit", by: party)
        guard let rule = abort.rule else { return }
        guard keyedRules.contains(where: { $0.name == rule }) else {
            throw .refusedByCharter(party, member: "rule", reason: "is not a rule with a key")
        }
    }

    private func check(_ accusation: Accusation, by party: PartyName) throws(StatementError) {
        try require([accusation.accused], member: "accused", by: party)
        guard accusation.accused != party else {
            throw .refusedByCharter(party, member: "accused", reason: "names its own author")
        }
    }

    /// A party proves its share of the key that opens ballots; the other keys prove themselves by signing.
    private func check(_ certificate: CeremonyCertificate, by party: PartyName) throws(StatementError) {
        try requireShareKeys(certificate.keys.map(\.rule), by: party)
        for key in certificate.keys {
            let leaves = key.rule == openRule?.name ? openRule?.tree.leafCount(of: party) ?? 0 : 0
            guard key.possession.count == leaves else {
                throw .refusedByCharter(
                    party,
                    member: "signature",
                    reason: "must have \(leaves + 1) signatures for rule \(key.rule)"
                )
            }
        }
    }

    private func check(_ commitment: BallotCommitment, by party: PartyName) throws(StatementError) {
        guard commitment.seal.mode == opening else {
            throw .refusedByCharter(party, member: "seal", reason: "is not for \"opening \(opening.rawValue)\"")
        }
    }

    private func check(_ ballot: StandingBallot, by head: StatementHead) throws(StatementError) {
        let pattern = ballot.pattern
        try requireStanding(by: head.party)
        _ = try checkAction(pattern.action, decidedBy: pattern.rule, in: head)
        guard rule(pattern.rule)?.tree.parties.contains(head.party) == true else {
            throw .refusedByCharter(head.party, member: "party", reason: "has no vote under rule \(pattern.rule)")
        }
        guard head.at < pattern.until else {
            throw .refusedByCharter(head.party, member: "until", reason: "must lie after at")
        }
        guard ballot.seal.mode == opening else {
            throw .refusedByCharter(head.party, member: "seal", reason: "is not for \"opening \(opening.rawValue)\"")
        }
    }

    /// The charter's line for an action, which has to name the rule that a statement says decides it.
    fileprivate func checkAction(
        _ name: OrderAction,
        decidedBy rule: RuleName,
        in head: StatementHead
    ) throws(StatementError) -> Action {
        guard let allowed = action(name) else {
            let reason = "is \(name.rawValue), for which the charter names no rule"
            throw .refusedByCharter(head.party, member: "action", reason: reason)
        }
        guard rule == allowed.rule else {
            let reason = "must be \(allowed.rule), which decides \(name.rawValue)"
            throw .refusedByCharter(head.party, member: "rule", reason: reason)
        }
        return allowed
    }

    private func requireStanding(by party: PartyName) throws(StatementError) {
        guard limits.standingNotice == nil else { return }
        throw .refusedByCharter(
            party,
            member: "charter",
            reason: "has no \"limit standing-notice\", so nobody can vote in advance"
        )
    }

    private func check(_ shares: SharedOpening, by party: PartyName) throws(StatementError) {
        guard openRule?.tree.parties.contains(party) == true else {
            throw .refusedByCharter(party, member: "party", reason: "has no share in a rule that opens ballots")
        }
    }

    private func check(_ ballot: Ballot, by party: PartyName) throws(StatementError) {
        guard case .agreeIf(let condition) = ballot.answer else { return }
        try require(condition.parties, member: "ballot.condition", by: party)
    }

    private func require(_ names: PartySet, member: String, by party: PartyName) throws(StatementError) {
        guard let stranger = names.first(where: { self.party($0) == nil }) else { return }
        throw .refusedByCharter(party, member: member, reason: "names \(stranger), who is not a party")
    }

    /// All rules with a key, in the charter's order.
    private func requireKeys(_ rules: [RuleName], by party: PartyName) throws(StatementError) {
        try require(rules, equal: keyedRules.map(\.name), by: party)
    }

    /// All rules with a key in which the party has a share, in the charter's order.
    private func requireShareKeys(_ rules: [RuleName], by party: PartyName) throws(StatementError) {
        try require(rules, equal: keyedRules.filter { $0.tree.parties.contains(party) }.map(\.name), by: party)
    }

    /// Some rules that sign and in which the party has a share, in the charter's order.
    private func requireSomeSigningKeys(_ rules: [RuleName], by party: PartyName) throws(StatementError) {
        let own = signingRules.filter { $0.tree.parties.contains(party) }.map(\.name)
        try require(rules, equal: own.filter { rules.contains($0) }, by: party)
    }

    private func require(_ rules: [RuleName], equal expected: [RuleName], by party: PartyName) throws(StatementError) {
        guard rules != expected else { return }
        let list = expected.map(\.text).joined(separator: ", ")
        throw .refusedByCharter(party, member: "keys", reason: "must cover the rules \(list), in this order")
    }
}

/// Compares a motion with the charter's limits (Protocol §7.1).
struct MotionCheck {
    let charter: Charter
    let head: StatementHead
    let motion: Motion

    func run() throws(StatementError) {
        try checkAction()
        try checkSchedule()
        try checkSummary()
    }

    private func checkAction() throws(StatementError) {
        guard charter.voters.contains(head.party) else {
            throw refused("party", "has no share in any rule, so it cannot propose a motion")
        }
        let allowed = try charter.checkAction(motion.action, decidedBy: motion.rule, in: head)
        let schedule = motion.schedule
        guard let atMost = allowed.atMost, let length = schedule.end.elapsed(since: schedule.effective) else { return }
        guard length <= atMost else {
            throw refused("end", "lies \(length) after effective: \(motion.action.rawValue) may last \(atMost) at most")
        }
    }

    private func checkSchedule() throws(StatementError) {
        let (schedule, window) = (motion.schedule, charter.limits.commitWindow)
        let (margin, longest) = (charter.limits.margin, charter.limits.longestMotion)
        guard let open = schedule.commitBy.elapsed(since: head.at), window.contains(open) else {
            throw refused("commitBy", "must lie \(window.lowerBound) to \(window.upperBound) after at")
        }
        guard schedule.signBy > schedule.commitBy + margin else {
            throw refused("signBy", "must lie more than \(margin), twice the clock tolerance, after commitBy")
        }
        guard schedule.publishBy > schedule.signBy else { throw refused("publishBy", "must lie after signBy") }
        guard schedule.publishBy + margin <= schedule.effective else {
            throw refused("effective", "must lie at least \(margin), twice the clock tolerance, after publishBy")
        }
        guard schedule.publishBy <= head.at + longest else {
            throw refused("publishBy", "must lie at most \(longest), three commit windows, after at")
        }
        guard schedule.effective < schedule.end else { throw refused("end", "must lie after effective") }
    }

    private func checkSummary() throws(StatementError) {
        guard motion.template == MotionSummary.template else {
            throw refused("template", "must be \(MotionSummary.template)")
        }
        let schedule = motion.schedule
        let expected = MotionSummary.text(
            action: motion.action,
            terms: motion.terms,
            effective: schedule.effective,
            end: schedule.end
        )
        guard motion.summary == expected else { throw refused("summary", "must read: \(expected)") }
    }

    private func refused(_ member: String, _ reason: String) -> StatementError {
        .refusedByCharter(head.party, member: member, reason: reason)
    }
}

extension Motion {
    /// As ``Charter/check(_:)``, for a motion that is not signed yet.
    public func check(under charter: Charter, head: StatementHead) throws(StatementError) {
        try MotionCheck(charter: charter, head: head, motion: self).run()
    }
}
