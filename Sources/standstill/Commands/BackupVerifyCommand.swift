internal import ArgumentParser
internal import NodeService
internal import PauseAgreement
internal import QuorumPolicy

/// Tries a backup.
struct BackupVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Open a backup with its passphrase, and compare its keys with its charter.",
        discussion: """
            Tells apart a file that is damaged or cut short (65), a wrong passphrase (77), and a charter that lists other \
            keys (65). Changes nothing.
            """
    )

    @Argument(help: "The backup file.")
    var file: String

    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let backup = try BackupFile.read(file)
        let secret = try passphrase.read(for: backup.party)
        let keys = try backup.verify(passphrase: secret, path: file)
        if output.isJSON {
            try Console.json(Verified(backup: BackupSummary(backup), keys: PublicKeys(party: backup.party, keys)))
        } else {
            Console.data((["GOOD: this backup opens"] + BackupSummary(backup).lines).joined(separator: "\n"))
        }
    }

    private struct Verified: Encodable {
        let backup: BackupSummary
        let keys: PublicKeys
    }
}
