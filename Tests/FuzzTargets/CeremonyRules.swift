internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// What one party must never sign while the keys are made, whatever the others do (Protocol §5.8).
struct CeremonyRules {
    /// Attempts that the operator joined, and those that the operator gave up.
    private var joined = [1]
    private var stopped: [Int] = []
    /// What was said in one step of one attempt, each once.
    private var said: [String] = []
    private var contributed = 0
    private var offersOfThisRun: [String] = []
    private var shared: [Int] = []
    private var complained: [Int] = []
    private var isRecorded = false

    mutating func join(_ attempt: Int) { joined.append(attempt) }
    mutating func stop(_ attempt: Int) { stopped.append(attempt) }
    mutating func restarted() { offersOfThisRun = [] }

    mutating func judge(_ statement: Statement) throws {
        switch statement.body {
        case .ceremonyContribution(let body):
            try once("contribution", body.attempt)
            try hold(joined.contains(body.attempt), "attempt \(body.attempt) was joined by nobody here")
            try hold(!isRecorded, "a contribution after its own key record")
            contributed = max(contributed, body.attempt)
        case .ceremonyDealing(let body):
            try once("dealing", body.attempt)
            try present(body.attempt)
        case .ceremonyCertificate(let body):
            try once("certificate", body.attempt)
            try present(body.attempt)
        case .keyNonces(let body):
            try once("nonces of try \(body.retry)", body.attempt)
            try present(body.attempt)
            offersOfThisRun.append("\(body.attempt) \(body.retry)")
        case .keyShare(let body):
            try once("shares of try \(body.retry)", body.attempt)
            try present(body.attempt)
            try hold(
                offersOfThisRun.contains("\(body.attempt) \(body.retry)"),
                "nonces of an earlier run were answered"
            )
            try hold(!complained.contains(body.attempt), "key shares of which a complaint may show a part")
            shared.append(body.attempt)
        case .keyRecord(let body):
            try once("record", body.attempt)
            try present(body.attempt)
            try hold(!isRecorded, "a second key record")
            isRecorded = true
        case .ceremonyAbort(let body): try judge(body)
        default: break
        }
    }

    private mutating func judge(_ abort: CeremonyAbort) throws {
        try once("abort", abort.attempt)
        switch abort.reason {
        case .wrongShare:
            try present(abort.attempt)
            try hold(!shared.contains(abort.attempt), "a complaint after its own key share")
            complained.append(abort.attempt)
        case .silence, .stopped:
            try hold(stopped.contains(abort.attempt), "attempt \(abort.attempt) was given up by nobody here")
        case .contributionMismatch, .copiedTerms, .malformedDealing, .proofOfPossession, .falseComplaint,
            .wrongCertificate, .wrongKeyShare, .equivocation:
            throw Finding("an accusation that it must leave to the statements: \(abort.reason)")
        }
    }

    private mutating func once(_ step: String, _ attempt: Int) throws {
        let name = "\(step) in attempt \(attempt)"
        try hold(!said.contains(name), "two statements: \(name)")
        said.append(name)
    }

    /// A party works in the newest attempt that it has joined.
    private func present(_ attempt: Int) throws {
        try hold(attempt == contributed, "a word in attempt \(attempt) after joining attempt \(contributed)")
    }

    /// A party that keeps the rules is accused by other people's word at most; `nil` when its key was used elsewhere.
    func judge(_ status: CeremonyStatus, heldAgainst victim: PartyName?) throws {
        guard let victim else { return }
        let ownWord: [CeremonyFailure] = [.silence, .stopped, .noAttemptsLeft]
        for failure in status.failures + status.earlier.flatMap(\.failures) where failure.party == victim.text {
            let isHarmless = failure.isWaiting || ownWord.contains { $0.code == failure.code }
            try hold(isHarmless, "an honest node is to blame: \(failure.code) \(failure.what)")
        }
    }
}
