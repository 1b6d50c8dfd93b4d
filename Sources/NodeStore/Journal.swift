package import CryptoPrimitives
internal import GRDB
internal import Synchronization

/// The node's memory: an append-only list of what it signed, received and saw.
///
/// An entry is on the disk when ``append(_:)`` returns, so what is sent afterwards is never forgotten (Protocol §10, 7).
/// After a failed append nothing more is appended: a node that cannot remember must not sign. Reading goes on. A journal
/// that is damaged, or whose disk is full or mounted read-only, is opened for reading: ``failure`` says why.
/// For one owner; calls from several tasks wait for each other.
package final class Journal: Sendable {
    /// The database file.
    package let path: String
    package let owner: JournalOwner

    private enum State {
        case accepting(last: Int, link: JournalLink)
        case stopped(last: Int, cause: StoreError)
    }

    private let key: SecretBytes
    /// What stands before the first row.
    private let start: JournalLink
    private let database: DatabaseQueue
    private let copy: JournalCopy?
    private let state: Mutex<State>

    /// Opens the journal at a path, or makes one with mode 0600, and checks that it is whole, durable and the owner's.
    ///
    /// The check reads every page once but not the content; rows are checked against each other as they are read.
    /// `owner` is whom the journal must belong to, `key` links its rows (32 bytes), `makesMissing` whether one that is not there is made, `maximumPages` the
    /// number of pages of 4096 bytes the database may grow to, if it is limited. Throws when there is nothing to read, or
    /// nothing of this owner.
    package init(
        at path: String,
        owner: JournalOwner,
        key: borrowing SecretBytes,
        makesMissing: Bool,
        maximumPages: Int? = nil
    ) throws(StoreError) {
        let opened = try JournalOpening(path: path, owner: owner, maximumPages: maximumPages)
            .open(makesMissing: makesMissing)
        self.path = path
        self.owner = owner
        self.key = key.duplicate()
        start = JournalLink.start(of: owner, key: key)
        database = opened.database
        copy = opened.copy
        let accepting = State.accepting(last: opened.last, link: opened.link ?? start)
        state = Mutex(opened.fault.map { .stopped(last: opened.last, cause: $0) } ?? accepting)
    }

    /// The number of entries, which is also the position of the last one.
    package var count: Int {
        state.withLock { state in
            switch state {
            case .accepting(let last, _), .stopped(let last, _): last
            }
        }
    }

    /// Ends appending and hides the entries after a position: they are damaged, or not safe to reveal.
    package func stop(after position: Int, because cause: StoreError) {
        state.withLock { state in
            switch state {
            case .accepting(let last, _): state = .stopped(last: min(last, position), cause: cause)
            case .stopped(let last, let first): state = .stopped(last: min(last, position), cause: first)
            }
        }
    }

    /// Why nothing is appended any more; nil while appending works.
    package var failure: StoreError? {
        state.withLock { state in
            switch state {
            case .accepting: nil
            case .stopped(_, let cause): cause
            }
        }
    }

    /// Writes entries in one transaction, all of them or none, and returns their positions once they are durable.
    ///
    /// Takes 1 to ``JournalLimits/entriesPerAppend`` entries. A refused entry (``StoreError/entryTooLarge(bytes:)``,
    /// ``StoreError/duplicateItem(id:)``) changes nothing; any other failure is the last: see ``failure``.
    package func append(_ entries: [JournalEntry]) throws(StoreError) -> ClosedRange<Int> {
        precondition(
            (1...JournalLimits.entriesPerAppend).contains(entries.count),
            "an append has 1 to \(JournalLimits.entriesPerAppend) entries"
        )
        for entry in entries where entry.bytes.count > JournalLimits.entryBytes {
            throw .entryTooLarge(bytes: entry.bytes.count)
        }
        return try state.withLock { state throws(StoreError) in
            switch state {
            case .stopped(_, let cause): throw .stopped(after: cause)
            case .accepting(let last, let link):
                do throws(StoreError) {
                    let positions = last + 1...last + entries.count
                    state = .accepting(last: positions.upperBound, link: try write(entries, after: last, link))
                    return positions
                } catch .duplicateItem(let id) {
                    throw .duplicateItem(id: id)
                } catch {
                    state = .stopped(last: last, cause: error)
                    throw error
                }
            }
        }
    }

    /// Entries after a position, in order: up to `limit`, fewer when they are large, none at the end.
    ///
    /// A batch ends before an entry that is not the one that was written; throws ``StoreError/damaged(path:detail:)`` when
    /// that is the first of it.
    package func entries(after position: Int, limit: Int) throws(StoreError) -> [JournalRow] {
        precondition(position >= 0 && limit > 0, "a batch starts at a position and has at least one entry")
        let last = count
        guard position < last else { return [] }
        var rows: [JournalRow] = []
        do throws(StoreError) {
            // SQLite also fails the end of a transaction in which it met a broken page: what was read before it counts.
            try reading { database in
                try read(into: &rows, after: position, limit: min(limit, last - position), database)
            }
        } catch {
            guard !rows.isEmpty else { throw error }
        }
        return rows
    }

    private func read(into rows: inout [JournalRow], after position: Int, limit: Int, _ database: Database) throws {
        var link = try link(at: position, database)
        var bytes = 0
        let cursor = try JournalTable.rows(after: position, limit: limit, database)
        while bytes < JournalLimits.bytesPerBatch, let (row, stored) = try cursor.next() {
            let expected = position + rows.count + 1
            guard row.position == expected else { throw JournalTable.misplaced(expected) }
            link = link.next(row, key: key)
            guard link == stored else { throw JournalTable.changed(row.position) }
            rows.append(row)
            bytes += row.entry.bytes.count
        }
        guard rows.count == limit || bytes >= JournalLimits.bytesPerBatch else {
            throw JournalTable.misplaced(position + rows.count + 1)
        }
    }

    /// Hands over all entries after a position, one bounded batch at a time.
    package func replay(after position: Int = 0, _ receive: (JournalRow) throws(StoreError) -> Void) throws(StoreError)
    {
        var position = position
        while true {
            let batch = try entries(after: position, limit: 1024)
            guard let last = batch.last else { return }
            for row in batch {
                try receive(row)
            }
            position = last.position
        }
    }

    /// The item with an id; nil when it is not in the journal.
    package func item(_ id: Bytes32) throws(StoreError) -> JournalRow? {
        let last = count
        return try reading { database in
            guard let (row, stored) = try JournalTable.item(id, database), row.position <= last else { return nil }
            guard try isRight(row, stored, database) else { throw JournalTable.changed(row.position) }
            return row
        }
    }

    /// Every entry about a subject, in order.
    package func entries(about subject: Bytes32) throws(StoreError) -> [JournalRow] {
        let last = count
        return try reading { database in
            var rows: [JournalRow] = []
            let cursor = try JournalTable.rows(about: subject, database)
            while let (row, stored) = try cursor.next(), row.position <= last {
                guard try isRight(row, stored, database) else { throw JournalTable.changed(row.position) }
                rows.append(row)
            }
            return rows
        }
    }

    /// Whether an item with this id is in the journal; reads the index only.
    package func contains(_ id: Bytes32) throws(StoreError) -> Bool {
        let last = count
        return try reading { database in
            try JournalTable.position(of: id, database).map { $0 <= last } ?? false
        }
    }

    /// The ids of a list that no item of the journal has, in the order of the list; one look at the database.
    package func missing(of ids: [Bytes32]) throws(StoreError) -> [Bytes32] {
        let last = count
        return try reading { database in
            try ids.filter { id in try JournalTable.position(of: id, database).map { $0 > last } ?? true }
        }
    }

    /// The ids of up to `limit` items after a position, in order.
    package func ids(after position: Int, limit: Int) throws(StoreError) -> [JournaledID] {
        precondition(position >= 0 && limit > 0, "a batch starts at a position and has at least one id")
        let last = count
        return try reading { database in
            try JournalTable.ids(after: position, upTo: last, limit: limit, database)
        }
    }

    /// The setting of SQLite that decides about durability, read from the connection that writes; 2 is FULL.
    package func synchronousSetting() throws(StoreError) -> Int {
        try reading { database in
            try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1
        }
    }

    private func write(
        _ entries: [JournalEntry],
        after last: Int,
        _ link: JournalLink
    ) throws(StoreError) -> JournalLink {
        do {
            return try database.write { database in
                var link = link
                for (offset, entry) in entries.enumerated() {
                    let row = JournalRow(position: last + 1 + offset, entry: entry)
                    if entry.kind == .item, try JournalTable.position(of: entry.id, database) != nil {
                        throw StoreError.duplicateItem(id: entry.id)
                    }
                    link = link.next(row, key: key)
                    try JournalTable.insert(row, link, database)
                }
                return link
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func link(at position: Int, _ database: Database) throws -> JournalLink {
        position == 0 ? start : try JournalTable.link(at: position, database)
    }

    /// Whether a row read by itself is the one that was written.
    private func isRight(_ row: JournalRow, _ stored: JournalLink, _ database: Database) throws -> Bool {
        try row.position > 0 && link(at: row.position - 1, database).next(row, key: key) == stored
    }

    private func reading<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try database.read(body)
        } catch let error as JournalTable.Damage {
            throw .damaged(path: path, detail: error.detail)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
