public import QuorumPolicy
public import SignedStatements

/// Why a file of an evidence bundle was refused, or why one could not be written: the file, the line, and who is to blame.
public enum EvidenceError: Error, Hashable, Sendable {
    /// More bytes than ``EvidenceLimits`` allows.
    case tooLarge(EvidenceFile, count: Int, limit: Int)
    /// More lines than ``EvidenceLimits`` allows.
    case tooManyLines(EvidenceFile, limit: Int)
    /// `order.jws` that is not one order in its only spelling.
    case order(StatementError)
    case charter(CharterError)
    /// A charter that is not the one that the order names.
    case wrongCharter(found: CharterID, expected: CharterID)
    /// The motion is not among the items.
    case missingMotion(StatementID)
    /// A line that does not verify; 1-based.
    case line(EvidenceFile, line: Int, StatementError)
    /// A line with an item that does not belong into the file.
    case misplaced(EvidenceFile, line: Int, kind: String)
    /// A line that says what an earlier line said.
    case repeated(EvidenceFile, line: Int, what: String)
    /// Parties without a key record.
    case missingKeyRecords(PartySet)
    /// Parties whose key record is not the one that most parties signed.
    case differingKeyRecords(PartySet)
    /// A rule whose key has signed nothing yet.
    case missingKeyProof(RuleName)
    /// A key proof over another ceremony than the key record's.
    case differingKeyProof(RuleName, line: Int)
    /// A line of a proof file, 1-based, or 0 for the whole file.
    case proof(line: Int, String)
}

extension EvidenceError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let file, let count, let limit):
            "\(file.rawValue): \(count) bytes: at most \(limit) are read"
        case .tooManyLines(let file, let limit):
            "\(file.rawValue): more than \(limit) lines: supply only what belongs to this order"
        case .order(let error): "order.jws: \(error)"
        case .charter(let error): "charter: \(error)"
        case .missingMotion(let motion): "motion \(motion) is not among the items"
        case .wrongCharter(let found, let expected):
            "charter: this is charter \(found), but the order is under charter \(expected): supply that one"
        case .line(let file, let line, let error): "\(file.rawValue) line \(line): \(error)"
        case .misplaced(let file, let line, let kind):
            "\(file.rawValue) line \(line): \(kind) does not belong into this file: delete the line"
        case .repeated(let file, let line, let what):
            "\(file.rawValue) line \(line): \(what) stands in an earlier line already: delete one of the two"
        case .missingKeyRecords(let parties):
            "keys.jws: no key record of \(parties): get the file again from a party that has finished the ceremony"
        case .differingKeyRecords(let parties):
            "keys.jws: \(parties) signed another key record than the other parties: ask them which keys were made"
        case .missingKeyProof(let rule):
            "keys.jws: no key proof of rule \(rule): get the file again from a party that has finished the ceremony"
        case .differingKeyProof(let rule, let line):
            "keys.jws line \(line): key proof of rule \(rule) is about another ceremony than the key record"
        case .proof(0, let reason): "the file is no proof: \(reason)"
        case .proof(let line, let reason): "line \(line) \(reason)"
        }
    }
}
