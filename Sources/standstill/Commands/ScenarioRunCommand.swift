internal import ArgumentParser
internal import ScenarioSimulation
internal import SignedStatements

/// Plays scenario files and compares what comes of them with what they expect.
struct ScenarioRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Play scenario files; exit 0 if all end as expected, 1 if not, 65 for a malformed file.",
        discussion: """
            Prints the result and what happened. The same file, seed and version give the same run, byte for byte: its \
            trace is a digest of everything that was said.

            With --live real nodes on this machine play it over TCP, from their keys to the order, in real time. Files \
            with what they cannot do, such as liars, wrong clocks and bad networks, are refused; --seed and \
            --cryptography have no meaning then, and no two runs are the same.
            """
    )

    @Argument(help: ArgumentHelp("Scenario files.", valueName: "file"))
    var files: [String]

    @Option(help: "What delays and everything else that is left to chance follow from.")
    var seed: UInt64 = 1

    @Flag(name: .customLong("brief"), help: "Print the results without what happened.")
    var isBrief = false

    @Flag(name: .customLong("live"), help: "Play with real nodes on this machine, in real time.")
    var isLive = false

    @OptionGroup var options: ScenarioOptions
    @OptionGroup var format: OutputFormat

    func run() async throws {
        // A mistake in the last file is found before the first is played.
        let scenarios = try files.map { (path: $0, file: try ScenarioRunner.read($0)) }
        if isLive { try announce(scenarios) }
        var runner = ScenarioRunner(options.cryptography)
        var isAsExpected = true
        for (path, file) in scenarios {
            let page =
                isLive
                ? ScenarioPage(try await LiveRun.play(file.scenario, tell: Console.people), file, path: path)
                : ScenarioPage(try runner.run(file.scenario, seed: seed), file, path: path, options.cryptography)
            isAsExpected = isAsExpected && page.isAsExpected
            if format.isJSON { try Console.json(page) } else { Console.data(page.text(withTimeline: !isBrief)) }
        }
        if !isAsExpected { throw ExitCode(ExitStatus.refused) }
    }

    /// Says how long it takes before anything begins.
    private func announce(_ scenarios: [(path: String, file: ScenarioFile)]) throws(CommandFailure) {
        for (path, file) in scenarios {
            do { try LiveRules.check(file) } catch { throw error.failure(in: path) }
        }
        for (path, file) in scenarios {
            let count = file.scenario.charter.parties.count
            Console.people(
                "\(path): \(count) real nodes, at most \(file.scenario.end / 1000) s once they have their keys"
            )
        }
    }
}
