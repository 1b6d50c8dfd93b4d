package import CryptoPrimitives
internal import NodeStore
package import PauseAgreement
package import QuorumPolicy
package import SignedStatements
internal import SystemCalls

/// What a party needs on a new machine, in one file: encrypted seed, charter, configuration and high-water number.
///
/// Never the journal: a node that goes on from an old one signs a second statement under a used number (Protocol §10).
package struct Backup: Hashable, Sendable {
    /// The file itself.
    package let bytes: [UInt8]
    package let party: PartyName
    /// When it was made, by the clock of the machine.
    package let made: Instant
    /// The highest number that this party had signed; 0 before the first statement.
    package let highWater: Int
    /// nil in a backup from before there was a charter.
    package let charter: Charter?
    let keyFile: KeyFile
    let configuration: NodeConfiguration

    /// The most that a backup file may measure: 1,118,208 bytes.
    package static let maximumBytes =
        CharterLimits.size + NodeConfiguration.maximumBytes + KeyFile.maximumBytes + BackupText.maximumHeadBytes

    /// SHA-256 of the file.
    package var digest: Bytes32 { SHA256.hash(bytes) }

    /// What is to be backed up of a node's directory now, whether or not its node runs; changes nothing.
    package init(of directory: NodeDirectory, at now: Instant) throws(NodeFailure) {
        let text: [UInt8]
        do throws(SetupError) {
            text = try NodeConfiguration.bytes(at: directory.configuration)
            configuration = try NodeConfiguration.parse(text, file: directory.configuration)
            keyFile = try KeyFile.read(at: configuration.key)
        } catch {
            throw .setup(error)
        }
        guard keyFile.party == configuration.party else {
            throw .keyOfAnother(keyFile.party, expected: configuration.party, path: configuration.key)
        }
        party = configuration.party
        made = now
        charter = try Self.charter(of: configuration)
        highWater = try Self.highWater(of: configuration, charter: charter)
        bytes = BackupText.encode(
            BackupText.Parts(
                party: party,
                charter: charter?.id,
                made: now,
                highWater: highWater,
                keyFile: Array(KeyFileText.text(of: keyFile).utf8),
                configuration: text,
                charterFile: charter?.bytes
            )
        )
    }

    /// Reads a backup and checks that it is whole and that its parts belong together; needs no passphrase.
    package init(_ bytes: [UInt8], path: String) throws(BackupError) {
        let parts = try BackupText.decode(bytes, path: path)
        do throws(SetupError) {
            keyFile = try KeyFileText.parse(parts.keyFile, path: "party.key in \(path)")
            configuration = try NodeConfiguration.parse(parts.configuration, file: "node.yaml in \(path)")
        } catch {
            throw .inconsistent(path: path, detail: error.description)
        }
        guard keyFile.party == parts.party, configuration.party == parts.party else {
            throw .inconsistent(path: path, detail: "its parts name different parties")
        }
        charter = try Self.charter(in: parts, path: path)
        self.bytes = bytes
        party = parts.party
        made = parts.made
        highWater = parts.highWater
    }

    /// Opens the seed in locked memory and compares what follows from it with the charter; says the public keys.
    package func verify(passphrase: borrowing SecretBytes, path: String) throws(BackupError) -> PartyKeys {
        let keys: PartyKeys
        do throws(SetupError) {
            keys = PartySecrets(seed: try keyFile.seed(passphrase: passphrase)).publicKeys
        } catch .wrongPassphraseOrDamaged {
            // The checksum holds, so the ciphertext is the one that was written.
            throw .wrongPassphrase(path: path, party)
        } catch {
            throw .unusable(error)
        }
        if let charter {
            guard let member = charter.party(party) else { throw .notInCharter(path: path, party, charter.id) }
            guard keys.belong(to: member) else { throw .otherKeys(path: path, party, charter.id) }
        }
        return keys
    }

    private static func charter(of configuration: NodeConfiguration) throws(NodeFailure) -> Charter? {
        do throws(SystemError) {
            _ = try FileFacts(ofPath: configuration.charter)
        } catch {
            if error.reason == .notFound { return nil }
            throw .setup(.inaccessible(error))
        }
        let charter = try NodeStart.readCharter(at: configuration.charter)
        guard charter.party(configuration.party) != nil else {
            throw .notInCharter(configuration.party, known: charter.parties.map(\.name))
        }
        return charter
    }

    private static func highWater(of configuration: NodeConfiguration, charter: Charter?) throws(NodeFailure) -> Int {
        guard let charter else { return 0 }
        let owner = JournalOwner(party: configuration.party, charter: charter.id)
        do throws(StoreError) {
            return try HighWater.stored(at: NodeDirectory(path: configuration.data).highWater, owner: owner) ?? 0
        } catch {
            throw .store(error)
        }
    }

    private static func charter(in parts: BackupText.Parts, path: String) throws(BackupError) -> Charter? {
        guard let bytes = parts.charterFile else { return nil }
        let charter: Charter
        do throws(CharterError) {
            charter = try Charter(bytes)
        } catch {
            throw .inconsistent(path: path, detail: "its charter: \(error)")
        }
        guard charter.id == parts.charter else {
            throw .inconsistent(path: path, detail: "its charter is not the one that its head names")
        }
        guard charter.party(parts.party) != nil else { throw .notInCharter(path: path, parts.party, charter.id) }
        return charter
    }
}
