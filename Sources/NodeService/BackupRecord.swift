package import CryptoPrimitives
package import SignedStatements
internal import SystemCalls

/// What a node's directory remembers of its last backup, so that `doctor` can say whether there is one and for what.
///
///     standstill-last-backup v1
///     made 2027-01-01T00:00:00Z
///     sha256 <of the backup file>
///     key <SHA-256 of the key file>
///     charter <SHA-256, or none>
///     high-water 42
package struct BackupRecord: Hashable, Sendable {
    package let made: Instant
    /// SHA-256 of the backup file.
    package let digest: Bytes32
    /// SHA-256 of the key file that is in it.
    package let key: Bytes32
    package let charter: CharterID?
    package let highWater: Int

    private static let magic = "standstill-last-backup v1"
    private static let maximumBytes = 1024

    package init(of backup: Backup) {
        made = backup.made
        digest = backup.digest
        key = Self.digest(of: backup.keyFile)
        charter = backup.charter?.id
        highWater = backup.highWater
    }

    /// The digest that tells one key file from another.
    package static func digest(of key: KeyFile) -> Bytes32 {
        SHA256.hash(Array(KeyFileText.text(of: key).utf8))
    }

    /// Replaces what a directory remembers, durable when this returns.
    package func write(to directory: NodeDirectory) throws(SetupError) {
        do {
            try AtomicFile.replace(directory.lastBackup, content: Array(text.utf8))
        } catch {
            throw .inaccessible(error)
        }
    }

    /// What a directory remembers; nil when it remembers none, or nothing that can be read.
    package static func read(from directory: NodeDirectory) -> BackupRecord? {
        let bytes = try? PrivateFile.read(directory.lastBackup, what: "backup record", maximumBytes: maximumBytes)
        guard let bytes, let record = BackupRecord(bytes), Array(record.text.utf8) == bytes else { return nil }
        return record
    }

    private init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 6, lines[0] == Self.magic else { return nil }
        let values = lines.dropFirst().map { $0.drop { $0 != " " }.dropFirst() }.map(String.init)
        guard
            let made = Instant(values[0]),
            let digest = Hex.decode(values[1]).flatMap({ Bytes32($0) }),
            let key = Hex.decode(values[2]).flatMap({ Bytes32($0) }),
            let highWater = Int(values[4])
        else { return nil }
        self.made = made
        self.digest = digest
        self.key = key
        charter = CharterID(values[3])
        self.highWater = highWater
    }

    private var text: String {
        """
        \(Self.magic)
        made \(made)
        sha256 \(digest)
        key \(key)
        charter \(charter?.description ?? "none")
        high-water \(highWater)

        """
    }
}
