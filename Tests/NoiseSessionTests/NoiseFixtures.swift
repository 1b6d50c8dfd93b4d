import CryptoPrimitives
import Foundation
import Testing

@testable import NoiseSession

/// Two parties with fixed keys.
enum Fixture {
    static let alice = [UInt8](repeating: 1, count: 32)
    static let bob = [UInt8](repeating: 2, count: 32)
    static let prologue = Array("test".utf8)

    static func publicKey(_ privateKey: [UInt8]) -> Bytes32 {
        X25519.publicKey(of: SecretBytes(copying: privateKey))
    }

    static func initiator(expecting key: [UInt8] = bob, prologue: [UInt8] = prologue) -> NoiseHandshake {
        NoiseHandshake(
            initiatorWith: SecretBytes(copying: alice),
            expecting: publicKey(key),
            prologue: prologue,
            ephemeralKey: SecretBytes(copying: [UInt8](repeating: 3, count: 32))
        )
    }

    static func responder(prologue: [UInt8] = prologue) -> NoiseHandshake {
        NoiseHandshake(
            responderWith: SecretBytes(copying: bob),
            prologue: prologue,
            ephemeralKey: SecretBytes(copying: [UInt8](repeating: 4, count: 32))
        )
    }

    /// Both ends of a finished session.
    static func session() throws -> Session {
        var initiator = initiator()
        var responder = responder()
        _ = try responder.read(try initiator.write())
        _ = try initiator.read(try responder.write())
        _ = try responder.read(try initiator.write())
        return Session(initiator: try initiator.transport(), responder: try responder.transport())
    }
}

struct Session: ~Copyable {
    var initiator: NoiseTransport
    var responder: NoiseTransport
}

/// A lower-case hexadecimal field of a vector file.
func bytes(_ text: String?) throws -> [UInt8] {
    try #require(Hex.decode(text ?? ""))
}

/// The JSON file at a path below the repository's root.
func repositoryFile(_ path: String, from file: String = #filePath) throws -> Data {
    var folder = URL(filePath: file).deletingLastPathComponent()
    while folder.path != "/" {
        let candidate = folder.appending(path: path)
        if let data = try? Data(contentsOf: candidate) { return data }
        folder = folder.deletingLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
}
