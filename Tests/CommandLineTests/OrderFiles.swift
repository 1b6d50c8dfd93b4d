import AssemblySupport
import CryptoPrimitives
import Foundation
import PauseAgreement
import PauseEvidence
import QuorumPolicy
import SignedStatements
import TestSupport

/// An exported order, made by parties that run the real core, as files in a directory.
struct OrderFiles: Sendable {
    struct Missing: Error {}

    let directory: TemporaryDirectory
    let charter: String
    let groupKey: String
    /// An instant at which the order is in force.
    let during: String
    /// An instant after its end.
    let after: String

    private static let export = Result { try makeExport() }

    private struct Made: Sendable {
        let export: OrderExport
        let groupKey: Element
        let order: Order
    }

    /// A directory of its own with the files of the one order.
    init() throws {
        let made = try Self.export.get()
        directory = try TemporaryDirectory()
        for file in made.export.files { try directory.write(file.bytes, to: file.name.rawValue) }
        charter = made.order.claims.charter.description
        groupKey = Base64URL.encode(made.groupKey.bytes.array)
        guard let hour = Seconds(3600) else { throw Missing() }
        during = (made.order.claims.effective + hour).description
        after = (made.order.claims.end + hour).description
    }

    /// Changes one character of a file into another of the same alphabet.
    func change(_ name: String, at position: Int) throws {
        var bytes = try directory.content(of: name)
        bytes[position] = bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        try directory.write(bytes, to: name)
    }

    private static func makeExport() throws -> Made {
        let assembly = try Assembly(seed: 11)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2"] {
            try assembly.cast(.agree, by: name, on: motion)
        }
        for name in ["lab.p4", "gov.p3"] { try assembly.cast(.decline, by: name, on: motion) }
        try assembly.run(seconds: 3)
        let items = try assembly.node("gov.p3").journal.compactMap { record, _ -> Item? in
            if case .item(let item) = record { item } else { nil }
        }
        let orders = items.compactMap { item -> Order? in if case .order(let order) = item { order } else { nil } }
        let keys = try items.compactMap { item -> Element? in
            guard case .statement(let statement) = item, case .keyRecord(let record) = statement.body else {
                return nil
            }
            return record.groupKey(of: try RuleName("decide"))
        }
        guard let order = orders.first, let key = keys.first else { throw Missing() }
        let export = try OrderExport(order.verified(by: key), groupKey: key, charter: assembly.charter, items: items)
        return Made(export: export, groupKey: key, order: order)
    }
}
