internal import ArgumentParser

/// Everything about backups of a party.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Back up a party in one file, try the backup, or make a directory from it on a new machine.",
        subcommands: [BackupCreateCommand.self, BackupVerifyCommand.self, BackupRestoreCommand.self]
    )
}
