import Foundation
import PauseEvidence
import TestSupport
import Testing

@Suite struct OrderVerifyTests {
    private func verify(_ files: OrderFiles, _ arguments: [String]) async throws -> Command.Result {
        try await Command.run(["order", "verify", files.directory.path] + arguments)
    }

    @Test func `a pinned order in force ends with success`() async throws {
        let files = try OrderFiles()
        let result = try await verify(files, ["--pin-charter", files.charter, "--at", files.during])
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("IN FORCE: "))
        #expect(result.output.contains("ballot      lab.p4: decline, certified by "))
        #expect(result.errors.isEmpty)
    }

    @Test func `without a pin nothing is proven`() async throws {
        let files = try OrderFiles()
        let result = try await verify(files, ["--at", files.during])
        #expect(result.status == 10)
        #expect(result.output.hasPrefix("UNPINNED: "))
    }

    @Test func `an order that has ended is told apart`() async throws {
        let files = try OrderFiles()
        let result = try await verify(files, ["--pin-charter", files.charter, "--at", files.after])
        #expect(result.status == 13)
        #expect(result.output.hasPrefix("ENDED: "))
    }

    @Test func `a pin of another charter proves the order wrong`() async throws {
        let files = try OrderFiles()
        let other = String(repeating: "0", count: 64)
        let result = try await verify(files, ["--pin-charter", other, "--at", files.during])
        #expect(result.status == 11)
        #expect(result.output.hasPrefix("INVALID: "))
    }

    @Test func `one changed character of the order makes it invalid`() async throws {
        for fraction in [3, 2] {
            let files = try OrderFiles()
            let count = try files.directory.content(of: "order.jws").count
            try files.change("order.jws", at: count - count / fraction)
            let result = try await verify(files, ["--pin-charter", files.charter, "--at", files.during])
            #expect(result.status == 11)
            #expect(result.output.hasPrefix("INVALID: "))
        }
    }

    @Test func `a changed line of the record is ignored and named`() async throws {
        let files = try OrderFiles()
        let record = try files.directory.content(of: "record.jws")
        let last = record.dropLast().lastIndex(of: UInt8(ascii: "\n")) ?? 0
        try files.change("record.jws", at: last + 300)
        let result = try await verify(files, ["--pin-charter", files.charter, "--at", files.during])
        #expect(result.output.contains("\nignored     record.jws line "))
    }

    @Test func `the order alone and a pinned key prove who signed, not that it is in force`() async throws {
        let files = try OrderFiles()
        let order = files.directory.file("order.jws")
        for key in [files.groupKey, files.directory.file("group.pem")] {
            let result = try await Command.run(["order", "verify", order, "--pin-key", key, "--at", files.during])
            #expect(result.status == 14)
            #expect(result.output.hasPrefix("INSUFFICIENT EVIDENCE: "))
            #expect(result.output.contains("\nsignature   yes: "))
        }
    }

    @Test func `a key that begins with a dash is a key`() async throws {
        let files = try OrderFiles()
        // Twelve times the base point: a key like any other, but not this order's.
        let key = "-eQtLtyB0jNnlnNStH5IVrgleGNObB3nIoDOi2DOcMA"
        let result = try await verify(files, ["--pin-key", key, "--at", files.during])
        #expect(result.status == 11)
        #expect(result.output.hasPrefix("INVALID: "))
    }

    @Test func `files may lie in different places`() async throws {
        let files = try OrderFiles()
        let names = ["charter", "keys", "record"].flatMap { name in
            ["--\(name)", files.directory.file(name == "charter" ? name : "\(name).jws")]
        }
        let arguments = names + ["--pin-key", files.groupKey, "--at", files.during]
        let result = try await Command.run(["order", "verify", files.directory.file("order.jws")] + arguments)
        #expect(result.status == 0)
    }

    @Test func `the report is JSON for scripts`() async throws {
        let files = try OrderFiles()
        let result = try await verify(files, ["--pin-charter", files.charter, "--at", files.during, "--json"])
        let report = try JSONDecoder().decode(OrderReport.self, from: Data(result.output.utf8))
        #expect(report.verdict == .inForce)
        #expect(report.roll.agreeing == ["gov.p1", "gov.p2", "lab.p1", "lab.p2", "lab.p3"])
        #expect(result.output.filter { $0 == "\n" }.count == 1)
    }

    @Test func `two pins at once are a mistake`() async throws {
        let files = try OrderFiles()
        let result = try await verify(files, ["--pin-charter", files.charter, "--pin-key", files.groupKey])
        #expect(result.status == 64)
        #expect(result.error == "give --pin-charter or --pin-key, not both")
    }
}
