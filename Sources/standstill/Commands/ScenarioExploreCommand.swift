internal import ArgumentParser
internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation

/// Plays one scenario with faults drawn from many seeds.
struct ScenarioExploreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore",
        abstract: "Play a scenario with faults drawn from many seeds, and look for what must never happen.",
        discussion: """
            First the file is played as it is, and must end as it expects. Then each seed adds delays, broken lines, \
            crashes, power cuts, cuts, wrong clocks and, up to the charter's fault bound, liars. Nothing of Protocol §10.1 may be violated; and where the file expects an order and a quorum is \
            left in calm, there must be one. Exits with 1 at the first seed where that is not so, and prints the shortest \
            list of faults found that shows it.
            """
    )

    @Argument(help: ArgumentHelp("A scenario file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The seeds.", valueName: "first..last"))
    var seeds = "1..100"

    @OptionGroup var options: ScenarioOptions
    @OptionGroup var format: OutputFormat

    func run() throws {
        let range = try range()
        let scenario = try ScenarioRunner.read(file).scenario
        var runner = ScenarioRunner(options.cryptography)
        try refuseUnlessAsExpected(try runner.run(scenario, seed: 1))
        var progress = ProgressBar(range.count, "seeds")
        var (orders, events) = (0, 0)
        for seed in range {
            let exploration = try runner.explore(scenario, seed: seed)
            events += exploration.run.simulation.eventCount
            if exploration.madeOrder { orders += 1 }
            if exploration.violation != nil {
                progress.end()
                Console.people("seed \(seed) shows a violation; looking for the fewest faults that do")
                return try tell(try runner.shrink(exploration), range)
            }
            progress.advance(to: Int(seed - range.lowerBound + 1), "no violation")
        }
        progress.end()
        let found = ExplorationPage(
            file: file,
            seeds: "\(range.lowerBound)..\(range.upperBound)",
            runs: range.count,
            orders: orders,
            events: events,
            cryptography: options.cryptography.label
        )
        Console.people("\(Int(progress.rate(range.count))) runs a second")
        if orders == 0 {
            Console.people("an order was owed in none of these runs: tried was only that nothing forbidden happens")
        }
        if format.isJSON { try Console.json(found) } else { Console.data(found.text) }
    }

    /// What the file expects is asked of a run with the file's own faults only: what more faults leave of it, nobody can say beforehand.
    private func refuseUnlessAsExpected(_ run: ScenarioRun) throws(CommandFailure) {
        guard let first = run.violation?.description ?? run.surprises.first else { return }
        throw CommandFailure(
            "\(file) does not end as it expects, before any fault is added: \(first)",
            hint: "`standstill scenario run \(file)` shows what happens; put right what is expected, then explore",
            exitStatus: ExitStatus.refused
        )
    }

    private func range() throws(CommandFailure) -> ClosedRange<UInt64> {
        let parts = seeds.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
        guard seeds.contains(".."), parts.count == 2, let first = parts[0], let last = parts[1], first <= last,
            last - first < 10_000_000
        else {
            throw CommandFailure(
                "--seeds \"\(seeds)\" is no range",
                hint: "write the first and the last, such as 1..1000",
                exitStatus: ExitStatus.usage
            )
        }
        return first...last
    }

    private func tell(_ exploration: Exploration, _ range: ClosedRange<UInt64>) throws {
        let found = ExplorationPage(
            file: file,
            seeds: "\(range.lowerBound)..\(exploration.seed)",
            runs: Int(exploration.seed - range.lowerBound + 1),
            cryptography: options.cryptography.label,
            seed: exploration.seed,
            violation: exploration.violation?.description ?? "",
            ceremonySeconds: exploration.scenario.ceremony / 1000,
            faults: exploration.scenario.faults.compactMap(\.entry)
        )
        if format.isJSON { try Console.json(found) } else { Console.data(found.text) }
        throw ExitCode(ExitStatus.refused)
    }
}

/// What an exploration found, as data.
struct ExplorationPage: Codable {
    var file: String
    var seeds: String
    var runs: Int
    /// Runs in which an order was owed and came.
    var orders = 0
    var events = 0
    var cryptography: String
    /// The seed that shows a violation; 0 without one.
    var seed: UInt64 = 0
    var violation = ""
    /// How much time the run leaves for a key ceremony; 0 if it begins with the keys.
    var ceremonySeconds: Int64 = 0
    /// The faults that are left, as entries of a scenario file.
    var faults: [String] = []

    var text: String {
        guard !violation.isEmpty else {
            return "\(file): \(runs) seeds, no violation; an order was owed and made in \(orders); "
                + "\(events) events; \(cryptography)"
        }
        let entries = faults.isEmpty ? ["  none: it happens without faults"] : faults.map { "  \($0)" }
        return """
            \(file): seed \(seed): VIOLATION: \(violation)
            To see it, put this into a copy of the file and run `standstill scenario run FILE --seed \(seed)`:
            \(ceremonySeconds > 0 ? "ceremony: \(ceremonySeconds)s\n" : "")faults:
            \(entries.joined(separator: "\n"))
            """
    }
}
