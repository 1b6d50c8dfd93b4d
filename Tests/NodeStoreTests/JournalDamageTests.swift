import Foundation
import NodeStore
import TestSupport
import Testing

@Suite struct JournalDamageTests {
    @Test(
        arguments: [
            ("UPDATE entry SET bytes = x'00' WHERE position = 3", 3),
            ("UPDATE entry SET kind = 2 WHERE position = 3", 3),
            ("UPDATE entry SET kind = 9 WHERE position = 3", 3),
            ("UPDATE entry SET receivedAt = 5 WHERE position = 3", 3),
            ("UPDATE entry SET id = randomblob(32) WHERE position = 3", 3),
            ("UPDATE entry SET subject = randomblob(32) WHERE position = 3", 3),
            ("UPDATE entry SET subject = x'00' WHERE position = 3", 3),
            (
                """
                UPDATE entry SET position = 100 WHERE position = 3; UPDATE entry SET position = 3 WHERE position = 4;
                UPDATE entry SET position = 4 WHERE position = 100
                """, 3
            ),
            (
                """
                UPDATE entry SET (kind, bytes, receivedAt, link) =
                    (SELECT kind, bytes, receivedAt, link FROM entry WHERE position = 2) WHERE position = 3
                """, 3
            ),
            ("UPDATE entry SET link = randomblob(32) WHERE position = 3", 3),
            ("UPDATE entry SET link = x'00' WHERE position = 3", 3),
            ("DELETE FROM entry WHERE position = 3", 3),
            ("UPDATE entry SET position = 30 WHERE position = 6", 6),
            ("DELETE FROM entry WHERE position = 1", 1),
        ]
    )
    func `a changed, moved or lost row is found by the replay`(sql: String, position: Int) throws {
        let directory = try TemporaryDirectory()
        do {
            let journal = try directory.journal()
            _ = try journal.append((1...6).map { someEntry($0) })
        }
        try alter(directory, sql)
        let journal = try directory.journal()
        var seen = 0
        let error = storeError { try journal.replay { _ in seen += 1 } }
        guard case .damaged(directory.file("journal.sqlite"), let detail) = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(detail.contains("position \(position) "))
        #expect(seen == position - 1, "everything up to the damage is handed over, and nothing after it")
    }

    @Test func `a row that somebody wrote without the key is found, also with a key of its own`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal().append([someEntry(1), someEntry(2, about: digest(9))]) }
        do {
            // Whoever may write to the disk and knows the program, but not the seed.
            let forger = try directory.journal(key: 2)
            _ = try forger.append([someEntry(3, about: digest(9))])
            #expect(throws: StoreError.self) { try forger.allRows() }
        }
        let journal = try directory.journal()
        #expect(throws: StoreError.self) { try journal.allRows() }
        #expect(throws: StoreError.self) { try journal.item(digest(3)) }
        #expect(throws: StoreError.self) { try journal.entries(about: digest(9)) }
        #expect(try journal.item(digest(2)) != nil)
    }

    @Test func `rows of the same key's journal under another charter do not fit`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal(owner: someOwner(charter: 8)).append([someEntry(1)]) }
        try alter(directory, "UPDATE meta SET value = '\(try someOwner().charter)' WHERE name = 'charter'")
        #expect(throws: StoreError.self) { try directory.journal().allRows() }
    }

    @Test func `rows cut off at the end are found by the high-water file`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal().append((1...6).map { someEntry($0) }) }
        _ = try HighWater(at: directory.file("high-water"), owner: someOwner(), journalNumber: 6).number
        try alter(directory, "DELETE FROM entry WHERE position > 4")
        // Every remaining link is right: nothing inside the journal can tell.
        let number = try directory.journal().allRows().count
        #expect(number == 4)
        let mark = try HighWater(at: directory.file("high-water"), owner: someOwner(), journalNumber: number)
        let standing = mark.standing
        #expect(standing == .journalBehind(journal: 4, highWater: 6))
    }

    @Test func `a changed item is found when it is looked up`() throws {
        let directory = try TemporaryDirectory()
        do {
            let journal = try directory.journal()
            _ = try journal.append((1...6).map { someEntry($0) })
        }
        try alter(directory, "UPDATE entry SET bytes = x'00' WHERE position = 3")
        let journal = try directory.journal()
        #expect(throws: StoreError.self) { try journal.item(digest(3)) }
        #expect(try journal.item(digest(2)) != nil)
    }

    @Test func `flipped bits are refused or harmless, never read as something else`() throws {
        let original = try TemporaryDirectory()
        let entries = (1...40).map { someEntry($0, count: 300) }
        do {
            let journal = try original.journal()
            _ = try journal.append(entries)
        }
        let content = try original.content(of: "journal.sqlite")
        var generator = SeededRandom(seed: 1)
        var refused = 0
        for _ in 0..<400 {
            let directory = try TemporaryDirectory()
            var damaged = content
            let place = Int.random(in: 0..<damaged.count, using: &generator)
            damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            try directory.write(damaged, to: "journal.sqlite")
            do {
                let journal = try directory.journal(makesMissing: false)
                let rows = try journal.allRows()
                if let failure = journal.failure { throw failure }
                #expect(rows.map(\.entry) == entries, "byte \(place)")
            } catch {
                refused += 1
                #expect(error is StoreError)
            }
        }
        print("of 400 flipped bits \(refused) were refused, the others changed nothing that is read")
        #expect(refused > 100)
    }

    @Test func `a truncated file is refused`() throws {
        let original = try TemporaryDirectory()
        let entries = (1...40).map { someEntry($0, count: 300) }
        do {
            let journal = try original.journal()
            _ = try journal.append(entries)
        }
        let content = try original.content(of: "journal.sqlite")
        for length in stride(from: 1, to: content.count, by: 511) {
            let directory = try TemporaryDirectory()
            try directory.write(content[..<length], to: "journal.sqlite")
            #expect(throws: StoreError.self, "\(length) of \(content.count) bytes") {
                let journal = try directory.journal(makesMissing: false)
                _ = try journal.allRows()
                if let failure = journal.failure { throw failure }
            }
        }
    }

    @Test func `a journal with a broken page is opened for reading, up to the damage`() throws {
        let directory = try TemporaryDirectory()
        let entries = (1...400).map { someEntry($0, count: 300) }
        do { _ = try directory.journal().append(entries) }
        var content = try directory.content(of: "journal.sqlite")
        let page = content.count / 4096 * 3 / 4 * 4096
        for place in page..<page + 4096 { content[place] = 0 }
        try FileManager.default.removeItem(atPath: directory.file("journal.sqlite"))
        try directory.write(content, to: "journal.sqlite")
        let journal = try directory.journal(makesMissing: false)
        guard case .damaged(directory.file("journal.sqlite"), _) = journal.failure else {
            Issue.record("unexpected \(String(describing: journal.failure))")
            return
        }
        var rows: [JournalRow] = []
        _ = storeError { try journal.replay { rows.append($0) } }
        #expect(rows.map(\.entry) == Array(entries.prefix(rows.count)))
        #expect(rows.count > 20 && rows.count < entries.count)
        #expect(throws: StoreError.self) { try journal.append([someEntry(500)]) }
    }

    @Test func `a journal that is stopped hides what lies behind, and keeps its first cause`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        _ = try journal.append((1...6).map { someEntry($0, about: digest(0)) })
        journal.stop(after: 4, because: .diskFull(path: "a"))
        journal.stop(after: 5, because: .diskFull(path: "b"))
        #expect(journal.count == 4 && journal.failure == .diskFull(path: "a"))
        #expect(try journal.allRows().count == 4)
        #expect(try journal.item(digest(4)) != nil && journal.contains(digest(4)))
        #expect(try journal.item(digest(5)) == nil && !journal.contains(digest(5)))
        #expect(try journal.ids(after: 0, limit: 9).map(\.position) == [1, 2, 3, 4])
        #expect(try journal.entries(about: digest(0)).count == 4)
        #expect(throws: StoreError.stopped(after: .diskFull(path: "a"))) { try journal.append([someEntry(7)]) }
    }
}
