internal import QuorumPolicy
internal import SignedStatements

/// Room for what an equivocator said in the ceremony and the others have built on (Protocol §5.8).
extension Agreement {
    /// Whether a statement that has just come may show which messages count: a contribution, a dealing, or the first certificate
    /// of a transcript.
    func isClue(_ statement: Statement) -> Bool {
        guard case .ceremonyCertificate(let body) = statement.body else { return statement.isCeremonyMessage }
        return ceremony.attempts.indices.contains(body.attempt - 1)
            && ceremony.attempts[body.attempt - 1].isFirstToName(body.keys)
    }

    /// Lets in what waits and makes, with what is kept, a transcript that somebody certified.
    ///
    /// - Parameters:
    ///   - clue: A statement that was a clue when it came, whether it was taken or waits.
    ///   - waiting: Contributions and dealings over the limit.
    /// - Returns: Whether there is any.
    mutating func choose(because clue: Statement, among waiting: [Statement]) -> Bool {
        guard
            let number = clue.body.ceremonyAttempt, ceremony.attempts.indices.contains(number - 1)
        else { return false }
        let found = ceremony.attempts[number - 1].chosen(because: clue, among: waiting)
        let news = found.reduce(into: chosen) { if !$0.contains($1) { $0.append($1) } }
        defer { chosen = news }
        return news.count > chosen.count
    }

    /// Whether no limit keeps a message of the ceremony out: it was chosen, or the journal holds it.
    ///
    /// A choice serves once: what it let in is kept.
    mutating func isLetIn(_ statement: Statement) -> Bool {
        defer { chosen.removeAll { $0 == statement.id } }
        return isReplaying || chosen.contains(statement.id)
    }
}

extension Statement {
    /// A contribution or a dealing: what a transcript is made of.
    var isCeremonyMessage: Bool {
        switch body {
        case .ceremonyContribution, .ceremonyDealing: true
        case .ratification, .address, .ceremonyCertificate, .ceremonyAbort, .keyNonces, .keyShare, .keyRecord,
            .standingBallot, .standingRevocation, .standingReceipt, .motion, .commitment, .receipt, .close, .opening,
            .openingShare, .nonceCommitment, .package, .signatureShare, .publicationReceipt, .lapse, .accusation:
            false
        }
    }
}
