import CryptoPrimitives
import Foundation
import TestSupport
import Testing

@Suite struct X25519Tests {
    @Test func `keys and secrets are those of RFC 7748`() throws {
        // RFC 7748 §5.2, first vector, and Bob's half of §6.1.
        let scalar = try secret("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
        let point = try bytes32("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
        let product = X25519.sharedSecret(scalar, point)?.hex()
        #expect(product == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
        let bob = try secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
        let alice = try bytes32("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        let publicKey = X25519.publicKey(of: bob)
        #expect("\(publicKey)" == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let shared = X25519.sharedSecret(bob, alice)?.hex()
        #expect(shared == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    }

    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    ])
    func `a peer's key of small order gives no secret`(key: String) throws {
        let isRefused = X25519.sharedSecret(SecretBytes.random(count: 32), try bytes32(key)) == nil
        #expect(isRefused)
    }

    @Test func `both sides agree`() throws {
        let one = SecretBytes.random(count: 32)
        let other = SecretBytes.random(count: 32)
        guard
            let first = X25519.sharedSecret(one, X25519.publicKey(of: other)),
            let second = X25519.sharedSecret(other, X25519.publicKey(of: one))
        else {
            Issue.record("random keys have a secret")
            return
        }
        #expect(first.isEqual(to: second) == true)
    }

    @Test func `Wycheproof's secrets are reproduced, and zero is refused`() throws {
        struct File: Decodable {
            struct Group: Decodable {
                struct Case: Decodable {
                    let tcId: Int
                    let `public`: String
                    let `private`: String
                    let shared: String
                }
                let tests: [Case]
            }
            let testGroups: [Group]
        }
        guard let file = RepositoryFiles.external("wycheproof/x25519_test.json") else { return }
        for test in try RepositoryFiles.decode(File.self, from: file).testGroups.flatMap(\.tests) {
            let isZero = test.shared == String(repeating: "0", count: 64)
            let publicKey = try bytes32(test.public)
            let shared = X25519.sharedSecret(try secret(test.private), publicKey)?.hex()
            #expect(shared == (isZero ? nil : test.shared), "case \(test.tcId)")
        }
    }
}
