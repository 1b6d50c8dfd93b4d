import Foundation
import Testing

/// The files of this repository as text, for tests about the text itself.
enum Repository {
    /// A file and its lines.
    struct File: Sendable, CustomTestStringConvertible {
        /// From the root, such as `Sources/QuorumPolicy/Condition.swift`.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

        /// The lines without what follows `//`, so that words in comments do not count as code.
        var code: [(number: Int, text: Substring)] {
            lines.enumerated().map { index, line in
                (index + 1, line.utf8.contains(UInt8(ascii: "/")) ? Self.withoutComment(line) : line)
            }
        }

        private static func withoutComment(_ line: Substring) -> Substring {
            line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        }

        var testDescription: String { path }
    }

    /// The directory that holds `Package.swift`.
    static let root: URL = {
        // Tests/TidyTests/Repository.swift is three steps below it.
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }()

    static let sources = files(below: "Sources", named: "swift")
    static let tests = files(below: "Tests", named: "swift")
    static let swift = sources + tests + [file("Package.swift")]

    /// The pages that people read.
    static let pages =
        files(below: "docs", named: "md") + files(below: "Protocol", named: "md")
        + files(below: "Examples", named: "md")
        + [file("README.md")]

    /// The names of the folders in `Sources`.
    static let targets: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path())
        return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }()

    static func sources(of target: String) -> [File] {
        sources.filter { $0.path.hasPrefix("Sources/\(target)/") }
    }

    /// One file; empty if it cannot be read.
    static func file(_ path: String) -> File {
        let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
        return File(path: path, text: text ?? "")
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path())
    }

    private static func files(below folder: String, named ending: String) -> [File] {
        let start = root.appending(path: folder).resolvingSymlinksInPath().path()
        guard let found = FileManager.default.enumerator(atPath: start) else { return [] }
        return found.compactMap { $0 as? String }.filter { $0.hasSuffix("." + ending) }.sorted()
            .map { file("\(folder)/\($0)") }
    }
}
