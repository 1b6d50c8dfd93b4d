internal import ArgumentParser
internal import ScenarioSimulation

/// Plays scenario files and compares what comes of them with what they expect.
struct ScenarioRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Play scenario files; exit 0 if all end as expected, 1 if not, 65 for a malformed file.",
        discussion: """
            Prints the result and what happened. The same file, seed and version give the same run, byte for byte: its \
            trace is a digest of everything that was said.
            """
    )

    @Argument(help: ArgumentHelp("Scenario files.", valueName: "file"))
    var files: [String]

    @Option(help: "What delays and everything else that is left to chance follow from.")
    var seed: UInt64 = 1

    @Flag(name: .customLong("brief"), help: "Print the results without what happened.")
    var isBrief = false

    @OptionGroup var options: ScenarioOptions
    @OptionGroup var format: OutputFormat

    func run() throws {
        // A mistake in the last file is found before the first is played.
        let scenarios = try files.map { (path: $0, file: try ScenarioRunner.read($0)) }
        var runner = ScenarioRunner(options.cryptography)
        var isAsExpected = true
        for (path, file) in scenarios {
            let run = try runner.run(file.scenario, seed: seed)
            let page = ScenarioPage(run, file, path: path, options.cryptography)
            isAsExpected = isAsExpected && page.isAsExpected
            if format.isJSON { try Console.json(page) } else { Console.data(page.text(withTimeline: !isBrief)) }
        }
        if !isAsExpected { throw ExitCode(ExitStatus.refused) }
    }
}
