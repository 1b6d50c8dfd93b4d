internal import ArgumentParser
internal import SignedStatements

/// Says what an amended charter changes, before anybody signs it.
struct CharterDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what a new charter changes: looser, stricter or neither, with sets of parties that show it.",
        discussion: """
            Compares by what sets of parties can do, not by how the rules are written. Ends with 0 if nothing that is \
            compared differs, 1 if something does, 65 if a file is malformed.
            """
    )

    @Argument(help: "The file of the charter in force.")
    var old: String

    @Argument(help: "The file of the charter that would take its place.")
    var new: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let (before, after) = (try InputFile.charter(old), try InputFile.charter(new))
        let comparison = CharterComparison(old: before.charter, new: after.charter)
        if output.isJSON {
            try Console.json(comparison)
        } else {
            Console.data(comparison.sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
        }
        for (file, check) in [(old, before), (new, after)] where !check.refusals.isEmpty {
            Console.people("WARNING: \(file) is refused; `standstill charter check \(file)` says why")
        }
        if !comparison.isSame { throw ExitCode(ExitStatus.refused) }
    }
}
