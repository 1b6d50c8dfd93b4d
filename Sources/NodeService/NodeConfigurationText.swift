package import QuorumPolicy
package import SignedStatements

extension NodeConfiguration {
    /// The text of a first configuration: the values given, and every other key as a comment with its default.
    ///
    /// `charter` is written as it is, so a relative path stays relative to the file.
    package static func firstText(
        party: PartyName,
        charter: String,
        listen: PeerAddress? = nil,
        announce: [PeerAddress] = []
    ) -> String {
        """
        # The node of one party. Paths are relative to this file. Unknown keys are errors.

        # The party this node is, as the charter spells it.
        party: \(party)

        # The charter that was agreed, byte for byte.
        charter: \(quoted(charter))

        # The party's encrypted seed: `standstill backup create` backs it up; keep the passphrase elsewhere.
        # key: party.key

        # Where the journal is kept: on a local disk, in a directory of mode 0700, never restored from a backup.
        # data: .

        # The address to accept peers on.
        \(listen.map { "listen: \(quoted($0.description))" } ?? "# listen: 0.0.0.0:\(defaultPort)")

        # The addresses peers are told to dial, at most \(maximumAnnounced). Without any, only this node dials.
        \(announcement(announce))

        # Addresses to dial instead of those that peers announce.
        # peers:
        #   lab.example: node.lab.example:\(defaultPort)

        # The socket through which commands on this machine reach the node.
        # socket: socket

        # trace, debug, info, notice, warning, error or critical; text or json.
        # log-level: info
        # log-format: text

        # A file of mode 0600 with the passphrase, for a node that must start without anybody asking.
        # A systemd credential named \(PassphraseSource.credentialName) is better, typing it is best.
        # passphrase-file: passphrase

        # Metrics for Prometheus, /healthz and /readyz: on this machine only, unless metrics-host names the host that
        # other machines ask for.
        # metrics: 127.0.0.1:9464
        # metrics-host: node.example.org

        """
    }

    private static func announcement(_ addresses: [PeerAddress]) -> String {
        guard !addresses.isEmpty else {
            return "# announce:\n#   - node.example.org:\(defaultPort)"
        }
        return (["announce:"] + addresses.map { "  - \(quoted($0.description))" }).joined(separator: "\n")
    }

    /// A YAML text in double quotes, whatever is in it.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
