internal import QuorumPolicy
internal import Yams

/// The keys of a configuration and what stands beside them, each with its line.
struct ConfigurationMapping {
    enum Value {
        case text(String)
        case list([(line: Int, text: String)])
        case table([(line: Int, key: String, text: String)])
    }

    let file: String
    private let entries: [(key: NodeConfiguration.Key, line: Int, value: Value)]

    init(_ bytes: [UInt8], file: String) throws(SetupError) {
        self.file = file
        let text = try ConfigurationBounds.check(bytes, file: file)
        guard let root = try Self.compose(text, file: file), case .mapping(let mapping) = root else {
            throw .configuration(file: file, line: nil, problem: .notAMapping)
        }
        var entries: [(key: NodeConfiguration.Key, line: Int, value: Value)] = []
        for (keyNode, valueNode) in mapping {
            let line = Self.line(keyNode)
            guard case .scalar(let name) = keyNode else {
                throw .configuration(file: file, line: line, problem: .notAMapping)
            }
            guard let key = NodeConfiguration.Key(rawValue: name.string) else {
                let nearest = suggestion(for: name.string, among: NodeConfiguration.Key.allCases.map(\.rawValue))
                let problem = ConfigurationProblem.unknownKey(Self.printable(name.string), suggestion: nearest)
                throw .configuration(file: file, line: line, problem: problem)
            }
            entries.append((key, line, try Self.value(of: valueNode, key: key, line: line, file: file)))
        }
        self.entries = entries
    }

    subscript(key: NodeConfiguration.Key) -> (line: Int, value: Value)? {
        entries.first { $0.key == key }.map { ($0.line, $0.value) }
    }

    /// What somebody wrote, cut and cleaned for a message.
    static func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(60).map { (0x20..<0x7f).contains($0.value) ? Character($0) : "?" })
    }

    private static func compose(_ text: String, file: String) throws(SetupError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _)
        {
            throw .configuration(file: file, line: mark.line, problem: .syntax(problem))
        } catch YamlError.duplicatedKeysInMapping(let names, let context) {
            let name = printable(names.first ?? "")
            throw .configuration(file: file, line: context.mark.line, problem: .duplicateKey(name))
        } catch {
            throw .configuration(file: file, line: nil, problem: .syntax("it cannot be read"))
        }
    }

    private static func value(
        of node: Node,
        key: NodeConfiguration.Key,
        line: Int,
        file: String
    ) throws(SetupError) -> Value {
        switch node {
        case .scalar(let scalar): return .text(scalar.string)
        case .sequence(let sequence):
            var items: [(line: Int, text: String)] = []
            for item in sequence {
                guard case .scalar(let scalar) = item else { throw kind(key, "a list of texts", item, file) }
                items.append((self.line(item), scalar.string))
            }
            return .list(items)
        case .mapping(let mapping):
            var items: [(line: Int, key: String, text: String)] = []
            for (name, item) in mapping {
                guard case .scalar(let name) = name, case .scalar(let text) = item else {
                    throw kind(key, "a list of `name: text` lines", item, file)
                }
                items.append((self.line(item), name.string, text.string))
            }
            return .table(items)
        case .alias: throw .configuration(file: file, line: line, problem: .forbiddenCharacter("*"))
        }
    }

    private static func kind(
        _ key: NodeConfiguration.Key,
        _ expected: String,
        _ node: Node,
        _ file: String
    ) -> SetupError {
        .configuration(file: file, line: line(node), problem: .wrongKind(key: key.rawValue, expected: expected))
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}
