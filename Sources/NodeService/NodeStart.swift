package import CryptoPrimitives
internal import Foundation
package import NodeStore
package import PauseAgreement
internal import QuorumPolicy
package import SignedStatements

/// A node that is set up but not connected: its directory locked, its journal read, its secrets in memory.
///
/// Everything that can be wrong with files, keys and charter is found here, before a port is opened. A journal that is
/// damaged or cannot be written to is no obstacle: the node then serves what can be read, and ``Journal/failure`` says why
/// it does no more.
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
    /// What the files show against signing; nil when nothing does.
    let abstention: Abstention.Cause?
    /// Ends with whoever holds it last; the loop takes it over.
    let lock: DirectoryLock

    /// Opens a node's directory for its one process; the passphrase unlocks the key file.
    ///
    /// Paths of the configuration are absolute or relative to the process; `journalPages` limits the journal's size.
    package init(
        _ configuration: NodeConfiguration,
        passphrase: borrowing SecretBytes,
        journalPages: Int? = nil
    ) throws(NodeFailure) {
        guard !SeededRandomness.isInUse else { throw .setup(.foreseeableRandomness) }
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
        let opened = try Self.open(directory, owner, journalKey, journalPages)
        let journal = opened.journal
        let restored = Self.replay(journal, into: &participant)
        let number = participant.agreement.ownStatementNumber
        let highWater = try Self.highWater(at: directory.highWater, owner, journalNumber: number)
        if let failure = highWater.failure { journal.stop(after: journal.count, because: failure) }
        abstention = Abstention.Cause(highWater.standing, isRestored: RestorationMark.stands(in: directory))
        if abstention != nil { participant.suspect() }
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
        _ key: borrowing SecretBytes,
        _ pages: Int?
    ) throws(NodeFailure) -> Opened {
        do throws(StoreError) {
            let lock = try DirectoryLock(file: directory.lock)
            let journal = try Journal(
                at: directory.journal,
                owner: owner,
                key: key,
                makesMissing: true,
                maximumPages: pages
            )
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

    /// Takes in a journal up to its end, or up to the first row that is not what was written: there the journal ends from
    /// then on, for reading only.
    static func replay(_ journal: Journal, into participant: inout Participant) -> Int {
        var replay = JournalReplay(journal)
        var position = 0
        do throws(StoreError) {
            while true {
                let batch = try replay.next()
                guard !batch.isEmpty else { return position }
                for row in batch {
                    do throws(ParticipantError) {
                        try participant.restore(own: row.record.get(), at: row.at)
                    } catch {
                        throw .damaged(path: journal.path, detail: "the entry at position \(row.position): \(error)")
                    }
                    position = row.position
                }
            }
        } catch {
            journal.stop(after: position, because: error)
            return position
        }
    }
}
