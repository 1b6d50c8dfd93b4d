internal import BallotSealing
internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// What the parties signed about an order's motion: a set of facts, the same whatever the order of lines (Protocol §10).
///
/// Facts are only ever added. A contradiction is reported as misconduct and takes nothing away: voiding would let whoever
/// leaves a line out of a bundle, or puts one in, decide what the rest proves (Protocol §7.6).
struct MotionRecord {
    /// What `record.jws` holds, in the order in which it is written.
    static let kinds: [StatementKind] = [
        .motion, .standingBallot, .commitment, .receipt, .standingReceipt, .close, .opening, .publicationReceipt,
        .lapse,
    ]

    /// A sealed ballot.
    struct Commitment {
        let author: PartyName
        let seal: BallotCommitment.Seal
        /// What it is sealed for.
        let subject: BallotSealing.Subject
        /// Lodged in advance.
        let isStanding: Bool
    }

    let charter: Charter
    private let sealing: BallotSealing?
    let claims: OrderClaims
    /// The rule whose quorums certify, close and publish.
    let record: ThresholdTree
    /// The rule that decides.
    let decision: ThresholdTree

    /// The motion's statement, and why the charter refuses it; nil if it is not in the record.
    private(set) var motion: (head: StatementHead, motion: Motion, refusal: StatementError?)?
    private(set) var commitments: OrderedMap<StatementID, Commitment> = [:]
    private(set) var receipts: OrderedMap<StatementID, PartySet> = [:]
    private(set) var closes = PartySet()
    private(set) var openings: OrderedMap<StatementID, Ballot> = [:]
    /// The earliest date of each party's publication receipts for this order.
    private(set) var publications: OrderedMap<PartyName, Instant> = [:]
    /// The parties whom each publication receipt names as agreeing.
    private(set) var rolls = PartySet()
    /// Parties with a publication receipt for another order at the same place of the chain.
    private(set) var gaveToAnother = PartySet()
    /// Parties that gave the order's round up, with the orders they say they had receipted.
    private(set) var lapses: OrderedMap<PartyName, [OrderDigest?]> = [:]
    private(set) var misconduct: [OrderReport.Misconduct] = []
    private(set) var ignored: [OrderReport.IgnoredLine]

    /// Without `keys` the ballots of a charter that guarantees openings cannot be checked.
    init(
        _ bytes: [UInt8],
        of claims: OrderClaims,
        decision: ThresholdTree,
        charter: Charter,
        keys: VerifiedKeyRecord?
    ) throws(EvidenceError) {
        let reading = try RecordReading(bytes, charter: charter)
        self.init(reading, of: claims, decision: decision, charter: charter, keys: keys)
    }

    /// As above, from what was read already.
    init(
        _ reading: RecordReading,
        of claims: OrderClaims,
        decision: ThresholdTree,
        charter: Charter,
        keys: VerifiedKeyRecord?
    ) {
        sealing = BallotSealing(charter: charter, key: keys?.openingKey(of: charter))
        self.charter = charter
        self.claims = claims
        self.decision = decision
        record = charter.recordRule.tree
        ignored = reading.ignored
        for kind in Self.kinds {
            for entry in reading.entries where entry.statement.kind == kind {
                if let reason = take(entry) {
                    ignored.append(OrderReport.IgnoredLine(file: .record, line: entry.line, reason: reason.description))
                }
            }
        }
        ignored.sort { $0.line < $1.line }
        misconduct = MisconductSearch(trusted: reading.entries.map(\.statement), charter: charter).findings.map {
            OrderReport.Misconduct($0)
        }
    }
}

// MARK: - Taking facts

extension MotionRecord {
    /// Why a signed statement counts for nothing here.
    private enum Refusal: CustomStringConvertible {
        case charter(StatementError)
        case otherMotion(PartyName)
        case noVote(PartyName, RuleName)
        case notARecorder(PartyName)
        case commitmentNotSupplied(PartyName)
        case commitmentOfAnother(PartyName)
        case otherPattern(PartyName)
        case standingBallotNotSupplied(PartyName)
        case sealMismatch(PartyName)
        case openKeyNotSupplied(PartyName)
        case otherOrder(PartyName)
        case otherRound(PartyName)

        var description: String {
            switch self {
            case .charter(let error): "\(error)"
            case .otherMotion(let party): "this statement of \(party) is about another motion"
            case .noVote(let party, let rule): "\(party) has no vote under rule \(rule)"
            case .notARecorder(let party): "\(party) has no place in the record rule"
            case .commitmentNotSupplied(let party): "the commitment that \(party) refers to was not supplied"
            case .commitmentOfAnother(let party): "\(party) ascribes the commitment to a party that did not make it"
            case .otherPattern(let party): "this standing ballot of \(party) is for other motions"
            case .standingBallotNotSupplied(let party):
                "the standing ballot that \(party) refers to was not supplied, or is for other motions"
            case .sealMismatch(let party): "this opening of \(party) does not match the seal of its commitment"
            case .openKeyNotSupplied(let party):
                "without keys.jws nobody can check this opening of \(party)"
            case .otherRound(let party): "this lapse of \(party) is for another place of the chain"
            case .otherOrder(let party): "this receipt of \(party) is for another order or place of the chain"
            }
        }
    }

    /// Takes a statement in, or says why it counts for nothing.
    private mutating func take(_ entry: RecordReading.Entry) -> Refusal? {
        let (statement, head) = (entry.statement, entry.statement.head)
        if case .motion(let motion) = statement.body {
            guard statement.id == claims.motion else { return .otherMotion(head.party) }
            self.motion = (head, motion, entry.refusal)
            return nil
        }
        if let refusal = entry.refusal { return .charter(refusal) }
        if case .standingBallot(let ballot) = statement.body { return take(ballot, statement) }
        if case .publicationReceipt(let receipt) = statement.body { return take(receipt, by: head) }
        if case .lapse(let lapse) = statement.body { return take(lapse, by: head.party) }
        guard statement.body.motion == claims.motion else { return .otherMotion(head.party) }
        switch statement.body {
        case .commitment(let commitment): return take(commitment, statement)
        case .receipt(let receipt): return take(receipt, by: head.party)
        case .standingReceipt(let receipt): return take(receipt, by: head.party)
        case .close: return takeClose(by: head.party)
        case .opening(let opening): return take(opening, by: head.party)
        case .motion, .publicationReceipt, .ratification, .address, .ceremonyContribution, .ceremonyDealing,
            .ceremonyCertificate, .ceremonyAbort, .keyNonces, .keyShare, .keyRecord, .standingBallot,
            .standingRevocation, .openingShare, .nonceCommitment, .package, .signatureShare, .lapse,
            .accusation:
            preconditionFailure("only the kinds of a record are read")
        }
    }

    private mutating func take(_ commitment: BallotCommitment, _ statement: Statement) -> Refusal? {
        let author = statement.head.party
        guard decision.parties.contains(author) else { return .noVote(author, claims.rule) }
        commitments[statement.id] = Commitment(
            author: author,
            seal: commitment.seal,
            subject: BallotSealing.Subject(party: author, motion: claims.motion, rule: claims.rule),
            isStanding: false
        )
        return nil
    }

    private mutating func take(_ ballot: StandingBallot, _ statement: Statement) -> Refusal? {
        let author = statement.head.party
        guard decision.parties.contains(author) else { return .noVote(author, claims.rule) }
        guard let motion, ballot.pattern.matches(motion.motion) else { return .otherPattern(author) }
        commitments[statement.id] = Commitment(
            author: author,
            seal: ballot.seal,
            subject: BallotSealing.Subject(party: author, pattern: ballot.pattern),
            isStanding: true
        )
        return nil
    }

    private mutating func take(_ receipt: Receipt, by recorder: PartyName) -> Refusal? {
        guard record.parties.contains(recorder) else { return .notARecorder(recorder) }
        let named = receipt.commitments.filter { commitments[$0.value] != nil }
        guard !named.isEmpty else { return .commitmentNotSupplied(recorder) }
        // What it says of one takes nothing from the others: lines that are left out or put in only ever add.
        let right = named.filter {
            commitments[$0.value]?.author == $0.key && commitments[$0.value]?.isStanding == false
        }
        guard !right.isEmpty else { return .commitmentOfAnother(recorder) }
        for (_, id) in right { receipts[id, default: []].insert(recorder) }
        return nil
    }

    private mutating func take(_ receipt: StandingReceipt, by recorder: PartyName) -> Refusal? {
        guard record.parties.contains(recorder) else { return .notARecorder(recorder) }
        guard commitments[receipt.statement]?.isStanding == true else { return .standingBallotNotSupplied(recorder) }
        receipts[receipt.statement, default: []].insert(recorder)
        return nil
    }

    private mutating func takeClose(by party: PartyName) -> Refusal? {
        guard record.parties.contains(party) else { return .notARecorder(party) }
        closes.insert(party)
        return nil
    }

    private mutating func take(_ opening: Opening, by author: PartyName) -> Refusal? {
        guard let commitment = commitments[opening.commitment] else { return .commitmentNotSupplied(author) }
        // Under `opening guaranteed` it is the seal that tells, whoever says it.
        guard commitment.author == author || charter.openRule != nil else { return .commitmentOfAnother(author) }
        guard let sealing else { return .openKeyNotSupplied(author) }
        guard sealing.seal(opening.ballot, salt: opening.salt, as: commitment.subject) == commitment.seal else {
            return .sealMismatch(author)
        }
        openings[opening.commitment] = opening.ballot
        return nil
    }

    private mutating func take(_ lapse: Lapse, by party: PartyName) -> Refusal? {
        guard record.parties.contains(party) else { return .notARecorder(party) }
        guard lapse.position == claims.position else { return .otherRound(party) }
        lapses[party, default: []].append(lapse.receipted)
        return nil
    }

    private mutating func take(_ receipt: PublicationReceipt, by head: StatementHead) -> Refusal? {
        guard record.parties.contains(head.party) else { return .notARecorder(head.party) }
        guard receipt.position.seq == claims.position.seq, receipt.position.round == claims.position.round else {
            return .otherOrder(head.party)
        }
        guard receipt.order == claims.digest else {
            gaveToAnother.insert(head.party)
            return nil
        }
        guard receipt.motion == claims.motion, receipt.position == claims.position else {
            return .otherOrder(head.party)
        }
        publications[head.party] = min(publications[head.party] ?? head.at, head.at)
        rolls = rolls.union(receipt.roll)
        return nil
    }
}

extension OrderReport.Misconduct {
    fileprivate init(_ finding: MisconductFinding) {
        self.init(
            party: finding.party.text,
            kind: finding.offence,
            statements: finding.statements.map(\.description),
            sentence: "\(finding.party) \(finding.offence.sentence)"
        )
    }
}
