internal import QuorumPolicy

/// Figures as people read them.
extension CoalitionFigures {
    /// Who is needed, who can stop it and who would have to lie, one indented line each.
    ///
    /// `doing` is what a set that can act does, such as "start or renew a pause" or "meet it"; without `orders` no two sets of them
    /// could contradict each other.
    func lines(doing: String, orders: Bool = true) -> [String] {
        let together = "two sets that can \(doing) share at least \(Self.parties(overlap))"
        let lines =
            [
                "  \(quorums) of \(sets) sets of parties can \(doing); minimal quorums: \(minimalQuorums)",
                "  the smallest quorum has \(Self.parties(smallestQuorum))" + Self.example(act),
                "  any \(Self.parties(crashTolerance)) may be missing; \(smallestBlockingSet) can be enough to stop it"
                    + Self.example(stop),
            ]
            + (orders ? ["  \(together): so many must lie for two orders to contradict each other" + sharing] : [])
            + [
                "  with a veto: \(Self.list(veto)); without a say: \(Self.list(withoutSay))"
            ] + classes.map { $0.line(doing) } + canAct.map { "  the parties with \($0) can \(doing) by themselves" }
            + canStop.map { "  the parties with \($0) can stop it by themselves" }
            + tags.map { tag in
                "  by \(tag.key), the fewest that can \(doing): \(tag.fewestToAct); that can stop it: \(tag.fewestToStop)"
            }
        return isExact ? lines : lines + ["  an exact analysis would take too long: bounds are given as such"]
    }

    /// The table of power, or why there is none.
    func powerLines(classOf: (String) -> String) -> [String] {
        guard !power.isEmpty else { return ["  finding out who has how much power would take too long"] }
        var table = TextTable(["  party", "class", "Banzhaf", "Shapley-Shubik", "decisive"])
        for row in power {
            table.add([
                "  \(row.party)", classOf(row.party), row.banzhafRounded, row.shapleyShubikRounded, row.decisiveRounded,
            ])
        }
        return table.lines
    }

    /// A table of the classes: how many are needed, how many can stop it, how much power they have together.
    var classLines: [String] {
        var table = TextTable(["class", "parties", "needed at least", "can stop it"])
        for row in classes { table.add([row.name, "\(row.parties)", row.fewestToAct, row.fewestToStop]) }
        return table.lines
    }

    /// The smallest sets of one kind, one line each.
    static func lines(of sets: [Sets], all count: String) -> [String] {
        let lines = sets.map { "  \($0.description) (\($0.count == "1" ? "1 set" : "\($0.count) sets"))" }
        let listed = sets.count < CoalitionAnalysis.Limits.profiles
        return listed ? lines : lines + ["  and others: \(count) sets in all"]
    }

    /// What the columns of the table of power mean.
    static let powerNote = """
        power, rounded to four places (--json has the exact fractions)
          Banzhaf: the party's part of all cases in which one party makes the difference
          Shapley-Shubik: of all orders of joining, those in which the party makes the difference
          decisive: how often the party makes the difference if all others toss a coin
        """

    /// "1 party", "between 2 and 3 parties".
    static func parties(_ number: String) -> String { "\(number) \(number == "1" ? "party" : "parties")" }

    /// Names, or nobody.
    static func list(_ names: [String]) -> String { names.isEmpty ? "nobody" : names.joined(separator: ", ") }

    private var sharing: String {
        guard overlapExample.count == 2 else { return "" }
        let common = overlapExample[0].filter(overlapExample[1].contains)
        return common.isEmpty ? "" : ", for instance \(common.joined(separator: ", "))"
    }

    private static func example(_ sets: [Sets]) -> String {
        sets.first.map { ": \($0.description)" } ?? ""
    }
}

extension CoalitionFigures.PartyClass {
    fileprivate func line(_ doing: String) -> String {
        let stop =
            fewestToStop == "none can" ? "all of them together cannot stop it" : "\(fewestToStop) of them can stop it"
        return "  of the \(parties) of class \(name), \(fewestToAct) at least must take part, and \(stop)"
    }
}
