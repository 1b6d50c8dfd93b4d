internal import ArgumentParser

/// Questions about a charter, answered by playing them.
struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Play what could happen under a charter, before you sign it.",
        discussion: """
            A scenario file names a charter, motions, ballots, what goes wrong and what is expected to come of it. It is \
            played with the same code that nodes run, in virtual time, with keys that protect nothing. docs/scenarios.md \
            begins with a question and ends with a report.
            """,
        subcommands: [ScenarioRunCommand.self, ScenarioExploreCommand.self, ScenarioReportCommand.self]
    )
}

/// What runs of scenarios have in common.
struct ScenarioOptions: ParsableArguments {
    @Option(help: "How signatures are verified: real, by every node; or stand-in, once for all nodes.")
    var cryptography = Cryptography.standIn
}
