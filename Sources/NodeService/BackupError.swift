package import QuorumPolicy
package import SignedStatements

/// What is wrong with a backup file; each text ends with what to do.
package enum BackupError: Error, Hashable, Sendable {
    /// The file does not begin as a backup does, or is longer than one can be.
    case notABackup(path: String)
    /// The checksum at the end is not there.
    case cutShort(path: String)
    /// The checksum does not fit the content.
    case damaged(path: String)
    /// The checksum fits, but the parts do not fit each other: nobody's disk did that.
    case inconsistent(path: String, detail: String)
    /// The file is whole and the seed does not open.
    case wrongPassphrase(path: String, PartyName)
    /// The charter in it names no such party.
    case notInCharter(path: String, PartyName, CharterID)
    /// The charter in it lists other keys for the party than follow from the seed.
    case otherKeys(path: String, PartyName, CharterID)
    /// The file cannot be read, or there is not enough memory to derive the key.
    case unusable(SetupError)
}

extension BackupError {
    /// The exit status that tells a script what happened (BSD `sysexits`).
    package var exitStatus: Int32 {
        switch self {
        case .notABackup, .cutShort, .damaged, .inconsistent, .notInCharter, .otherKeys: 65
        case .wrongPassphrase: 77
        case .unusable(let error): error.exitStatus
        }
    }
}

extension BackupError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notABackup(let path):
            "\(path) is not a backup of this program; hint: `standstill backup create` writes one"
        case .cutShort(let path):
            "\(path) does not end with its checksum: it was cut short; hint: take another copy of the backup"
        case .damaged(let path):
            "\(path) is damaged: its checksum does not fit; hint: take another copy of the backup"
        case .inconsistent(let path, let detail):
            "\(path) was put together by something else than this program: \(detail); "
                + "hint: do not use it; take a copy that nobody could change"
        case .wrongPassphrase(let path, let party):
            "the passphrase is wrong: \(path) is whole, and its key of \(party) does not open; "
                + "hint: try the passphrase that the key file had when the backup was made"
        case .notInCharter(let path, let party, let charter):
            "the charter \(charter) in \(path) names no party \(party); "
                + "hint: put the agreed charter into the node's directory and make a new backup"
        case .otherKeys(let path, let party, let charter):
            "the charter \(charter) in \(path) lists other keys for \(party) than the backup's seed gives; "
                + "hint: back up the key file whose public keys were put into the charter"
        case .unusable(let error): error.description
        }
    }
}
