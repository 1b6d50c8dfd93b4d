internal import SystemCalls

/// A file that stands in a restored directory until the operator has acknowledged that only this node signs.
///
/// The high-water number of a backup says how much was signed when it was made, not how much since: a restored node that
/// has caught up with that number may still lack its party's latest statements (Protocol §10).
enum RestorationMark {
    private static let text = """
        This directory was restored from a backup. Its node signs nothing until its operator has run
        `standstill node acknowledge`. Do not remove this file by hand.

        """

    static func make(in directory: NodeDirectory) throws(SystemError) {
        try AtomicFile.create(directory.restored, content: Array(text.utf8))
    }

    /// Whether the mark is there; a path that cannot be examined counts as marked.
    static func stands(in directory: NodeDirectory) -> Bool {
        do {
            _ = try FileFacts(ofPath: directory.restored)
            return true
        } catch {
            return error.reason != .notFound
        }
    }

    static func remove(from directory: NodeDirectory) throws(NodeFailure) {
        guard stands(in: directory) else { return }
        do {
            try Directories.removeFile(directory.restored)
            try Directories.synchronize(directory.path)
        } catch {
            throw .setup(.inaccessible(error))
        }
    }
}
