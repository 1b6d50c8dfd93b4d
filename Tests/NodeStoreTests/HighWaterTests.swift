import Foundation
import NodeStore
import SystemCalls
import TestSupport
import Testing

@Suite struct HighWaterTests {
    @Test func `a new file starts at the number of a new journal and is closed to others`() throws {
        let directory = try TemporaryDirectory()
        let mark = try HighWater(at: directory.file("high-water"), owner: someOwner(), journalNumber: 0)
        #expect(mark.number == 0)
        #expect(mark.standing == .consistent)
        #expect(try FileFacts(ofPath: directory.file("high-water")).permissions == 0o600)
    }

    @Test func `the number only rises and is found again`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("high-water")
        var mark = try HighWater(at: path, owner: someOwner(), journalNumber: 0)
        try mark.raise(to: 7)
        try mark.raise(to: 3)
        #expect(mark.number == 7)
        let again = try HighWater(at: path, owner: someOwner(), journalNumber: 7)
        #expect(again.number == 7)
        #expect(again.standing == .consistent)
    }

    @Test func `a journal behind the file is told as a restored backup, every time it is opened`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("high-water")
        var mark = try HighWater(at: path, owner: someOwner(), journalNumber: 0)
        try mark.raise(to: 412)
        for _ in 0..<2 {
            let restored = try HighWater(at: path, owner: someOwner(), journalNumber: 388)
            #expect(restored.standing == .journalBehind(journal: 388, highWater: 412))
            #expect(restored.number == 412)
            #expect(restored.standing.description.contains("a restored backup?"))
        }
    }

    @Test func `a journal ahead of the file is a crash between two writes`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("high-water")
        var mark = try HighWater(at: path, owner: someOwner(), journalNumber: 0)
        try mark.raise(to: 4)
        let ahead = try HighWater(at: path, owner: someOwner(), journalNumber: 5)
        #expect(ahead.standing == .consistent)
        #expect(try HighWater(at: path, owner: someOwner(), journalNumber: 5).number == 5)
    }

    @Test func `a missing file beside a used journal is told`() throws {
        let directory = try TemporaryDirectory()
        let mark = try HighWater(at: directory.file("high-water"), owner: someOwner(), journalNumber: 9)
        #expect(mark.standing == .fileMissing(journal: 9))
    }

    @Test func `the file of another party or charter is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("high-water")
        let first = try someOwner()
        _ = try HighWater(at: path, owner: first, journalNumber: 0).number
        for other in [try someOwner(party: "lab.borealis"), try someOwner(charter: 8)] {
            #expect(throws: StoreError.otherOwner(path: path, found: first, expected: other)) {
                try HighWater(at: path, owner: other, journalNumber: 0).number
            }
        }
    }

    @Test(arguments: [
        "", "standstill-high-water v2", "number -1", "number 07", "number 9999999999999999999", "number 1\nx",
    ])
    func `a damaged file is refused and kept`(change: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("high-water")
        _ = try HighWater(at: path, owner: someOwner(), journalNumber: 1).number
        var text = String(decoding: try directory.content(of: "high-water"), as: UTF8.self)
        if change.isEmpty {
            text = ""
        } else if change.hasPrefix("number") {
            text = text.replacing("number 1", with: change)
        } else {
            text = text.replacing("standstill-high-water v1", with: change)
        }
        try directory.write(text.utf8, to: "high-water")
        let error = storeError { _ = try HighWater(at: path, owner: someOwner(), journalNumber: 1).number }
        #expect(error == .damagedHighWater(path: path) && error?.exitStatus == 74)
        #expect(try directory.content(of: "high-water") == Array(text.utf8))
    }

    @Test func `a link in place of the file is not followed`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("x".utf8), to: "other")
        let path = directory.file("high-water")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: directory.file("other"))
        #expect(throws: StoreError.self) {
            try HighWater(at: path, owner: someOwner(), journalNumber: 0).number
        }
        #expect(try directory.content(of: "other") == Array("x".utf8))
    }

    @Test func `half a file left by a crash is not in the way`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("high-water")
        var mark = try HighWater(at: path, owner: someOwner(), journalNumber: 1)
        try directory.write(Array("standst".utf8), to: "high-water.next")
        try mark.raise(to: 2)
        #expect(try HighWater(at: path, owner: someOwner(), journalNumber: 2).standing == .consistent)
    }
}
