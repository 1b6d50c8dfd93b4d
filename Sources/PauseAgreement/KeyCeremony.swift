internal import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements
internal import ThresholdSigning

/// The distributed generation of every rule's group key, as a set of facts and what follows from them (Protocol §5).
///
/// Store-and-forward: parties may be awake at different hours, and a crash resumes, because each step depends only on
/// statements that are durable. Every check of another party's message names that party.
public struct KeyCeremony: Sendable {
    /// How far the ceremony has come; a stage ends when everybody who takes part has done it.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        case ratifying, contributing, dealing, certifying, proving, recording, finished, aborted
    }

    /// One rule that signs orders, with those who will hold shares of its key.
    struct KeyedRule: Sendable {
        let name: RuleName
        let structure: AccessStructure

        var parties: PartySet { structure.tree.parties }
    }

    /// One party's nonces or shares for one try of the key proofs.
    struct ProofTry: Sendable {
        var nonces: OrderedMap<PartyName, [KeyNonces.Key]> = [:]
        var shares: OrderedMap<PartyName, [KeyShares.Key]> = [:]
    }

    let charter: Charter
    let rules: [KeyedRule]
    /// All who hold a share of any key.
    let participants: PartySet
    /// The number of this attempt, from 1.
    let attempt: Int = 1

    private(set) var ratifications = PartySet()
    private(set) var contributions: OrderedMap<PartyName, [CeremonyContribution.Key]> = [:]
    private(set) var dealings: OrderedMap<PartyName, [CeremonyDealing.Key]> = [:]
    private(set) var certified = PartySet()
    private(set) var tries: OrderedMap<Int, ProofTry> = [:]
    private(set) var recorded = PartySet()
    private(set) var aborts: OrderedMap<PartyName, CeremonyAbort> = [:]
    /// What this node itself found wrong.
    private(set) var blame: Blame?
    /// One per rule, in the order of ``rules``, once every dealing is in and valid.
    private(set) var transcripts: [Transcript] = []
    private(set) var proofs: OrderedMap<RuleName, Verified<KeyProof>> = [:]

    init(charter: Charter) {
        self.charter = charter
        rules = charter.keyedRules.map { KeyedRule(name: $0.name, structure: AccessStructure($0.tree)) }
        participants = PartySet(rules.flatMap(\.parties))
    }

    /// The stage everybody is waiting for.
    public var stage: Stage {
        // What everybody has signed stays: nobody can stop a ceremony that is over.
        if !transcripts.isEmpty, recorded.count == charter.parties.count { return .finished }
        if !aborts.isEmpty || blame != nil { return .aborted }
        if ratifications.count < charter.parties.count { return .ratifying }
        if contributions.count < participants.count { return .contributing }
        if transcripts.isEmpty { return .dealing }
        if certified.count < participants.count { return .certifying }
        if proofs.count < rules.count { return .proving }
        return .recording
    }

    /// The group key of a rule, once every share of it has been proven and its proof verified.
    func provenKey(of rule: RuleName) -> Element? {
        proofs[rule].flatMap { _ in transcript(of: rule)?.groupKey.element }
    }

    func transcript(of rule: RuleName) -> Transcript? {
        guard let index = rules.firstIndex(where: { $0.name == rule }), transcripts.indices.contains(index) else {
            return nil
        }
        return transcripts[index]
    }

    /// What every party signs at the end: rule, group key and transcript digest.
    var record: [KeyRecord.Key] {
        zip(rules, transcripts).map {
            KeyRecord.Key(rule: $0.name, groupKey: $1.groupKey.element, transcript: $1.name)
        }
    }

    /// The message a rule's key signs to prove that every share of it works.
    func proofClaims(of rule: RuleName) -> KeyProofClaims? {
        transcript(of: rule).map { KeyProofClaims(charter: charter.id, rule: rule, transcript: $0.name) }
    }

    /// The rules in which a party holds a share, in charter order.
    func rules(of party: PartyName) -> [KeyedRule] {
        rules.filter { $0.parties.contains(party) }
    }

    func hasRatified(_ party: PartyName) -> Bool {
        ratifications.contains(party)
    }

    /// What went wrong, in sentences.
    var problems: [String] {
        let found = blame.map { "rule \($0.rule): \($0.text)" }
        return (found.map { [$0] } ?? [])
            + aborts.map {
                "\($0.key) stopped the ceremony and blames \($0.value.culprit): \($0.value.reason.rawValue)"
            }
    }

    /// The steps a party has done, for the screens.
    func steps(of party: PartyName) -> [String] {
        var steps: [String] = []
        if ratifications.contains(party) { steps.append("ratified") }
        if contributions[party] != nil { steps.append("contributed") }
        if dealings[party] != nil { steps.append("dealt") }
        if certified.contains(party) { steps.append("certified") }
        if tries.values.contains(where: { $0.shares[party] != nil }) { steps.append("proved") }
        if recorded.contains(party) { steps.append("recorded") }
        return steps
    }

    /// Who has not done what the current stage waits for.
    public var missing: PartySet {
        let everyone = PartySet(charter.parties.map(\.name))
        return switch stage {
        case .ratifying: everyone.subtracting(ratifications)
        case .contributing: participants.subtracting(PartySet(contributions.keys))
        case .dealing: participants.subtracting(PartySet(dealings.keys))
        case .certifying: participants.subtracting(certified)
        case .proving: participants.subtracting(PartySet(tries.last?.value.shares.keys ?? []))
        case .recording: everyone.subtracting(recorded)
        case .finished, .aborted: []
        }
    }
}

// MARK: - Facts

extension KeyCeremony {
    /// What a ratification says is the charter's to check: ``Charter/check(_:)``.
    mutating func ratify(by party: PartyName) -> Reception {
        guard !ratifications.contains(party) else { return .refused(.alreadySaid) }
        ratifications.insert(party)
        return .taken
    }

    mutating func contribute(_ contribution: CeremonyContribution, by party: PartyName) -> Reception {
        guard contribution.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard contribution.keys.map(\.rule) == rules(of: party).map(\.name), !contribution.keys.isEmpty else {
            return .refused(.notAParticipant)
        }
        guard contributions[party] == nil else { return .refused(.alreadySaid) }
        contributions[party] = contribution.keys
        return .taken
    }

    /// A dealing is a fact whatever is in it; when all are in, the transcript says whether one of them is wrong.
    mutating func deal(_ dealing: CeremonyDealing, by party: PartyName) -> Reception {
        guard dealing.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard contributions.count == participants.count else { return .early }
        guard contributions[party]?.map(\.rule) == dealing.keys.map(\.rule) else {
            return .refused(.notAParticipant)
        }
        guard dealings[party] == nil else { return .refused(.alreadySaid) }
        dealings[party] = dealing.keys
        if dealings.count == participants.count { closeDealing() }
        return .taken
    }

    private mutating func closeDealing() {
        var made: [Transcript] = []
        for rule in rules {
            do {
                made.append(try makeTranscript(of: rule))
            } catch {
                blame = Blame(error, rule: rule)
                return
            }
        }
        transcripts = made
    }

    mutating func certify(_ certificate: CeremonyCertificate, by party: PartyName) -> Reception {
        guard certificate.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard certificate.keys.map(\.rule) == rules(of: party).map(\.name), !certificate.keys.isEmpty else {
            return .refused(.notAParticipant)
        }
        guard !transcripts.isEmpty else { return .early }
        guard !certified.contains(party) else { return .refused(.alreadySaid) }
        for entry in certificate.keys {
            guard
                let transcript = transcript(of: entry.rule), transcript.digest == entry.transcript.bytes,
                let number = transcript.session.structure.tree.identifier(of: party),
                (try? transcript.verify(entry.signature, by: number)) != nil
            else { return .refused(.certificateInvalid(rule: entry.rule)) }
        }
        certified.insert(party)
        return .taken
    }

    mutating func offerProofNonces(_ nonces: KeyNonces, by party: PartyName) -> Reception {
        guard nonces.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard (1...Limits.keyProofTries).contains(nonces.retry) else {
            return .refused(.limit("tries of the key proof"))
        }
        guard nonces.keys.map(\.rule) == rules(of: party).map(\.name), !nonces.keys.isEmpty else {
            return .refused(.notAParticipant)
        }
        guard nonces.retry == 1 || tries[nonces.retry - 1] != nil else { return .early }
        guard tries[nonces.retry]?.nonces[party] == nil else { return .refused(.alreadySaid) }
        let points = nonces.keys.flatMap { [$0.hiding, $0.binding] }
        guard points.allSatisfy({ Element(encoding: $0) != nil }) else { return .refused(.malformedNonces) }
        tries[nonces.retry, default: ProofTry()].nonces[party] = nonces.keys
        return .taken
    }

    mutating func shareProof(_ shares: KeyShares, by party: PartyName) -> Reception {
        guard shares.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard tries[shares.retry]?.nonces[party] != nil else { return .early }
        guard tries[shares.retry]?.nonces[party]?.map(\.rule) == shares.keys.map(\.rule) else {
            return .refused(.notAParticipant)
        }
        guard tries[shares.retry]?.shares[party] == nil else { return .refused(.alreadySaid) }
        tries[shares.retry]?.shares[party] = shares.keys
        return .taken
    }

    mutating func prove(_ proof: Verified<KeyProof>) -> Reception {
        let rule = proof.value.claims.rule
        guard proofs[rule] == nil else { return .refused(.alreadySaid) }
        guard !transcripts.isEmpty else { return .early }
        guard proof.value.claims == proofClaims(of: rule) else { return .refused(.proofInvalid(rule: rule)) }
        proofs[rule] = proof
        return .taken
    }

    mutating func record(_ record: KeyRecord, by party: PartyName) -> Reception {
        guard record.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard proofs.count == rules.count else { return .early }
        guard record.keys == self.record else { return .refused(.keyRecordDiffers) }
        guard !recorded.contains(party) else { return .refused(.alreadySaid) }
        recorded.insert(party)
        return .taken
    }

    mutating func abort(_ statement: CeremonyAbort, by party: PartyName) -> Reception {
        guard statement.attempt == attempt else { return .refused(.wrongCeremonyAttempt) }
        guard aborts[party] == nil else { return .refused(.alreadySaid) }
        aborts[party] = statement
        return .taken
    }
}

// MARK: - Sessions and packages

extension KeyCeremony {
    /// The session of one rule, once every contribution is known: binds network, charter, rule, attempt and all of them.
    func session(of rule: KeyedRule) -> CeremonySession? {
        var contributed: [(commitment: Bytes32, random: Bytes32)] = []
        var keys: [Element] = []
        for participant in rule.structure.tree.participants {
            guard
                let entry = contributions[participant.party]?.first(where: { $0.rule == rule.name }),
                let key = charter.party(participant.party)?.ceremonyKey
            else { return nil }
            contributed.append((entry.commitment, entry.random))
            keys.append(key)
        }
        let purpose = "\(charter.network)/\(charter.id)/\(rule.name)/\(attempt)"
        return try? CeremonySession(
            structure: rule.structure,
            staticKeys: keys,
            randomness: CeremonySession.sharedRandomness(boundTo: Array(purpose.utf8), contributions: contributed)
        )
    }

    private func makeTranscript(of rule: KeyedRule) throws(ThresholdError) -> Transcript {
        guard let session = session(of: rule) else { preconditionFailure("every contribution is known here") }
        let entries = rule.structure.tree.participants.compactMap { participant in
            dealings[participant.party]?.first { $0.rule == rule.name }
        }
        let commitments = rule.structure.tree.participants.compactMap { participant in
            contributions[participant.party]?.first { $0.rule == rule.name }?.commitment
        }
        return try Transcript(session: session, messages: entries.map(\.message), contributions: commitments)
    }

    /// The package of one rule's proof in one try: every party signs, so that every share is proven.
    func proofPackage(of rule: KeyedRule, retry: Int) -> SigningPackage? {
        guard let transcript = transcript(of: rule.name), let message = proofClaims(of: rule.name) else { return nil }
        var commitments: [SigningCommitments] = []
        for participant in rule.structure.tree.participants {
            guard let entry = tries[retry]?.nonces[participant.party]?.first(where: { $0.rule == rule.name }) else {
                return nil
            }
            commitments.append(
                SigningCommitments(
                    participant: participant.identifier,
                    hiding: UncheckedElement(entry.hiding),
                    binding: UncheckedElement(entry.binding)
                )
            )
        }
        return try? SigningPackage(
            groupKey: transcript.groupKey,
            message: message.signingInput(for: transcript.groupKey.element),
            commitments: commitments
        )
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

/// Why a ceremony cannot go on, and who is to blame; the same for every honest party.
public struct Blame: Hashable, Sendable {
    public let culprit: PartyName?
    public let reason: CeremonyAbort.Reason
    public let rule: RuleName
    public let text: String

    init(_ error: ThresholdError, rule: KeyCeremony.KeyedRule) {
        culprit = error.culprits.first.flatMap { number in
            rule.structure.tree.participants.first { $0.identifier == number }?.party
        }
        reason =
            switch error {
            case .contributionMismatch: .contributionMismatch
            case .repeatedContribution: .copiedTerms
            case .invalidProofOfPossession: .proofOfPossession
            default: .malformedDealing
            }
        self.rule = rule.name
        text = "\(error)"
    }
}

extension Transcript {
    /// The digest as statements spell it.
    var name: TranscriptDigest {
        guard let name = TranscriptDigest(digest) else { preconditionFailure("a SHA-512 digest has 64 bytes") }
        return name
    }
}
