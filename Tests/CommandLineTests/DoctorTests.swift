import Foundation
import TestSupport
import Testing

@Suite struct DoctorTests {
    @Test func `without a node a doctor says so, ends with 2, and names a remedy for everything that is not ok`()
        async throws
    {
        let founding = try await Founding.shared.value
        let result = try await founding.run(["doctor", "--directory", "lab.aster"])
        #expect(result.status == 2 && result.errors.isEmpty)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "lab.aster, charter \(founding.charter), not running")
        for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("DOC-") {
            let isWell = line.dropFirst("DOC-00  ".count).hasPrefix("ok ")
            #expect(isWell != next.trimmingCharacters(in: .whitespaces).hasPrefix("-> "), "\(line)")
        }
        #expect(lines.contains { $0.hasPrefix("DOC-16  failure") && $0.hasSuffix(" no node runs here") })
    }

    @Test func `a directory without a configuration is a finding, not a mistake of the command`() async throws {
        let founding = try await Founding.shared.value
        let result = try await founding.run(["doctor", "--directory", "nowhere", "--json"])
        #expect(result.status == 2)
        #expect(result.output.contains(#""found":"there is no configuration at nowhere/node.yaml""#))
        #expect(result.output.filter { $0 == "\n" }.count == 1)
    }

    @Test(.timeLimit(.minutes(5)))
    func `with nodes that run, a doctor, the pages and the status tell one story`() async throws {
        let parties = try await RunningParties()
        defer { parties.stopAll() }
        try parties.configure("gov.arland", announce: "127.0.0.1:\(parties.port(of: "gov.borovia"))")
        try parties.configure("gov.borovia", announce: "127.0.0.1:1")
        try parties.startAll()
        try await parties.wait("lab.aster") { _ in true }
        try await parties.waitForPage("/readyz") { page in
            page.contains("not ready: DOC-18 group keys: not made: the ceremony is ratifying")
        }
        try await parties.makeKeys()
        try await parties.wait("lab.aster") { status in
            // What this machine does not allow, such as locking memory, may be warned of.
            !RunningParties.warnings(status).contains { $0.contains("record quorum") || $0.contains("just started") }
        }

        let well = try await parties.findings("lab.aster")
        for code in [
            "DOC-08", "DOC-09", "DOC-16", "DOC-17", "DOC-18", "DOC-19", "DOC-20", "DOC-21", "DOC-22", "DOC-24",
        ] {
            #expect(well[code]?["severity"] as? String == "ok", "\(String(describing: well[code]))")
        }
        #expect((well["DOC-17"]?["found"] as? String)?.hasPrefix("answers at 127.0.0.1:") == true)
        let wrong = try await parties.findings("gov.arland")["DOC-17"]
        #expect((wrong?["found"] as? String)?.hasSuffix("another party's node answers there") == true)
        let closed = try await parties.findings("gov.borovia")["DOC-17"]
        #expect((closed?["found"] as? String)?.contains("cannot be reached") == true)

        #expect(try await parties.page("/healthz").hasPrefix("HTTP/1.1 200 "))
        try await parties.waitForPage("/readyz") { $0.hasSuffix("\r\n\r\nready\n") }
        let metrics = try await parties.page("/metrics")
        #expect(metrics.contains("\nstandstill_peers_connected 3\n") && metrics.contains("\nstandstill_ready 1\n"))
        #expect(metrics.contains("\nstandstill_events_total{event=\"ratified\"} 4\n"))

        parties.stop("gov.borovia")
        try await parties.wait("lab.aster") { status in
            RunningParties.warnings(status).contains { $0.hasPrefix("not connected to a record quorum") }
        }
        let result = try await parties.founding.run(["doctor", "--directory", "lab.aster"])
        #expect(result.status == 2)
        #expect(result.output.contains("gov.borovia missing since "))
        try await parties.waitForPage("/readyz") { $0.contains("not ready: DOC-20 record quorum: ") }
    }
}
