internal import SystemCalls

extension NodeConfiguration {
    /// Reads a configuration file; it holds no secrets, so others may read it, but only its owner may change it.
    package static func read(at path: String) throws(SetupError) -> NodeConfiguration {
        try parse(bytes(at: path), file: path)
    }

    /// What the file holds, as ``read(at:)`` takes it.
    static func bytes(at path: String) throws(SetupError) -> [UInt8] {
        let file = try PrivateFile.open(path, what: "configuration")
        let facts: FileFacts
        let bytes: [UInt8]
        do {
            facts = try file.facts()
            bytes = facts.kind == .regularFile ? try file.read(atMost: maximumBytes + 1) : []
        } catch {
            throw .inaccessible(error)
        }
        guard facts.kind == .regularFile else { throw .wrongKind(path: path, expected: "regular file") }
        guard facts.permissions & 0o022 == 0 else {
            throw .changeable(path: path, permissions: facts.permissionsText)
        }
        return bytes
    }

    /// Reads the bytes of a configuration; `file` is its path, for relative paths and errors.
    package static func parse(_ bytes: [UInt8], file: String) throws(SetupError) -> NodeConfiguration {
        let mapping = try ConfigurationMapping(bytes, file: file)
        return try ConfigurationValues(mapping: mapping, directory: Directories.parent(of: file)).configuration()
    }

    /// Writes a new configuration file with mode 0600; fails when anything stands at the path.
    package static func create(at path: String, text: String) throws(SetupError) {
        do {
            try AtomicFile.create(path, content: Array(text.utf8))
        } catch {
            guard error.reason == .alreadyExists else { throw .cannotCreate(error) }
            throw .exists(path: path)
        }
    }
}
