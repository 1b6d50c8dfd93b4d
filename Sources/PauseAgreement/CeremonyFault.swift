internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Why an attempt of the ceremony cannot go on, and who is to blame.
struct CeremonyFault: Hashable, Sendable {
    let reason: CeremonyAbort.Reason
    /// Two for terms that both dealt; none when the terms of all cancel out.
    let culprits: [PartyName]
    /// `nil` when it concerns all rules.
    let rule: RuleName?
    /// Whose word this is; `nil` where every node sees it from the statements.
    let accuser: PartyName?
    /// The try of the key proofs; `nil` for other faults.
    let retry: Int?
    /// Somebody else who signed twice could explain it (Protocol §7.10).
    let isConditional: Bool

    init(
        _ reason: CeremonyAbort.Reason,
        _ culprits: [PartyName],
        rule: RuleName? = nil,
        accuser: PartyName? = nil,
        retry: Int? = nil,
        isConditional: Bool = false
    ) {
        self.retry = retry
        self.isConditional = isConditional
        self.reason = reason
        self.culprits = culprits
        self.rule = rule
        self.accuser = accuser
    }

    /// What a transcript found wrong with a dealing.
    init(_ error: ThresholdError, in rule: CeremonyPlan.KeyedRule) {
        var numbers = error.culprits
        let reason: CeremonyAbort.Reason
        switch error {
        case .contributionMismatch: reason = .contributionMismatch
        case .repeatedContribution(let dealer, let earlier):
            // Nobody can copy what is committed to and not yet dealt: these two know each other's secret.
            reason = .copiedTerms
            numbers = [earlier, dealer]
        case .invalidProofOfPossession: reason = .proofOfPossession
        default: reason = .malformedDealing
        }
        let isConditional = reason == .copiedTerms || reason == .proofOfPossession
        self.init(reason, rule.names(of: numbers), rule: rule.name, isConditional: isConditional)
    }
}
