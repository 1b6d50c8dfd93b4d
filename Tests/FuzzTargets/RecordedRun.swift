package import BallotSealing
package import Foundation
package import SignedStatements
internal import TestSupport
internal import ThresholdSigning

/// What five parties with real keys signed in one run, kept as files so that every input meets the same statements.
///
/// The victim, `lab.p1`, takes part until the keys are made and is away while the others order a pause.
package struct RecordedRun: Sendable {
    package let charter: Charter
    /// The victim's journal when it was switched off.
    package let journal: [(at: Instant, item: Item)]
    /// Everything that was signed without it, in the order in which another party recorded it.
    package let later: [Item]
    /// The files of the exported order.
    package let order: [UInt8]
    package let keys: [UInt8]
    package let record: [UInt8]
    /// How its ballots are sealed.
    package let sealing: BallotSealing

    package static let victim = "lab.p1"

    /// Where seeds, past findings and this run are kept.
    package static let corpus = RepositoryFiles.root.appending(path: "Tests/FuzzCorpus")
    package static let directory = corpus.appending(path: "run")

    /// The run in the repository; every target that needs it fails without it.
    package static let stored = Result { try RecordedRun(directory) }

    package init(_ directory: URL) throws {
        func content(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: directory.appending(path: name)))
        }
        charter = try Charter(content("charter"))
        journal = try Self.lines(content("journal")).map { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let seconds = Int64(parts[0]), let at = Instant(seconds: seconds) else {
                throw Finding("a line of the recorded journal is malformed")
            }
            return (at, try Item(decoding: String(parts[1])))
        }
        later = try Self.lines(content("later")).map { try Item(decoding: $0) }
        order = try content("order.jws")
        keys = try content("keys.jws")
        record = try content("record.jws")
        sealing = try Self.sealing(charter, keys: Self.lines(keys).map { try Item(decoding: $0) })
    }

    private static func sealing(_ charter: Charter, keys: [Item]) throws -> BallotSealing {
        for case .statement(let statement) in keys {
            guard case .keyRecord(let body) = statement.body, let rule = charter.openRule else { continue }
            let key = body.groupKey(of: rule.name).map {
                OpeningKey(element: $0, structure: AccessStructure(rule.tree))
            }
            if let sealing = BallotSealing(charter: charter, key: key) { return sealing }
        }
        throw Finding("the recorded run has no key to seal ballots to")
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}
