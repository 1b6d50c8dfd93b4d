internal import CryptoPrimitives
internal import QuorumPolicy

/// The text of a key file: six lines, one spelling for each content.
///
///     standstill-key v1
///     party lab.aster
///     cost argon2id 3 268435456
///     salt <16 bytes>
///     nonce <24 bytes>
///     seed <48 bytes>
///
/// Bytes are base64url without padding; the cost is passes and bytes of memory.
enum KeyFileText {
    private static let version = "standstill-key v1"
    private static let sealedCount = 32 + XChaCha20Poly1305.tagCount

    /// All lines but the last: the associated data of the ciphertext.
    static func head(party: PartyName, cost: PassphraseKey.Cost, salt: [UInt8], nonce: [UInt8]) -> String {
        """
        \(version)
        party \(party)
        cost argon2id \(cost.operations) \(cost.memoryBytes)
        salt \(Base64URL.encode(salt))
        nonce \(Base64URL.encode(nonce))

        """
    }

    static func text(of file: KeyFile) -> String {
        head(party: file.party, cost: file.cost, salt: file.salt, nonce: file.nonce)
            + "seed \(Base64URL.encode(file.sealedSeed))\n"
    }

    static func parse(_ bytes: [UInt8], path: String) throws(SetupError) -> KeyFile {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines[0] == version else {
            throw .unknownKeyVersion(path: path, found: printable(lines[0]))
        }
        guard lines.count == 7, lines[6].isEmpty else {
            throw .malformedKey(path: path, line: min(lines.count, 7), detail: "a key file has exactly 6 lines")
        }
        let file = KeyFile(
            path: path,
            party: try party(lines[1], path),
            cost: try cost(lines[2], path),
            salt: try field("salt", PassphraseKey.saltCount, lines[3], line: 4, path),
            nonce: try field("nonce", XChaCha20Poly1305.nonceCount, lines[4], line: 5, path),
            sealedSeed: try field("seed", sealedCount, lines[5], line: 6, path)
        )
        // Whatever is read is written the same way, so every byte of the file is either authenticated or refused.
        guard Array(KeyFileText.text(of: file).utf8) == bytes else {
            throw .malformedKey(path: path, line: 1, detail: "the file is not spelled as it was written")
        }
        return file
    }

    private static func party(_ line: String, _ path: String) throws(SetupError) -> PartyName {
        guard line.hasPrefix("party "), let name = try? PartyName(String(line.dropFirst(6))) else {
            throw .malformedKey(path: path, line: 2, detail: "it is not `party NAME`")
        }
        return name
    }

    private static func cost(_ line: String, _ path: String) throws(SetupError) -> PassphraseKey.Cost {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "cost", words[1] == "argon2id",
            let operations = UInt64(words[2]), let memoryBytes = Int(words[3])
        else { throw .malformedKey(path: path, line: 3, detail: "it is not `cost argon2id PASSES BYTES`") }
        guard let cost = PassphraseKey.Cost(operations: operations, memoryBytes: memoryBytes) else {
            throw .costOutOfBounds(path: path)
        }
        return cost
    }

    private static func field(
        _ name: String,
        _ count: Int,
        _ line: String,
        line number: Int,
        _ path: String
    ) throws(SetupError) -> [UInt8] {
        guard line.hasPrefix(name + " "), let bytes = Base64URL.decode(line.dropFirst(name.utf8.count + 1)),
            bytes.count == count
        else {
            throw .malformedKey(path: path, line: number, detail: "it is not `\(name)` and \(count) bytes in base64url")
        }
        return bytes
    }

    /// The start of a line that may hold anything, fit for a terminal.
    private static func printable(_ line: String) -> String {
        String(line.unicodeScalars.prefix(40).map { (0x20..<0x7f).contains($0.value) ? Character($0) : "?" })
    }
}
