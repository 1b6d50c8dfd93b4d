import CryptoPrimitives
import Foundation
import NodeStore
import SystemCalls
import TestSupport
import Testing

@Suite struct JournalTests {
    @Test func `a commit waits for the disk`() throws {
        let directory = try TemporaryDirectory()
        #expect(try directory.journal().synchronousSetting() == 2)
    }

    @Test func `entries get positions from 1 without gaps and come back in order`() throws {
        let directory = try TemporaryDirectory()
        let entries = (1...10).map { someEntry($0, kind: JournalEntry.Kind.allCases[$0 % 3]) }
        let journal = try directory.journal()
        #expect(journal.count == 0)
        #expect(try journal.append(Array(entries[..<4])) == 1...4)
        #expect(try journal.append(Array(entries[4...])) == 5...10)
        #expect(journal.count == 10)
        let rows = try journal.allRows()
        #expect(rows.map(\.position) == Array(1...10))
        #expect(rows.map(\.entry) == entries)
    }

    @Test func `a journal opened again continues where it ended`() throws {
        let directory = try TemporaryDirectory()
        do {
            let journal = try directory.journal()
            _ = try journal.append([someEntry(1), someEntry(2)])
        }
        let journal = try directory.journal(makesMissing: false)
        #expect(journal.count == 2)
        #expect(try journal.append([someEntry(3)]) == 3...3)
        #expect(try journal.allRows().map(\.entry) == [someEntry(1), someEntry(2), someEntry(3)])
        #expect(try journal.synchronousSetting() == 2)
    }

    @Test func `a batch starts after a position and has at most the entries asked for`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        _ = try journal.append((1...10).map { someEntry($0) })
        #expect(try journal.entries(after: 0, limit: 3).map(\.position) == [1, 2, 3])
        #expect(try journal.entries(after: 8, limit: 5).map(\.position) == [9, 10])
        #expect(try journal.entries(after: 10, limit: 5).isEmpty)
        #expect(try journal.entries(after: 99, limit: 5).isEmpty)
    }

    @Test func `a batch of large entries ends early and the replay still sees all`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        let large = JournalLimits.entryBytes
        _ = try journal.append((1...10).map { someEntry($0, count: large) })
        #expect(try journal.entries(after: 0, limit: 100).count == JournalLimits.bytesPerBatch / large)
        #expect(try journal.allRows().count == 10)
    }

    @Test func `an item is found by its id and other kinds are not`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        _ = try journal.append([
            someEntry(1), someEntry(2, kind: .privateRecord), someEntry(3, kind: .localFact), someEntry(4),
        ])
        #expect(try journal.item(digest(4)) == JournalRow(position: 4, entry: someEntry(4)))
        #expect(try journal.item(digest(2)) == nil)
        #expect(try journal.item(digest(3)) == nil)
        #expect(try journal.item(digest(9)) == nil)
        #expect(try journal.ids(after: 0, limit: 9).map(\.position) == [1, 4])
        #expect(try journal.ids(after: 0, limit: 9).map(\.id) == [digest(1), digest(4)])
        #expect(try journal.ids(after: 0, limit: 1).map(\.position) == [1])
        #expect(try journal.ids(after: 1, limit: 9).map(\.position) == [4])
    }

    @Test func `entries about a subject come in order and without the others`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        let entries = (1...6).map { someEntry($0, about: $0 % 3 == 0 ? nil : digest($0 % 3)) }
        _ = try journal.append(entries)
        #expect(try journal.entries(about: digest(1)).map(\.position) == [1, 4])
        #expect(try journal.entries(about: digest(2)).map(\.entry) == [entries[1], entries[4]])
        #expect(try journal.entries(about: digest(5)).isEmpty)
    }

    @Test func `an item that is there already is refused and nothing of its append stays`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        _ = try journal.append([someEntry(1)])
        #expect(throws: StoreError.duplicateItem(id: digest(1))) { try journal.append([someEntry(2), someEntry(1)]) }
        #expect(throws: StoreError.duplicateItem(id: digest(3))) { try journal.append([someEntry(3), someEntry(3)]) }
        #expect(journal.count == 1)
        #expect(journal.failure == nil)
        #expect(try journal.append([someEntry(2)]) == 2...2)
        #expect(try journal.allRows().count == 2)
    }

    @Test func `records and facts may share an id`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        let record = someEntry(1, kind: .privateRecord)
        #expect(try journal.append([record, record, someEntry(1, kind: .localFact), someEntry(1)]) == 1...4)
    }

    @Test func `the largest entry is taken and one byte more is refused`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        let large = someEntry(2, count: JournalLimits.entryBytes + 1)
        #expect(throws: StoreError.entryTooLarge(bytes: JournalLimits.entryBytes + 1)) {
            try journal.append([someEntry(1), large])
        }
        #expect(journal.count == 0 && journal.failure == nil)
        #expect(try journal.append([someEntry(1, count: JournalLimits.entryBytes), someEntry(2, count: 0)]) == 1...2)
        #expect(try journal.allRows().map(\.entry.bytes.count) == [JournalLimits.entryBytes, 0])
    }

    @Test func `the files are closed to others`() throws {
        let directory = try TemporaryDirectory()
        let journal = try directory.journal()
        _ = try journal.append([someEntry(1)])
        for name in ["journal.sqlite", "journal.sqlite-wal"] {
            #expect(try FileFacts(ofPath: directory.file(name)).permissions == 0o600)
        }
        #expect(journal.count == 1)
    }

    @Test func `a long journal is written, opened and replayed at a printed speed`() throws {
        let directory = try TemporaryDirectory()
        let count = ProcessInfo.processInfo.environment["STANDSTILL_MEASURE"] == nil ? 10_000 : 100_000
        let clock = ContinuousClock()
        let writing = try clock.measure {
            let journal = try directory.journal()
            for start in stride(from: 0, to: count, by: 2000) {
                _ = try journal.append((start..<start + 2000).map { someEntry($0, count: 600) })
            }
        }
        var journal: Journal?
        let opening = try clock.measure { journal = try directory.journal() }
        var total = 0
        let replaying = try clock.measure { try journal?.replay { total += $0.entry.bytes.count } }
        #expect(total == 600 * count)
        let single = try clock.measure {
            for number in 0..<100 { _ = try journal?.append([someEntry(count + number, count: 600)]) }
        }
        print("\(count) rows of 600 bytes: written in \(writing), opened in \(opening), replayed in \(replaying);")
        print("one durable append takes \(single / 100)")
    }
}
