internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Which of an equivocator's messages count: those that make a transcript which a certificate names (Protocol §5.8).
///
/// Every honest participant certifies the transcript before it gives its share of a key proof, so the certificates of whoever
/// is honest tell a node that took no part, or remembers nothing, what the others have proven.
extension CeremonyAttempt {
    /// Whether no other certificate says of one of these rules that it has this transcript.
    func isFirstToName(_ certificate: [CeremonyCertificate.Key]) -> Bool {
        certificate.contains { entry in
            certificates.count { $0.contains { $0.rule == entry.rule && $0.transcript == entry.transcript } } == 1
        }
    }

    /// Statements that wait for room and make, with what is kept, a transcript that a certificate names.
    ///
    /// Looked at is what the new statement adds: ways to put transcripts together in which it stands, or, if it is a
    /// certificate, all.
    func chosen(because new: Statement, among waiting: [Statement]) -> [StatementID] {
        let news: CeremonyNews
        switch new.body {
        case .ceremonyContribution(let body): news = .contribution(body.keys, by: new.head.party)
        case .ceremonyDealing(let body): news = .dealing(body.keys, by: new.head.party)
        case .ceremonyCertificate: news = .certificate
        default: return []
        }
        let here = waiting.filter { $0.body.ceremonyAttempt == number }
        guard !isProven, !here.isEmpty else { return [] }
        return namedCombinations(because: news, with: here).flatMap { $0.flatMap(\.waiting) }
    }

    /// One part per participant each, whose transcripts have digests that certificates name.
    ///
    /// Only digests are compared, and of at most ``Limits/comparedTranscripts`` ways: of those who leave a choice the first parts
    /// that fit together, the same number of each.
    func namedCombinations(because news: CeremonyNews, with waiting: [Statement] = []) -> [[TranscriptDraft.Part]] {
        let named = certificates.everything.flatMap(\.content)
        guard !named.isEmpty else { return [] }
        let choices = plan.participants.map { parts(of: $0, because: news, with: waiting) }
        let limit = Limits.comparedTranscripts
        return TranscriptDraft.combinations(of: Self.narrowed(choices, to: limit), atMost: limit).filter { parts in
            plan.rules.allSatisfy { rule in
                let digests = named.filter { $0.rule == rule.name }.map(\.transcript)
                guard !digests.isEmpty else { return false }
                let digest = TranscriptDraft.digest(of: rule, parts, attempt: number, plan: plan)
                return digests.contains { $0.bytes == digest }
            }
        }
    }

    /// What a participant may have contributed and dealt: first of what is kept, then of what waits, the newest first.
    private func parts(
        of party: PartyName,
        because news: CeremonyNews,
        with waiting: [Statement]
    ) -> [TranscriptDraft.Part] {
        var contributed = contributions.all(of: party).map { (keys: $0, id: StatementID?.none) }
        var dealt = dealings.all(of: party).map { (keys: $0, id: StatementID?.none) }
        for statement in waiting.reversed() where statement.head.party == party {
            switch statement.body {
            case .ceremonyContribution(let body): contributed.append((body.keys, statement.id))
            case .ceremonyDealing(let body): dealt.append((body.keys, statement.id))
            default: break
            }
        }
        switch news {
        case .contribution(let keys, by: let author) where author == party: contributed.removeAll { $0.keys != keys }
        case .dealing(let keys, by: let author) where author == party: dealt.removeAll { $0.keys != keys }
        case .contribution, .dealing, .certificate: break
        }
        var parts: [TranscriptDraft.Part] = []
        for (first, second) in Self.pairs(contributed.count, dealt.count) {
            let part = TranscriptDraft.Part(
                party: party,
                contribution: contributed[first].keys,
                dealing: dealt[second].keys,
                waiting: [contributed[first].id, dealt[second].id].compactMap(\.self)
            )
            if part.isCoherent { parts.append(part) }
            if parts.count == Limits.comparedTranscripts { break }
        }
        return parts
    }

    /// All pairs of indices, both far in front before one of them far behind.
    static func pairs(_ first: Int, _ second: Int) -> [(Int, Int)] {
        (0..<max(first, second)).flatMap { rank in
            let below = rank < first ? (0..<min(rank, second)).map { (rank, $0) } : []
            let beside = rank < second ? (0..<min(rank + 1, first)).map { ($0, rank) } : []
            return below + beside
        }
    }

    /// The first so many of every list, as many as leave at most so many ways to choose.
    static func narrowed<Choice>(_ choices: [[Choice]], to limit: Int) -> [[Choice]] {
        var width = 1
        while width < limit, ways(choices, width + 1, limit) <= limit { width += 1 }
        return choices.map { Array($0.prefix(width)) }
    }

    /// How many ways there are to choose among the first so many of each; past the limit it stops counting.
    private static func ways(_ choices: [[some Any]], _ width: Int, _ limit: Int) -> Int {
        choices.reduce(1) { $0 > limit ? $0 : $0 * min($1.count, width) }
    }
}

/// What has come that may make a difference to which messages count.
enum CeremonyNews {
    case contribution([CeremonyContribution.Key], by: PartyName)
    case dealing([CeremonyDealing.Key], by: PartyName)
    /// One that is the first to name a transcript.
    case certificate
}
