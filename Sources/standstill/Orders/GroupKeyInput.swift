internal import CryptoPrimitives
internal import Foundation
internal import SignedStatements

/// A group key as people hand it on: base64url, PEM, or a PEM file.
enum GroupKeyInput {
    /// Reads any of the three.
    static func read(_ text: String) throws(CommandFailure) -> Element {
        if let bytes = Base64URL.decode(text).flatMap({ Bytes32($0) }) { return try point(bytes) }
        let pem = text.hasPrefix("-----BEGIN") ? text : try file(text)
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        // The twelve bytes before an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 §4).
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        guard let data = Data(base64Encoded: body), data.starts(with: prefix),
            let bytes = Bytes32([UInt8](data.dropFirst(prefix.count)))
        else { throw failure("\"\(text.prefix(64))\" holds no Ed25519 key") }
        return try point(bytes)
    }

    private static func file(_ path: String) throws(CommandFailure) -> String {
        guard FileManager.default.fileExists(atPath: path) else {
            throw failure("\"\(path)\" is neither a key nor a file")
        }
        return String(decoding: try InputFile.read(path, limit: 4096), as: UTF8.self)
    }

    private static func point(_ bytes: Bytes32) throws(CommandFailure) -> Element {
        guard let point = Element(encoding: bytes) else { throw failure("the key is no point of the curve") }
        return point
    }

    private static func failure(_ what: String) -> CommandFailure {
        CommandFailure(
            what,
            hint: "give --pin-key 43 characters of base64url, or a PEM file, from a source you trust",
            exitStatus: ExitStatus.usage
        )
    }
}
