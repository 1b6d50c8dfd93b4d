internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// One contribution and one dealing of every participant put together: a transcript per rule, or what is wrong.
enum TranscriptDraft: Sendable {
    /// In the order of the charter's rules.
    case sound([Transcript])
    case faulty(CeremonyFault)

    /// What one party contributed and dealt.
    struct Part: Sendable {
        let party: PartyName
        let contribution: [CeremonyContribution.Key]
        let dealing: [CeremonyDealing.Key]
    }

    init(_ parts: [Part], attempt: Int, plan: CeremonyPlan) {
        var made: [Transcript] = []
        let contributions = OrderedMap(parts.map { ($0.party, $0.contribution) })
        for rule in plan.rules {
            let members = rule.structure.tree.participants.compactMap { member in
                parts.first { $0.party == member.party }
            }
            guard let session = CeremonySession(of: rule, attempt: attempt, plan: plan, contributions) else {
                preconditionFailure("every contribution is known here")
            }
            do throws(ThresholdError) {
                made.append(
                    try Transcript(
                        session: session,
                        messages: members.compactMap { part in part.dealing.first { $0.rule == rule.name }?.message },
                        contributions: members.compactMap { part in
                            part.contribution.first { $0.rule == rule.name }?.commitment
                        }
                    )
                )
            } catch {
                self = .faulty(CeremonyFault(error, in: rule))
                return
            }
        }
        self = .sound(made)
    }

    /// Empty when something is wrong.
    var transcripts: [Transcript] {
        if case .sound(let transcripts) = self { transcripts } else { [] }
    }

    /// One choice per party, the first choices first; at most so many.
    static func combinations<Choice>(of choices: [[Choice]], atMost limit: Int) -> [[Choice]] {
        choices.reduce([[]]) { combined, next in
            Array(next.flatMap { choice in combined.map { $0 + [choice] } }.prefix(limit))
        }
    }
}

extension CeremonySession {
    /// The session of one rule (Protocol §5.3): binds network, charter, rule, attempt and all contributions.
    ///
    /// `nil` as long as one is missing.
    init?(
        of rule: CeremonyPlan.KeyedRule,
        attempt: Int,
        plan: CeremonyPlan,
        _ contributions: OrderedMap<PartyName, [CeremonyContribution.Key]>
    ) {
        var contributed: [(commitment: Bytes32, random: Bytes32)] = []
        var keys: [Element] = []
        for participant in rule.structure.tree.participants {
            guard
                let entry = contributions[participant.party]?.first(where: { $0.rule == rule.name }),
                let key = plan.charter.party(participant.party)?.ceremonyKey
            else { return nil }
            contributed.append((entry.commitment, entry.random))
            keys.append(key)
        }
        let purpose = "\(plan.charter.network)/\(plan.charter.id)/\(rule.name)/\(attempt)"
        let session = try? CeremonySession(
            structure: rule.structure,
            staticKeys: keys,
            randomness: CeremonySession.sharedRandomness(boundTo: Array(purpose.utf8), contributions: contributed)
        )
        guard let session else { return nil }
        self = session
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

    init(rule: RuleName, _ message: DealingMessage) {
        self.init(
            rule: rule,
            ephemeral: message.ephemeralKey.bytes,
            proofOfPossession: message.proofOfPossession,
            shares: message.ciphertexts,
            commitment: message.commitment.map(\.bytes)
        )
    }
}

extension Transcript {
    /// The digest as statements spell it.
    var name: TranscriptDigest {
        guard let name = TranscriptDigest(digest) else { preconditionFailure("a SHA-512 digest has 64 bytes") }
        return name
    }
}
