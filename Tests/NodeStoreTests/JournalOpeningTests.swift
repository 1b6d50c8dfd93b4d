import Foundation
import GRDB
import NodeStore
import SignedStatements
import TestSupport
import Testing

@Suite struct JournalOpeningTests {
    @Test func `a missing journal is made only when asked for`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("journal.sqlite")
        #expect(throws: StoreError.missing(path: path)) { try directory.journal(makesMissing: false) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a journal of another party or charter is refused with both names`() throws {
        let directory = try TemporaryDirectory()
        let first = try someOwner()
        do { _ = try directory.journal(owner: first) }
        for other in [try someOwner(party: "lab.borealis"), try someOwner(charter: 8)] {
            let error = storeError { _ = try directory.journal(owner: other) }
            #expect(error == .otherOwner(path: directory.file("journal.sqlite"), found: first, expected: other))
            let text = try #require(error).description
            #expect(text.contains("belongs to \(first)") && text.contains("not to \(other)") && text.contains("hint: "))
        }
        #expect(try directory.journal(owner: first).count == 0)
    }

    @Test func `a second opener is refused while the first lives`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("journal.sqlite")
        do {
            let journal = try directory.journal()
            #expect(throws: StoreError.journalInUse(path: path)) { try directory.journal() }
            _ = try journal.append([someEntry(1)])
        }
        #expect(try directory.journal().count == 1)
        #expect(StoreError.journalInUse(path: path).exitStatus == 75)
    }

    @Test func `a journal that another program holds is refused`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal() }
        let other = try DatabaseQueue(path: directory.file("journal.sqlite"))
        try other.inDatabase { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            #expect(throws: StoreError.journalInUse(path: directory.file("journal.sqlite"))) { try directory.journal() }
            try database.execute(sql: "ROLLBACK")
        }
    }

    @Test(arguments: [
        "not a database, though long enough to be read as the header of one: 100 bytes of it. xxxxxxxxxxxxxx", "x",
    ])
    func `a file that is no database is damage, refused and not changed`(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(text.utf8, to: "journal.sqlite")
        let error = try #require(storeError { _ = try directory.journal() })
        #expect(error == .unreadableJournal(path: path, detail: "only \(text.utf8.count) bytes of it are there"))
        #expect(try directory.content(of: "journal.sqlite") == Array(text.utf8))
    }

    @Test(arguments: [0..<100, 0..<1, 16..<18, 21..<24])
    func `a journal whose beginning was zeroed is damage with its remedy, also to whoever only looks`(
        place: Range<Int>
    ) throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal().append([someEntry(1)]) }
        let path = directory.file("journal.sqlite")
        #expect(try JournalHeader.fault(atPath: path) == nil)
        var bytes = try directory.content(of: "journal.sqlite")
        bytes.replaceSubrange(place, with: [UInt8](repeating: 0, count: place.count))
        try directory.write(bytes, to: "journal.sqlite")
        let fault = try #require(try JournalHeader.fault(atPath: path))
        let error = try #require(storeError { _ = try directory.journal() })
        #expect(error == .unreadableJournal(path: path, detail: fault))
        #expect(error.exitStatus == 74 && error.description.contains("leave `high-water` where it is"))
        #expect(try directory.content(of: "journal.sqlite") == bytes)
    }

    @Test func `a database of something else is refused`() throws {
        let directory = try TemporaryDirectory()
        try alter(directory, "CREATE TABLE other (a)")
        #expect(throws: StoreError.notAJournal(path: directory.file("journal.sqlite"))) { try directory.journal() }
    }

    @Test func `a later format is refused with its number`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal() }
        try alter(directory, "PRAGMA user_version = 3")
        #expect(throws: StoreError.laterSchema(path: directory.file("journal.sqlite"), found: 3, known: 2)) {
            try directory.journal()
        }
    }

    @Test(arguments: [0, 1])
    func `an earlier format is refused with its number and a hint`(version: Int) throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal() }
        try alter(directory, "PRAGMA user_version = \(version)")
        let error = try #require(storeError { _ = try directory.journal() })
        #expect(error == .earlierSchema(path: directory.file("journal.sqlite"), found: version, known: 2))
        #expect(error.description.contains("hint: ") && error.exitStatus == 78)
    }

    @Test func `a file that others may read is refused with the command that closes it`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal() }
        let path = directory.file("journal.sqlite")
        try directory.setMode(0o640, of: path)
        let error = try #require(storeError { _ = try directory.journal() })
        #expect(error == .exposed(path: path, permissions: "0640"))
        #expect(error.description.contains("chmod 600 \(path)"))
    }

    @Test func `a link or directory in place of the file is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("journal.sqlite")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: directory.file("elsewhere"))
        #expect(throws: StoreError.notAFile(path: path)) { try directory.journal() }
        #expect(!FileManager.default.fileExists(atPath: directory.file("elsewhere")))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: StoreError.notAFile(path: path)) { try directory.journal() }
    }

    @Test func `an empty file left by a crash becomes a journal`() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "journal.sqlite")
        #expect(try directory.journal(makesMissing: false).count == 0)
    }
}

/// Changes a closed journal behind its back.
func alter(_ directory: TemporaryDirectory, _ sql: String) throws {
    let database = try DatabaseQueue(path: directory.file("journal.sqlite"))
    try database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
    try directory.setMode(0o600, of: directory.file("journal.sqlite"))
}
