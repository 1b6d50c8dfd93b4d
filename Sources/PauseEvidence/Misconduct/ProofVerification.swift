internal import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements

/// Judges a proof file: no network, no clock, no trust in whoever supplied it (Protocol §7.10).
public enum ProofVerification {
    /// What the file proves; the report says what is wrong or missing, nothing is thrown.
    ///
    /// The pin is the charter's id from outside the file; without it any stranger's charter would do.
    public static func verify(_ bytes: [UInt8], pin: CharterID?) -> ProofReport {
        do throws(EvidenceError) {
            let file = try ProofFile(bytes)
            return ProofJudgement(file, statements: try verified(file), pin: pin).report
        } catch {
            return ProofReport(unreadable: "\(error)")
        }
    }

    /// Checks every signature; a line that is not authentic spoils the file, because files are written by programs.
    private static func verified(_ file: ProofFile) throws(EvidenceError) -> [Verified<Statement>] {
        let first = file.firstLine
        var statements: [Verified<Statement>] = []
        for (index, statement) in (file.statements + (file.accusation.map { [$0] } ?? [])).enumerated() {
            do throws(StatementError) {
                let verified = try file.charter.verify(statement)
                if statement.kind == .accusation {
                    try file.charter.check(verified)
                } else {
                    statements.append(verified)
                }
            } catch {
                throw .proof(line: first + index, "\(error)")
            }
        }
        return statements
    }
}

extension ProofFile {
    /// The line of the first statement.
    fileprivate var firstLine: Int { 5 + charter.bytes.count { $0 == UInt8(ascii: "\n") } }
}

/// One proof file on trial.
private struct ProofJudgement {
    let file: ProofFile
    let pin: CharterID?
    /// The finding that the accusation is about, one without a condition if there is any.
    let finding: MisconductFinding?

    init(_ file: ProofFile, statements: [Verified<Statement>], pin: CharterID?) {
        self.file = file
        self.pin = pin
        let fitting = MisconductSearch(statements, charter: file.charter).findings
            .filter { $0.party == file.accused && $0.offence == file.offence }
        finding = fitting.first { $0.condition == nil } ?? fitting.first
    }

    private var accusation: Accusation? {
        if case .accusation(let accusation)? = file.accusation?.body { accusation } else { nil }
    }

    /// Whether the accuser signed an accusation of exactly this, by exactly these statements.
    private var isAccused: Bool {
        accusation.map {
            $0.accused == file.accused && $0.offence == file.offence && $0.proof == file.digest
        } ?? false
    }

    private var verdict: ProofVerdict {
        if let pin, pin != file.charter.id { return .malformed }
        if pin == nil { return .unpinned }
        guard let finding else { return isAccused ? .falseAccusation : .notProven }
        return finding.condition == nil ? .proven : .conditional
    }

    private var guilty: String {
        switch verdict {
        case .proven, .conditional: file.accused.text
        case .falseAccusation: file.accusation?.head.party.text ?? ""
        case .unpinned, .malformed, .notProven: ""
        }
    }

    private var sentence: String {
        let said = "\(file.accused) \(file.offence.sentence)"
        if let pin, pin != file.charter.id { return "the file is under charter \(file.charter.id), not under \(pin)" }
        switch (finding, verdict) {
        case (.some, .unpinned): return "if this charter is the right one: \(said)"
        case (.some, _): return said
        case (nil, .falseAccusation): return "these statements do not prove that \(said)"
        case (nil, _) where accusation != nil && !isAccused:
            return "the accusation names other statements than those here, which do not prove that \(said)"
        case (nil, _): return "these statements do not prove that \(said)"
        }
    }

    var report: ProofReport {
        ProofReport(
            verdict: verdict,
            sentence: sentence,
            guilty: guilty,
            accused: file.accused.text,
            offence: file.offence.rawValue,
            accuser: file.accusation?.head.party.text ?? "",
            section: file.offence.section,
            condition: finding?.condition ?? "",
            charter: file.charter.id.description,
            statements: lines
        )
    }

    private var lines: [ProofReport.Line] {
        (file.statements + (file.accusation.map { [$0] } ?? [])).enumerated().map { index, statement in
            ProofReport.Line(
                line: file.firstLine + index,
                id: statement.id.description,
                party: statement.head.party.text,
                kind: statement.kind.rawValue,
                number: statement.head.number,
                at: statement.head.at.description,
                isDecisive: finding?.statements.contains(statement.id) ?? false
            )
        }
    }
}

extension ProofReport {
    fileprivate init(unreadable reason: String) {
        self.init(
            verdict: .malformed,
            sentence: reason,
            guilty: "",
            accused: "",
            offence: "",
            accuser: "",
            section: "",
            condition: "",
            charter: "",
            statements: []
        )
    }
}
