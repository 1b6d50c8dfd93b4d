internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// The text of a backup file: a head for people and programs, the parts with their lengths, and a checksum.
///
///     standstill-backup v1
///     # what this is, in words
///     party lab.aster
///     charter <SHA-256, or none>
///     made 2027-01-01T00:00:00Z
///     high-water 42
///     part party.key 270
///     ...
///     part node.yaml 1830
///     ...
///     part charter 4711
///     ...
///     sha256 <of everything before this line>
///
/// Each part is followed by a line feed. One spelling for each content.
enum BackupText {
    struct Parts: Hashable, Sendable {
        let party: PartyName
        let charter: CharterID?
        let made: Instant
        let highWater: Int
        let keyFile: [UInt8]
        let configuration: [UInt8]
        let charterFile: [UInt8]?
    }

    static let magic = "standstill-backup v1"
    /// Head, the lines that begin a part, and the checksum have about 1000 bytes.
    static let maximumHeadBytes = 3072
    /// `sha256 `, 64 digits and a line feed.
    private static let checksumBytes = 72

    private static let words = """
        # This is a backup of one party of Standstill: its encrypted seed, its configuration and its charter.
        # Whoever has this file and the passphrase can act as the party, so keep the two apart.
        # Any number of copies does no harm; two running nodes do. The old node must be gone before this is restored.
        #   standstill backup verify FILE                    asks for the passphrase and tries everything
        #   standstill backup restore FILE --directory NEW   makes a directory for a new machine

        """

    static func encode(_ parts: Parts) -> [UInt8] {
        var head = "\(magic)\n\(words)party \(parts.party)\n"
        head += "charter \(parts.charter?.description ?? "none")\n"
        head += "made \(parts.made)\nhigh-water \(parts.highWater)\n"
        var bytes = Array(head.utf8)
        append("party.key", parts.keyFile, to: &bytes)
        append("node.yaml", parts.configuration, to: &bytes)
        if let charter = parts.charterFile { append("charter", charter, to: &bytes) }
        return bytes + checksum(of: bytes)
    }

    static func decode(_ bytes: [UInt8], path: String) throws(BackupError) -> Parts {
        let first = Array("\(magic)\n".utf8)
        guard bytes.starts(with: first) else {
            guard first.starts(with: bytes) else { throw .notABackup(path: path) }
            throw .cutShort(path: path)
        }
        guard bytes.count <= Backup.maximumBytes else { throw .notABackup(path: path) }
        let last = bytes.suffix(checksumBytes)
        guard last.starts(with: Array("sha256 ".utf8)), last.last == UInt8(ascii: "\n") else {
            throw .cutShort(path: path)
        }
        guard Array(last) == checksum(of: bytes.dropLast(checksumBytes)) else { throw .damaged(path: path) }
        guard let parts = parse(bytes), encode(parts) == bytes else {
            throw .inconsistent(path: path, detail: "it is not spelled as this program writes it")
        }
        return parts
    }

    private static func append(_ name: String, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes += Array("part \(name) \(content.count)\n".utf8) + content + [UInt8(ascii: "\n")]
    }

    private static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        Array("sha256 \(SHA256.hash(Array(bytes)))\n".utf8)
    }

    /// Reads what the checksum vouches for; nil for anything that does not read as expected.
    private static func parse(_ bytes: [UInt8]) -> Parts? {
        var reader = LineReader(bytes: bytes)
        repeat { _ = reader.line() } while reader.isAtComment
        guard
            let party = reader.value(of: "party").flatMap({ try? PartyName($0) }),
            let charterText = reader.value(of: "charter"),
            let made = reader.value(of: "made").flatMap({ Instant($0) }),
            let highWater = reader.value(of: "high-water").flatMap({ Int($0) }), highWater >= 0,
            let keyFile = reader.part(named: "party.key"),
            let configuration = reader.part(named: "node.yaml")
        else { return nil }
        let charter = CharterID(charterText)
        let charterFile = charter == nil ? nil : reader.part(named: "charter")
        guard charter != nil || charterText == "none", (charter == nil) == (charterFile == nil) else { return nil }
        return Parts(
            party: party,
            charter: charter,
            made: made,
            highWater: highWater,
            keyFile: keyFile,
            configuration: configuration,
            charterFile: charterFile
        )
    }
}

/// Takes lines and counted parts off the front of bytes.
private struct LineReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtComment: Bool { position < bytes.count && bytes[position] == UInt8(ascii: "#") }

    mutating func line() -> String? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    mutating func value(of name: String) -> String? {
        guard let line = line(), line.hasPrefix(name + " ") else { return nil }
        return String(line.dropFirst(name.utf8.count + 1))
    }

    mutating func part(named name: String) -> [UInt8]? {
        guard let count = value(of: "part \(name)").flatMap({ Int($0) }), count >= 0, count < bytes.count - position
        else { return nil }
        let content = Array(bytes[position..<position + count])
        position += count
        guard line() == "" else { return nil }
        return content
    }
}
