import CryptoPrimitives
import Foundation
import PauseEvidence
import SignedStatements
import TestSupport
import Testing

/// What the specification shows of one run: the files of its order, and the examples of chapter 6.
@Suite struct ExampleOrderTests {
    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: RepositoryFiles.root.appending(path: path)))
    }

    @Test func `the order of the examples is in force, and every line of its record counts`() throws {
        let folder = "Examples/order"
        let charter = try Self.bytes("\(folder)/charter")
        let readme = String(decoding: try Self.bytes("\(folder)/README.md"), as: UTF8.self)
        let pin = CharterID(SHA256.hash(charter))
        #expect(readme.contains("--pin-charter \(pin) --at 2027-03-01T12:00:00Z"))
        let order = try Self.bytes("\(folder)/order.jws")
        let report = OrderVerification.verify(
            EvidenceBundle(
                order: order.last == UInt8(ascii: "\n") ? order.dropLast() : order,
                charter: charter,
                keys: try Self.bytes("\(folder)/keys.jws"),
                record: try Self.bytes("\(folder)/record.jws")
            ),
            pin: .charter(pin),
            at: try #require(Instant("2027-03-01T12:00:00Z"))
        )
        #expect(report.verdict == .inForce)
        #expect(report.ignored.isEmpty)
        #expect(report.misconduct.isEmpty)
        #expect(report.roll.ballots.allSatisfy { $0.receipts.count == 5 })
    }

    @Test func `every statement of chapter 6 can be drafted and has the id that is written under it`() throws {
        let chapter = String(decoding: try Self.bytes("Protocol/06-statements.md"), as: UTF8.self)
        let sections = chapter.components(separatedBy: "\n### `").dropFirst()
        var checked = 0
        for section in sections {
            guard
                let kind = section.prefix(while: { $0 != "`" }).description as String?,
                let json = section.firstMatch(of: /```json\n(\{[\s\S]*?\n\})\n```/)?.1,
                let id = section.firstMatch(of: /Its id: `([0-9a-f]{64})`/)?.1
            else { continue }
            let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
            guard let party = (value as? [String: Any])?["party"] as? String else { continue }
            let payload = try JSONSerialization.data(
                withJSONObject: value,
                options: [.sortedKeys, .withoutEscapingSlashes]
            )
            let header = CompactJWS.Header(kid: party, typ: "standstill-\(kind)")
            let input = CompactJWS.signingInput(header: header, payload: [UInt8](payload))
            #expect(SHA256.hash(input).description == id, "\(kind)")
            let signed = String(decoding: input, as: UTF8.self) + "." + String(repeating: "A", count: 86)
            #expect(try Statement(decoding: signed).kind.rawValue == kind)
            checked += 1
        }
        #expect(checked > 15)
    }
}
