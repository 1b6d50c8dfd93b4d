import AssemblySupport
import CryptoPrimitives
import Foundation
import FuzzTargets
import PauseAgreement
import PauseEvidence
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

/// Writes `Tests/FuzzCorpus`: one run of real parties, and the seeds that `make fuzz` starts from.
///
/// Run `STANDSTILL_WRITE_CORPUS=all swift test --disable-xctest --filter CorpusGeneration` when a format changes. Keys, nonces
/// and salts are drawn anew each time, so everything changes; past findings stay as they are. The name of a target instead of
/// `all` writes its seeds alone, from the run that is there.
@Suite(.serialized) struct CorpusGeneration {
    private static let wanted = ProcessInfo.processInfo.environment["STANDSTILL_WRITE_CORPUS"]

    @Test(.enabled(if: wanted != nil)) func `write the corpus`() throws {
        if Self.wanted == "all" { try Self.replace(RecordedRun.directory, with: OrderedRun().files) }
        let recorded = try RecordedRun(RecordedRun.directory)
        for (name, inputs) in try SeedInputs(recorded).all where ["all", name].contains(Self.wanted) {
            let files = inputs.enumerated().map { (String(format: "%02d", $0.offset), $0.element) }
            try Self.replace(RecordedRun.corpus.appending(path: "seeds").appending(path: name), with: files)
        }
    }

    @Test func `the recorded run is one that today's program makes`() throws {
        let run = try RecordedRun.stored.get()
        #expect(run.journal.count > 30)
        let order = try Order(decoding: String(decoding: run.order, as: UTF8.self))
        let hour = try #require(Seconds(3600))
        let bundle = EvidenceBundle(order: run.order, charter: run.charter.bytes, keys: run.keys, record: run.record)
        let report = OrderVerification.verify(
            bundle,
            pin: .charter(run.charter.id),
            at: order.claims.effective + hour
        )
        #expect(report.verdict == .inForce)
    }

    private static func replace(_ directory: URL, with files: [(name: String, bytes: [UInt8])]) throws {
        try? FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: directory.appending(path: name)) }
    }
}

/// Five parties make keys, and one votes in advance; then one goes away and the others order a pause.
private struct OrderedRun {
    let files: [(name: String, bytes: [UInt8])]

    init() throws {
        let assembly = try Assembly(
            labs: 2,
            of: 3,
            governments: 1,
            of: 2,
            seed: 5,
            opening: .guaranteed,
            standingNotice: 60
        )
        try assembly.makeKeys()
        try assembly.lodge(.agree, by: "lab.p1")
        try assembly.lodge(.agree, by: "gov.p2")
        try assembly.run(seconds: 4)
        try assembly.revoke(1, by: "gov.p2")
        try assembly.run(seconds: 1)
        let journal = try Self.items(of: RecordedRun.victim, in: assembly)
        try assembly.stop(RecordedRun.victim)
        let motion = try assembly.propose(.start, by: "lab.p2")
        for name in ["lab.p2", "lab.p3", "gov.p1"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.cast(.decline, by: "gov.p2", on: motion)
        try assembly.run(seconds: 13)
        let all = try Self.items(of: "gov.p2", in: assembly)
        let known = Set(journal.map(\.item.id))
        let later = all.map(\.item).filter { !known.contains($0.id) }
        let order = try #require(later.compactMap { if case .order(let order) = $0 { order } else { nil } }.first)
        let keys = try all.map(\.item).compactMap { item -> Element? in
            guard case .statement(let statement) = item, case .keyRecord(let record) = statement.body else {
                return nil
            }
            return record.groupKey(of: try RuleName(order.claims.rule.text))
        }
        let key = try #require(keys.first)
        let export = try OrderExport(
            order.verified(by: key),
            groupKey: key,
            charter: assembly.charter,
            items: all.map(\.item)
        )
        files = [
            ("charter", assembly.charter.bytes),
            ("journal", Self.text(journal.map { "\($0.at.seconds) \($0.item.text)" })),
            ("later", Self.text(later.map(\.text))),
            ("order.jws", export[.order]),
            ("keys.jws", export[.keys]),
            ("record.jws", export[.record]),
        ]
    }

    private static func items(of name: String, in assembly: Assembly) throws -> [(at: Instant, item: Item)] {
        try assembly.node(name).journal.compactMap { record, at in
            if case .item(let item) = record { (at, item) } else { nil }
        }
    }

    private static func text(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }
}
