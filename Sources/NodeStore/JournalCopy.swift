internal import FoundationEssentials

/// A journal's files in a temporary directory of mode 0700, removed when this goes away.
final class JournalCopy: Sendable {
    /// The copied database.
    let path: String
    private let directory: String

    /// Copies a database and its write-ahead log, if it has one.
    init(of original: String) throws {
        let manager = FileManager.default
        directory = manager.temporaryDirectory.appending(path: "standstill-journal-\(UUID().uuidString)").path
        path = directory + "/journal.sqlite"
        try manager.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        for ending in ["", "-wal"] where manager.fileExists(atPath: original + ending) {
            do {
                try manager.copyItem(atPath: original + ending, toPath: path + ending)
            } catch {
                try? manager.removeItem(atPath: directory)
                throw error
            }
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }
}
