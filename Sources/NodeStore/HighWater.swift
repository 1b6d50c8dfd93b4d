internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

/// A file beside the journal with the highest number of a statement this party has signed.
///
/// A journal restored from a backup looks whole; only something kept outside it can tell that it is old, and a node that
/// goes on from an old journal signs a second statement under a used number (Protocol §10). The order for an own
/// statement is: append to the journal, ``raise(to:)``, send.
package struct HighWater: ~Copyable, Sendable {
    /// What the file and the journal say about each other when a node starts.
    package enum Standing: Hashable, Sendable {
        /// They agree, or the node stopped between writing one and the other.
        case consistent
        /// There was no file although the journal has own statements.
        case fileMissing(journal: Int)
        /// The journal lacks own statements: it is a restored backup, or the file belongs to a clone.
        case journalBehind(journal: Int, highWater: Int)
    }

    package let path: String
    package let owner: JournalOwner
    /// The highest number known to be signed, 0 before the first statement.
    package private(set) var number: Int
    /// Why the file could not be written; after that it is never tried again, since a failed flush may have lost anything.
    package private(set) var failure: StoreError?
    /// How things stood when the file was read; anything but `consistent` means: abstain until the operator has spoken.
    package let standing: Standing

    /// Reads the file, or makes it, and compares it with the highest own number in the journal.
    ///
    /// The file is raised to the journal's number if that is higher, never lowered; when the disk does not let it,
    /// ``failure`` says why.
    package init(at path: String, owner: JournalOwner, journalNumber: Int) throws(StoreError) {
        let stored = try Self.read(path, owner: owner)
        let highest = max(stored ?? 0, journalNumber)
        if stored != highest {
            do throws(StoreError) { try Self.write(highest, owner: owner, to: path) } catch {
                guard error.isFault else { throw error }
                failure = error
            }
        }
        standing = Self.standing(stored: stored, journal: journalNumber)
        number = highest
        self.path = path
        self.owner = owner
    }

    /// Records that a statement with this number is signed; durable when it returns.
    ///
    /// A number not above ``number`` changes nothing.
    package mutating func raise(to signed: Int) throws(StoreError) {
        guard signed > number else { return }
        if let failure { throw .stopped(after: failure) }
        do throws(StoreError) { try Self.write(signed, owner: owner, to: path) } catch {
            failure = error
            throw error
        }
        number = signed
    }

    /// The number a file holds, for its owner; nil when there is no file.
    ///
    /// Makes and changes nothing.
    package static func stored(at path: String, owner: JournalOwner) throws(StoreError) -> Int? {
        try read(path, owner: owner)
    }

    /// Writes the file of a directory that is being restored; the node that starts there raises it from then on.
    package static func restore(_ number: Int, owner: JournalOwner, at path: String) throws(StoreError) {
        try write(number, owner: owner, to: path)
    }

    private static let magic = "standstill-high-water v1"
    private static let largestFile = 4096

    private static func standing(stored: Int?, journal: Int) -> Standing {
        guard let stored else { return journal == 0 ? .consistent : .fileMissing(journal: journal) }
        return stored > journal ? .journalBehind(journal: journal, highWater: stored) : .consistent
    }

    private static func write(_ number: Int, owner: JournalOwner, to path: String) throws(StoreError) {
        let text = "\(magic)\ncharter \(owner.charter)\nparty \(owner.party)\nnumber \(number)\n"
        do {
            try AtomicFile.replace(path, content: Array(text.utf8))
        } catch {
            throw StoreError(error, writing: path)
        }
    }

    private static func read(_ path: String, owner: JournalOwner) throws(StoreError) -> Int? {
        guard let bytes = try content(path) else { return nil }
        let damage = StoreError.damagedHighWater(path: path)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 5, lines[0] == magic, lines[4].isEmpty,
            let charter = value(of: "charter", in: lines[1]).flatMap({ CharterID($0) }),
            let party = value(of: "party", in: lines[2]).flatMap({ try? PartyName($0) }),
            let digits = value(of: "number", in: lines[3]), let number = Int(digits), number >= 0,
            String(number) == digits
        else { throw damage }
        let found = JournalOwner(party: party, charter: charter)
        guard found == owner else { throw .otherOwner(path: path, found: found, expected: owner) }
        return number
    }

    private static func content(_ path: String) throws(StoreError) -> [UInt8]? {
        do {
            let file = try OpenFile(path, for: .reading)
            let facts = try file.facts()
            guard facts.kind == .regularFile, facts.size <= largestFile else {
                throw StoreError.notAFile(path: path)
            }
            return try file.read(atMost: largestFile)
        } catch let error as SystemError {
            guard error.reason == .notFound else { throw .inaccessible(error) }
            return nil
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func value(of name: String, in line: Substring) -> String? {
        guard line.hasPrefix(name + " ") else { return nil }
        return String(line.dropFirst(name.utf8.count + 1))
    }
}

extension HighWater.Standing: CustomStringConvertible {
    /// A sentence for the operator.
    package var description: String {
        switch self {
        case .consistent:
            "the journal holds every statement this party is known to have signed"
        case .fileMissing(let journal):
            "the high-water file is gone although the journal has \(journal) own statements; "
                + "hint: if files were copied or restored, wait until the peers agree before confirming"
        case .journalBehind(let journal, let highWater):
            "this journal ends at own statement \(journal), but \(highWater) were signed: a restored backup? "
                + "hint: let the node fetch the missing statements from its peers before confirming that it may sign"
        }
    }
}
