internal import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements

/// Finds every offence that a set of statements proves, and who committed it (Protocol §7.10).
///
/// What is proven holds whatever anybody else signed; a finding with a condition may be explained by that.
public struct MisconductSearch {
    /// By offence, then by party.
    public private(set) var findings: [MisconductFinding] = []
    let charter: Charter
    let statements: [Statement]
    let byID: OrderedMap<StatementID, Statement>

    /// Searches statements whose signatures verify under the charter.
    public init(_ statements: [Verified<Statement>], charter: Charter) {
        self.init(trusted: statements.map(\.value), charter: charter)
    }

    init(trusted statements: [Statement], charter: Charter) {
        self.charter = charter
        self.statements = statements
        byID = OrderedMap(statements.map { ($0.id, $0) })
        searchContradictions()
        for statement in statements { searchReferences(of: statement) }
        findings += CeremonySearch(self).findings + ShareSearch(self).findings
        findings.sort()
    }

    private mutating func searchContradictions() {
        var ledger = ConductLedger()
        for statement in statements {
            for found in ledger.contradictions(of: statement) { add(found, by: statement) }
            if let flaw = statement.flaw { find(flaw, statement, context: [], motion: statement.body.motion) }
            ledger.record(statement)
        }
        for statement in statements {
            guard let answer = answeredNonces(of: statement) else { continue }
            if let found = ledger.contradiction(of: statement, answeringWith: answer) {
                add(found, context: [answer] + packages(of: found.statements), by: statement)
            }
            ledger.record(statement, answeringWith: answer)
        }
    }

    private mutating func add(_ found: Contradiction, context: [StatementID] = [], by statement: Statement) {
        var condition: String?
        if found.isConditional {
            guard !usesAllTries(of: statement.body.ceremonyAttempt) else { return }
            condition =
                "unless all \(EvidenceLimits.keyProofTries) tries of the attempt's key proof were used up before"
        }
        findings.append(
            MisconductFinding(
                found.offence,
                of: found.party,
                in: found.statements,
                context: context,
                motion: statement.body.motion,
                unless: condition
            )
        )
    }

    /// Whether somebody opened the last try, after which even a party that gave its share may stop the attempt.
    private func usesAllTries(of attempt: Int?) -> Bool {
        statements.contains { statement in
            guard case .keyNonces(let body) = statement.body else { return false }
            return body.attempt == attempt && body.retry >= EvidenceLimits.keyProofTries
        }
    }

    /// Which nonce commitment of its author a signature share has used up.
    private func answeredNonces(of statement: Statement) -> StatementID? {
        guard
            case .signatureShare(let share) = statement.body, case .package(let package)? = byID[share.package]?.body
        else { return nil }
        return package.commitments.first { id in
            guard let nonces = byID[id], case .nonceCommitment = nonces.body else { return false }
            return nonces.head.party == statement.head.party
        }
    }

    private func packages(of shares: [StatementID]) -> [StatementID] {
        shares.compactMap { id in
            if case .signatureShare(let share)? = byID[id]?.body { share.package } else { nil }
        }
    }

    // MARK: What a statement says of another that it names

    private mutating func searchReferences(of statement: Statement) {
        switch statement.body {
        case .receipt(let body): judge(body, statement)
        case .opening(let body): judge(body, statement)
        case .publicationReceipt(let body):
            guard let motion = motion(body.motion), statement.head.at >= motion.schedule.publishBy else { return }
            find(.publicationReceiptAfterDeadline, statement, context: [body.motion], motion: body.motion)
        default: break
        }
    }

    private mutating func judge(_ receipt: Receipt, _ statement: Statement) {
        if let motion = motion(receipt.motion), statement.head.at >= motion.schedule.commitBy {
            find(.receiptAfterDeadline, statement, context: [receipt.motion], motion: receipt.motion)
        }
        for (committer, id) in receipt.commitments {
            guard let commitment = byID[id], case .commitment = commitment.body else { continue }
            if commitment.head.party != committer {
                find(.misattributedReceipt, statement, context: [id], motion: receipt.motion)
            }
        }
    }

    private mutating func judge(_ opening: Opening, _ statement: Statement) {
        // Under `opening guaranteed` others may open a ballot, and a false opening changes nothing.
        guard let commitment = byID[opening.commitment], case .commitment(let body) = commitment.body,
            case .digest(let digest) = body.seal
        else { return }
        let party = statement.head.party
        guard commitment.head.party == party else {
            return find(.openingOfAnother, statement, context: [opening.commitment], motion: opening.motion)
        }
        let opened = opening.ballot.digest(
            charter: charter.id,
            motion: body.motion,
            party: party,
            salt: opening.salt
        )
        guard opened != digest || opening.motion != body.motion else { return }
        let both = [commitment, statement].sorted { StatementOrder($0) < StatementOrder($1) }.map(\.id)
        findings.append(MisconductFinding(.openingMismatch, of: party, in: both, motion: body.motion))
    }

    private func motion(_ id: StatementID) -> Motion? {
        if case .motion(let motion)? = byID[id]?.body { motion } else { nil }
    }

    private mutating func find(
        _ offence: Offence,
        _ statement: Statement,
        context: [StatementID],
        motion: StatementID?
    ) {
        let finding = MisconductFinding(
            offence,
            of: statement.head.party,
            in: [statement.id],
            context: context,
            motion: motion
        )
        findings.append(finding)
    }
}
