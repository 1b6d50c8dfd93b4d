public import QuorumPolicy
public import SignedStatements

/// Picks what proves one offence out of everything that a node has stored.
public struct ProofSelection: Sendable {
    private let accused: PartyName
    private let offence: Offence
    private let motion: StatementID?
    private let shown: [StatementID]
    private var chosen: [Statement] = []

    /// For an offence that these statements of the accused show, on a motion or on none.
    public init(of offence: Offence, by accused: PartyName, shown: [StatementID], motion: StatementID?) {
        self.accused = accused
        self.offence = offence
        self.shown = shown
        self.motion = motion
    }

    /// Takes a stored statement, in the order in which the node took it, if it can belong to the proof.
    public mutating func take(_ statement: Statement) {
        if statement.id == motion || statement.body.motion == motion && motion != nil
            || shown.contains(statement.id) || needsCeremony && statement.body.ceremonyAttempt != nil
        {
            chosen.append(statement)
        }
    }

    /// Whether the proof takes more than two statements of the accused, some of them from the ceremony.
    private var needsCeremony: Bool { offence.isOfCeremony || offence == .wrongSignatureShare }

    /// The proof, and what an accuser signs for it; nil if what was taken does not prove it.
    ///
    /// All that was taken must verify under the charter.
    public func proof(under charter: Charter) -> (file: ProofFile, accusation: Accusation)? {
        let search = MisconductSearch(trusted: chosen, charter: charter)
        let fitting = search.findings.filter { $0.party == accused && $0.offence == offence }
        // A finding may name more of the accused than what shows the offence, such as a certificate.
        let exact = fitting.filter { finding in shown.allSatisfy(finding.statements.contains) }
        let chosen = exact.isEmpty ? fitting : exact
        guard
            let finding = chosen.first(where: { $0.condition == nil }) ?? chosen.first,
            let file = ProofFile(finding, in: search), file.isReadable
        else { return nil }
        return (file, file.accusation(of: finding))
    }
}

extension ProofFile {
    /// Whether a verifier reads a file of this length, with an accusation to come.
    fileprivate var isReadable: Bool {
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        return bytes.count + (16 << 10) <= EvidenceLimits.proof && lines < EvidenceLimits.proofLines
    }
}
