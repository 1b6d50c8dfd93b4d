internal import ArgumentParser
internal import CryptoPrimitives
internal import NodeService
internal import QuorumPolicy
internal import SignedStatements

/// Writes a party's backup.
struct BackupCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Write the encrypted key, the charter, the configuration and the high-water number to one new file.",
        discussion: """
            Works while the node runs and needs no passphrase. The journal is never in it: it comes back from the peers. \
            Make a new backup when the charter or the configuration changes.
            """
    )

    @OptionGroup var node: NodeLocation

    @Option(help: ArgumentHelp("The file to write; nothing is ever written over.", valueName: "file"))
    var to: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let backup = try Backup(of: NodeDirectory(path: node.directory), at: Clock.now)
        try NewFile.create(to, backup.bytes)
        let data = NodeDirectory(path: try node.configuration().data)
        do throws(SetupError) {
            try BackupRecord(of: backup).write(to: data)
        } catch {
            Console.people("warning: the backup is made, but `standstill doctor` will not know of it: \(error)")
        }
        if output.isJSON {
            try Console.json(BackupSummary(backup))
        } else {
            Console.data(backup.digest.description)
        }
        Console.people(advice(backup))
    }

    private func advice(_ backup: Backup) -> String {
        let charter = backup.charter == nil ? " There is no charter in it yet: make another one when there is." : ""
        return """
            \(to) is the backup of \(backup.party), with the SHA-256 above.\(charter)
            next: 1. copy it to another place than this machine, and keep the passphrase somewhere else
                  2. try the copy with `standstill backup verify`
            """
    }
}

/// What a backup is, for scripts.
struct BackupSummary: Encodable {
    let party: String
    let made: String
    let highWater: Int
    /// Empty in a backup from before there was a charter.
    let charter: String
    let sha256: String

    init(_ backup: Backup) {
        party = backup.party.text
        made = backup.made.description
        highWater = backup.highWater
        charter = backup.charter?.id.description ?? ""
        sha256 = backup.digest.description
    }

    /// The same for people, a line each.
    var lines: [String] {
        [
            "party       \(party)", "made        \(made)", "high water  \(highWater)",
            "charter     \(charter.isEmpty ? "none yet" : charter)", "sha256      \(sha256)",
        ]
    }
}
