internal import ArgumentParser

/// Everything about misconduct.
struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "List, export and verify proofs of misconduct.",
        subcommands: [EvidenceListCommand.self, EvidenceExportCommand.self, EvidenceVerifyCommand.self]
    )
}
