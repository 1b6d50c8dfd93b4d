internal import QuorumPolicy
internal import SignedStatements

/// The lines of `record.jws` whose signatures verify, in an order that does not depend on the lines.
///
/// A line that cannot be used never spoils the others: it is left out, with its number and the reason. So whoever adds
/// lines to a bundle cannot turn a proof into a refusal.
struct RecordReading {
    /// A statement that a party of the charter signed, and where it stands.
    struct Entry {
        let statement: Statement
        let line: Int
        /// Why the charter refuses what it says; nil if it does not.
        let refusal: StatementError?
    }

    /// By party, number and digest; each statement once.
    private(set) var entries: [Entry] = []
    private(set) var ignored: [OrderReport.IgnoredLine] = []

    /// Reads the kinds of statements that may stand there.
    init(
        _ bytes: [UInt8],
        charter: Charter,
        kinds: [StatementKind] = MotionRecord.kinds
    ) throws(EvidenceError) {
        let file = try EvidenceLines(
            bytes,
            of: .record,
            size: EvidenceLimits.record,
            lines: EvidenceLimits.recordLines
        )
        var read: [Entry] = []
        for line in file.lines {
            do {
                read.append(try Self.entry(line, charter: charter, kinds))
            } catch {
                ignore(line.number, error.reason)
            }
        }
        let places = read.map { (order: StatementOrder($0.statement), entry: $0) }
        for (_, entry) in places.sorted(by: { ($0.order, $0.entry.line) < ($1.order, $1.entry.line) }) {
            if let last = entries.last, last.statement.id == entry.statement.id {
                ignore(entry.line, "it repeats line \(last.line)")
            } else {
                entries.append(entry)
            }
        }
    }

    private mutating func ignore(_ line: Int, _ reason: String) {
        ignored.append(OrderReport.IgnoredLine(file: .record, line: line, reason: reason))
    }

    private static func entry(
        _ line: EvidenceLines.Line,
        charter: Charter,
        _ kinds: [StatementKind]
    ) throws(EvidenceError) -> Entry {
        guard case .statement(let statement) = try line.item(of: .record), kinds.contains(statement.kind)
        else { throw .misplaced(.record, line: line.number, kind: "an item of another kind") }
        let verified: Verified<Statement>
        do {
            verified = try charter.verify(statement)
        } catch {
            throw .line(.record, line: line.number, error)
        }
        do {
            try charter.check(verified)
            return Entry(statement: statement, line: line.number, refusal: nil)
        } catch {
            return Entry(statement: statement, line: line.number, refusal: error)
        }
    }
}

extension EvidenceError {
    /// What is wrong, without the place, which the report gives in members of its own.
    var reason: String {
        switch self {
        case .line(_, _, let error): "\(error)"
        case .misplaced(_, _, let kind): "\(kind) does not belong into this file"
        case .tooLarge, .tooManyLines, .order, .charter, .wrongCharter, .missingMotion, .repeated, .missingKeyRecords,
            .differingKeyRecords, .missingKeyProof, .differingKeyProof, .proof:
            description
        }
    }
}
