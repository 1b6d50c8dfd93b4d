internal import ArgumentParser
internal import CryptoPrimitives
internal import Foundation
internal import NodeService
internal import QuorumPolicy

/// Where a party's node lives.
struct NodeLocation: ParsableArguments {
    @Option(help: ArgumentHelp("The node's directory, which holds its node.yaml.", valueName: "directory"))
    var directory = "."

    /// What the operator has decided in the directory's node.yaml.
    func configuration() throws(SetupError) -> NodeConfiguration {
        try NodeConfiguration.read(at: NodeDirectory(path: directory).configuration)
    }

    /// The running node of the directory.
    func client() throws(SetupError) -> NodeClient {
        NodeClient(try configuration(), directory: directory)
    }
}

/// How results are printed.
struct OutputFormat: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print one line of JSON instead of text.")
    var isJSON = false
}

/// Where the passphrase of a key file comes from.
struct PassphraseOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file of mode 0600 with the passphrase; without it, the terminal is asked.",
            valueName: "file"
        )
    )
    var passphraseFile: String?

    /// The passphrase of a key that exists.
    func read(for party: PartyName, configured: String? = nil) throws(SetupError) -> SecretBytes {
        try source(configured).read(prompt: "passphrase of \(party): ")
    }

    /// The passphrase for a key that is to be made.
    func readNew(for party: PartyName) throws(SetupError) -> SecretBytes {
        try source(nil).readNew(prompt: "new passphrase of \(party), at least 12 characters: ")
    }

    private func source(_ configured: String?) throws(SetupError) -> PassphraseSource {
        try PassphraseSource.find(file: passphraseFile ?? configured, environment: ProcessInfo.processInfo.environment)
    }
}
