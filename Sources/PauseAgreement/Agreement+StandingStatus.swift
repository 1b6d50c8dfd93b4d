internal import QuorumPolicy
public import SignedStatements

/// What people see of ballots that are lodged in advance.
extension Agreement {
    /// The standing ballots that a recorder lets count for a motion.
    public func standingBallots(on motion: StatementID) -> [StatementID] {
        motions[motion]?.commitments.filter { $0.value.isStanding }.map(\.key) ?? []
    }

    func standingStatus(at now: Instant) -> [StandingStatus] {
        standing.ballots.sorted {
            ($0.value.author, $0.value.pattern.serial) < ($1.value.author, $1.value.pattern.serial)
        }
        .map { status(of: $0.key, $0.value, at: now) }
    }

    private func status(of id: StatementID, _ ballot: StandingBallots.Lodged, at now: Instant) -> StandingStatus {
        let pattern = ballot.pattern
        let opened = motions.values.lazy.compactMap { $0.openings[id] }.first
        let runsOut = runsOut(id)
        return StandingStatus(
            id: id.description,
            party: ballot.author.text,
            serial: pattern.serial,
            action: pattern.action.rawValue,
            terms: MotionSummary.words(for: pattern.terms),
            longest: pattern.longest.description,
            until: pattern.until.description,
            lodgedAt: ballot.lodgedAt.description,
            state: state(of: id, ballot, isOpen: opened != nil, runsOut: runsOut, at: now),
            bindsUntil: runsOut?.description ?? "",
            recorders: standing.recorders(of: id).map(\.text),
            answer: opened?.words ?? standing.held[id]?.ballot.answer.words ?? ""
        )
    }

    private func state(
        of id: StatementID,
        _ ballot: StandingBallots.Lodged,
        isOpen: Bool,
        runsOut: Instant?,
        at now: Instant
    ) -> String {
        if isOpen { return "spent" }
        if ballot.pattern.until < now { return "expired" }
        if let runsOut, runsOut <= now { return "revoked" }
        if standing.revocations[id] != nil { return "revoking" }
        return standing.isRecorded(id) ? "lodged" : "recording"
    }

    /// When a standing ballot that was taken back binds no more, by the receipts that are here.
    private func runsOut(_ id: StatementID) -> Instant? {
        guard let notice = charter.limits.standingNotice else { return nil }
        return standing.revocations[id]?.keys.compactMap(standing.instantRecorded).min().map { $0 + notice }
    }
}
