internal import QuorumPolicy
internal import SignedStatements

/// What can keep the key ceremony from going on: one row each, with one remedy.
///
/// The screens, the log and the table in `docs/operations.md` are all made of these rows; codes are never given to something
/// else.
public enum CeremonyFailure: String, Hashable, Sendable, CaseIterable {
    // Somebody is waited for.
    case notRatified = "CER-01"
    case stepMissing = "CER-02"
    case notJoined = "CER-03"
    case otherDealings = "CER-04"
    case noTriesLeft = "CER-05"
    case movedOn = "CER-06"
    case noAttemptsLeft = "CER-07"
    /// Only the party's own node knows.
    case ratifiedHere = "CER-08"
    // Somebody is to blame.
    case contributionMismatch = "CER-10"
    case copiedTerms = "CER-11"
    case malformedDealing = "CER-12"
    case proofOfPossession = "CER-13"
    case wrongShare = "CER-14"
    case falseComplaint = "CER-15"
    case wrongCertificate = "CER-16"
    case wrongKeyShare = "CER-17"
    case equivocation = "CER-18"
    case silence = "CER-19"
    case stopped = "CER-20"
    case unfounded = "CER-21"

    /// The stable code, such as `CER-14`.
    public var code: String { rawValue }

    /// What it is, as a sentence whose subject is the party.
    public var what: String { row.what }

    /// What to do about it.
    public var remedy: String { row.remedy }

    /// The step at which the screens show it.
    public var step: KeyCeremony.Step { row.step }

    /// Whether nothing has gone wrong yet.
    public var isWaiting: Bool { Self.waits.contains(self) }

    private static let waits: [CeremonyFailure] = [.notRatified, .stepMissing, .notJoined, .ratifiedHere]

    init(_ reason: CeremonyAbort.Reason) {
        self =
            switch reason {
            case .contributionMismatch: .contributionMismatch
            case .copiedTerms: .copiedTerms
            case .malformedDealing: .malformedDealing
            case .proofOfPossession: .proofOfPossession
            case .wrongShare: .wrongShare
            case .falseComplaint: .falseComplaint
            case .wrongCertificate: .wrongCertificate
            case .wrongKeyShare: .wrongKeyShare
            case .equivocation: .equivocation
            case .silence: .silence
            case .stopped: .stopped
            }
    }

    private struct Row {
        let step: KeyCeremony.Step
        let what: String
        let remedy: String

        init(_ step: KeyCeremony.Step, _ what: String, _ remedy: String) {
            (self.step, self.what, self.remedy) = (step, what, remedy)
        }
    }

    private var row: Row {
        switch self {
        case .notRatified:
            Row(.ratified, "has not ratified the charter", "have its officers run `standstill charter ratify`")
        case .stepMissing:
            Row(
                .contributed,
                "has not done the step that all wait for",
                "ask its operator to start and connect its node"
            )
        case .notJoined:
            Row(
                .contributed,
                "has not joined the new attempt",
                "have its operator look at the one before and run `standstill ceremony retry`"
            )
        case .otherDealings:
            Row(
                .certified,
                "has certified other dealings than this node holds",
                "connect to more peers: what the other parties were dealt is on its way"
            )
        case .noTriesLeft:
            Row(
                .proved,
                "lost its nonces in the last try of the key proofs",
                "run `standstill ceremony stop`, then retry without restarting nodes in mid-proof"
            )
        case .movedOn:
            Row(
                .recorded,
                "has signed the keys of an attempt that others have given up",
                "agree on a new charter with fresh keys"
            )
        case .noAttemptsLeft:
            Row(.contributed, "is at fault in the last attempt there is", "agree on a new charter with fresh keys")
        case .ratifiedHere:
            Row(
                .ratified,
                "has ratified here, and signs that once its peers are connected",
                "see that peers are connected: `standstill status`"
            )
        case .contributionMismatch:
            Row(.dealt, "dealt other terms than it had bound itself to", Self.repair)
        case .copiedTerms:
            Row(.dealt, "dealt the same terms as another party", "ask both parties who knows the other's secret")
        case .malformedDealing:
            Row(.dealt, "dealt something that is no dealing under the rule", Self.repair)
        case .proofOfPossession:
            Row(.dealt, "did not prove that it knows what it dealt", Self.repair)
        case .wrongShare:
            Row(.dealt, "dealt a share that is wrong, as the complaint proves", Self.repair)
        case .falseComplaint:
            Row(.certified, "complained about a share that is right", Self.repair)
        case .wrongCertificate:
            Row(.certified, "certified the transcript with a signature that is wrong", Self.repair)
        case .wrongKeyShare:
            Row(.proved, "gave a share of the key proof that is wrong", Self.repair)
        case .equivocation:
            Row(
                .contributed,
                "said two different things in one step",
                "make sure that only one node runs with its key, then run `standstill ceremony retry`"
            )
        case .silence:
            Row(
                .contributed,
                "was given up as silent, by another party's word",
                "when it is back, run `standstill ceremony retry`"
            )
        case .stopped:
            Row(
                .contributed,
                "stopped the attempt for reasons of its own",
                "ask its officers, then run `standstill ceremony retry`"
            )
        case .unfounded:
            Row(.certified, "accuses a party of what the statements do not show", "ask its operator to update its node")
        }
    }

    private static let repair = "have its operator find out why, then run `standstill ceremony retry`"
}

/// One failure as it stands: which party, and at which step.
struct CeremonyTrouble: Hashable, Comparable, Sendable {
    let failure: CeremonyFailure
    /// `nil` where nobody is to blame.
    let party: PartyName?
    let step: KeyCeremony.Step
    /// Who says so; `nil` where every node sees it.
    var accuser: PartyName?

    init(_ failure: CeremonyFailure, _ party: PartyName?, at step: KeyCeremony.Step? = nil, accuser: PartyName? = nil) {
        self.failure = failure
        self.party = party
        self.step = step ?? failure.step
        self.accuser = accuser
    }

    /// By code, then by name: the order must not depend on what came first.
    static func < (left: CeremonyTrouble, right: CeremonyTrouble) -> Bool { left.place < right.place }

    private var place: (String, String, String) { (failure.code, party?.text ?? "", accuser?.text ?? "") }
}

extension KeyCeremony {
    /// What keeps the present attempt from going on, party by party.
    var troubles: [CeremonyTrouble] {
        let attempt = current
        let stage = stage(of: attempt)
        if stage == .finished { return [] }
        return (stage == .aborted ? failures(of: attempt) : waits(for: attempt, in: stage)) + accusations(in: attempt)
    }

    /// Why an attempt failed, for each whom it concerns.
    func failures(of attempt: CeremonyAttempt) -> [CeremonyTrouble] {
        let isLast = attempt.number == Limits.ceremonyAttempts
        let troubles = attempt.causes.flatMap { cause in
            let parties: [PartyName?] = cause.culprits.isEmpty ? [nil] : cause.culprits
            return parties.flatMap { party in
                [CeremonyTrouble(CeremonyFailure(cause.reason), party, accuser: cause.accuser)]
                    + (isLast ? [CeremonyTrouble(.noAttemptsLeft, party)] : [])
            }
        }
        // One for a party, however many rules or complaints it is about.
        return troubles.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    private func accusations(in attempt: CeremonyAttempt) -> [CeremonyTrouble] {
        PartySet(attempt.unfounded.compactMap(\.accuser)).map { CeremonyTrouble(.unfounded, $0) }
    }

    private func waits(for attempt: CeremonyAttempt, in stage: Stage) -> [CeremonyTrouble] {
        missing.map { party in
            if let recorded = recordedAttempt(of: party), recorded < attempt.number {
                return CeremonyTrouble(.movedOn, party)
            }
            switch stage {
            case .ratifying: return CeremonyTrouble(.notRatified, party)
            case .contributing where attempt.number > 1: return CeremonyTrouble(.notJoined, party)
            case .certifying where attempt.diverging.contains(party): return CeremonyTrouble(.otherDealings, party)
            case .proving where attempt.tries.count == Limits.keyProofTries: return CeremonyTrouble(.noTriesLeft, party)
            case .contributing, .aborted, .finished: return CeremonyTrouble(.stepMissing, party, at: .contributed)
            case .dealing: return CeremonyTrouble(.stepMissing, party, at: .dealt)
            case .certifying: return CeremonyTrouble(.stepMissing, party, at: .certified)
            case .proving: return CeremonyTrouble(.stepMissing, party, at: .proved)
            case .recording: return CeremonyTrouble(.stepMissing, party, at: .recorded)
            }
        }
    }
}
