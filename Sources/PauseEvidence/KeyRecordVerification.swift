public import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements
internal import ThresholdSigning

/// Which group key each rule has, as every party of the charter has signed and every key has proven (Protocol §2).
public struct VerifiedKeyRecord: Hashable, Sendable {
    /// The charter whose ceremony made the keys.
    public let charter: CharterID
    /// The attempt of the ceremony that succeeded.
    public let attempt: Int
    /// In the charter's order of rules.
    public let keys: [KeyRecord.Key]

    /// The group key of a rule; nil for a rule that signs no orders.
    public func groupKey(of rule: RuleName) -> Element? { key(of: rule)?.groupKey }

    /// What names the public record of the ceremony that made the rule's key.
    public func transcript(of rule: RuleName) -> TranscriptDigest? { key(of: rule)?.transcript }

    /// The key that opens ballots; nil under `opening self`.
    func openingKey(of charter: Charter) -> OpeningKey? {
        charter.openRule.flatMap { rule in
            groupKey(of: rule.name).map { OpeningKey(element: $0, structure: AccessStructure(rule.tree)) }
        }
    }

    private func key(of rule: RuleName) -> KeyRecord.Key? { keys.first { $0.rule == rule } }

    fileprivate init(charter: CharterID, record: KeyRecord) {
        self.charter = charter
        attempt = record.attempt
        keys = record.keys
    }
}

/// Checks `keys.jws` against a charter (Protocol §2 and §5).
public enum KeyRecordVerification {
    /// The keys on which all parties agree.
    ///
    /// Every party, observers included, signed one key record with the same keys, and every rule that signs orders has a
    /// key proof. A liar may have signed more than one, and so may the keys of other attempts be proven: what counts is
    /// the record that all have signed. The error names the line, or who is missing or differs.
    public static func verify(_ keys: [UInt8], charter: Charter) throws(EvidenceError) -> VerifiedKeyRecord {
        let lines = try EvidenceLines(
            keys,
            of: .keys,
            size: EvidenceLimits.keys,
            lines: EvidenceLimits.keyLines
        )
        var reading = KeyRecordReading(charter: charter)
        for line in lines.lines { try reading.read(line) }
        return try reading.result()
    }
}

/// What has been read of `keys.jws` so far.
private struct KeyRecordReading {
    let charter: Charter
    private var records: OrderedMap<PartyName, [KeyRecord]> = [:]
    private var proofs: OrderedMap<RuleName, [(proof: KeyProof, line: Int)]> = [:]

    init(charter: Charter) {
        self.charter = charter
    }

    mutating func read(_ line: EvidenceLines.Line) throws(EvidenceError) {
        let number = line.number
        switch try line.item(of: .keys) {
        case .statement(let statement): try add(statement, line: number)
        case .keyProof(let proof): try add(proof, line: number)
        case .order: throw .misplaced(.keys, line: number, kind: Order.typ)
        }
    }

    private mutating func add(_ statement: Statement, line: Int) throws(EvidenceError) {
        guard case .keyRecord(let record) = statement.body else {
            throw .misplaced(.keys, line: line, kind: statement.kind.typ)
        }
        do {
            try charter.check(charter.verify(statement))
        } catch {
            throw .line(.keys, line: line, error)
        }
        let party = statement.head.party
        guard records[party]?.contains(record) != true else {
            throw .repeated(.keys, line: line, what: "a key record of \(party)")
        }
        records[party, default: []].append(record)
    }

    private mutating func add(_ proof: KeyProof, line: Int) throws(EvidenceError) {
        let rule = proof.claims.rule
        guard charter.signingRules.contains(where: { $0.name == rule }) else {
            throw .misplaced(.keys, line: line, kind: "a key proof of rule \(rule), which signs nothing,")
        }
        guard proofs[rule]?.contains(where: { $0.proof.claims == proof.claims }) != true else {
            throw .repeated(.keys, line: line, what: "a key proof of rule \(rule)")
        }
        proofs[rule, default: []].append((proof, line))
    }

    func result() throws(EvidenceError) -> VerifiedKeyRecord {
        let missing = charter.partyNames.subtracting(PartySet(records.keys))
        guard missing.isEmpty, let common = commonRecord else { throw .missingKeyRecords(missing) }
        let differing = PartySet(records.filter { !$0.value.contains(common) }.map(\.key))
        guard differing.isEmpty else { throw .differingKeyRecords(differing) }
        for key in common.keys where key.rule != charter.openRule?.name { try checkProof(of: key) }
        return VerifiedKeyRecord(charter: charter.id, record: common)
    }

    /// The record that most parties signed; of equally frequent ones, that of the party named first in the charter.
    private var commonRecord: KeyRecord? {
        let signed = charter.parties.compactMap { records[$0.name] }
        var counted: [(record: KeyRecord, count: Int)] = []
        for record in signed.joined() where !counted.contains(where: { $0.record == record }) {
            let count = signed.count { $0.contains(record) }
            if count == signed.count { return record }
            counted.append((record, count))
        }
        return counted.max { $0.count < $1.count }?.record
    }

    private func checkProof(of key: KeyRecord.Key) throws(EvidenceError) {
        guard let all = proofs[key.rule], let last = all.last else { throw .missingKeyProof(key.rule) }
        let claims = KeyProofClaims(charter: charter.id, rule: key.rule, transcript: key.transcript)
        guard let (proof, line) = all.first(where: { $0.proof.claims == claims }) else {
            throw .differingKeyProof(key.rule, line: last.line)
        }
        do {
            _ = try proof.verified(by: key.groupKey)
        } catch {
            throw .line(.keys, line: line, error)
        }
    }
}
