internal import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements

/// Judges a motion from its files alone: who agreed, and who of them owes a share of the signature (Protocol §8.8).
public enum MotionVerification {
    /// What the files prove; the report says what is wrong or missing, nothing is thrown.
    ///
    /// That a share is not in the files is what they show; that it was never given, they cannot.
    public static func verify(charter: [UInt8], keys: [UInt8]?, record: [UInt8]?, pin: CharterID?) -> MotionReport {
        let pinned = pinFact(pin, found: CharterID(SHA256.hash(charter)))
        do {
            return try judge(Charter(charter), keys, record ?? [], pinned)
        } catch {
            return MotionReport(
                pin: pinned,
                charter: .fails("\(error)"),
                keys: .unknown("without a charter nobody can tell")
            )
        }
    }

    private static func pinFact(_ pin: CharterID?, found: CharterID) -> OrderReport.Fact {
        guard let pin else {
            return .unknown("UNPINNED: charter and keys come from the files themselves, which anyone could have made")
        }
        return pin == found
            ? .holds("the files are under the pinned charter \(pin)")
            : .fails("the files are under charter \(found), not under the pinned \(pin)")
    }

    private static func judge(
        _ charter: Charter,
        _ keys: [UInt8]?,
        _ bytes: [UInt8],
        _ pinned: OrderReport.Fact
    ) throws -> MotionReport {
        let named = OrderReport.Fact.read(charter)
        let keyRecord = Supplied(keys) { (keys) throws(EvidenceError) in
            try KeyRecordVerification.verify(keys, charter: charter)
        }
        let reading = try RecordReading(bytes, charter: charter, kinds: MotionExport.kinds)
        let motions = reading.entries.filter { $0.statement.kind == .motion && $0.refusal == nil }
        guard motions.count == 1, let statement = motions.first?.statement, let claims = OrderClaims(statement),
            let decision = charter.rule(claims.rule)?.tree
        else {
            return MotionReport(pin: pinned, charter: named, keys: keyRecord.fact, ignored: reading.ignored)
        }
        let record = MotionRecord(
            reading,
            of: claims,
            decision: decision,
            charter: charter,
            keys: keyRecord.value
        )
        return MotionReport(
            statement,
            pin: pinned,
            charter: named,
            keys: keyRecord.fact,
            record: record,
            signing: SigningRecord(reading.entries.filter { $0.refusal == nil }.map(\.statement), of: statement)
        )
    }
}

/// Who did what towards a motion's signature.
struct SigningRecord {
    /// Parties with a share dated before sign-by.
    private(set) var signers = PartySet()
    private(set) var offerers = PartySet()
    /// How many packages asked a party for a share.
    private(set) var requests: OrderedMap<PartyName, Int> = [:]

    init(_ statements: [Statement], of motion: Statement) {
        guard case .motion(let body) = motion.body else { return }
        var authors: OrderedMap<StatementID, PartyName> = [:]
        let own = statements.filter { $0.body.motion == motion.id }
        for case (let statement, .nonceCommitment) in own.map({ ($0, $0.kind) }) {
            authors[statement.id] = statement.head.party
            offerers.insert(statement.head.party)
        }
        for statement in own {
            switch statement.body {
            case .signatureShare where statement.head.at < body.schedule.signBy: signers.insert(statement.head.party)
            case .package(let package):
                for party in PartySet(package.commitments.compactMap { authors[$0] }) {
                    requests[party, default: 0] += 1
                }
            default: break
            }
        }
    }

    /// The shares of a party that has agreed.
    func owed(by party: PartyName) -> MotionReport.OwedShare {
        MotionReport.OwedShare(
            party: party.text,
            hasOffered: offerers.contains(party),
            requests: requests[party] ?? 0
        )
    }
}

extension MotionReport {
    /// The report of files that are about no motion that can be read.
    init(
        pin: OrderReport.Fact,
        charter: OrderReport.Fact,
        keys: OrderReport.Fact,
        ignored: [OrderReport.IgnoredLine] = []
    ) {
        let isWrong = [pin, charter, keys].contains { $0.status == .fails }
        verdict = isWrong ? .invalid : pin.status == .holds ? .insufficientEvidence : .unpinned
        (motion, summary, signBy) = ("", "", "")
        (self.pin, self.charter, self.keys, roll) = (pin, charter, keys, nil)
        (signers, owed, misconduct, self.ignored) = ([], [], [], ignored)
        caveats = ["there is no motion in record.jws, or more than one"]
    }

    init(
        _ statement: Statement,
        pin: OrderReport.Fact,
        charter: OrderReport.Fact,
        keys: OrderReport.Fact,
        record: MotionRecord,
        signing: SigningRecord
    ) {
        let count = RollCount(record)
        let roll = count.roll
        verdict =
            switch (pin.status, roll.fact.status) {
            case (.fails, _): .invalid
            case _ where keys.status == .fails: .invalid
            case (.unknown, _): .unpinned
            case (.holds, .holds): .agreed
            case (.holds, .fails): .notAgreed
            case (.holds, .unknown): .insufficientEvidence
            }
        motion = statement.id.description
        summary = record.claims.summary.text
        if case .motion(let body) = statement.body { signBy = body.schedule.signBy.description } else { signBy = "" }
        (self.pin, self.charter, self.keys, self.roll) = (pin, charter, keys, roll)
        signers = signing.signers.map(\.text)
        let silent = roll.fact.status == .holds ? count.agreeing.subtracting(signing.signers) : []
        owed = silent.map { signing.owed(by: $0) }
        (misconduct, ignored) = (record.misconduct, record.ignored)
        caveats =
            owed.isEmpty
            ? []
            : [
                "what was left out of these files, they do not show: a share of theirs, dated before \(signBy), would "
                    + "answer this",
                "one that was not needed, or whose node was away, may have had good reason",
            ]
    }
}
