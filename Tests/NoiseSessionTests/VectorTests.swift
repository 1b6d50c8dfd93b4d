import CryptoPrimitives
import Foundation
import Testing

@testable import NoiseSession

/// A file in the common format of Noise test vectors; only what interactive patterns without pre-shared keys need.
private struct PublishedVectors: Decodable {
    struct Vector: Decodable {
        struct Message: Decodable {
            let payload: String
            let ciphertext: String
        }
        let protocolName: String?
        let initPrologue: String?
        let initStatic: String?
        let initEphemeral: String?
        let initRemoteStatic: String?
        let respPrologue: String?
        let respStatic: String?
        let respEphemeral: String?
        let respRemoteStatic: String?
        let handshakeHash: String?
        let messages: [Message]?
    }
    let vectors: [Vector]
}

/// The project's own vector, made by an independent implementation.
private struct OwnVector: Decodable {
    struct Message: Decodable {
        let sender: String
        let rekeyBefore: Bool?
        let associatedData: String?
        let payload: String
        let ciphertext: String
    }
    let prologue: String
    let initiatorStatic: String
    let initiatorStaticPublic: String
    let initiatorEphemeral: String
    let responderStatic: String
    let responderStaticPublic: String
    let responderEphemeral: String
    let handshakeMessages: [String]
    let handshakeHash: String
    let transportMessages: [Message]
}

@Suite struct VectorTests {
    static let directory = ProcessInfo.processInfo.environment["STANDSTILL_VECTORS"]

    /// Interactive patterns of the published files that the handshake core can be checked with.
    private static let patterns: [String: (known: [Bool], messages: [[HandshakePattern.Token]])] = [
        "NN": ([false, false], [[.e], [.e, .ee]]),
        "NK": ([false, true], [[.e, .es], [.e, .ee]]),
        "NX": ([false, false], [[.e], [.e, .ee, .s, .es]]),
        "XN": ([false, false], [[.e], [.e, .ee], [.s, .se]]),
        "XK": ([false, true], [[.e, .es], [.e, .ee], [.s, .se]]),
        "XX": ([false, false], [[.e], [.e, .ee, .s, .es], [.s, .se]]),
        "KN": ([true, false], [[.e], [.e, .ee, .se]]),
        "KK": ([true, true], [[.e, .es, .ss], [.e, .ee, .se]]),
        "KX": ([true, false], [[.e], [.e, .ee, .se, .s, .es]]),
        "IN": ([false, false], [[.e, .s], [.e, .ee, .se]]),
        "IK": ([false, true], [[.e, .es, .s, .ss], [.e, .ee, .se]]),
        "IX": ([false, false], [[.e, .s], [.e, .ee, .se, .s, .es]]),
    ]

    @Test(
        .enabled(if: directory != nil, "set STANDSTILL_VECTORS to the folder that holds noise/*.json"),
        arguments: ["cacophony.json", "snow-snow.json"]
    )
    func `published vectors of twelve patterns are reproduced byte for byte`(file: String) throws {
        let folder = URL(filePath: try #require(Self.directory))
        let nested = folder.appending(path: "noise/\(file)")
        let url = FileManager.default.fileExists(atPath: nested.path) ? nested : folder.appending(path: file)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let vectors = try decoder.decode(PublishedVectors.self, from: try Data(contentsOf: url)).vectors
        var checked: [String] = []
        for vector in vectors {
            guard let name = vector.protocolName, name.hasSuffix("_25519_ChaChaPoly_SHA256") else { continue }
            let short = String(name.dropFirst(6).prefix { $0 != "_" })
            guard let (known, messages) = Self.patterns[short] else { continue }
            try check(
                vector,
                HandshakePattern(
                    name: name,
                    initiatorIsKnown: known[0],
                    responderIsKnown: known[1],
                    messages: messages
                )
            )
            checked.append(short)
        }
        #expect(Set(checked) == Set(Self.patterns.keys))
    }

    @Test func `the project's own vector is reproduced byte for byte`() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let vector = try decoder.decode(OwnVector.self, from: try repositoryFile("Protocol/vectors/noise-xk.json"))
        var initiator = NoiseHandshake(
            initiatorWith: SecretBytes(copying: try bytes(vector.initiatorStatic)),
            expecting: try #require(Bytes32(try bytes(vector.responderStaticPublic))),
            prologue: try bytes(vector.prologue),
            ephemeralKey: SecretBytes(copying: try bytes(vector.initiatorEphemeral))
        )
        var responder = NoiseHandshake(
            responderWith: SecretBytes(copying: try bytes(vector.responderStatic)),
            prologue: try bytes(vector.prologue),
            ephemeralKey: SecretBytes(copying: try bytes(vector.responderEphemeral))
        )
        let first = try initiator.write()
        _ = try responder.read(first)
        let second = try responder.write()
        _ = try initiator.read(second)
        let third = try initiator.write()
        _ = try responder.read(third)
        #expect([first, second, third].map { Hex.encode($0) } == vector.handshakeMessages)

        var alice = try initiator.transport()
        var bob = try responder.transport()
        #expect(alice.handshakeHash.description == vector.handshakeHash)
        #expect(bob.remoteStatic.description == vector.initiatorStaticPublic)
        for message in vector.transportMessages {
            let data = try bytes(message.associatedData)
            let payload = try bytes(message.payload)
            let ciphertext: [UInt8]
            if message.sender == "initiator" {
                if message.rekeyBefore == true {
                    try alice.rekeySending()
                    try bob.rekeyReceiving()
                }
                ciphertext = try alice.encrypt(payload, associatedData: data)
                #expect(try bob.decrypt(ciphertext, associatedData: data) == payload)
            } else {
                ciphertext = try bob.encrypt(payload, associatedData: data)
                #expect(try alice.decrypt(ciphertext, associatedData: data) == payload)
            }
            #expect(Hex.encode(ciphertext) == message.ciphertext)
        }
    }

    private func check(_ vector: PublishedVectors.Vector, _ pattern: HandshakePattern) throws {
        var initiator = HandshakeState(
            pattern: pattern,
            role: .initiator,
            prologue: try bytes(vector.initPrologue),
            staticKey: try secret(vector.initStatic),
            ephemeralKey: try secret(vector.initEphemeral),
            remoteStatic: Bytes32(try bytes(vector.initRemoteStatic))
        )
        var responder = HandshakeState(
            pattern: pattern,
            role: .responder,
            prologue: try bytes(vector.respPrologue),
            staticKey: try secret(vector.respStatic),
            ephemeralKey: try secret(vector.respEphemeral),
            remoteStatic: Bytes32(try bytes(vector.respRemoteStatic))
        )
        let messages = try #require(vector.messages)
        for (index, message) in messages.prefix(pattern.messages.count).enumerated() {
            let payload = try bytes(message.payload)
            let expected = try bytes(message.ciphertext)
            if index.isMultiple(of: 2) {
                #expect(try initiator.write(payload) == expected)
                #expect(try responder.read(expected) == payload)
            } else {
                #expect(try responder.write(payload) == expected)
                #expect(try initiator.read(expected) == payload)
            }
        }
        // Patterns in which an end stays anonymous have no key to report.
        var alice = initiator.transport(remoteStatic: .zero)
        var bob = responder.transport(remoteStatic: .zero)
        if let hash = vector.handshakeHash { #expect(alice.handshakeHash.description == hash) }
        for (index, message) in messages.enumerated().dropFirst(pattern.messages.count) {
            let payload = try bytes(message.payload)
            let expected = try bytes(message.ciphertext)
            if index.isMultiple(of: 2) {
                #expect(try alice.encrypt(payload) == expected)
                #expect(try bob.decrypt(expected) == payload)
            } else {
                #expect(try bob.encrypt(payload) == expected)
                #expect(try alice.decrypt(expected) == payload)
            }
        }
    }

    private func secret(_ text: String?) throws -> SecretBytes {
        let bytes = try bytes(text)
        return bytes.isEmpty ? SecretBytes.random(count: 32) : SecretBytes(copying: bytes)
    }
}
