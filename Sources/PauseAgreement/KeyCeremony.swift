internal import CryptoPrimitives
public import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// The distributed generation of every rule's group key, as a set of facts and what follows from them (Protocol §5).
///
/// Store-and-forward: parties may be awake at different hours, and a crash resumes, because each step depends only on
/// statements that are durable. It is made in numbered attempts; the next begins when one is aborted and somebody
/// contributes again, and at most one is ever finished (Protocol §5.8).
public struct KeyCeremony: Sendable {
    /// How far the present attempt has come; a stage ends when everybody who takes part has done it.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        case ratifying, contributing, dealing, certifying, proving, recording, finished, aborted
    }

    /// One thing a party does, in order; what the screens show.
    public enum Step: String, Hashable, Sendable, CaseIterable {
        case ratified, contributed, dealt, certified, proved, recorded
    }

    let plan: CeremonyPlan
    private(set) var ratifications = PartySet()
    /// By number, from 1; at most ``Limits/ceremonyAttempts``.
    private(set) var attempts: [CeremonyAttempt]
    /// What other nodes of a simulation have found out already; every attempt has it.
    var shared: (any SharedFindings)? {
        didSet { for index in attempts.indices { attempts[index].shared = shared } }
    }
    /// Where the finished attempt stands; everybody asks for it at every event from then on.
    private var finished: Int?

    init(charter: Charter) {
        plan = CeremonyPlan(charter)
        attempts = [CeremonyAttempt(number: 1, plan: plan)]
    }

    /// The attempt that matters now: the finished one, else the first that nobody has given up.
    var current: CeremonyAttempt { attempts[place] }

    /// Where it stands among the attempts.
    private var place: Int {
        finished ?? attempts.firstIndex { !isGivenUp($0) } ?? attempts.count - 1
    }

    /// Whether somebody without whom the attempt cannot be finished has gone on to the next.
    ///
    /// A proof that turns up after that saves nothing: whoever has gone on never signs the record of an earlier attempt.
    private func isGivenUp(_ attempt: CeremonyAttempt) -> Bool {
        guard attempt.isDoomed, attempts.indices.contains(attempt.number) else { return false }
        return !attempts[attempt.number].contributions.parties.isSubset(of: attempt.recorded)
    }

    /// The number of the present attempt, from 1.
    public var attempt: Int { place + 1 }

    /// The stage everybody is waiting for.
    public var stage: Stage { finished == nil ? stage(of: attempts[place]) : .finished }

    func stage(of attempt: CeremonyAttempt) -> Stage {
        // What everybody has signed stays: nobody can stop a ceremony that is over.
        if attempt.isFinished { return .finished }
        if attempt.isAborted { return .aborted }
        if ratifications.count < plan.everyone.count { return .ratifying }
        if attempt.isProven { return .recording }
        if attempt.contributions.count < plan.participants.count { return .contributing }
        if attempt.transcripts.isEmpty { return .dealing }
        if attempt.certified.count < plan.participants.count { return .certifying }
        return .proving
    }

    /// Who has not done what the current stage waits for.
    public var missing: PartySet {
        let attempt = current
        return switch stage(of: attempt) {
        case .ratifying: plan.everyone.subtracting(ratifications)
        case .contributing: plan.participants.subtracting(attempt.contributions.parties)
        case .dealing: plan.participants.subtracting(attempt.dealings.parties)
        case .certifying: plan.participants.subtracting(attempt.certified)
        case .proving: plan.signers.subtracting(attempt.tries.last?.value.shares.parties ?? [])
        case .recording: plan.everyone.subtracting(attempt.recorded)
        case .finished, .aborted: []
        }
    }

    /// The steps a party has done in the present attempt.
    public func steps(of party: PartyName) -> [Step] {
        let attempt = current
        return Step.allCases.filter { step in
            switch step {
            case .ratified: ratifications.contains(party)
            case .contributed: attempt.contributions[party] != nil
            case .dealt: attempt.dealings[party] != nil
            case .certified: attempt.certificates[party] != nil
            case .proved: attempt.tries.values.contains { $0.shares[party] != nil }
            case .recorded: attempt.recorded.contains(party)
            }
        }
    }

    func hasRatified(_ party: PartyName) -> Bool {
        ratifications.contains(party)
    }

    /// The attempt whose key record a party has signed; an honest one signs one only.
    func recordedAttempt(of party: PartyName) -> Int? {
        attempts.first { $0.recorded.contains(party) }?.number
    }

    // MARK: Keys

    func provenKey(of rule: RuleName) -> Element? { attempts[place].provenKey(of: rule) }

    func transcript(of rule: RuleName) -> Transcript? { attempts[place].transcript(of: rule) }

    /// The transcript with this digest, in whichever attempt.
    func transcript(of rule: RuleName, named name: TranscriptDigest) -> Transcript? {
        attempts.lazy.compactMap { $0.transcript(of: rule, named: name) }.first
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

    /// The first contribution after an abort begins the next attempt; nobody can skip a number.
    mutating func contribute(
        _ contribution: CeremonyContribution,
        by party: PartyName,
        isLetIn: Bool = false
    ) -> Reception {
        guard !plan.rules(of: party).isEmpty else { return .refused(.notAParticipant) }
        if contribution.attempt == attempts.count + 1, contribution.attempt <= Limits.ceremonyAttempts,
            attempts[attempts.count - 1].isDoomed
        {
            attempts.append(CeremonyAttempt(number: contribution.attempt, plan: plan, shared: shared))
        }
        let reception = update(contribution.attempt) {
            $0.contribute(contribution.keys, by: party, isLetIn: isLetIn)
        }
        return waiting(reception, in: contribution.attempt)
    }

    mutating func deal(_ dealing: CeremonyDealing, by party: PartyName, isLetIn: Bool = false) -> Reception {
        let reception = update(dealing.attempt) { $0.deal(dealing.keys, by: party, isLetIn: isLetIn) }
        return waiting(reception, in: dealing.attempt)
    }

    mutating func certify(_ certificate: CeremonyCertificate, by party: PartyName) -> Reception {
        update(certificate.attempt) { $0.certify(certificate.keys, by: party) }
    }

    mutating func offerProofNonces(_ nonces: KeyNonces, by party: PartyName) -> Reception {
        update(nonces.attempt) { $0.offerProofNonces(nonces, by: party) }
    }

    mutating func shareProof(_ shares: KeyShares, by party: PartyName) -> Reception {
        update(shares.attempt) { $0.shareProof(shares, by: party) }
    }

    mutating func prove(_ proof: Verified<KeyProof>) -> Reception {
        let claims = proof.value.claims
        let attempt = attempts.first { $0.transcript(of: claims.rule, named: claims.transcript) != nil }
        return attempt.map { attempt in update(attempt.number) { $0.prove(proof) } } ?? .early
    }

    mutating func record(_ record: KeyRecord, by party: PartyName) -> Reception {
        let reception = update(record.attempt) { $0.record(record, by: party) }
        if reception == .taken { finished = attempts.firstIndex(where: \.isFinished) }
        return reception
    }

    mutating func abort(_ abort: CeremonyAbort, by party: PartyName) -> Reception {
        update(abort.attempt) { $0.abort(abort, by: party) }
    }

    /// The proofs made here that are to be persisted and told to the peers.
    mutating func takeUnpublishedProofs() -> [KeyProof] {
        attempts.indices.flatMap { attempts[$0].unpublishedProofs.isEmpty ? [] : attempts[$0].takeUnpublishedProofs() }
    }

    /// What is over the limit of an attempt waits, unless the ceremony is over.
    private func waiting(_ reception: Reception, in attempt: Int) -> Reception {
        guard reception == .early, attempt <= attempts.count, attempts.contains(where: \.isFinished) else {
            return reception
        }
        return .refused(.limit("messages of one step of the ceremony"))
    }

    /// What is said in an attempt that has not begun waits for it.
    private mutating func update(_ number: Int, _ body: (inout CeremonyAttempt) -> Reception) -> Reception {
        guard (1...Limits.ceremonyAttempts).contains(number) else { return .refused(.wrongCeremonyAttempt) }
        guard number <= attempts.count else { return .early }
        return body(&attempts[number - 1])
    }
}
