internal import GRDB
internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

/// The checks between a path and a journal that may be used.
struct JournalOpening {
    let path: String
    let owner: JournalOwner
    let maximumPages: Int?

    struct Opened {
        let database: DatabaseQueue
        let last: Int
        /// The last row's link; nil when there is no row.
        let link: JournalLink?
        /// Why it was opened for reading only; nil when everything is well.
        var fault: StoreError?
        /// The copy that is read instead of the file.
        var copy: JournalCopy?
    }

    /// Opens for writing, or for reading when the disk or the content is at fault and it can still be told whose it is.
    func open(makesMissing: Bool) throws(StoreError) -> Opened {
        let fault: StoreError
        do {
            return try openForWriting(makesMissing: makesMissing)
        } catch {
            guard error.isFault else { throw error }
            fault = error
        }
        do {
            return try openForReading(because: fault)
        } catch let refusal as StoreError where !refusal.isFault {
            throw refusal
        } catch {
            throw fault
        }
    }

    private func openForWriting(makesMissing: Bool) throws(StoreError) -> Opened {
        if let facts = try existingFile() {
            try checkFile(facts)
        } else {
            guard makesMissing else { throw .missing(path: path) }
            try makeFile()
        }
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try database.writeWithoutTransaction { database in
                try identify(database)
                try checkPages(database)
                try makeDurable(database)
            }
            try database.write { database in
                if try isEmpty(database) {
                    try create(database)
                }
                try checkOwner(database)
            }
            let (last, link) = try database.read { database in
                let last = try JournalTable.last(database)
                return (last, last == 0 ? nil : try JournalTable.link(at: last, database))
            }
            return Opened(database: database, last: last, link: link)
        } catch let error as JournalTable.Damage {
            throw .damaged(path: path, detail: error.detail)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Opens without writing and without the check of all pages; rows are checked as they are read.
    ///
    /// SQLite cannot read the write-ahead log of a database it may not write to, so on a disk that is mounted read-only a
    /// copy is read.
    private func openForReading(because fault: StoreError) throws -> Opened {
        let copy: JournalCopy? = if case .readOnlyDisk = fault { try JournalCopy(of: path) } else { nil }
        let database = try DatabaseQueue(path: copy?.path ?? path, configuration: configuration)
        let last = try database.read { database in
            try identify(database)
            try checkOwner(database)
            return try JournalTable.last(database)
        }
        return Opened(database: database, last: last, link: nil, fault: fault, copy: copy)
    }

    private func existingFile() throws(StoreError) -> FileFacts? {
        do {
            return try FileFacts(ofPath: path)
        } catch {
            guard error.reason == .notFound else { throw .inaccessible(error) }
            return nil
        }
    }

    /// Looks at the file without opening it: closing a second descriptor would drop the locks SQLite holds on the first.
    private func checkFile(_ facts: FileFacts) throws(StoreError) {
        guard facts.kind == .regularFile else { throw .notAFile(path: path) }
        guard facts.isClosedToOthers else { throw .exposed(path: path, permissions: facts.permissionsText) }
        guard facts.size == 0 || facts.size >= JournalHeader.smallestFile else {
            throw .unreadableJournal(path: path, detail: JournalHeader.short(facts.size))
        }
        // SQLite keeps its write-ahead log beside the database.
        for written in [path, Directories.parent(of: path)] {
            do {
                try FileFacts.checkWritable(written)
            } catch {
                throw StoreError(error, writing: written)
            }
        }
    }

    private func makeFile() throws(StoreError) {
        do {
            try AtomicFile.create(path, content: [])
        } catch {
            throw StoreError(error, writing: path)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "standstill.journal"
        configuration.prepareDatabase { database in
            // Before the first read: the lock is then held to the end, and nobody else can read or write.
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    private func identify(_ database: Database) throws {
        let application = try number("application_id", database)
        guard try application == JournalTable.applicationID || (application == 0 && isEmpty(database)) else {
            throw StoreError.notAJournal(path: path)
        }
        let version = try number("user_version", database)
        let known = JournalTable.schemaVersion
        guard version <= known else { throw StoreError.laterSchema(path: path, found: version, known: known) }
        guard try version == known || isEmpty(database) else {
            throw StoreError.earlierSchema(path: path, found: version, known: known)
        }
    }

    private func checkPages(_ database: Database) throws {
        let report = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
        guard report == "ok" else {
            let detail = StoreError.oneLine(report ?? "the check of its pages says nothing")
            throw StoreError.damaged(path: path, detail: detail)
        }
    }

    /// Sets what a commit waits for and reads it back.
    ///
    /// GRDB sets `synchronous` to NORMAL when it is asked for write-ahead logging itself, which loses the last commits in a
    /// power cut; so it is not asked.
    private func makeDurable(_ database: Database) throws {
        if let maximumPages {
            try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)")
        }
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StoreError.notDurable(path: path, detail: "the journal mode is \(mode ?? "unknown"), not wal")
        }
        for setting in ["synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON"] {
            try database.execute(sql: "PRAGMA \(setting)")
        }
        try database.execute(sql: "PRAGMA journal_size_limit = \(JournalLimits.writeAheadLogBytes)")
        let synchronous = try number("synchronous", database)
        guard synchronous == 2 else {
            throw StoreError.notDurable(path: path, detail: "synchronous is \(synchronous), not 2 (FULL)")
        }
    }

    private func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    }

    private func create(_ database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(JournalTable.applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(JournalTable.schemaVersion)")
        try database.execute(sql: JournalTable.schema)
        try database.execute(
            sql: "INSERT INTO meta (name, value) VALUES ('party', ?), ('charter', ?)",
            arguments: [owner.party.text, owner.charter.description]
        )
    }

    private func checkOwner(_ database: Database) throws {
        guard let party = try meta("party", database), let charter = try meta("charter", database),
            let party = try? PartyName(party), let charter = CharterID(charter)
        else { throw StoreError.damaged(path: path, detail: "it does not say whose it is") }
        let found = JournalOwner(party: party, charter: charter)
        guard found == owner else { throw StoreError.otherOwner(path: path, found: found, expected: owner) }
    }

    private func meta(_ name: String, _ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
    }

    private func number(_ pragma: String, _ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA \(pragma)") ?? 0
    }
}
