package import CryptoPrimitives
package import QuorumPolicy
package import SignedStatements

/// Something the node must still know after a power cut.
package struct JournalEntry: Hashable, Sendable {
    /// What an entry is; the raw values are the ones on the disk.
    package enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// A signed statement, order or key proof, exactly as received; its id occurs once in a journal.
        case item = 1
        /// Something only this node knows, encrypted by the caller: an opening, a ceremony's secrets.
        case privateRecord = 2
        /// Something this node saw that nobody signed: when it first heard of a motion.
        case localFact = 3
    }

    package let kind: Kind
    /// For an item SHA-256 of its signing input; for the others whatever the caller looks them up by.
    package let id: Bytes32
    /// What the entry is about, such as a motion: entries of one subject are found without reading the others.
    package let subject: Bytes32?
    /// Up to ``JournalLimits/entryBytes`` bytes, stored as they are.
    package let bytes: [UInt8]
    /// UTC seconds since 1970, by this node's clock.
    package let receivedAt: Int

    package init(kind: Kind, id: Bytes32, subject: Bytes32? = nil, bytes: [UInt8], receivedAt: Int) {
        self.kind = kind
        self.id = id
        self.subject = subject
        self.bytes = bytes
        self.receivedAt = receivedAt
    }
}

/// An entry and its place in the journal.
package struct JournalRow: Hashable, Sendable {
    /// From 1 without gaps, in the order of writing.
    package let position: Int
    package let entry: JournalEntry

    package init(position: Int, entry: JournalEntry) {
        self.position = position
        self.entry = entry
    }
}

/// The id of an item and its place in the journal, for telling a peer what is here.
package struct JournaledID: Hashable, Sendable {
    package let position: Int
    package let id: Bytes32

    package init(position: Int, id: Bytes32) {
        self.position = position
        self.id = id
    }
}

/// Whose journal it is; a journal belongs to one party under one charter for its whole life.
package struct JournalOwner: Hashable, Sendable, CustomStringConvertible {
    package let party: PartyName
    package let charter: CharterID

    package init(party: PartyName, charter: CharterID) {
        self.party = party
        self.charter = charter
    }

    package var description: String { "\(party) under charter \(charter)" }
}

/// What one journal and one request to it are limited to.
package enum JournalLimits {
    /// The largest entry: twice the largest item, so that an encrypted record of one fits as well.
    package static let entryBytes = 2 << 20
    /// The most entries of one transaction.
    package static let entriesPerAppend = 4096
    /// A batch of a replay ends after this many bytes, though it always has at least one entry.
    package static let bytesPerBatch = 8 << 20
    /// The write-ahead log is cut back to this many bytes once its content has moved into the database.
    package static let writeAheadLogBytes = 16 << 20
}
