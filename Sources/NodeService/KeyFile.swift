package import CryptoPrimitives
package import QuorumPolicy
internal import SystemCalls

/// A party's seed, encrypted under a passphrase: the one file to back up.
///
/// The seed (32 bytes) is sealed with XChaCha20-Poly1305 under a key from Argon2id. Everything before the ciphertext,
/// the party's name included, is its associated data, so a file cannot be passed off as another party's.
package struct KeyFile: Hashable, Sendable {
    package let path: String
    package let party: PartyName
    /// What one guess at the passphrase costs.
    package let cost: PassphraseKey.Cost
    let salt: [UInt8]
    let nonce: [UInt8]
    let sealedSeed: [UInt8]

    /// A key file has about 270 bytes.
    static let maximumBytes = 1024

    /// Writes a new key file with mode 0600, durable when this returns; fails when anything stands at the path.
    ///
    /// `seed` is 32 bytes. There is no way to write over a file: a lost key is a party that cannot take part again.
    package static func create(
        at path: String,
        party: PartyName,
        seed: borrowing SecretBytes,
        passphrase: borrowing SecretBytes,
        cost: PassphraseKey.Cost = .moderate
    ) throws(SetupError) -> KeyFile {
        precondition(seed.count == 32, "a seed is 32 bytes")
        guard !SeededRandomness.isInUse else { throw .foreseeableRandomness }
        let salt = PublicRandom.bytes(count: PassphraseKey.saltCount)
        let nonce = PublicRandom.bytes(count: XChaCha20Poly1305.nonceCount)
        guard let key = PassphraseKey.derive(from: passphrase, salt: salt, cost: cost) else {
            throw .notEnoughMemory(bytes: cost.memoryBytes)
        }
        let head = KeyFileText.head(party: party, cost: cost, salt: salt, nonce: nonce)
        let sealed = XChaCha20Poly1305.seal(seed, key: key, nonce: nonce, associatedData: Array(head.utf8))
        let file = KeyFile(path: path, party: party, cost: cost, salt: salt, nonce: nonce, sealedSeed: sealed)
        do {
            try AtomicFile.create(path, content: Array(KeyFileText.text(of: file).utf8))
        } catch {
            guard error.reason == .alreadyExists else { throw .cannotCreate(error) }
            throw .exists(path: path)
        }
        return file
    }

    /// Reads a key file that belongs to this user and that nobody else may read; needs no passphrase.
    package static func read(at path: String) throws(SetupError) -> KeyFile {
        let bytes = try PrivateFile.read(path, what: "key file", maximumBytes: maximumBytes)
        return try KeyFileText.parse(bytes, path: path)
    }

    /// Reads the bytes of a key file; `path` is for errors.
    package static func parse(_ bytes: [UInt8], path: String) throws(SetupError) -> KeyFile {
        try KeyFileText.parse(bytes, path: path)
    }

    /// The file as it is written.
    package var text: String { KeyFileText.text(of: self) }

    /// The seed, 32 bytes.
    ///
    /// Throws ``SetupError/wrongPassphraseOrDamaged(path:)`` for either of the two.
    package func seed(passphrase: borrowing SecretBytes) throws(SetupError) -> SecretBytes {
        guard let key = PassphraseKey.derive(from: passphrase, salt: salt, cost: cost) else {
            throw .notEnoughMemory(bytes: cost.memoryBytes)
        }
        let head = KeyFileText.head(party: party, cost: cost, salt: salt, nonce: nonce)
        let seed = XChaCha20Poly1305.open(sealedSeed, key: key, nonce: nonce, associatedData: Array(head.utf8))
        guard let seed else { throw .wrongPassphraseOrDamaged(path: path) }
        return seed
    }
}
