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
        let reading: RecordReading
        do {
            reading = try RecordReading(bytes, charter: charter, kinds: MotionExport.kinds)
        } catch {
            return MotionReport(pin: pinned, charter: named, keys: keyRecord.fact, note: "record.jws: \(error)")
        }
        let allowed = reading.entries.filter { $0.refusal == nil }.map(\.statement)
        guard let statement = motion(in: allowed), let claims = OrderClaims(statement),
            let decision = charter.rule(claims.rule)?.tree
        else {
            return MotionReport(
                pin: pinned,
                charter: named,
                keys: keyRecord.fact,
                ignored: reading.ignored,
                note: "there is no motion in record.jws that the charter allows, or more than one with ballots"
            )
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
            statements: allowed
        )
    }

    /// The motion that a record is about: the only one, or the only one on which somebody has committed.
    private static func motion(in allowed: [Statement]) -> Statement? {
        let motions = allowed.filter { $0.kind == .motion }
        guard motions.count > 1 else { return motions.first }
        let subjects = OrderedMap(
            allowed.filter { $0.kind == .commitment }.compactMap { $0.body.motion.map { ($0, ()) } }
        )
        let voted = motions.filter { subjects.contains($0.id) }
        return voted.count == 1 ? voted[0] : nil
    }
}

extension MotionReport {
    /// The report of files that are about no motion that can be read.
    init(
        pin: OrderReport.Fact,
        charter: OrderReport.Fact,
        keys: OrderReport.Fact,
        ignored: [OrderReport.IgnoredLine] = [],
        note: String? = nil
    ) {
        let isWrong = [pin, charter, keys].contains { $0.status == .fails }
        verdict = isWrong ? .invalid : pin.status == .holds ? .insufficientEvidence : .unpinned
        (motion, summary, signBy) = ("", "", "")
        (self.pin, self.charter, self.keys, roll) = (pin, charter, keys, nil)
        (signers, owed, unasked, misconduct, self.ignored) = ([], [], [], [], ignored)
        caveats = note.map { [$0] } ?? []
    }

    init(
        _ statement: Statement,
        pin: OrderReport.Fact,
        charter: OrderReport.Fact,
        keys: OrderReport.Fact,
        record: MotionRecord,
        statements: [Statement]
    ) {
        let count = RollCount(record)
        let roll = count.roll
        let signing = SigningRecord(statements, of: statement, among: count.agreeing, record: record)
        verdict =
            switch (pin.status, roll.fact.status) {
            case (.fails, _): .invalid
            case _ where keys.status == .fails: .invalid
            case (.unknown, _): .unpinned
            case (.holds, .holds): keys.status == .holds ? .agreed : .insufficientEvidence
            case (.holds, .fails): .notAgreed
            case (.holds, .unknown): .insufficientEvidence
            }
        motion = statement.id.description
        summary = record.claims.summary.text
        if case .motion(let body) = statement.body { signBy = body.schedule.signBy.description } else { signBy = "" }
        (self.pin, self.charter, self.keys, self.roll) = (pin, charter, keys, roll)
        // Without a pin anybody could have made a charter with these names in it.
        let isProven = verdict == .agreed
        let silent = isProven && !signing.hasOrder ? count.agreeing.subtracting(signing.signers) : []
        let shares = silent.map { (party: $0, owed: signing.owed(by: $0)) }
        signers = isProven ? signing.signers.map(\.text) : []
        owed = shares.compactMap(\.owed)
        unasked = shares.filter { $0.owed == nil }.map(\.party.text)
        (misconduct, ignored) = (record.misconduct, record.ignored)
        caveats = Self.caveats(verdict, hasOrder: signing.hasOrder, isAnythingOwed: !owed.isEmpty, signBy: signBy)
    }

    private static func caveats(
        _ verdict: Verdict,
        hasOrder: Bool,
        isAnythingOwed: Bool,
        signBy: String
    ) -> [String] {
        switch verdict {
        case .notAgreed: ["what was left out of these files, they do not show: a further ballot of a party may agree"]
        case .agreed where hasOrder: ["these files show that an order was made; nobody owes a share any more"]
        case .agreed where isAnythingOwed:
            [
                "what was left out of these files, they do not show: a share of theirs, dated before \(signBy), would "
                    + "answer this",
                "one whose node was away may have had good reason; dates are by their signers' clocks, and shares "
                    + "are not checked here",
            ]
        case .agreed, .unpinned, .invalid, .insufficientEvidence: []
        }
    }
}
