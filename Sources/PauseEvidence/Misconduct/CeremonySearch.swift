internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Finds wrong dealings, complaints, certificates and shares of key proofs (Protocol §5).
struct CeremonySearch {
    private(set) var findings: [MisconductFinding] = []
    private let statements: [Statement]
    private let openRule: RuleName?
    private var records: OrderedMap<Int, CeremonyRecord> = [:]

    init(_ search: MisconductSearch) {
        statements = search.statements
        openRule = search.charter.openRule?.name
        for statement in statements {
            guard let attempt = statement.body.ceremonyAttempt else { continue }
            records[attempt, default: CeremonyRecord(charter: search.charter, attempt: attempt)].take(statement)
        }
        for statement in statements {
            switch statement.body {
            case .ceremonyDealing(let body): judge(body, statement)
            case .ceremonyCertificate(let body): judge(body, statement)
            case .ceremonyAbort(let body): judge(body, statement)
            case .keyShare(let body): judge(body, statement)
            default: break
            }
        }
    }

    private mutating func find(
        _ offence: Offence,
        _ statement: Statement,
        with own: [StatementID] = [],
        context: [StatementID] = [],
        unless condition: String? = nil
    ) {
        findings.append(
            MisconductFinding(
                offence,
                of: statement.head.party,
                in: own + [statement.id],
                context: context.filter { $0 != statement.id && !own.contains($0) },
                unless: condition
            )
        )
    }

    private mutating func drafts(of rule: RuleName, _ attempt: Int) -> [CeremonyRecord.Draft] {
        records[attempt]?.drafts(of: rule) ?? []
    }

    // MARK: Dealings

    private mutating func judge(_ dealing: CeremonyDealing, _ statement: Statement) {
        guard let record = records[dealing.attempt] else { return }
        let party = statement.head.party
        for key in dealing.keys {
            guard
                let form = record.formSession(of: key.rule), let number = form.structure.tree.identifier(of: party)
            else { continue }
            let own = record.contributions[party, default: []].filter { $0.keys.contains { $0.rule == key.rule } }
            if let first = own.first, !own.contains(where: { commits($0, to: key, of: party) }) {
                find(.contributionMismatch, statement, with: [first.id])
            }
            guard !isMalformed(key, from: number, party, form) else {
                find(.malformedDealing, statement)
                continue
            }
            searchCopy(of: key, statement, own, in: record)
            searchPossession(of: key, statement, number, in: record)
        }
    }

    private func commits(
        _ contribution: CeremonyRecord.Contributed,
        to key: CeremonyDealing.Key,
        of party: PartyName
    ) -> Bool {
        contribution.keys.contains { $0.rule == key.rule && $0.commitment == key.contribution(of: party) }
    }

    /// Everything but the proof of possession, which depends on what others contributed.
    private func isMalformed(
        _ key: CeremonyDealing.Key,
        from number: Int,
        _ party: PartyName,
        _ form: CeremonySession
    ) -> Bool {
        do throws(ThresholdError) {
            try form.check(key.message, from: number, contribution: key.contribution(of: party))
        } catch {
            if case .invalidProofOfPossession = error {} else { return true }
        }
        return key.commitment.contains { Element(encoding: $0) == nil }
    }

    /// Whoever had not committed to what another dealt has copied it; of two who had, one can have signed for it later.
    private mutating func searchCopy(
        of key: CeremonyDealing.Key,
        _ statement: Statement,
        _ own: [CeremonyRecord.Contributed],
        in record: CeremonyRecord
    ) {
        let party = statement.head.party
        for (other, dealings) in record.dealings where other != party {
            let same = dealings.first { dealing in
                dealing.keys.contains {
                    $0.rule == key.rule
                        && ($0.commitment.first == key.commitment.first || $0.ephemeral == key.ephemeral)
                }
            }
            guard let same, let first = own.first else { continue }
            if let committed = own.first(where: { commits($0, to: key, of: party) }) {
                let theirs = record.contributions[other, default: []].first { contribution in
                    same.keys.contains { $0.rule == key.rule && commits(contribution, to: $0, of: other) }
                }
                guard let theirs else { continue }
                find(
                    .copiedTerms,
                    statement,
                    with: [committed.id],
                    context: [theirs.id, same.id],
                    unless: "unless \(other) signed another contribution to the attempt than the one here"
                )
            } else {
                find(.copiedTerms, statement, with: [first.id], context: [same.id])
            }
        }
    }

    private mutating func searchPossession(
        of key: CeremonyDealing.Key,
        _ statement: Statement,
        _ number: Int,
        in record: CeremonyRecord
    ) {
        let party = statement.head.party
        // A dealing that fits no contribution of its dealer was made for a session that nobody else knows.
        let openings = record.openings(of: key.rule).filter { opening in
            record.contributions[party, default: []].contains {
                opening.ids.contains($0.id) && commits($0, to: key, of: party)
            }
        }
        guard let first = openings.first else { return }
        let isProven = openings.contains { opening in
            (try? opening.session.check(key.message, from: number, contribution: key.contribution(of: party))) != nil
        }
        guard !isProven else { return }
        find(
            .wrongProofOfPossession,
            statement,
            context: first.ids,
            unless: "unless a party of rule \(key.rule) signed another contribution to the attempt than the one here"
        )
    }

    // MARK: Certificates and complaints

    private mutating func judge(_ certificate: CeremonyCertificate, _ statement: Statement) {
        for key in certificate.keys {
            guard
                let draft = records[certificate.attempt]?.draft(of: key.rule, named: key.transcript.bytes),
                let number = draft.transcript.session.structure.tree.identifier(of: statement.head.party),
                !isRight(key, by: number, in: draft.transcript)
            else { continue }
            find(.wrongCertificate, statement, context: draft.ids)
        }
    }

    /// The certificate of the key that opens ballots also proves the shares.
    private func isRight(_ key: CeremonyCertificate.Key, by number: Int, in transcript: Transcript) -> Bool {
        do {
            try transcript.verify(key.signature, by: number)
            if key.rule == openRule { try transcript.verify(possession: key.possession, by: number) }
            return true
        } catch {
            return false
        }
    }

    private mutating func judge(_ abort: CeremonyAbort, _ statement: Statement) {
        guard
            let bytes = abort.complaint, let rule = abort.rule,
            let tree = records[abort.attempt]?.structure(of: rule)?.tree
        else { return }
        guard
            let dealer = tree.identifier(of: abort.culprit), let complainer = tree.identifier(of: statement.head.party)
        else { return find(.falseComplaint, statement) }
        let complaint = Complaint(dealer: dealer, complainer: complainer, bytes: bytes)
        let drafts = drafts(of: rule, abort.attempt)
        for draft in drafts {
            // A proof that holds is bound to this transcript.
            switch try? complaint.finding(in: draft.transcript) {
            case .wrongShare: return convict(abort, complainedOfIn: statement, draft, dealer)
            case .rightShare, .malformed: return find(.falseComplaint, statement, context: draft.ids)
            case .wrongProof, nil: continue
            }
        }
        guard let first = drafts.first else { return }
        find(
            .falseComplaint,
            statement,
            context: first.ids,
            unless:
                "unless a party of rule \(rule) signed another contribution or dealing for the attempt than those here"
        )
    }

    private mutating func convict(
        _ abort: CeremonyAbort,
        complainedOfIn statement: Statement,
        _ draft: CeremonyRecord.Draft,
        _ dealer: Int
    ) {
        guard let dealt = draft.dealings[dealer] else { return }
        findings.append(
            MisconductFinding(
                .wrongDealtShare,
                of: abort.culprit,
                in: [dealt],
                context: [statement.id] + draft.ids.filter { $0 != dealt }
            )
        )
    }

    // MARK: Shares of key proofs

    private mutating func judge(_ shares: KeyShares, _ statement: Statement) {
        for key in shares.keys {
            // A share that is no number needs no transcript to be wrong.
            guard
                let value = Scalar(encoding: key.share),
                let (certificate, draft) = certified(key.rule, shares.attempt, by: statement.head.party),
                let number = draft.transcript.session.structure.tree.identifier(of: statement.head.party)
            else { continue }
            let packages = KeyProofPackages(statements, key.rule, shares, draft.transcript)
            let isRight = packages.all.contains {
                $0.package.isValid(SignatureShare(participant: number, value: value))
            }
            guard !isRight, let first = packages.all.first else { continue }
            find(
                .wrongKeyShare,
                statement,
                with: [certificate],
                context: first.nonces + draft.ids,
                unless: "unless a party of rule \(key.rule) signed other nonce commitments for the try than those here"
            )
        }
    }

    /// The transcript whose digest the party certified itself.
    private mutating func certified(
        _ rule: RuleName,
        _ attempt: Int,
        by party: PartyName
    ) -> (certificate: StatementID, draft: CeremonyRecord.Draft)? {
        for statement in statements where statement.head.party == party {
            guard case .ceremonyCertificate(let body) = statement.body, body.attempt == attempt else { continue }
            guard
                let name = body.keys.first(where: { $0.rule == rule })?.transcript,
                let draft = records[attempt]?.draft(of: rule, named: name.bytes)
            else { continue }
            return (statement.id, draft)
        }
        return nil
    }
}

extension CeremonyDealing.Key {
    /// What the dealer must have committed to in round 0 (Protocol §5.2).
    func contribution(of party: PartyName) -> Bytes32 {
        // The reader of a dealing wants at least one point.
        Contribution.commitment(
            party: party,
            constantTerm: UncheckedElement(commitment[0]),
            ephemeralKey: UncheckedElement(ephemeral)
        )
    }
}
