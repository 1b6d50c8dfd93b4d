import CryptoPrimitives
import Foundation
import NodeStore
import QuorumPolicy
import SignedStatements
import TestSupport

/// The owner most tests use.
func someOwner(party: String = "lab.aster", charter: UInt8 = 7) throws -> JournalOwner {
    JournalOwner(party: try PartyName(party), charter: CharterID(digest(Int(charter))))
}

/// The key that links the rows of most tests' journals.
func someKey(_ byte: UInt8 = 1) -> SecretBytes {
    SecretBytes(copying: Array(repeating: byte, count: 32))
}

/// A digest that differs for every number.
func digest(_ number: Int) -> Bytes32 {
    SHA256.hash(Array("\(number)".utf8))
}

/// An entry whose content follows from its number.
func someEntry(
    _ number: Int,
    kind: JournalEntry.Kind = .item,
    about subject: Bytes32? = nil,
    count: Int = 100
) -> JournalEntry {
    let byte = UInt8(truncatingIfNeeded: number)
    return JournalEntry(
        kind: kind,
        id: digest(number),
        subject: subject,
        bytes: Array(repeating: byte, count: count),
        receivedAt: 1_800_000_000 + number
    )
}

extension Journal {
    /// Every row, as a restarting node reads them.
    func allRows() throws -> [JournalRow] {
        var rows: [JournalRow] = []
        try replay { rows.append($0) }
        return rows
    }
}

extension TemporaryDirectory {
    func journal(
        owner: JournalOwner? = nil,
        key: UInt8 = 1,
        makesMissing: Bool = true,
        maximumPages: Int? = nil
    ) throws -> Journal {
        try Journal(
            at: file("journal.sqlite"),
            owner: try owner ?? someOwner(),
            key: someKey(key),
            makesMissing: makesMissing,
            maximumPages: maximumPages
        )
    }
}

/// The error a body throws, or nil.
func storeError(_ body: () throws -> Void) -> StoreError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StoreError
    }
}
