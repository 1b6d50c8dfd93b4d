package import CryptoPrimitives
internal import Foundation
package import NodeStore
package import PauseAgreement
internal import QuorumPolicy
package import SignedStatements

/// A node that is set up but not connected: its directory locked, its journal read, its secrets in memory.
///
/// Everything that can be wrong with files, keys and charter is found here, before a port is opened.
package struct NodeStart: ~Copyable {
    package let configuration: NodeConfiguration
    package let charter: Charter
    package let journal: Journal
    package var participant: Participant
    package var highWater: HighWater
    /// The transport private key, for the network.
    package let transportKey: SecretBytes
    package let transportPublicKey: Bytes32
    /// How many journal rows were read.
    package let restored: Int
    private let lock: DirectoryLock

    /// Opens a node's directory for its one process; the passphrase unlocks the key file.
    ///
    /// Paths of the configuration are absolute or relative to the process.
    package init(
        _ configuration: NodeConfiguration,
        passphrase: borrowing SecretBytes
    ) throws(NodeFailure) {
        do throws(SelfTestFailure) { try SelfTest.run() } catch { throw .library(error.description) }
        let charter = try Self.readCharter(at: configuration.charter)
        let secrets = try Self.unlock(configuration, charter: charter, passphrase: passphrase)
        let transportPublicKey = secrets.publicKeys.transport
        let transportKey = secrets.transport.duplicate()
        let journalKey = secrets.journal.duplicate()
        var participant = Participant(charter: charter, signer: secrets.signer(for: configuration.party))

        let directory = NodeDirectory(path: configuration.data)
        do throws(SetupError) { try directory.create() } catch { throw .setup(error) }
        let owner = JournalOwner(party: configuration.party, charter: charter.id)
        let opened = try Self.open(directory, owner, journalKey)
        let journal = opened.journal
        let restored = try Self.replay(journal, into: &participant)
        let number = participant.agreement.ownStatementNumber
        let highWater = try Self.highWater(at: directory.highWater, owner, journalNumber: number)
        switch highWater.standing {
        case .consistent: break
        case .fileMissing, .journalBehind: participant.suspect()
        }
        self.highWater = highWater
        lock = opened.lock
        self.configuration = configuration
        self.charter = charter
        self.journal = journal
        self.participant = participant
        self.transportKey = transportKey
        self.transportPublicKey = transportPublicKey
        self.restored = restored
    }

    /// Reads and checks a charter file.
    package static func readCharter(at path: String) throws(NodeFailure) -> Charter {
        let bytes: [UInt8]
        do {
            bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .unreadable(path: path, "the charter cannot be read")
        }
        do throws(CharterError) {
            return try Charter(bytes)
        } catch {
            throw .charter(path: path, error)
        }
    }

    private static func unlock(
        _ configuration: NodeConfiguration,
        charter: Charter,
        passphrase: borrowing SecretBytes
    ) throws(NodeFailure) -> PartySecrets {
        guard let member = charter.party(configuration.party) else {
            throw .notInCharter(configuration.party, known: charter.parties.map(\.name))
        }
        let file: KeyFile
        do throws(SetupError) { file = try KeyFile.read(at: configuration.key) } catch { throw .setup(error) }
        guard file.party == configuration.party else {
            throw .keyOfAnother(file.party, expected: configuration.party, path: configuration.key)
        }
        let secrets: PartySecrets
        do throws(SetupError) {
            secrets = PartySecrets(seed: try file.seed(passphrase: passphrase))
        } catch {
            throw .setup(error)
        }
        guard secrets.publicKeys.belong(to: member) else {
            throw .keysNotInCharter(configuration.party, path: configuration.key)
        }
        return secrets
    }

    private struct Opened: ~Copyable {
        let lock: DirectoryLock
        let journal: Journal
    }

    private static func open(
        _ directory: NodeDirectory,
        _ owner: JournalOwner,
        _ key: borrowing SecretBytes
    ) throws(NodeFailure) -> Opened {
        do throws(StoreError) {
            let lock = try DirectoryLock(file: directory.lock)
            let journal = try Journal(at: directory.journal, owner: owner, key: key, makesMissing: true)
            return Opened(lock: lock, journal: journal)
        } catch {
            throw .store(error)
        }
    }

    private static func highWater(
        at path: String,
        _ owner: JournalOwner,
        journalNumber: Int
    ) throws(NodeFailure) -> HighWater {
        do throws(StoreError) {
            return try HighWater(at: path, owner: owner, journalNumber: journalNumber)
        } catch {
            throw .store(error)
        }
    }

    private static func replay(_ journal: Journal, into participant: inout Participant) throws(NodeFailure) -> Int {
        var position = 0
        while true {
            let rows: [JournalRow]
            do throws(StoreError) { rows = try journal.entries(after: position, limit: 1024) } catch {
                throw .store(error)
            }
            guard let last = rows.last else { return position }
            do throws(ParticipantError) {
                for row in rows {
                    try participant.restore(row)
                }
            } catch {
                throw .journal(error)
            }
            position = last.position
        }
    }
}
