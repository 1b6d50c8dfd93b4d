package import CryptoPrimitives
package import SystemCalls

/// Why the journal, the high-water file or the lock of a node's directory cannot be used.
package indirect enum StoreError: Error, Hashable, Sendable {
    /// There is no journal, and none was to be made.
    case missing(path: String)
    /// The system refuses to open, read or write a file.
    case inaccessible(SystemError)
    /// A directory, link or device stands where a file should be.
    case notAFile(path: String)
    /// Other users may read or write the file.
    case exposed(path: String, permissions: String)
    /// The file cannot be written to by this user.
    case readOnly(path: String)
    /// The file system is mounted for reading only.
    case readOnlyDisk(path: String)
    /// Another process has the journal open.
    case journalInUse(path: String)
    /// Another process runs in the directory.
    case directoryInUse(path: String, process: Int?)
    /// The file is a database of something else, or no database.
    case notAJournal(path: String)
    /// The journal was written by a later version of this program.
    case laterSchema(path: String, found: Int, known: Int)
    /// The journal was written by an earlier version of this program.
    case earlierSchema(path: String, found: Int, known: Int)
    /// The journal or high-water file belongs to another party or charter.
    case otherOwner(path: String, found: JournalOwner, expected: JournalOwner)
    /// The content is not what was written.
    case damaged(path: String, detail: String)
    /// The journal is damaged at its very beginning, so that nothing of it can be read, not even whose it is.
    case unreadableJournal(path: String, detail: String)
    /// The high-water file is not what was written.
    case damagedHighWater(path: String)
    /// What is written would not surely survive a power cut.
    case notDurable(path: String, detail: String)
    /// There is no room for what was to be written.
    case diskFull(path: String)
    /// The disk failed to read, write or flush.
    case inputOutput(path: String, detail: String)
    /// One entry is longer than ``JournalLimits/entryBytes``.
    case entryTooLarge(bytes: Int)
    /// The item is in the journal already, or twice in one request.
    case duplicateItem(id: Bytes32)
    /// An earlier write failed, so that nothing is written any more.
    case stopped(after: StoreError)
}

extension StoreError {
    /// Whether a disk or its content failed, so that what can still be read may be served, though nothing is written.
    package var isFault: Bool {
        switch self {
        case .diskFull, .inputOutput, .damaged, .readOnlyDisk: true
        case .missing, .inaccessible, .notAFile, .exposed, .readOnly, .journalInUse, .directoryInUse, .notAJournal,
            .laterSchema, .earlierSchema, .otherOwner, .unreadableJournal, .damagedHighWater, .notDurable,
            .entryTooLarge, .duplicateItem, .stopped:
            false
        }
    }

    /// Whether what was to be written is at fault, so that the next append may succeed.
    package var isRefusal: Bool {
        switch self {
        case .entryTooLarge, .duplicateItem: true
        default: false
        }
    }

    /// What a node that cannot remember any more tells its operator; begins with "the journal".
    package var impairment: String {
        let cause = if case .stopped(let first) = self { first } else { self }
        return "the journal takes nothing in, so this node signs nothing and only serves what it holds: \(cause)"
    }

    /// The exit status that tells a supervisor what happened (BSD `sysexits`).
    package var exitStatus: Int32 {
        switch self {
        case .journalInUse, .directoryInUse: 75
        case .diskFull, .inputOutput, .damaged, .unreadableJournal, .damagedHighWater, .notDurable, .readOnlyDisk: 74
        case .missing, .inaccessible, .notAFile, .exposed, .readOnly, .notAJournal, .laterSchema, .earlierSchema,
            .otherOwner:
            78
        case .entryTooLarge, .duplicateItem: 70
        case .stopped(let cause): cause.exitStatus
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let path):
            "there is no journal at \(path); hint: check `data` in the configuration, or initialise the party first"
        case .inaccessible(let error):
            "\(error); hint: check that the file belongs to the user the node runs as"
        case .notAFile(let path):
            "\(path) is not a regular file; hint: move it away, links are not followed"
        case .exposed(let path, let permissions):
            "\(path) has mode \(permissions), so other users may read it; hint: run `chmod 600 \(path)`"
        case .readOnly(let path):
            "\(path) cannot be written to; hint: check its owner and mode"
        case .readOnlyDisk(let path):
            "the disk of \(path) is mounted read-only; hint: find out why (dmesg names a failing disk), mount it for writing, "
                + "and restart the node"
        case .journalInUse(let path):
            "another process has the journal \(path) open; hint: stop that process, two nodes must never share a party's key"
        case .directoryInUse(let path, let process):
            "another node\(process.map { ", process \($0)," } ?? "") runs in \(path); "
                + "hint: stop it first, or give this node a directory and a party of its own"
        case .notAJournal(let path):
            "\(path) is not a journal of this program; hint: check `data` in the configuration"
        case .laterSchema(let path, let found, let known):
            "the journal \(path) has format \(found), this program knows up to \(known); hint: update the program"
        case .earlierSchema(let path, let found, let known):
            "the journal \(path) has format \(found), which only a version before the first release wrote, this program "
                + "reads \(known); hint: move the file away and keep `high-water`: the node fetches what its peers hold"
        case .otherOwner(let path, let found, let expected):
            "\(path) belongs to \(found), not to \(expected); "
                + "hint: give every party and every charter a data directory of its own"
        case .damaged(let path, let detail):
            "\(path) is damaged: \(detail); hint: \(Self.journalRemedy)"
        case .unreadableJournal(let path, let detail):
            "\(path) is damaged, and nothing of it can be read: \(detail); hint: \(Self.journalRemedy)"
        case .damagedHighWater(let path):
            "\(path) is damaged: it is not a high-water file of this version; hint: keep a copy, check the disk, move the "
                + "file away and start again: the node abstains until you confirm that it may sign"
        case .notDurable(let path, let detail):
            "\(path) would not survive a power cut: \(detail); hint: keep the data on a local disk, not on a network share"
        case .diskFull(let path):
            "the disk of \(path) is full; hint: make room and restart the node, it signs nothing until then"
        case .inputOutput(let path, let detail):
            "the disk of \(path) failed: \(detail); hint: check the disk before restarting the node, it signs nothing until then"
        case .entryTooLarge(let bytes):
            "an entry of \(bytes) bytes is larger than the journal takes, \(JournalLimits.entryBytes)"
        case .duplicateItem(let id):
            "the item \(id) is in the journal already"
        case .stopped(let cause):
            "nothing is written since an earlier failure: \(cause)"
        }
    }

    /// What to do about a damaged journal (docs/operations.md, "When the disk fails").
    private static let journalRemedy =
        "keep a copy of the directory, check the disk, move the file and its companions away, leave `high-water` where it "
        + "is, and start again: the node fetches what its peers hold and abstains until you confirm that it may sign"
}
