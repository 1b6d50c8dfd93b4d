import Foundation
import GRDB
import SignedStatements

/// The rows of a node's journal as plain SQL sees them, read from a copy of the files.
///
/// A running node holds its journal locked, so nothing is opened in place; a copy of a journal that is being written shows
/// an earlier state of it.
struct JournalCopy {
    struct Row {
        let position: Int
        /// 1 for what was signed by somebody, 2 for private records, 3 for local facts.
        let kind: Int
        let bytes: [UInt8]

        /// The item in the row; nil in private and local rows.
        var item: Item? { kind == 1 ? try? Item(decoding: String(decoding: bytes, as: UTF8.self)) : nil }
    }

    let rows: [Row]
    /// `ok`, or what SQLite finds wrong.
    let check: String

    /// Copies and reads the journal in a directory; no rows if there is none yet.
    init(of directory: URL, after position: Int = 0) throws {
        let files = FileManager.default
        let copy = files.temporaryDirectory.appending(path: "sv-copy-\(UInt32.random(in: 0 ... .max))")
        try files.createDirectory(at: copy, withIntermediateDirectories: false)
        defer { try? files.removeItem(at: copy) }
        for ending in ["", "-journal", "-wal"] {
            let name = "journal.sqlite" + ending
            let source = directory.appending(path: name)
            guard files.fileExists(atPath: source.path()) else { continue }
            try files.copyItem(at: source, to: copy.appending(path: name))
        }
        let database = try DatabaseQueue(path: copy.appending(path: "journal.sqlite").path())
        (rows, check) = try database.read { database in
            let check = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? ""
            guard try database.tableExists("entry") else { return ([], check) }
            let rows = try GRDB.Row.fetchAll(
                database,
                sql: "SELECT position, kind, bytes FROM entry WHERE position > ? ORDER BY position",
                arguments: [position]
            )
            return (
                rows.map { Row(position: $0["position"], kind: $0["kind"], bytes: [UInt8]($0["bytes"] as Data)) }, check
            )
        }
        try database.close()
    }
}
