import Testing

/// What operators and monitors know by name is the same in the program and on its page.
@Suite struct HealthDocumentTests {
    private static let page = Repository.file("docs/operations.md")

    /// The rows of the page's tables, cell by cell.
    private static let rows = page.lines.filter { $0.hasPrefix("| ") }.map { line in
        line.split(separator: "|").map { cell in
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The text between two words of a file.
    private static func section(of path: String, from start: String, to end: String) throws -> Substring {
        let text = Repository.file(path).text
        let from = try #require(text.firstRange(of: start), "\(path) has no \(start)")
        let rest = text[from.upperBound...]
        return rest.firstRange(of: end).map { rest[..<$0.lowerBound] } ?? rest
    }

    @Test func `the page lists every check of a doctor by its code and name, and no others`() throws {
        let path = "Sources/NodeService/Health/HealthCheck.swift"
        let codes = Repository.file(path).text.matches(of: /case (\w+) = "(DOC-\d\d)"\n/)
            .map { (name: String($0.1), code: String($0.2)) }
        let names = try Self.section(of: path, from: "package var name", to: "\n    }\n").matches(
            of: /case \.(\w+): "(.+)"/
        )
        #expect(codes.count > 20 && names.count == codes.count)
        let listed = codes.map { check in
            [check.code, names.first { $0.1 == check.name }.map { String($0.2) } ?? ""]
        }
        #expect(Self.rows.filter { $0[0].hasPrefix("DOC-") }.map { Array($0.prefix(2)) } == listed)
    }

    @Test func `the page lists every metric with its type, label and sentence, and no others`() throws {
        let path = "Sources/NodeService/Health/Metric.swift"
        let metrics = Repository.file(path).text.matches(of: /case (\w+) = "(\w+)"\n/)
        let sentences = try Self.section(of: path, from: "var help", to: "\n    }\n").matches(
            of: /case \.(\w+): "(.+)"/
        )
        let labels = try Self.section(of: path, from: "var label", to: "\n    }\n").matches(
            of: /case (\.[^:]+): "(\w+)"/
        )
        #expect(metrics.count > 10 && sentences.count == metrics.count)
        let listed = metrics.map { metric in
            let label = labels.first { $0.1.split(separator: ", ").contains(".\(metric.1)") }.map { "`\($0.2)`" }
            let sentence = sentences.first { $0.1 == metric.1 }.map { String($0.2) }
            return ["`\(metric.2)`", metric.1 == "events" ? "counter" : "gauge", label ?? "", sentence ?? ""]
        }
        #expect(Self.rows.filter { $0[0].hasPrefix("`standstill_") || $0[0].hasPrefix("`process_") } == listed)
    }
}
