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
        /// The statements among these two that wait for room; what is kept has none.
        var waiting: [StatementID] = []

        /// The dealing is of the terms that the contribution commits to.
        var isCoherent: Bool {
            contribution.count == dealing.count
                && zip(contribution, dealing).allSatisfy { committed, dealt in
                    guard let constantTerm = dealt.commitment.first else { return false }
                    return committed.commitment
                        == Contribution.commitment(
                            party: party,
                            constantTerm: UncheckedElement(constantTerm),
                            ephemeralKey: UncheckedElement(dealt.ephemeral)
                        )
                }
        }
    }

    init(_ parts: [Part], attempt: Int, plan: CeremonyPlan, shared: (any SharedFindings)?) {
        var made: [Transcript] = []
        for rule in plan.rules {
            do throws(ThresholdError) {
                let name = TranscriptName(
                    session: Self.session(of: rule, parts, attempt: attempt, plan: plan),
                    messages: Self.messages(of: rule, parts),
                    contributions: Self.members(of: rule, parts).compactMap { part in
                        part.contribution.first { $0.rule == rule.name }?.commitment
                    }
                )
                let transcript =
                    if let shared { try shared.transcript(name, name.transcript) } else { try name.transcript() }
                made.append(transcript)
            } catch {
                self = .faulty(CeremonyFault(error, in: rule))
                return
            }
        }
        self = .sound(made)
    }

    /// The digest that a rule's transcript has if nothing is wrong with it; much less work than to find that out.
    static func digest(of rule: CeremonyPlan.KeyedRule, _ parts: [Part], attempt: Int, plan: CeremonyPlan) -> [UInt8] {
        Transcript.digest(
            session: session(of: rule, parts, attempt: attempt, plan: plan),
            uncheckedMessages: messages(of: rule, parts)
        )
    }

    private static func members(of rule: CeremonyPlan.KeyedRule, _ parts: [Part]) -> [Part] {
        rule.structure.tree.participants.compactMap { member in parts.first { $0.party == member.party } }
    }

    private static func messages(of rule: CeremonyPlan.KeyedRule, _ parts: [Part]) -> [DealingMessage] {
        members(of: rule, parts).compactMap { part in part.dealing.first { $0.rule == rule.name }?.message }
    }

    private static func session(
        of rule: CeremonyPlan.KeyedRule,
        _ parts: [Part],
        attempt: Int,
        plan: CeremonyPlan
    ) -> CeremonySession {
        let contributions = OrderedMap(parts.map { ($0.party, $0.contribution) })
        guard let session = CeremonySession(of: rule, attempt: attempt, plan: plan, contributions) else {
            preconditionFailure("every contribution is known here")
        }
        return session
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

extension TranscriptName {
    fileprivate func transcript() throws(ThresholdError) -> Transcript {
        try Transcript(session: session, messages: messages, contributions: contributions)
    }
}

extension Transcript {
    /// The digest as statements spell it.
    var name: TranscriptDigest {
        guard let name = TranscriptDigest(digest) else { preconditionFailure("a SHA-512 digest has 64 bytes") }
        return name
    }
}
