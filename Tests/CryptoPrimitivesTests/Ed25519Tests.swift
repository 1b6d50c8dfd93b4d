import CryptoPrimitives
import Foundation
import TestSupport
import Testing

@Suite struct Ed25519Tests {
    struct Published: Sendable {
        let secretKey: String
        let publicKey: String
        let message: String
        let signature: String
    }

    /// RFC 8032 §7.1, tests 1 to 3.
    static let published = [
        Published(
            secretKey: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        Published(
            secretKey: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        Published(
            secretKey: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test(arguments: published)
    func `keys and signatures are those of RFC 8032`(vector: Published) throws {
        let key = Ed25519SigningKey(seed: try secret(vector.secretKey))
        let message = try bytes(vector.message)
        #expect("\(key.publicKey.bytes)" == vector.publicKey)
        #expect(Hex.encode(key.sign(message)) == vector.signature)
        #expect(Ed25519.verify(try bytes(vector.signature), of: message, by: key.publicKey) == true)
    }

    @Test func `one changed bit anywhere is refused`() throws {
        let vector = Self.published[2]
        let key = try #require(Element(encoding: try bytes32(vector.publicKey)))
        let signature = try bytes(vector.signature)
        let message = try bytes(vector.message)
        for bit in 0..<512 {
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!Ed25519.verify(changed, of: message, by: key))
        }
        #expect(!Ed25519.verify(signature, of: message + [0], by: key))
        #expect(!Ed25519.verify(signature.dropLast() + [], of: message, by: key))
        #expect(!Ed25519.verify(signature + [0], of: message, by: key))
        #expect(!Ed25519.verify([], of: message, by: key))
    }

    @Test func `S is below L`() throws {
        let vector = Self.published[0]
        let key = try #require(Element(encoding: try bytes32(vector.publicKey)))
        var signature = try bytes(vector.signature)
        let order = try bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry: UInt16 = 0
        for index in 0..<32 {
            carry += UInt16(signature[32 + index]) + UInt16(order[index])
            signature[32 + index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        #expect(!Ed25519.verify(signature, of: [], by: key))
    }

    @Test func `a public key outside the prime-order subgroup verifies nothing`() throws {
        let vector = Self.published[1]
        let torsion = UncheckedElement(try bytes32("ec" + String(repeating: "ff", count: 30) + "7f"))
        let sum = UncheckedElement(try bytes32(vector.publicKey)) + torsion
        let mixed = try #require(sum)
        #expect(!Ed25519.verify(try bytes(vector.signature), of: [0x72], byEncoded: mixed.bytes))
        #expect(Ed25519.verify(try bytes(vector.signature), of: [0x72], byEncoded: try bytes32(vector.publicKey)))
    }

    /// Signatures on which verifiers of the field disagree: the strict rule accepts exactly this many.
    @Test func `of speccheck's 12 cases none is accepted`() throws {
        struct Case: Decodable {
            let message: String
            let pubKey: String
            let signature: String
        }
        guard let file = RepositoryFiles.external("speccheck/cases.json") else { return }
        let accepted = try RepositoryFiles.decode([Case].self, from: file).count { vector in
            try accepts(vector.signature, try bytes(vector.message), vector.pubKey)
        }
        #expect(accepted == 0)
    }

    @Test func `of CCTV's 914 cases 1 is accepted`() throws {
        struct Case: Decodable {
            let key: String
            let sig: String
            let msg: String
        }
        guard let file = RepositoryFiles.external("ed25519/cctv-ed25519vectors.json") else { return }
        let cases = try RepositoryFiles.decode([Case].self, from: file)
        #expect(cases.count == 914)
        let accepted = try cases.count { try accepts($0.sig, Array($0.msg.utf8), $0.key) }
        #expect(accepted == 1)
    }

    @Test func `Wycheproof's 88 valid signatures are accepted and no other`() throws {
        struct File: Decodable {
            struct Group: Decodable {
                struct Key: Decodable {
                    let pk: String
                }
                struct Case: Decodable {
                    let tcId: Int
                    let msg: String
                    let sig: String
                    let result: String
                }
                let publicKey: Key
                let tests: [Case]
            }
            let testGroups: [Group]
        }
        guard let file = RepositoryFiles.external("wycheproof/ed25519_test.json") else { return }
        var accepted = 0
        for group in try RepositoryFiles.decode(File.self, from: file).testGroups {
            for test in group.tests {
                let isAccepted = try accepts(test.sig, try bytes(test.msg), group.publicKey.pk)
                #expect(isAccepted == (test.result == "valid"), "case \(test.tcId)")
                accepted += isAccepted ? 1 : 0
            }
        }
        #expect(accepted == 88)
    }

    @Test func `published signatures are reproduced from a file`() throws {
        struct Case: Decodable {
            let name: String
            let secretKey: String
            let publicKey: String
            let message: String
            let signature: String
        }
        guard let file = RepositoryFiles.external("ed25519/rfc8032-7.1.json") else { return }
        for vector in try RepositoryFiles.decode([Case].self, from: file) {
            let key = Ed25519SigningKey(seed: try secret(vector.secretKey))
            #expect("\(key.publicKey.bytes)" == vector.publicKey, "\(vector.name)")
            #expect(Hex.encode(key.sign(try bytes(vector.message))) == vector.signature, "\(vector.name)")
        }
    }

    private func accepts(_ signature: String, _ message: [UInt8], _ key: String) throws -> Bool {
        guard let key = Bytes32(try bytes(key)) else { return false }
        return Ed25519.verify(try bytes(signature), of: message, byEncoded: key)
    }
}
