internal import NodeService
internal import SystemCalls

/// Files that a command writes and never writes over.
enum NewFile {
    /// Writes a file; fails when anything stands at the path.
    static func create(_ path: String, _ content: [UInt8]) throws(CommandFailure) {
        do {
            try AtomicFile.create(path, content: content)
        } catch {
            throw failure(error, path)
        }
    }

    /// Makes a directory, or takes one that is there.
    static func makeDirectory(_ path: String) throws(CommandFailure) {
        do {
            try Directories.create(path)
        } catch {
            guard error.reason == .alreadyExists else { throw failure(error, path) }
        }
    }

    /// Fails when anything stands at the path.
    static func checkAbsent(_ path: String) throws(CommandFailure) {
        guard (try? FileFacts(ofPath: path)) == nil else { throw exists(path) }
    }

    private static func failure(_ error: SystemError, _ path: String) -> CommandFailure {
        if error.reason == .alreadyExists { return exists(path) }
        return CommandFailure(
            error.description,
            hint: error.creationRemedy,
            exitStatus: error.creationStatus
        )
    }

    private static func exists(_ path: String) -> CommandFailure {
        CommandFailure(
            "\(path) is there already and is never written over",
            hint: "choose another path, or move it away yourself",
            exitStatus: ExitStatus.cannotCreate
        )
    }
}
