internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Finds wrong shares of orders' signatures (Protocol §7.7).
///
/// A share names its package, that names the nonce commitments, and these the motion, from which the message follows. The
/// key is the one of the author's key record, of which an honest party signs one in the life of a charter.
struct ShareSearch {
    private(set) var findings: [MisconductFinding] = []
    private let search: MisconductSearch
    private var records: OrderedMap<Int, CeremonyRecord> = [:]

    init(_ search: MisconductSearch) {
        self.search = search
        // Without a key record no share can be held against anything.
        guard
            search.statements.contains(where: { $0.kind == .signatureShare }),
            search.statements.contains(where: { $0.kind == .keyRecord })
        else { return }
        for statement in search.statements {
            switch statement.body {
            case .ceremonyContribution(let body): take(statement, body.attempt)
            case .ceremonyDealing(let body): take(statement, body.attempt)
            default: break
            }
        }
        for statement in search.statements {
            if case .signatureShare(let share) = statement.body { judge(share, statement) }
        }
    }

    private mutating func take(_ statement: Statement, _ attempt: Int) {
        records[attempt, default: CeremonyRecord(charter: search.charter, attempt: attempt)].take(statement)
    }

    private mutating func judge(_ share: OrderShare, _ statement: Statement) {
        guard
            let asked = search.byID[share.package], case .package(let package) = asked.body,
            package.motion == share.motion,
            let proposed = search.byID[share.motion], case .motion(let motion) = proposed.body,
            let claims = OrderClaims(proposed),
            let tree = search.charter.rule(motion.rule)?.tree,
            let number = tree.identifier(of: statement.head.party),
            let nonces = commitments(of: package, tree), nonces.contains(where: { $0.participant == number })
        else { return }
        for record in keyRecords(of: statement) {
            guard
                let draft = draft(of: motion.rule, in: record.body),
                let signing = try? SigningPackage(
                    groupKey: draft.transcript.groupKey,
                    message: claims.signingInput(for: draft.transcript.groupKey.element),
                    commitments: nonces
                ),
                // A share that is no number needs no key to be wrong.
                let value = Scalar(encoding: share.share)
            else { continue }
            guard !signing.isValid(SignatureShare(participant: number, value: value)) else { return }
            findings.append(
                MisconductFinding(
                    .wrongSignatureShare,
                    of: statement.head.party,
                    in: [statement.id],
                    context: [share.package, share.motion] + package.commitments + [record.statement.id] + draft.ids,
                    motion: share.motion
                )
            )
            return
        }
    }

    /// The nonce commitments in the order of the package; nil unless all are here, fit it and are points.
    private func commitments(of package: OrderPackage, _ tree: ThresholdTree) -> [SigningCommitments]? {
        var found: [SigningCommitments] = []
        for id in package.commitments {
            guard
                let statement = search.byID[id], case .nonceCommitment(let body) = statement.body,
                body.motion == package.motion, body.attempt == package.attempt,
                let number = tree.identifier(of: statement.head.party),
                Element(encoding: body.hiding) != nil, Element(encoding: body.binding) != nil
            else { return nil }
            found.append(SigningCommitments(participant: number, hiding: body.hiding, binding: body.binding))
        }
        return found
    }

    /// The key records that the author of a share signed before it, the first first.
    private func keyRecords(of share: Statement) -> [(statement: Statement, body: KeyRecord)] {
        search.statements.compactMap { statement -> (statement: Statement, body: KeyRecord)? in
            guard
                case .keyRecord(let body) = statement.body, statement.head.party == share.head.party,
                statement.head.number < share.head.number
            else { return nil }
            return (statement, body)
        }
        .sorted { $0.statement.head.number < $1.statement.head.number }
    }

    /// The transcript whose digest the key record names.
    private mutating func draft(of rule: RuleName, in record: KeyRecord) -> CeremonyRecord.Draft? {
        guard let name = record.keys.first(where: { $0.rule == rule })?.transcript else { return nil }
        return records[record.attempt]?.draft(of: rule, named: name.bytes)
    }
}
