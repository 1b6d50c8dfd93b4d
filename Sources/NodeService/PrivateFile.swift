internal import CryptoPrimitives
internal import SystemCalls

/// Reading files that only the node's user may read.
enum PrivateFile {
    /// All bytes of a file that belongs to this user, is closed to others, and is no link.
    static func read(_ path: String, what: String, maximumBytes: Int) throws(SetupError) -> [UInt8] {
        let file = try open(path, what: what)
        try check(file, maximumBytes: maximumBytes)
        do {
            return try file.read(atMost: maximumBytes)
        } catch {
            throw .inaccessible(error)
        }
    }

    /// The same into guarded memory; nil when the file is empty.
    static func readSecret(_ path: String, what: String, maximumBytes: Int) throws(SetupError) -> SecretBytes? {
        let file = try open(path, what: what)
        try check(file, maximumBytes: maximumBytes)
        return try secret(in: file, maximumBytes: maximumBytes)
    }

    /// What an open file holds, in guarded memory; nil when it is empty.
    static func secret(in file: borrowing OpenFile, maximumBytes: Int) throws(SetupError) -> SecretBytes? {
        var count = 0
        var failure: SystemError?
        let buffer = SecretBytes(count: maximumBytes + 1) { memory in
            do throws(SystemError) {
                count = try file.read(into: &memory)
            } catch {
                failure = error
            }
        }
        if let failure { throw .inaccessible(failure) }
        guard count <= maximumBytes else { throw .tooLarge(path: file.path, maximumBytes: maximumBytes) }
        return count == 0 ? nil : buffer.slice(0..<count)
    }

    /// Opens a file for reading and says what is missing in words.
    static func open(_ path: String, what: String) throws(SetupError) -> OpenFile {
        do {
            return try OpenFile(path, for: .reading)
        } catch {
            switch error.reason {
            case .notFound: throw .missing(path: path, what: what)
            case .symbolicLink: throw .wrongKind(path: path, expected: "regular file")
            case .alreadyExists, .accessDenied, .notADirectory, .diskFull, .readOnlyFileSystem, .noTerminal, .other:
                throw .inaccessible(error)
            }
        }
    }

    /// Checks the file that was opened, not what its path leads to later.
    private static func check(_ file: borrowing OpenFile, maximumBytes: Int) throws(SetupError) {
        let path = file.path
        let facts: FileFacts
        do {
            facts = try file.facts()
        } catch {
            throw .inaccessible(error)
        }
        guard facts.kind == .regularFile else { throw .wrongKind(path: path, expected: "regular file") }
        guard facts.owner == CurrentProcess.user else {
            throw .foreign(path: path, owner: facts.owner, user: CurrentProcess.user)
        }
        guard facts.isClosedToOthers else {
            throw .exposed(path: path, permissions: facts.permissionsText, remedy: "chmod 600 \(path)")
        }
        guard facts.size <= maximumBytes else { throw .tooLarge(path: path, maximumBytes: maximumBytes) }
    }
}
