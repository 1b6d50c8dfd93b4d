internal import QuorumPolicy
internal import Yams

/// The part of YAML that a scenario may use, read into nodes with their lines.
enum ScenarioText {
    /// The largest file, in bytes.
    static let limit = 64 << 10
    /// How deep brackets may stand in brackets.
    private static let nesting = 8
    private static let indentation = 32

    static func compose(_ bytes: [UInt8]) throws(ScenarioFileError) -> ScenarioNode {
        guard bytes.count <= limit else {
            throw ScenarioFileError(
                1,
                "the file has more than \(limit) bytes",
                hint: "check that it is the file you meant"
            )
        }
        // Some editors begin a file with a mark of the byte order.
        guard let text = String(validating: bytes.trimmingPrefix([0xEF, 0xBB, 0xBF]), as: UTF8.self) else {
            throw ScenarioFileError(1, "the file is not UTF-8 text", hint: "check that it is the file you meant")
        }
        try check(text)
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ScenarioFileError(1, "the file is empty", hint: "see docs/scenarios.md for a first scenario")
            }
            return ScenarioNode(node, line: 1)
        } catch let error as ScenarioFileError {
            throw error
        } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _)
        {
            throw ScenarioFileError(mark.line, "this is not YAML: \(problem)", hint: "one `key: value` on each line")
        } catch YamlError.duplicatedKeysInMapping(let names, let context) {
            let name = names.first ?? ""
            throw ScenarioFileError(context.mark.line, "`\(name)` stands twice", hint: "remove one of the two")
        } catch {
            throw ScenarioFileError(1, "this cannot be read as YAML", hint: "one `key: value` on each line")
        }
    }

    /// The YAML reader recurses into collections and shares aliased ones, so both are bounded before it sees the text.
    private static func check(_ text: String) throws(ScenarioFileError) {
        var depth = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop { $0 == " " }
            guard content.first != "#" else { continue }
            let prefix = line.prefix { " -?:".contains($0) }.count
            var previous: Character = " "
            for character in line {
                switch character {
                case "[", "{": depth += 1
                case "]", "}": depth = max(0, depth - 1)
                case "&", "*", "!":
                    guard !" [{,:".contains(previous) || previous == ":" && character != "&" else {
                        throw ScenarioFileError(
                            index + 1,
                            "anchors, aliases and tags are not used here",
                            hint: "put texts with \(character) in quotes"
                        )
                    }
                default: break
                }
                previous = character
            }
            guard depth <= nesting, prefix <= indentation, !line.contains("\t"), !line.contains("\r") else {
                throw ScenarioFileError(
                    index + 1,
                    "this is nested too deep, or has tabs",
                    hint: "indent with two blanks, \(nesting) levels at most"
                )
            }
        }
    }
}

/// A place in a scenario file; every question to it is answered or refused with its line.
struct ScenarioNode {
    private let node: Node
    /// Where it begins, from 1.
    let line: Int

    init(_ node: Node, line: Int) {
        self.node = node
        self.line = node.mark?.line ?? line
    }

    /// The entries of a mapping, with their keys' lines; any other key is refused.
    func entries(
        _ what: String,
        keys known: [String]
    ) throws(ScenarioFileError) -> OrderedMap<String, ScenarioNode> {
        var entries: OrderedMap<String, ScenarioNode> = [:]
        for (key, line, value) in try pairs(what) {
            guard known.contains(key) else {
                let near = suggestion(for: key, among: known).map { "did you mean `\($0)`?" }
                let list = known.joined(separator: ", ")
                throw ScenarioFileError(line, "\(what) has no `\(key)`", hint: near ?? "its keys are \(list)")
            }
            entries[key] = value
        }
        return entries
    }

    /// The entries of a mapping whose keys are names.
    func pairs(_ what: String) throws(ScenarioFileError) -> [(key: String, line: Int, value: ScenarioNode)] {
        guard case .mapping(let mapping) = node else {
            throw ScenarioFileError(line, "\(what) must be `key: value` lines", hint: "see docs/scenarios.md")
        }
        var pairs: [(key: String, line: Int, value: ScenarioNode)] = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? line
            guard case .scalar(let name) = key else {
                throw ScenarioFileError(line, "a key of \(what) is not a word", hint: "see docs/scenarios.md")
            }
            pairs.append((name.string, line, ScenarioNode(value, line: line)))
        }
        return pairs
    }

    func items(_ what: String) throws(ScenarioFileError) -> [ScenarioNode] {
        guard case .sequence(let sequence) = node else {
            throw ScenarioFileError(line, "\(what) must be a list", hint: "begin each entry with `- `")
        }
        return sequence.map { ScenarioNode($0, line: line) }
    }

    func text(_ what: String) throws(ScenarioFileError) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            throw ScenarioFileError(line, "\(what) must be one value on its line", hint: "see docs/scenarios.md")
        }
        return scalar.string
    }

    /// One text, or a list of texts.
    func texts(_ what: String) throws(ScenarioFileError) -> [(line: Int, text: String)] {
        if case .sequence = node {
            return try items(what).map { item throws(ScenarioFileError) in (item.line, try item.text(what)) }
        }
        return [(line, try text(what))]
    }

    func number(_ what: String, in range: ClosedRange<Int>) throws(ScenarioFileError) -> Int {
        let text = try text(what)
        guard let number = Int(text), range.contains(number) else {
            throw ScenarioFileError(
                line,
                "\(what) cannot be `\(text)`",
                hint: "write a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    func isTrue(_ what: String) throws(ScenarioFileError) -> Bool {
        switch try text(what) {
        case "true", "yes": true
        case "false", "no": false
        case let text: throw ScenarioFileError(line, "\(what) cannot be `\(text)`", hint: "write yes or no")
        }
    }

    /// A length of time such as `1d`, `2h`, `10m`, `20s` or `500ms`, in milliseconds; at most a year.
    func milliseconds(_ what: String) throws(ScenarioFileError) -> Int64 {
        let text = try text(what)
        let units: [(String, Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        if text.hasPrefix("-") {
            throw ScenarioFileError(
                line,
                "\(what) cannot be negative: `\(text)`",
                hint: "count from the beginning of the run"
            )
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = units.first { $0.0 == text.dropFirst(digits.count) }
        guard (1...9).contains(digits.count), let number = Int64(digits), let unit, number * unit.1 <= 366 * 86_400_000
        else {
            throw ScenarioFileError(
                line,
                "\(what) cannot be `\(text)`",
                hint: "write a length of time such as 500ms, 20s, 10m, 2h or 90d, at most a year"
            )
        }
        return number * unit.1
    }

    /// Whole seconds.
    func seconds(_ what: String) throws(ScenarioFileError) -> Int64 {
        let milliseconds = try milliseconds(what)
        guard milliseconds.isMultiple(of: 1000), milliseconds > 0 else {
            throw ScenarioFileError(line, "\(what) must be whole seconds, one or more", hint: "write it as 20s or 10m")
        }
        return milliseconds / 1000
    }
}
