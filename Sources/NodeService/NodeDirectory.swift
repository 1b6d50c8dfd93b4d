internal import SystemCalls

/// The directory in which a node keeps what is its own, and the names of the files in it.
package struct NodeDirectory: Hashable, Sendable {
    package let path: String

    /// Names the files; touches nothing.
    package init(path: String) {
        self.path = path
    }

    /// The configuration, unless another is named on the command line.
    package var configuration: String { file("node.yaml") }
    /// The party's encrypted seed, unless the configuration names another file.
    package var key: String { file("party.key") }
    package var journal: String { file("journal.sqlite") }
    package var highWater: String { file("high-water") }
    package var lock: String { file("lock") }
    /// Stands here from a restoration until the operator's acknowledgement; see ``RestorationMark``.
    package var restored: String { file("restored") }
    /// What is known of the last backup; see ``BackupRecord``.
    package var lastBackup: String { file("last-backup") }
    /// The charter, where a restoration puts it.
    package var charter: String { file("charter") }
    /// Where the node listens to commands of its own operator, unless the configuration names another path.
    package var socket: String { file("socket") }

    /// Makes the directory with mode 0700, or takes one that is there if it is private.
    package func create() throws(SetupError) {
        do {
            try Directories.create(path)
        } catch {
            guard error.reason == .alreadyExists else { throw .cannotCreate(error) }
        }
        try check()
    }

    /// Checks that the directory is there, belongs to this user and is closed to others.
    package func check() throws(SetupError) {
        let facts: FileFacts
        do {
            // The data may lie behind a link; with the dot, what it leads to is examined.
            facts = try FileFacts(ofPath: path + "/.")
        } catch {
            switch error.reason {
            case .notFound: throw .missing(path: path, what: "node directory")
            case .notADirectory: throw .wrongKind(path: path, expected: "directory")
            case .alreadyExists, .accessDenied, .symbolicLink, .diskFull, .readOnlyFileSystem, .noTerminal, .other:
                throw .inaccessible(error)
            }
        }
        guard facts.owner == CurrentProcess.user else {
            throw .foreign(path: path, owner: facts.owner, user: CurrentProcess.user)
        }
        guard facts.isClosedToOthers else {
            throw .exposed(path: path, permissions: facts.permissionsText, remedy: "chmod 700 \(path)")
        }
    }

    private func file(_ name: String) -> String { "\(path)/\(name)" }
}
