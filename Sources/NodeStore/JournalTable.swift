internal import CryptoPrimitives
internal import FoundationEssentials
internal import GRDB

/// The tables of a journal and the statements that read and write them.
enum JournalTable {
    /// The number SQLite keeps in the file's header to say whose format it is: "STSL".
    static let applicationID = 0x5354_534C
    /// The version of the tables below.
    static let schemaVersion = 2

    static let schema = """
        CREATE TABLE meta (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            id BLOB NOT NULL,
            subject BLOB,
            bytes BLOB NOT NULL,
            receivedAt INTEGER NOT NULL,
            link BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX entryItem ON entry(id) WHERE kind = 1;
        CREATE INDEX entrySubject ON entry(subject) WHERE subject IS NOT NULL;
        """

    /// A row that is not what was written.
    struct Damage: Error {
        let detail: String
    }

    typealias StoredRow = (row: JournalRow, link: JournalLink)

    static func insert(_ row: JournalRow, _ link: JournalLink, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO entry (position, kind, id, subject, bytes, receivedAt, link) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(arguments: [
            row.position, Int(row.entry.kind.rawValue), Data(row.entry.id.array),
            row.entry.subject.map { Data($0.array) }, Data(row.entry.bytes), row.entry.receivedAt,
            Data(link.digest.array),
        ])
    }

    /// Where an item is; reads the index only.
    static func position(of id: Bytes32, _ database: Database) throws -> Int? {
        let statement = try database.cachedStatement(sql: "SELECT position FROM entry WHERE kind = 1 AND id = ?")
        return try Int.fetchOne(statement, arguments: [Data(id.array)])
    }

    static func item(_ id: Bytes32, _ database: Database) throws -> StoredRow? {
        let statement = try database.cachedStatement(sql: "\(selection) WHERE kind = 1 AND id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Data(id.array)]) else { return nil }
        let stored = try decode(row)
        guard stored.row.entry.id == id else { throw changed(stored.row.position) }
        return stored
    }

    static func rows(after position: Int, limit: Int, _ database: Database) throws -> some Cursor<StoredRow> {
        let statement = try database.cachedStatement(
            sql: "\(selection) WHERE position > ? ORDER BY position LIMIT ?"
        )
        return try Row.fetchCursor(statement, arguments: [position, limit]).map { try decode($0) }
    }

    static func rows(about subject: Bytes32, _ database: Database) throws -> some Cursor<StoredRow> {
        let statement = try database.cachedStatement(sql: "\(selection) WHERE subject = ? ORDER BY position")
        return try Row.fetchCursor(statement, arguments: [Data(subject.array)]).map { try decode($0) }
    }

    static func ids(
        after position: Int,
        upTo last: Int,
        limit: Int,
        _ database: Database
    ) throws -> [JournaledID] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT position, id FROM entry WHERE kind = 1 AND position > ? AND position <= ?
                ORDER BY position LIMIT ?
                """
        )
        let cursor = try Row.fetchCursor(statement, arguments: [position, last, limit])
        var ids: [JournaledID] = []
        while let row = try cursor.next() {
            guard let position = integer(row, 0), let id = blob(row, 1).flatMap({ Bytes32($0) }) else {
                throw Damage(detail: "an item after position \(position) has no readable id")
            }
            ids.append(JournaledID(position: position, id: id))
        }
        return ids
    }

    /// The link stored with the row at a position, 1 or more.
    static func link(at position: Int, _ database: Database) throws -> JournalLink {
        let statement = try database.cachedStatement(sql: "SELECT link FROM entry WHERE position = ?")
        guard let row = try Row.fetchOne(statement, arguments: [position]) else { throw misplaced(position) }
        guard let digest = blob(row, 0).flatMap({ Bytes32($0) }) else { throw changed(position) }
        return JournalLink(digest: digest)
    }

    static func last(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT max(position) FROM entry") ?? 0
    }

    static func changed(_ position: Int) -> Damage {
        Damage(detail: "the entry at position \(position) is not the one that was written")
    }

    static func misplaced(_ position: Int) -> Damage {
        Damage(detail: "the entry at position \(position) is missing or out of place")
    }

    private static let selection = "SELECT position, kind, id, subject, bytes, receivedAt, link FROM entry"

    /// Reads a row without trusting the type of any column: the database may be damaged.
    private static func decode(_ row: Row) throws -> StoredRow {
        guard let position = integer(row, 0) else { throw Damage(detail: "an entry has no position") }
        guard let kind = integer(row, 1).flatMap({ UInt8(exactly: $0) }).flatMap(JournalEntry.Kind.init(rawValue:)),
            let id = blob(row, 2).flatMap({ Bytes32($0) }),
            let subject = subject(row, 3),
            let bytes = blob(row, 4),
            let receivedAt = integer(row, 5),
            let link = blob(row, 6).flatMap({ Bytes32($0) })
        else { throw changed(position) }
        let entry = JournalEntry(kind: kind, id: id, subject: subject, bytes: bytes, receivedAt: receivedAt)
        return (JournalRow(position: position, entry: entry), JournalLink(digest: link))
    }

    /// A digest or nothing; the outer optional is nil when the column holds neither.
    private static func subject(_ row: Row, _ column: Int) -> Bytes32?? {
        let value: DatabaseValue = row[column]
        guard !value.isNull else { return .some(nil) }
        return blob(row, column).flatMap { Bytes32($0) }.map(Optional.some)
    }

    private static func integer(_ row: Row, _ column: Int) -> Int? {
        let value: DatabaseValue = row[column]
        guard case .int64(let number) = value.storage else { return nil }
        return Int(number)
    }

    private static func blob(_ row: Row, _ column: Int) -> [UInt8]? {
        let value: DatabaseValue = row[column]
        guard case .blob(let data) = value.storage else { return nil }
        return [UInt8](data)
    }
}
