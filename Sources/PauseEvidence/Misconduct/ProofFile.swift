public import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements

/// One accusation with everything that is needed to judge it: a text of lines in one spelling (Protocol §7.10).
///
/// It holds nothing that its statements do not hold: what parties have published, and no secret of anybody.
public struct ProofFile: Hashable, Sendable {
    public let accused: PartyName
    public let offence: Offence
    public let charter: Charter
    /// What proves the offence, by party, number and id; each once.
    public let statements: [Statement]
    /// The accuser's own statement; nil if nobody stands for the accusation.
    public let accusation: Statement?

    /// The first line.
    static let title = "standstill-proof v1"

    /// Gathers a file; the statements may come in any order.
    public init(
        accused: PartyName,
        offence: Offence,
        charter: Charter,
        statements: [Statement],
        accusation: Statement? = nil
    ) {
        self.accused = accused
        self.offence = offence
        self.charter = charter
        self.statements = OrderedMap(statements.map { (StatementOrder($0), $0) }).values
        self.accusation = accusation
    }

    /// The file for a finding, from a search over any statements; nil if the search lacks some that the finding names.
    public init?(_ finding: MisconductFinding, in search: MisconductSearch) {
        let ids = finding.statements + finding.context
        let statements = ids.compactMap { search.byID[$0] }
        guard statements.count == ids.count else { return nil }
        self.init(
            accused: finding.party,
            offence: finding.offence,
            charter: search.charter,
            statements: statements
        )
    }

    /// The same with the accuser's statement.
    public func with(_ accusation: Statement) -> ProofFile {
        ProofFile(
            accused: accused,
            offence: offence,
            charter: charter,
            statements: statements,
            accusation: accusation
        )
    }

    /// What the accusation must name: all statements of the file but itself.
    public var digest: Bytes32 { MisconductProof.digest(of: statements.map(\.id)) }

    /// What an accuser signs for this file.
    public func accusation(of finding: MisconductFinding) -> Accusation {
        Accusation(
            accused: accused,
            offence: offence,
            motion: finding.motion,
            proof: digest,
            statements: Array(finding.statements.sorted().prefix(StatementLimits.accusedStatements))
        )
    }

    /// The file's bytes, ASCII but for the charter's texts.
    public var bytes: [UInt8] {
        let head = [
            Self.title, "accused \(accused)", "offence \(offence.rawValue)",
            "charter \(charter.bytes.count { $0 == UInt8(ascii: "\n") }) lines",
        ]
        let items = statements.map(\.text) + (accusation.map { [$0.text] } ?? [])
        return Self.lines(head) + charter.bytes + Self.lines(items)
    }

    private static func lines(_ texts: [String]) -> [UInt8] {
        texts.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
    }
}

// MARK: - Reading

extension ProofFile {
    /// Reads a file; no signature is checked.
    ///
    /// Refused are a file over ``EvidenceLimits/proof`` or ``EvidenceLimits/proofLines``, and every spelling but the one that
    /// ``bytes`` has. The error names the line.
    public init(_ bytes: [UInt8]) throws(EvidenceError) {
        var reader = try ProofReader(bytes)
        try reader.take(Self.title)
        let accused: PartyName
        do { accused = try PartyName(try reader.value(of: "accused")) } catch {
            throw reader.fault("does not name a party")
        }
        guard let offence = Offence(rawValue: try reader.value(of: "offence")) else {
            throw reader.fault("names no offence that this version knows")
        }
        let charter = try reader.charter()
        var statements: [Statement] = []
        var accusation: Statement?
        while let statement = try reader.statement() {
            guard accusation == nil else { throw reader.fault("stands after the accusation, which is the last line") }
            if statement.kind == .accusation { accusation = statement } else { statements.append(statement) }
        }
        self.init(
            accused: accused,
            offence: offence,
            charter: charter,
            statements: statements,
            accusation: accusation
        )
        guard self.bytes == bytes else {
            throw .proof(line: 0, "statements are repeated, out of order, or spelled otherwise")
        }
    }
}

/// Takes a proof file apart, line by line.
private struct ProofReader {
    private let lines: [ArraySlice<UInt8>]
    private var next = 0

    init(_ bytes: [UInt8]) throws(EvidenceError) {
        guard bytes.count <= EvidenceLimits.proof else {
            throw .proof(line: 0, "it has \(bytes.count) bytes: at most \(EvidenceLimits.proof) are read")
        }
        guard bytes.last == UInt8(ascii: "\n") else { throw .proof(line: 0, "it does not end with a line feed") }
        let limit = EvidenceLimits.proofLines
        lines = bytes.dropLast().split(
            separator: UInt8(ascii: "\n"),
            maxSplits: limit,
            omittingEmptySubsequences: false
        )
        guard lines.count <= limit else { throw .proof(line: 0, "it has more than \(limit) lines") }
    }

    /// A fault of the line taken last.
    func fault(_ reason: String) -> EvidenceError { .proof(line: next, reason) }

    private mutating func line() throws(EvidenceError) -> ArraySlice<UInt8> {
        guard next < lines.count else { throw .proof(line: next + 1, "is missing") }
        defer { next += 1 }
        return lines[next]
    }

    mutating func take(_ text: String) throws(EvidenceError) {
        guard Array(try line()) == Array(text.utf8) else { throw fault("is not \"\(text)\"") }
    }

    mutating func value(of word: String) throws(EvidenceError) -> String {
        let prefix = Array("\(word) ".utf8)
        let line = try line()
        guard line.starts(with: prefix), line.allSatisfy({ $0 < 0x80 }) else {
            throw fault("does not begin with \"\(word) \"")
        }
        return String(decoding: line.dropFirst(prefix.count), as: UTF8.self)
    }

    /// The charter, whose lines follow the line with their count.
    mutating func charter() throws(EvidenceError) -> Charter {
        let words = try value(of: "charter").split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[1] == "lines", let count = Int(words[0]), (1...lines.count).contains(count) else {
            throw fault("does not say how many lines the charter has")
        }
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes += Array(try line()) + [UInt8(ascii: "\n")] }
        do { return try Charter(bytes) } catch { throw .charter(error) }
    }

    /// The next statement; nil at the end of the file.
    mutating func statement() throws(EvidenceError) -> Statement? {
        guard next < lines.count else { return nil }
        let line = try line()
        do {
            return try Statement(decoding: ASCIIText.strict(line))
        } catch {
            throw fault("\(error)")
        }
    }
}
