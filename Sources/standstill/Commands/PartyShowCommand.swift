internal import ArgumentParser
internal import CryptoPrimitives
internal import NodeService
internal import PauseAgreement
internal import QuorumPolicy

/// Prints the public keys that belong to a key file.
struct PartyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the public keys of the party in a directory."
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let configuration = try node.configuration()
        let file = try KeyFile.read(at: configuration.key)
        let secret = try passphrase.read(for: file.party, configured: configuration.passphraseFile)
        let seed = try file.seed(passphrase: secret)
        try PublicKeys(party: file.party, PartySecrets(seed: seed).publicKeys).show(output)
    }
}

/// A party's three public keys, as the charter's party line wants them.
struct PublicKeys: Encodable {
    let party: String
    let ed25519: String
    let x25519: String
    let ceremony: String

    init(party: PartyName, _ keys: PartyKeys) {
        self.party = party.text
        ed25519 = Base64URL.encode(keys.identity.bytes.array)
        x25519 = Base64URL.encode(keys.transport.array)
        ceremony = Base64URL.encode(keys.ceremony.bytes.array)
    }

    func show(_ output: OutputFormat) throws {
        if output.isJSON {
            try Console.json(self)
        } else {
            Console.data("ed25519:\(ed25519) x25519:\(x25519) ceremony:\(ceremony)")
        }
    }
}
