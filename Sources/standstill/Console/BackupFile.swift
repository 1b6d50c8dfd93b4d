internal import NodeService
internal import SystemCalls

/// Backup files as commands read them: from any medium, whatever its modes.
enum BackupFile {
    static func read(_ path: String) throws -> Backup {
        let backup = try Backup(InputFile.read(path, limit: Backup.maximumBytes), path: path)
        if let facts = try? FileFacts(ofPath: path), !facts.isClosedToOthers {
            Console.people(
                "warning: \(path) has mode \(facts.permissionsText), so others can copy it and guess at the passphrase"
            )
        }
        return backup
    }
}
