import QuorumPolicy

/// How long the exact analysis of a charter of a hundred parties takes, in milliseconds of processor time.
struct CharterFigures {
    /// Milliseconds within which all counts, and the power indices, are known.
    static let targets = (counts: 50.0, power: 2000.0)
    private static let turns = 5

    let name: String
    let counts: Double
    let power: Double
    let overlap: Double
    let comparison: Double

    var isGood: Bool { counts <= Self.targets.counts && power <= Self.targets.power }

    /// Every shape of charter, measured.
    static func measureAll() throws -> [CharterFigures] {
        [
            try measure("labs and governments", try twoClasses(), amended: try twoClasses(recording: 67)),
            try measure("ten groups of ten", try groups(of: 10, needing: 6), amended: try groups(of: 10, needing: 7)),
            try measure(
                "twenty groups of five",
                try groups(of: 5, needing: 12),
                amended: try groups(of: 5, needing: 13)
            ),
            try measure("groups within groups", try nested(), amended: try nested(recording: 60)),
        ]
    }

    static var header: String {
        """

        analysis of a charter with 100 parties, recording and deciding together, milliseconds of processor time

        | shape | counts and minimal sets | power indices | overlap | comparison | good |
        |---|---|---|---|---|---|
        """
    }

    var row: String {
        let numbers = [counts, power, overlap, comparison].map { Finding.text($0) }
        return "| \(name) | " + numbers.joined(separator: " | ") + " | \(isGood ? "yes" : "NO") |"
    }

    var json: String {
        """
        {"charter":"\(name)","counts":\(Finding.text(counts)),"power":\(Finding.text(power)),\
        "overlap":\(Finding.text(overlap)),"comparison":\(Finding.text(comparison)),"good":\(isGood)}
        """
    }

    private static func measure(
        _ name: String,
        _ procedure: Procedure,
        amended: Procedure
    ) throws -> CharterFigures {
        var isExact = true
        let figures = CharterFigures(
            name: name,
            counts: fastest { isExact = isExact && CoalitionAnalysis(procedure) != nil },
            power: fastest { isExact = isExact && procedure.power() != nil },
            overlap: fastest { isExact = isExact && ProcedureOverlap(procedure, procedure).fewest.exact != nil },
            comparison: fastest {
                isExact = isExact && ProcedureComparison(old: procedure, new: amended).verdict != .undecided
            }
        )
        precondition(isExact, "these shapes are analysed exactly")
        return figures
    }

    /// Milliseconds of the fastest of a few runs.
    private static func fastest(_ body: () -> Void) -> Double {
        (0..<turns).map { _ in Clock.time(turns: 1, body) / 1000 }.min() ?? 0
    }

    private static let parties: [ThresholdTree.Node] = {
        (0..<100).compactMap { try? PartyName("party-\($0)") }.map(ThresholdTree.Node.leaf)
    }()

    /// A flat rule for recording, and another for deciding.
    private static func procedure(recording: Int, deciding: ThresholdTree.Node) throws -> Procedure {
        Procedure([
            try ThresholdTree(.gate(threshold: recording, children: parties)), try ThresholdTree(deciding),
        ])
    }

    private static func twoClasses(recording: Int = 70) throws -> Procedure {
        let labs = ThresholdTree.Node.gate(threshold: 40, children: Array(parties[..<60]))
        let governments = ThresholdTree.Node.gate(threshold: 27, children: Array(parties[60...]))
        return try procedure(recording: recording, deciding: .gate(threshold: 2, children: [labs, governments]))
    }

    private static func groups(of size: Int, needing threshold: Int) throws -> Procedure {
        let groups = stride(from: 0, to: parties.count, by: size).map { start in
            ThresholdTree.Node.gate(threshold: size / 2 + 1, children: Array(parties[start..<start + size]))
        }
        return try procedure(recording: 67, deciding: .gate(threshold: threshold, children: groups))
    }

    /// Five blocs of four countries of five parties, all numbers of members different.
    private static func nested(recording: Int = 67) throws -> Procedure {
        let blocs = (0..<5).map { bloc in
            let countries = (0..<4).map { country in
                let start = bloc * 20 + country * 5
                return ThresholdTree.Node.gate(
                    threshold: 1 + (bloc + country) % 4,
                    children: Array(parties[start..<start + 5])
                )
            }
            return ThresholdTree.Node.gate(threshold: 2 + bloc % 2, children: countries)
        }
        return try procedure(recording: recording, deciding: .gate(threshold: 3, children: blocs))
    }
}
