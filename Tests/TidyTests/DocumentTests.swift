import Foundation
import Testing

/// The pages for people agree with the code and with each other.
@Suite struct DocumentTests {
    @Test func `the specification has its chapters`() {
        for chapter in 0...11 {
            #expect(Self.chapter(chapter) != nil, "there is no Protocol/\(chapter < 10 ? "0" : "")\(chapter)-*.md")
        }
    }

    @Test(arguments: Repository.pages)
    func `links lead to files and headings that exist`(page: Repository.File) throws {
        let folder = page.path.split(separator: "/").dropLast().map(String.init)
        for match in page.text.matches(of: /\]\(([^)\s]+)\)/) {
            let link = String(match.1)
            guard !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = parts[0].isEmpty ? page.path : Self.resolve(parts[0], in: folder)
            #expect(Repository.exists(path), "\(page.path) links to \(link)")
            guard parts.count == 2, path.hasSuffix(".md") else { continue }
            let anchors = Self.anchors(of: Repository.file(path))
            #expect(anchors.contains(parts[1]), "\(page.path) links to \(link), but \(path) has no such heading")
        }
    }

    @Test(arguments: Repository.swift)
    func `citations name chapters and sections that exist`(file: Repository.File) throws {
        for match in file.text.matches(of: /Protocol §([0-9]+)(?:\.([0-9]+))?/) {
            let number = try #require(Int(match.1))
            let page = try #require(Self.chapter(number), "\(file.path) cites \(match.0)")
            guard let section = match.2 else { continue }
            let heading = "## \(number).\(section) "
            #expect(page.text.contains("\n\(heading)"), "\(file.path) cites \(match.0), which \(page.path) lacks")
        }
    }

    @Test func `every kind of item has a section with a table and an example`() throws {
        let chapter = try #require(Self.chapter(6))
        let kinds = Repository.file("Sources/SignedStatements/Kinds/StatementKind.swift").text
            .matches(of: /case (\w+)(?: = "([a-z-]+)")?\n/).map { String($0.2 ?? $0.1) }
        #expect(kinds.count >= 19)
        for kind in kinds + ["key-proof", "order"] {
            let heading = "\n### `\(kind)`\n"
            let start = try #require(chapter.text.firstRange(of: heading), "\(chapter.path) has no section of \(kind)")
            let rest = chapter.text[start.upperBound...]
            let section = rest.firstRange(of: "\n##").map { rest[..<$0.lowerBound] } ?? rest
            #expect(section.contains("\n| member |"), "\(kind) has no table of members")
            #expect(section.contains("\n```json\n"), "\(kind) has no example")
            for member in Self.members(of: kind) {
                #expect(section.contains("`\(member)`"), "the table of \(kind) lacks \(member)")
                #expect(section.contains("\"\(member)\": "), "the example of \(kind) lacks \(member)")
            }
        }
    }

    /// The members that the reader of a kind of statement takes, as its source says.
    private static func members(of kind: String) -> [String] {
        let words = kind.split(separator: "-")
        let name = words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
        let source = Repository.sources(of: "SignedStatements")
            .first { $0.text.contains("static let kind = StatementKind.\(name)\n") }
        guard let text = source?.text else { return [] }
        let named = text.matches(of: /reader\s*\.\w+\(\s*"(\w+)"/).map { String($0.1) }
        return named + (text.contains("reader.keys") ? ["keys"] : [])
            + (text.contains("ChainPosition(from: &reader)") ? ["prev", "round", "seq"] : [])
    }

    @Test(arguments: ["Protocol/10-invariants.md", "docs/threat-model.md"])
    func `every guard that a page names is a suite of tests`(path: String) {
        let names = Repository.file(path).text.matches(of: /`(\w+Tests)`/).map { String($0.1) }
        #expect(names.count > 10)
        for suite in names {
            let isDefined = Repository.tests.contains { $0.text.contains("struct \(suite) ") }
            #expect(isDefined || Repository.exists("Tests/\(suite)"), "\(path) names \(suite)")
        }
    }

    @Test func `every configuration key is explained`() throws {
        let text = Repository.file("Sources/NodeService/NodeConfiguration.swift").text
        let start = try #require(text.firstRange(of: "enum Key"))
        let list = text[start.upperBound...].prefix { $0 != "}" }
        let page = Repository.file("docs/operations.md").text
        for match in list.matches(of: /case (\w+)(?: = "([a-z-]+)")?\n/) {
            let key = String(match.2 ?? match.1)
            #expect(page.contains("| `\(key)` |"), "docs/operations.md does not explain \(key)")
        }
    }

    @Test func `what is built or resolved is not committed`() throws {
        let ignored = Repository.file(".gitignore").lines
        for name in [".build/", "Package.resolved", ".swiftpm/"] {
            #expect(ignored.contains { $0 == name }, "add \(name) to .gitignore")
        }
        // The index lists tracked paths in clear; a checkout without one has nothing to check.
        guard let index = try? Data(contentsOf: Repository.root.appending(path: ".git/index")) else { return }
        for name in ["Package.resolved", ".build/"] {
            #expect(index.range(of: Data(name.utf8)) == nil, "\(name) is tracked by git")
        }
    }

    private static func chapter(_ number: Int) -> Repository.File? {
        let prefix = "Protocol/\(number < 10 ? "0" : "")\(number)-"
        return Repository.pages.first { $0.path.hasPrefix(prefix) }
    }

    private static func resolve(_ link: String, in folder: [String]) -> String {
        var path = folder
        for part in link.split(separator: "/") {
            switch part {
            case ".": break
            case "..": if !path.isEmpty { path.removeLast() }
            default: path.append(String(part))
            }
        }
        return path.joined(separator: "/")
    }

    /// The anchors that a page's headings get on the web.
    private static func anchors(of page: Repository.File) -> [String] {
        page.lines.filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" }.dropFirst().lowercased()
                .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                .replacing(" ", with: "-")
        }
    }
}
