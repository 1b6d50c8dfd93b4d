public import CryptoPrimitives
public import QuorumPolicy
internal import SignedStatements
public import ThresholdSigning

/// The one owner of a party's secrets: signs its statements, deals and recovers shares, makes and spends nonces.
///
/// Shares are recovered from the seed and the transcript, never stored. Nonces live in this value only; each is taken
/// out when it is used, so no state on any disk can answer twice.
public struct Signer: ~Copyable {
    /// The party all of this belongs to.
    public let party: PartyName
    private let identity: Ed25519SigningKey
    private let ceremonyKey: CeremonyKey
    private let dealingSecret: SecretBytes
    private let storageKey: SecretBytes
    /// Of the keys that sign.
    private var shares: OrderedMap<RuleName, KeyShareBox> = [:]
    /// Of the key that opens ballots, which nothing that signs can be given.
    private var openingShares: OrderedMap<RuleName, OpeningShareBox> = [:]
    /// The attempt of the ceremony that the shares belong to: those of two are never in memory together.
    private var attemptOfShares: Int?
    private var nonces: OrderedMap<NonceName, NonceBox> = [:]

    /// Takes over the secrets derived from a party's seed (Protocol §2).
    public init(
        party: PartyName,
        identity: consuming Ed25519SigningKey,
        ceremonyKey: consuming CeremonyKey,
        dealingSecret: consuming SecretBytes,
        storageKey: consuming SecretBytes
    ) {
        self.party = party
        self.identity = identity
        self.ceremonyKey = ceremonyKey
        self.dealingSecret = dealingSecret
        self.storageKey = storageKey
    }

    /// Whether this party's shares of the keys are in memory.
    package var holdsShares: Bool { attemptOfShares != nil }

    /// Signs a statement in this party's name.
    func sign(_ draft: StatementDraft, in charter: Charter) throws(StatementError) -> Verified<Statement> {
        try draft.signed(by: identity, in: charter)
    }

    /// Does what the core asked for.
    mutating func perform(_ work: SecretWork) -> SecretResult {
        switch work {
        case .contribute(let attempt, let rules): contribute(attempt, rules)
        case .deal(let attempt, let dealt): deal(attempt, dealt)
        case .certify(let attempt, let recovered): certify(attempt, recovered)
        case .recoverShares(let attempt, let recovered): recover(attempt, recovered) ?? .sharesRecovered
        case .forgetShares: forget()
        case .offerProofs(let name, let rules): offerProofs(name, rules)
        case .answerProofs(let name, let asked): answerProofs(name, asked)
        case .shareOpening(let motion, let rule, let ballots): share(motion, rule, ballots)
        case .offer(let motion, let attempt, let serial, let rule): offer(motion, attempt, serial, rule)
        case .answer(let motion, let package, let attempt, let serial, let asked):
            answer(motion, package, (attempt, serial), asked)
        }
    }
}

// MARK: - Ceremony

extension Signer {
    private func contribute(_ attempt: Int, _ rules: [SecretWork.Contributed]) -> SecretResult {
        let entries = rules.map { rule in
            let random = PublicRandom.bytes32()
            let dealing = dealing(of: rule.name, attempt, random, rule.structure)
            return CeremonyContribution.Key(
                rule: rule.name,
                commitment: dealing.contribution(of: party),
                random: random
            )
        }
        return .issue(.ceremonyContribution(CeremonyContribution(attempt: attempt, keys: entries)))
    }

    private func deal(_ attempt: Int, _ dealt: [SecretWork.Dealt]) -> SecretResult {
        var entries: [CeremonyDealing.Key] = []
        for rule in dealt {
            let dealing = dealing(of: rule.rule, attempt, rule.random, rule.session.structure)
            guard let message = try? dealing.message(in: rule.session, ceremonyKey: ceremonyKey) else {
                return .unable("the ceremony key is not the one the charter names")
            }
            entries.append(CeremonyDealing.Key(rule: rule.rule, message))
        }
        return .issue(.ceremonyDealing(CeremonyDealing(attempt: attempt, keys: entries)))
    }

    /// The same dealing every time for the same rule, attempt and published bytes, so that a restart cannot make two.
    private func dealing(
        of rule: RuleName,
        _ attempt: Int,
        _ random: Bytes32,
        _ structure: AccessStructure
    ) -> Dealing {
        let label = Array("STANDSTILL-DEALING-v1/\(party)/\(attempt)/\(rule)/".utf8) + random.array
        return Dealing(structure: structure, secret: dealingSecret, label: label)
    }

    private mutating func certify(_ attempt: Int, _ recovered: [SecretWork.Recovered]) -> SecretResult {
        makeRoom(for: attempt)
        for rule in recovered {
            if let dealer = recoverOne(rule) {
                return .issue(.ceremonyAbort(abort(attempt, rule, dealer: dealer)))
            }
        }
        var entries: [CeremonyCertificate.Key] = []
        for rule in recovered {
            guard let signature = try? rule.transcript.certificate(by: ceremonyKey) else {
                return .unable("the ceremony key is not the one the charter names")
            }
            guard let possession = possession(rule) else {
                return .unable("the shares of rule \(rule.rule) do not belong to its transcript")
            }
            entries.append(
                CeremonyCertificate.Key(
                    rule: rule.rule,
                    signature: signature,
                    transcript: rule.transcript.name,
                    possession: possession
                )
            )
        }
        return .issue(.ceremonyCertificate(CeremonyCertificate(attempt: attempt, keys: entries)))
    }

    /// What the certificate says of the shares of a key that never signs; nothing of other keys.
    private func possession(_ rule: SecretWork.Recovered) -> [[UInt8]]? {
        guard rule.provesPossession else { return [] }
        guard let box = openingShares[rule.rule] else { return nil }
        return try? rule.transcript.possession(of: box.share)
    }

    /// Blames a dealer with proof.
    ///
    /// The proof publishes two Diffie-Hellman values, so it is made in a live attempt only, whose keys are all abandoned;
    /// never for a stored transcript.
    private func abort(_ attempt: Int, _ rule: SecretWork.Recovered, dealer: PartyName) -> CeremonyAbort {
        let number = rule.transcript.session.structure.tree.identifier(of: dealer)
        let complaint = number.flatMap { try? rule.transcript.complaint(against: $0, by: ceremonyKey) }
        return CeremonyAbort(
            attempt: attempt,
            reason: .wrongShare,
            culprit: dealer,
            rule: rule.rule,
            complaint: complaint?.bytes
        )
    }

    private mutating func forget() -> SecretResult {
        (shares, openingShares, nonces, attemptOfShares) = ([:], [:], [:], nil)
        return .sharesForgotten
    }

    private mutating func makeRoom(for attempt: Int) {
        guard attemptOfShares != attempt else { return }
        _ = forget()
        attemptOfShares = attempt
    }

    private mutating func recover(_ attempt: Int, _ recovered: [SecretWork.Recovered]) -> SecretResult? {
        makeRoom(for: attempt)
        for rule in recovered {
            if let dealer = recoverOne(rule) {
                return .unable("the share of rule \(rule.rule) dealt by \(dealer) does not fit the transcript")
            }
        }
        return nil
    }

    /// Puts one share into memory, or says whose dealing is wrong.
    private mutating func recoverOne(_ rule: SecretWork.Recovered) -> PartyName? {
        guard shares[rule.rule] == nil, openingShares[rule.rule] == nil else { return nil }
        do {
            let share = try rule.transcript.recoverShares(with: ceremonyKey)
            if rule.provesPossession {
                openingShares[rule.rule] = OpeningShareBox(OpeningKeyShare(share))
            } else {
                shares[rule.rule] = KeyShareBox(share)
            }
            return nil
        } catch {
            let participants = rule.transcript.session.structure.tree.participants
            let dealer = error.culprits.first.flatMap { number in participants.first { $0.identifier == number }?.party
            }
            return dealer ?? party
        }
    }

    private mutating func offerProofs(_ name: ProofTryName, _ rules: [RuleName]) -> SecretResult {
        var entries: [KeyNonces.Key] = []
        for rule in rules {
            guard let commitments = makeNonces(.proof(rule: rule, name), rule: rule) else {
                return .unable("the share of rule \(rule) is not in memory")
            }
            entries.append(
                KeyNonces.Key(rule: rule, hiding: commitments.hiding.bytes, binding: commitments.binding.bytes)
            )
        }
        return .issue(.keyNonces(KeyNonces(attempt: name.attempt, retry: name.retry, keys: entries)))
    }

    private mutating func answerProofs(_ name: ProofTryName, _ asked: [SecretWork.Asked]) -> SecretResult {
        var entries: [KeyShares.Key] = []
        for request in asked {
            guard let share = spend(.proof(rule: request.rule, name), on: request) else {
                return .unable("the nonces of try \(name.retry) for rule \(request.rule) are gone")
            }
            entries.append(KeyShares.Key(rule: request.rule, share: share.bytes))
        }
        return .issue(.keyShare(KeyShares(attempt: name.attempt, retry: name.retry, keys: entries)))
    }
}

// MARK: - Openings

extension Signer {
    private func share(_ motion: StatementID, _ rule: RuleName, _ ballots: [SecretWork.SharedBallot]) -> SecretResult {
        guard let box = openingShares[rule] else { return .unable("the share of rule \(rule) is not in memory") }
        do {
            let shares = try box.share.shares(for: ballots.map(\.ballot))
            let commitments = ballots.map(\.commitment)
            return .issue(
                .openingShare(
                    SharedOpening(motion: motion, commitments: commitments, shares: shares.encoding)
                )
            )
        } catch {
            return .unable("certified ballots cannot be opened: \(error)")
        }
    }
}

// MARK: - Orders

extension Signer {
    private mutating func offer(
        _ motion: StatementID,
        _ attempt: Int,
        _ serial: Int,
        _ rule: RuleName
    ) -> SecretResult {
        guard let commitments = makeNonces(.order(motion: motion, attempt: attempt, serial: serial), rule: rule) else {
            return .unable("the share of rule \(rule) is not in memory")
        }
        return .issue(
            .nonceCommitment(
                OrderNonces(
                    motion: motion,
                    attempt: attempt,
                    serial: serial,
                    hiding: commitments.hiding.bytes,
                    binding: commitments.binding.bytes
                )
            )
        )
    }

    private mutating func answer(
        _ motion: StatementID,
        _ package: StatementID,
        _ name: (attempt: Int, serial: Int),
        _ asked: SecretWork.Asked
    ) -> SecretResult {
        let nonces = NonceName.order(motion: motion, attempt: name.attempt, serial: name.serial)
        guard let share = spend(nonces, on: asked) else { return .noncesLost(package) }
        return .issue(.signatureShare(OrderShare(motion: motion, package: package, share: share.bytes)))
    }

    /// Erases every nonce that was made and not spent.
    mutating func forgetNonces() {
        nonces = [:]
    }

    private mutating func makeNonces(_ name: NonceName, rule: RuleName) -> SigningCommitments? {
        guard let box = shares[rule] else { return nil }
        let fresh = SigningNonces(for: box.share)
        let commitments = fresh.commitments
        nonces[name] = NonceBox(fresh)
        return commitments
    }

    /// Takes the nonces out for good, then answers: whatever happens next, they cannot be used again.
    private mutating func spend(_ name: NonceName, on asked: SecretWork.Asked) -> Scalar? {
        guard let box = nonces[name], let share = shares[asked.rule] else { return nil }
        nonces[name] = nil
        guard let taken = box.take() else { return nil }
        return try? share.share.sign(asked.package, with: taken).value
    }
}

// MARK: - Private records

extension Signer {
    /// What binds a private record to its purpose and party.
    private var ballotRecord: [UInt8] { Array("STANDSTILL-HELD-BALLOT-v1/\(party)".utf8) }

    /// Encrypts a held ballot for the journal: 24-byte nonce, then XChaCha20-Poly1305 ciphertext.
    func seal(_ held: HeldBallot) -> [UInt8] {
        let nonce = PublicRandom.bytes(count: XChaCha20Poly1305.nonceCount)
        let plaintext = SecretBytes(copying: held.encoding)
        return nonce
            + XChaCha20Poly1305.seal(plaintext, key: storageKey, nonce: nonce, associatedData: ballotRecord)
    }

    /// Decrypts a record of ``seal(_:)``; `nil` when it is damaged or belongs to another party.
    func open(_ record: [UInt8]) -> HeldBallot? {
        guard record.count > XChaCha20Poly1305.nonceCount else { return nil }
        let plaintext = XChaCha20Poly1305.open(
            Array(record.dropFirst(XChaCha20Poly1305.nonceCount)),
            key: storageKey,
            nonce: Array(record.prefix(XChaCha20Poly1305.nonceCount)),
            associatedData: ballotRecord
        )
        guard let plaintext else { return nil }
        return HeldBallot(encoding: plaintext.span.indices.map { plaintext.span[$0] })
    }
}
