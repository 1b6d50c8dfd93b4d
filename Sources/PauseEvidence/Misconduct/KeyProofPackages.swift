internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What the parties of a rule may have been asked to sign in one try of its key proof (Protocol §5.7).
///
/// One package, unless somebody offered nonces twice: then every combination, at most ``EvidenceLimits/transcriptDrafts``.
struct KeyProofPackages {
    private typealias Offer = (id: StatementID, key: KeyNonces.Key)

    private(set) var all: [(package: SigningPackage, nonces: [StatementID])] = []

    init(_ statements: [Statement], _ rule: RuleName, _ shares: KeyShares, _ transcript: Transcript) {
        let structure = transcript.session.structure
        var offers: OrderedMap<PartyName, [Offer]> = [:]
        for statement in statements {
            guard
                case .keyNonces(let body) = statement.body,
                body.attempt == shares.attempt, body.retry == shares.retry,
                offers[statement.head.party, default: []].count < EvidenceLimits.messagesPerStep,
                let key = body.keys.first(where: { $0.rule == rule })
            else { continue }
            offers[statement.head.party, default: []].append((statement.id, key))
        }
        guard let charter = statements.first?.head.charter, let digest = TranscriptDigest(transcript.digest) else {
            return
        }
        let message = KeyProofClaims(charter: charter, rule: rule, transcript: digest)
            .signingInput(for: transcript.groupKey.element)
        let choices = structure.tree.participants.map { offers[$0.party, default: []] }
        let combined = Combinations.of(choices, atMost: EvidenceLimits.transcriptDrafts)
        for chosen in combined where chosen.count == structure.participantCount {
            let commitments = zip(structure.tree.participants, chosen).map { participant, offer in
                SigningCommitments(
                    participant: participant.identifier,
                    hiding: offer.key.hiding,
                    binding: offer.key.binding
                )
            }
            let package = try? SigningPackage(
                groupKey: transcript.groupKey,
                message: message,
                commitments: commitments
            )
            if let package { all.append((package, chosen.map(\.id))) }
        }
    }
}

/// Ways to choose.
enum Combinations {
    /// One choice out of each list, the first choices first; none if a list is empty.
    static func of<Choice>(_ choices: [[Choice]], atMost limit: Int) -> [[Choice]] {
        choices.reduce([[]]) { combined, next in
            Array(next.flatMap { choice in combined.map { $0 + [choice] } }.prefix(limit))
        }
    }
}

extension SigningCommitments {
    init(participant: Int, hiding: Bytes32, binding: Bytes32) {
        self.init(
            participant: participant,
            hiding: UncheckedElement(hiding),
            binding: UncheckedElement(binding)
        )
    }
}
