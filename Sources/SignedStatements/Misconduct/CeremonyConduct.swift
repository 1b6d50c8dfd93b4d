internal import QuorumPolicy

/// What one party has said in the ceremony that rules other things out for it (Protocol §5.8).
///
/// Whoever aborts an attempt gives no share of its key proofs, and whoever has signed the key record of an attempt
/// contributes to no later one, nor the other way round.
struct CeremonyConduct: Sendable {
    /// The first and the last statement of one sort.
    private struct Span: Sendable {
        let first: Said
        let last: Said
    }

    private struct Numbered: Sendable {
        let attempt: Int
        let said: Said
    }

    /// By attempt: aborts that are the party's own word, complaints, and shares of key proofs.
    private var words: OrderedMap<Int, Span> = [:]
    private var complaints: OrderedMap<Int, Span> = [:]
    private var shares: OrderedMap<Int, Span> = [:]
    private var latestContribution: Numbered?
    private var earliestRecord: Numbered?

    mutating func record(_ statement: Statement) {
        let said = Said(statement)
        switch statement.body {
        case .ceremonyAbort(let body) where body.reason.isOwnWord: Self.extend(&words, body.attempt, said)
        case .ceremonyAbort(let body) where body.complaint != nil: Self.extend(&complaints, body.attempt, said)
        case .keyShare(let body): Self.extend(&shares, body.attempt, said)
        case .ceremonyContribution(let body) where body.attempt > latestContribution?.attempt ?? 0:
            latestContribution = Numbered(attempt: body.attempt, said: said)
        case .keyRecord(let body) where body.attempt < earliestRecord?.attempt ?? .max:
            earliestRecord = Numbered(attempt: body.attempt, said: said)
        default: break
        }
    }

    private static func extend(_ spans: inout OrderedMap<Int, Span>, _ attempt: Int, _ said: Said) {
        let known = spans[attempt]
        spans[attempt] = Span(first: min(known?.first ?? said, said), last: max(known?.last ?? said, said))
    }

    /// What the statement must not stand beside, and whether others can explain it.
    func conflicts(with statement: Statement) -> [(offence: Offence, other: Said, isConditional: Bool)] {
        let said = Said(statement)
        switch statement.body {
        case .ceremonyAbort(let body) where body.reason.isOwnWord:
            guard let shares = shares[body.attempt] else { return [] }
            // Once the tries are used up, an attempt may be stopped after a share was given.
            let isBefore = said.number < shares.last.number
            return [(.abortAndKeyShare, isBefore ? shares.last : shares.first, !isBefore)]
        case .ceremonyAbort(let body) where body.complaint != nil:
            return shares[body.attempt].map { [(.abortAndKeyShare, $0.first, false)] } ?? []
        case .keyShare(let body):
            if let complaint = complaints[body.attempt] { return [(.abortAndKeyShare, complaint.first, false)] }
            guard let words = words[body.attempt] else { return [] }
            let isAfter = words.first.number < said.number
            return [(.abortAndKeyShare, isAfter ? words.first : words.last, !isAfter)]
        case .ceremonyContribution(let body):
            guard let record = earliestRecord, record.attempt < body.attempt else { return [] }
            return [(.recordOfLeftAttempt, record.said, false)]
        case .keyRecord(let body):
            guard let contribution = latestContribution, contribution.attempt > body.attempt else { return [] }
            return [(.recordOfLeftAttempt, contribution.said, false)]
        default: return []
        }
    }
}

extension CeremonyAbort.Reason {
    /// Whether it is only the author's word; everything else anybody judges by the statements of the attempt.
    public var isOwnWord: Bool {
        switch self {
        case .silence, .stopped: true
        case .contributionMismatch, .copiedTerms, .malformedDealing, .proofOfPossession, .wrongShare, .falseComplaint,
            .wrongCertificate, .wrongKeyShare, .equivocation:
            false
        }
    }
}
