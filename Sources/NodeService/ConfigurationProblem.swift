/// What is wrong with a line of a configuration.
package enum ConfigurationProblem: Hashable, Sendable {
    case tooLarge(maximumBytes: Int)
    case notText
    /// A control character, or one that starts an anchor, alias, tag or directive.
    case forbiddenCharacter(String)
    case nestedTooDeep
    /// Not YAML, in the words of the YAML reader.
    case syntax(String)
    case notAMapping
    case unknownKey(String, suggestion: String?)
    case duplicateKey(String)
    case missingKey(String)
    case wrongKind(key: String, expected: String)
    case wrongValue(key: String, value: String, expected: String)
    case tooMany(key: String, maximum: Int)
}

extension ConfigurationProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let maximumBytes):
            "a configuration has at most \(maximumBytes) bytes; hint: check that it is the file you meant"
        case .notText:
            "a configuration is UTF-8 text; hint: check that it is the file you meant"
        case .forbiddenCharacter(let character):
            "the \(character) is not used here, nor are anchors, aliases, tags and directives; hint: write plain `key: value` lines"
        case .nestedTooDeep:
            "too many levels of lists and mappings; hint: only `announce` and `peers` have entries of their own"
        case .syntax(let detail):
            "this is not YAML: \(detail); hint: one `key: value` on each line"
        case .notAMapping:
            "a configuration is a list of `key: value` lines; hint: see the one that `standstill party init` writes"
        case .unknownKey(let name, let suggestion):
            "unknown key `\(name)`; hint: "
                + (suggestion.map { "did you mean `\($0)`?" } ?? "the keys are \(NodeConfiguration.Key.list)")
        case .duplicateKey(let name):
            "the key `\(name)` occurs twice; hint: remove one of the two"
        case .missingKey(let name):
            "the key `\(name)` is missing; hint: add a line `\(name): ...`"
        case .wrongKind(let key, let expected):
            "`\(key)` must be \(expected); hint: see the comments in the file that `standstill party init` writes"
        case .wrongValue(let key, let value, let expected):
            "`\(key)` cannot be `\(value)`; hint: it must be \(expected)"
        case .tooMany(let key, let maximum):
            "`\(key)` has more than \(maximum) entries; hint: remove some"
        }
    }
}
