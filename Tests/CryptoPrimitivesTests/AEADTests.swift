import CryptoPrimitives
import Foundation
import TestSupport
import Testing

@Suite struct AEADTests {
    private struct File: Decodable {
        struct Group: Decodable {
            struct Case: Decodable {
                let tcId: Int
                let key: String
                let iv: String
                let aad: String
                let msg: String
                let ct: String
                let tag: String
                let result: String
            }
            let ivSize: Int
            let tests: [Case]
        }
        let testGroups: [Group]

        static func cases(_ path: String, ivSize: Int) throws -> [Group.Case] {
            guard let file = RepositoryFiles.external(path) else { return [] }
            let groups = try RepositoryFiles.decode(File.self, from: file).testGroups
            return groups.filter { $0.ivSize == ivSize }.flatMap(\.tests)
        }
    }

    /// RFC 8439 §2.8.2.
    let key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
    let associated = "50515253c0c1c2c3c4c5c6c7"
    let plaintext = Array(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
            .utf8
    )

    @Test func `the example of RFC 8439 is reproduced`() throws {
        let sealed = ChaCha20Poly1305.seal(
            plaintext,
            key: try secret(key),
            nonce: try bytes("070000004041424344454647"),
            associatedData: try bytes(associated)
        )
        #expect(Hex.encode(sealed.prefix(16)) == "d31a8d34648e60db7b86afbc53ef7ec2")
        #expect(Hex.encode(sealed.suffix(16)) == "1ae10b594f09e26a7e902ecbd0600691")
    }

    @Test func `the example of the XChaCha draft is reproduced`() throws {
        let sealed = XChaCha20Poly1305.seal(
            SecretBytes(copying: plaintext),
            key: try secret(key),
            nonce: try bytes("404142434445464748494a4b4c4d4e4f5051525354555657"),
            associatedData: try bytes(associated)
        )
        #expect(Hex.encode(sealed.prefix(16)) == "bd6d179d3e83d43b9576579493c0e939")
        #expect(Hex.encode(sealed.suffix(16)) == "c0875924c1c7987947deafd8780acf49")
    }

    @Test func `a counter is 4 zero bytes and 8 little-endian ones`() throws {
        let byCounter = ChaCha20Poly1305.seal([1, 2], key: try secret(key), counter: 0x0102, associatedData: [])
        let byNonce = ChaCha20Poly1305.seal(
            [1, 2],
            key: try secret(key),
            nonce: [0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0],
            associatedData: []
        )
        #expect(byCounter == byNonce)
    }

    @Test func `another key, counter, text or associated data opens nothing`() throws {
        let sealed = ChaCha20Poly1305.seal([1, 2, 3], key: try secret(key), counter: 5, associatedData: [9])
        func open(_ text: [UInt8], _ key: String, _ counter: UInt64, _ data: [UInt8]) throws -> [UInt8]? {
            ChaCha20Poly1305.open(text, key: try secret(key), counter: counter, associatedData: data)
        }
        #expect(try open(sealed, key, 5, [9]) == [1, 2, 3])
        #expect(try open(sealed, String(key.reversed()), 5, [9]) == nil)
        #expect(try open(sealed, key, 6, [9]) == nil)
        #expect(try open(sealed, key, 5, []) == nil)
        #expect(try open(sealed.dropLast() + [], key, 5, [9]) == nil)
        #expect(try open([], key, 5, [9]) == nil)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 0x80
            #expect(try open(changed, key, 5, [9]) == nil)
        }
    }

    @Test func `a stored secret opens with its own key, nonce and data only`() throws {
        let nonce = [UInt8](repeating: 3, count: 24)
        let sealed = XChaCha20Poly1305.seal(
            SecretBytes(copying: [1, 2, 3]),
            key: try secret(key),
            nonce: nonce,
            associatedData: [9]
        )
        func open(_ text: [UInt8], _ key: String, _ nonce: [UInt8], _ data: [UInt8]) throws -> String? {
            XChaCha20Poly1305.open(text, key: try secret(key), nonce: nonce, associatedData: data)?.hex()
        }
        #expect(try open(sealed, key, nonce, [9]) == "010203")
        #expect(try open(sealed, String(key.reversed()), nonce, [9]) == nil)
        #expect(try open(sealed, key, nonce.map { $0 + 1 }, [9]) == nil)
        #expect(try open(sealed, key, nonce, []) == nil)
        #expect(try open(sealed.dropLast() + [], key, nonce, [9]) == nil)
        #expect(try open(Array(sealed.prefix(16)), key, nonce, [9]) == nil)
    }

    @Test func `Wycheproof's ChaCha20-Poly1305 cases are decided as published`() throws {
        for test in try File.cases("wycheproof/chacha20_poly1305_test.json", ivSize: 96) {
            let sealed = try bytes(test.ct + test.tag)
            let opened = ChaCha20Poly1305.open(
                sealed,
                key: try secret(test.key),
                nonce: try bytes(test.iv),
                associatedData: try bytes(test.aad)
            )
            #expect(opened.map { Hex.encode($0) } == (test.result == "valid" ? test.msg : nil), "case \(test.tcId)")
            if test.result == "valid" {
                let again = ChaCha20Poly1305.seal(
                    try bytes(test.msg),
                    key: try secret(test.key),
                    nonce: try bytes(test.iv),
                    associatedData: try bytes(test.aad)
                )
                #expect(again == sealed, "case \(test.tcId)")
            }
        }
    }

    @Test func `Wycheproof's XChaCha20-Poly1305 cases are decided as published`() throws {
        // A secret has at least one byte here, so the cases without a plaintext do not apply.
        let cases = try File.cases("wycheproof/xchacha20_poly1305_test.json", ivSize: 192)
        for test in cases where !test.msg.isEmpty {
            let sealed = try bytes(test.ct + test.tag)
            let opened = XChaCha20Poly1305.open(
                sealed,
                key: try secret(test.key),
                nonce: try bytes(test.iv),
                associatedData: try bytes(test.aad)
            )?.hex()
            #expect(opened == (test.result == "valid" ? test.msg : nil), "case \(test.tcId)")
            if test.result == "valid" {
                let again = XChaCha20Poly1305.seal(
                    try secret(test.msg),
                    key: try secret(test.key),
                    nonce: try bytes(test.iv),
                    associatedData: try bytes(test.aad)
                )
                #expect(again == sealed, "case \(test.tcId)")
            }
        }
    }
}
