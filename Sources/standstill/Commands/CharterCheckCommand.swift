internal import ArgumentParser
internal import SignedStatements

/// Judges a charter's rules before anybody signs it.
struct CharterCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what a charter's rules would allow and must not, and what they mean.",
        discussion: """
            Ends with 0 if the charter can be used, 1 if its rules are refused, 65 if the file is malformed.
            """
    )

    @Argument(help: "The charter's file.")
    var file: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let check = try InputFile.charter(file)
        let analyses = check.charter.rules.map { RuleAnalysis($0, of: check.charter) }
        if output.isJSON {
            try Console.json(
                Report(
                    charter: check.charter.id.description,
                    refusals: check.refusals.map { Refusal(line: $0.line, text: $0.description) },
                    rules: analyses
                )
            )
        } else {
            let refusals = check.refusals.map { "REFUSED: \($0)" }
            let verdict = refusals.isEmpty ? ["this charter can be used"] : refusals
            let sections = [["charter \(check.charter.id)"] + verdict] + analyses.map(\.lines)
            Console.data(sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
        }
        if !check.refusals.isEmpty { throw ExitCode(ExitStatus.refused) }
    }

    private struct Refusal: Encodable {
        let line: Int
        let text: String
    }

    private struct Report: Encodable {
        let charter: String
        let refusals: [Refusal]
        let rules: [RuleAnalysis]
    }
}
