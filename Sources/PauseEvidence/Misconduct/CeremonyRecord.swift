internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// One attempt of a ceremony as its statements tell it: sessions and transcripts made again from what was published.
///
/// Contributions and dealings are named by nobody's signature but their authors'. So whatever is judged with a transcript
/// counts only if the accused has signed its digest, or if it holds whatever the others published (Protocol §7.10). Of a
/// party two contributions and two dealings are looked at, in every combination, as at every node (Protocol §5.8).
struct CeremonyRecord {
    struct Contributed {
        let id: StatementID
        let keys: [CeremonyContribution.Key]
    }

    struct Dealt {
        let id: StatementID
        let keys: [CeremonyDealing.Key]
    }

    /// A rule's session, and the contributions that it is made of.
    struct Opening {
        let session: CeremonySession
        let ids: [StatementID]
    }

    /// A rule's transcript, and the contributions and dealings that it is made of.
    struct Draft {
        let transcript: Transcript
        let ids: [StatementID]
        /// By participant, from 1: the dealing that was used.
        let dealings: OrderedMap<Int, StatementID>
    }

    let charter: Charter
    let attempt: Int
    private(set) var contributions: OrderedMap<PartyName, [Contributed]> = [:]
    private(set) var dealings: OrderedMap<PartyName, [Dealt]> = [:]
    /// Made once, since each takes the checks of a whole ceremony.
    private var drafts: OrderedMap<RuleName, [Draft]> = [:]

    init(charter: Charter, attempt: Int) {
        self.charter = charter
        self.attempt = attempt
    }

    /// Takes in a contribution or a dealing of this attempt.
    mutating func take(_ statement: Statement) {
        let party = statement.head.party
        switch statement.body {
        case .ceremonyContribution(let body) where body.attempt == attempt:
            guard contributions[party, default: []].count < EvidenceLimits.messagesPerStep else { return }
            contributions[party, default: []].append(Contributed(id: statement.id, keys: body.keys))
        case .ceremonyDealing(let body) where body.attempt == attempt:
            guard dealings[party, default: []].count < EvidenceLimits.messagesPerStep else { return }
            dealings[party, default: []].append(Dealt(id: statement.id, keys: body.keys))
        default: break
        }
    }

    /// The rule's shares; nil for a rule without a key.
    func structure(of rule: RuleName) -> AccessStructure? {
        charter.keyedRules.first { $0.name == rule }.map { AccessStructure($0.tree) }
    }

    /// Every way to put together what all parties knew before they dealt; none if a contribution is missing.
    func openings(of rule: RuleName) -> [Opening] {
        guard let structure = structure(of: rule) else { return [] }
        let choices = structure.tree.participants.map { contributions[$0.party, default: []] }
        return Combinations.of(choices, atMost: EvidenceLimits.transcriptDrafts).compactMap { chosen in
            session(of: rule, structure, chosen).map { Opening(session: $0, ids: chosen.map(\.id)) }
        }
    }

    private func session(
        of rule: RuleName,
        _ structure: AccessStructure,
        _ chosen: [Contributed]
    ) -> CeremonySession? {
        let contributed = chosen.compactMap { contribution in contribution.keys.first { $0.rule == rule } }
        guard let keys = staticKeys(of: structure), contributed.count == structure.participantCount else { return nil }
        let purpose = "\(charter.network)/\(charter.id)/\(rule)/\(attempt)"
        return try? CeremonySession(
            structure: structure,
            staticKeys: keys,
            randomness: CeremonySession.sharedRandomness(
                boundTo: Array(purpose.utf8),
                contributions: contributed.map { ($0.commitment, $0.random) }
            )
        )
    }

    /// A session that checks everything of a dealing but its proof of possession, which depends on all contributions.
    func formSession(of rule: RuleName) -> CeremonySession? {
        guard let structure = structure(of: rule), let keys = staticKeys(of: structure) else { return nil }
        return try? CeremonySession(structure: structure, staticKeys: keys, randomness: .zero)
    }

    private func staticKeys(of structure: AccessStructure) -> [Element]? {
        let keys = structure.tree.participants.compactMap { charter.party($0.party)?.ceremonyKey }
        return keys.count == structure.participantCount ? keys : nil
    }

    /// The rule's transcripts, at most ``EvidenceLimits/transcriptDrafts``; none if something is missing or wrong.
    mutating func drafts(of rule: RuleName) -> [Draft] {
        if let made = drafts[rule] { return made }
        let made = makeDrafts(of: rule)
        drafts[rule] = made
        return made
    }

    /// The transcript with this digest.
    mutating func draft(of rule: RuleName, named name: [UInt8]) -> Draft? {
        drafts(of: rule).first { $0.transcript.digest == name }
    }

    private func makeDrafts(of rule: RuleName) -> [Draft] {
        guard let structure = structure(of: rule) else { return [] }
        let parties = structure.tree.participants.map(\.party)
        let choices = parties.map { party in
            contributions[party, default: []].flatMap { contribution in
                dealings[party, default: []].map { (contribution: contribution, dealing: $0) }
            }
        }
        return Combinations.of(choices, atMost: EvidenceLimits.transcriptDrafts).compactMap { chosen in
            let messages = chosen.compactMap { part in part.dealing.keys.first { $0.rule == rule }?.message }
            let commitments = chosen.compactMap { part in
                part.contribution.keys.first { $0.rule == rule }?.commitment
            }
            let contributed = chosen.map(\.contribution)
            guard let session = session(of: rule, structure, contributed),
                let made = try? Transcript(session: session, messages: messages, contributions: commitments)
            else { return nil }
            return Draft(
                transcript: made,
                ids: contributed.map(\.id) + chosen.map(\.dealing.id),
                dealings: OrderedMap(chosen.enumerated().map { ($0.offset + 1, $0.element.dealing.id) })
            )
        }
    }
}

extension CeremonyDealing.Key {
    /// The dealing as the threshold layer reads it.
    var message: DealingMessage {
        DealingMessage(
            commitment: commitment.map(UncheckedElement.init),
            proofOfPossession: proofOfPossession,
            ephemeralKey: UncheckedElement(ephemeral),
            ciphertexts: shares
        )
    }
}
