internal import ArgumentParser
internal import CryptoPrimitives
internal import NodeService
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

/// Makes a party's secret seed and the directory of its node.
struct PartyInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a party's keys and the directory of its node.",
        discussion: """
            Writes party.key, the seed under a passphrase, and node.yaml, and prints the three public keys as the \
            charter's party line wants them. Nothing is ever written over.
            """
    )

    /// How much work one guess at the passphrase is.
    enum Cost: String, CaseIterable, ExpressibleByArgument {
        case interactive, moderate

        var cost: PassphraseKey.Cost {
            switch self {
            case .interactive: .interactive
            case .moderate: .moderate
            }
        }
    }

    @Argument(help: "The party's name as the charter will spell it, such as lab.aster.")
    var name: String

    @Option(help: ArgumentHelp("The directory to make or fill.", valueName: "directory"))
    var directory: String

    @Option(help: ArgumentHelp("The charter's path, relative to the directory.", valueName: "path"))
    var charter = "charter"

    @Option(help: ArgumentHelp("Accept peers here; by default 0.0.0.0:7411.", valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp("Tell peers to dial this address; may be repeated.", valueName: "host:port"))
    var announce: [String] = []

    @OptionGroup var passphrase: PassphraseOption

    @Option(help: "What a guess at the passphrase costs: interactive, 64 MiB, or moderate, 256 MiB.")
    var cost = Cost.moderate

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let party = try partyName()
        let listen = try listen.map(Self.address)
        let announce = try announce.map(Self.address)
        let home = NodeDirectory(path: directory)
        do throws(SetupError) { try home.create() } catch .wrongKind(let path, _) {
            throw SetupError.exists(path: path)
        }
        // Nobody should type a passphrase for nothing.
        for path in [home.key, home.configuration] where (try? FileFacts(ofPath: path)) != nil {
            throw SetupError.exists(path: path)
        }
        let secret = try passphrase.readNew(for: party)
        let seed = SecretBytes.random(count: 32)
        _ = try KeyFile.create(at: home.key, party: party, seed: seed, passphrase: secret, cost: cost.cost)
        let text = NodeConfiguration.firstText(party: party, charter: charter, listen: listen, announce: announce)
        try NodeConfiguration.create(at: home.configuration, text: text)
        try PublicKeys(party: party, PartySecrets(seed: seed).publicKeys).show(output)
        Console.people(advice(home))
    }

    private func partyName() throws(CommandFailure) -> PartyName {
        do {
            return try PartyName(name)
        } catch {
            throw CommandFailure(
                "\"\(name)\" cannot be a party's name",
                hint: "use 1 to 64 characters of a-z, 0-9 and - . _ /, such as lab.aster",
                exitStatus: ExitStatus.usage
            )
        }
    }

    private static func address(_ text: String) throws(CommandFailure) -> PeerAddress {
        guard let address = PeerAddress(text) else {
            throw CommandFailure(
                "\"\(text)\" is not an address",
                hint: "write a host and a port in lower case, such as node.example.org:7411 or [2001:db8::1]:7411",
                exitStatus: ExitStatus.usage
            )
        }
        return address
    }

    private func advice(_ home: NodeDirectory) -> String {
        """
        \(directory)/
          party.key   the seed under the passphrase, which `standstill backup create` backs up
          node.yaml   the node's settings

        next: 1. send the line above to whoever writes the charter (`standstill charter new --party`)
              2. put the agreed charter at the path that node.yaml names, \(charter)
              3. `standstill charter ratify --directory \(directory)`, then `standstill node run --directory \(directory)`
              4. `standstill backup create --directory \(directory) --to FILE`; keep file and passphrase apart
        """
    }
}
