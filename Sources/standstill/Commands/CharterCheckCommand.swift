internal import ArgumentParser
internal import SignedStatements

/// Judges a charter's rules before anybody signs it.
struct CharterCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what a charter's rules would allow and must not, and what they mean.",
        discussion: """
            Each rule by itself, then the whole procedure of each action, recording and deciding together. Numbers are \
            exact; where that would take too long they are bounds, and said to be. \
            Ends with 0 if the charter can be used, 1 if its rules are refused or it has ended, \
            65 if the file is malformed.
            """
    )

    @Argument(help: "The charter's file.")
    var file: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let check = try InputFile.charter(file)
        let end = CharterEnd(of: check.charter, at: Clock.now)
        let analysis = CharterAnalysis(check.charter)
        if output.isJSON {
            try Console.json(
                Report(
                    charter: check.charter.id.description,
                    expires: check.charter.expires.description,
                    hasEnded: end != nil,
                    refusals: check.refusals.map { Refusal(line: $0.line, text: $0.description) },
                    rules: analysis.rules,
                    procedures: analysis.procedures,
                    contradictions: analysis.contradictions
                )
            )
        } else {
            let faults = check.refusals.map { "REFUSED: \($0)" } + (end.map { ["ENDED: \($0.sentence)"] } ?? [])
            let verdict = faults.isEmpty ? ["this charter can be used"] : faults
            let sections =
                [["charter \(check.charter.id)"] + verdict] + analysis.sections(of: check.charter)
            Console.data(sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
        }
        if !check.refusals.isEmpty || end != nil { throw ExitCode(ExitStatus.refused) }
    }

    private struct Refusal: Encodable {
        let line: Int
        let text: String
    }

    private struct Report: Encodable {
        let charter: String
        let expires: String
        let hasEnded: Bool
        let refusals: [Refusal]
        let rules: [RuleAnalysis]
        let procedures: [ActionAnalysis]
        let contradictions: [Contradiction]
    }
}
