internal import ArgumentParser
internal import NodeService

/// Makes a node's directory from a backup.
struct BackupRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a new node directory from a backup; its node signs nothing until you acknowledge.",
        discussion: """
            Only after the old node is gone for good: two nodes with one key prove misconduct of their party. The new \
            node fetches its party's statements from the peers; then `standstill node acknowledge` lets it sign.
            """
    )

    @Argument(help: "The backup file.")
    var file: String

    @Option(help: ArgumentHelp("The directory to make; it must not be there yet.", valueName: "directory"))
    var directory: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let backup = try BackupFile.read(file)
        try backup.restore(to: NodeDirectory(path: directory))
        if output.isJSON {
            try Console.json(BackupSummary(backup))
        } else {
            Console.data(BackupSummary(backup).lines.joined(separator: "\n"))
        }
        Console.people(advice)
    }

    private var advice: String {
        """
        \(directory) is made; its node will abstain
        next: 1. be sure that the old node of this party does not run any more, anywhere
              2. `standstill node run --directory \(directory)`
              3. when `standstill status` shows most peers connected and nothing new arrives: \
        `standstill node acknowledge --directory \(directory)`
        """
    }
}
