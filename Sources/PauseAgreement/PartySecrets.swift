public import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements
public import ThresholdSigning

/// All secrets of one party, derived from its 32-byte seed: the one thing to back up (Protocol §2).
///
/// Each comes from `crypto_kdf` (keyed BLAKE2b) under an 8-byte context of its own. Nonces and salts are never derived.
public struct PartySecrets: ~Copyable, Sendable {
    /// Signs statements.
    public let identity: Ed25519SigningKey
    /// The X25519 private key of the transport, 32 bytes.
    public let transport: SecretBytes
    /// Receives shares in ceremonies.
    public let ceremonyKey: CeremonyKey
    /// What this party's dealings are derived from, 32 bytes.
    let dealing: SecretBytes
    /// Encrypts private rows of the journal, 32 bytes.
    let storage: SecretBytes
    /// Links the rows of the journal, 32 bytes.
    package let journal: SecretBytes

    public init(seed: borrowing SecretBytes) {
        identity = Ed25519SigningKey(seed: SubkeyDerivation.subkey(of: seed, context: "std-iden"))
        transport = SubkeyDerivation.subkey(of: seed, context: "std-tran")
        ceremonyKey = CeremonyKey(
            derivedBytes: SubkeyDerivation.subkey(of: seed, context: "std-cere", count: 64)
        )
        dealing = SubkeyDerivation.subkey(of: seed, context: "std-deal")
        storage = SubkeyDerivation.subkey(of: seed, context: "std-stor")
        journal = SubkeyDerivation.subkey(of: seed, context: "std-jour")
    }

    /// The public keys that the charter lists.
    public var publicKeys: PartyKeys {
        PartyKeys(
            identity: identity.publicKey,
            transport: X25519.publicKey(of: transport),
            ceremony: ceremonyKey.publicKey
        )
    }

    /// Hands the secrets to the signer of this party, and the transport key to the network.
    public consuming func signer(for party: PartyName) -> Signer {
        Signer(party: party, identity: identity, ceremonyKey: ceremonyKey, dealingSecret: dealing, storageKey: storage)
    }
}

/// The three public keys of a party as the charter lists them, 32 bytes each.
public struct PartyKeys: Hashable, Sendable {
    public let identity: Element
    public let transport: Bytes32
    public let ceremony: Element

    /// Whether the charter lists exactly these keys for the party.
    public func belong(to party: Charter.Party) -> Bool {
        party.identityKey == identity && party.transportKey == transport && party.ceremonyKey == ceremony
    }
}

extension PartyKeys: CustomStringConvertible {
    /// The three columns of a charter's `party` line.
    public var description: String {
        "ed25519:\(Base64URL.encode(identity.bytes.array)) x25519:\(Base64URL.encode(transport.array)) "
            + "ceremony:\(Base64URL.encode(ceremony.bytes.array))"
    }
}
