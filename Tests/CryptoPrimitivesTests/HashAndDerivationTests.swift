import CryptoPrimitives
import Testing

@Suite struct HashAndDerivationTests {
    @Test func `digests of "abc" are those of FIPS 180-4`() {
        #expect(
            "\(SHA256.hash(Array("abc".utf8)))"
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            Hex.encode(SHA512.hash(Array("abc".utf8)))
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        )
    }

    @Test func `hashing secrets piece by piece is hashing their concatenation`() throws {
        let scalar = try #require(Scalar(encoding: Scalar(77).bytes))
        guard let secretScalar = SecretScalar(encoding: SecretBytes(copying: scalar.bytes.array)) else {
            Issue.record("77 is a canonical scalar")
            return
        }
        var hasher = SecretHasher()
        hasher.update([1, 2, 3])
        hasher.update(SecretBytes(copying: [4, 5]))
        hasher.update(Bytes32.zero)
        hasher.update(secretScalar)
        let expected = SHA512.hash([1, 2, 3, 4, 5] + [UInt8](repeating: 0, count: 32) + scalar.bytes.array)
        #expect(hasher.finish().hex() == Hex.encode(expected))
    }

    @Test func `Noise's key derivation is HKDF with SHA-256`() throws {
        // RFC 5869, test case 3: an absent salt is a key of zeros, the info is empty.
        let pair = NoiseHKDF.derive2(
            chainingKey: SecretBytes(copying: [UInt8](repeating: 0, count: 32)),
            inputKeyMaterial: SecretBytes(copying: [UInt8](repeating: 0x0b, count: 22))
        )
        #expect(pair.first.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        #expect(pair.second.hex().hasPrefix("9d201395faa4b61a96c8") == true)
    }

    @Test func `subkeys are keyed BLAKE2b with index and context`() {
        let seed = SecretBytes(copying: Array(0..<32))
        let identity = SubkeyDerivation.subkey(of: seed, context: "identity")
        #expect(identity.hex() == "2d0087586aab4d721de354d46dd5738cef1333329b7a0917cca982a2e459f859")
        let ceremony = SubkeyDerivation.subkey(of: seed, context: "ceremony", index: 7, count: 64)
        #expect(
            ceremony.hex() == "df467b2e76fbb76fe0c4cac335a86aa02095667ec13a8f6e14ff9e91ab9ba331"
                + "e7147f684c3621d6a0dbfee8afc708362f3d0d42127145f7d629900d90a8db12"
        )
    }

    @Test func `a keyed hash is BLAKE2b of 32 bytes, as Python's hashlib computes it`() {
        #expect(
            "\(KeyedHash.tag(of: Array(0..<200), key: SecretBytes(copying: Array(0..<32))))"
                == "a39ff6e7e838226fd50e24a55375ff3a39419fd93e32cc463f3f74323291c425"
        )
        #expect(
            "\(KeyedHash.tag(of: [], key: SecretBytes(copying: Array(0..<64))))"
                == "2fa9fbd9be36437de204e139e97d402bce68c828f43391608c891b5faed8a98a"
        )
    }

    @Test func `a passphrase gives the same key again, and another with any other input`() throws {
        let cost = try #require(PassphraseKey.Cost(operations: 1, memoryBytes: 8192))
        let dearer = try #require(PassphraseKey.Cost(operations: 2, memoryBytes: 8192))
        let salt = [UInt8](repeating: 1, count: 16)
        let otherSalt = [UInt8](repeating: 2, count: 16)
        func key(_ passphrase: String, _ salt: [UInt8], _ cost: PassphraseKey.Cost) -> String? {
            PassphraseKey.derive(from: SecretBytes(copying: Array(passphrase.utf8)), salt: salt, cost: cost)?.hex()
        }
        let first = try #require(key("a long enough one", salt, cost))
        #expect(key("a long enough one", salt, cost) == first)
        #expect(key("a long enough two", salt, cost) != first)
        #expect(key("a long enough one", otherSalt, cost) != first)
        #expect(key("a long enough one", salt, dearer) != first)
    }

    @Test(arguments: [(0, 8192), (17, 8192), (1, 8191), (1, (1 << 30) + 1)] as [(UInt64, Int)])
    func `a cost outside the limits is refused`(operations: UInt64, memory: Int) {
        #expect(PassphraseKey.Cost(operations: operations, memoryBytes: memory) == nil)
    }
}
