internal import ArgumentParser
internal import ScenarioSimulation

/// Writes what a scenario came to as a page for people who have no terminal.
struct ScenarioReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Play a scenario file and write one self-contained page about it.",
        discussion: """
            The page has the question, the answer, a sequence diagram, who saw what when, how far each quorum was at every \
            moment, and how to replay the run. It loads nothing from anywhere and can be printed.
            """
    )

    @Argument(help: ArgumentHelp("A scenario file.", valueName: "file"))
    var file: String

    @Option(
        name: [.customLong("output"), .customShort("o")],
        help: ArgumentHelp("Write to a new file.", valueName: "file")
    )
    var output: String

    @Option(help: "What delays and everything else that is left to chance follow from.")
    var seed: UInt64 = 1

    @OptionGroup var options: ScenarioOptions

    func run() throws {
        let scenario = try ScenarioRunner.read(file)
        var runner = ScenarioRunner(options.cryptography)
        let run = try runner.run(scenario.scenario, seed: seed)
        let page = ScenarioPage(run, scenario, path: file, options.cryptography)
        try NewFile.create(output, Array(ScenarioReport(run, page).text.utf8))
        Console.people("\(page.isAsExpected ? "as expected" : "not as expected"): the report is in \(output)")
        if !page.isAsExpected { throw ExitCode(ExitStatus.refused) }
    }
}
