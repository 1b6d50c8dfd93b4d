import CryptoPrimitives
import QuorumPolicy

@testable import SignedStatements

/// Everything that can be wrong with one member of a JSON text, member by member, at every depth.
struct Mutation: CustomStringConvertible {
    let description: String
    let json: String

    static func all(of value: CanonicalJSON) -> [Mutation] { mutations(of: value, at: "") }

    /// The canonical spelling as a text, for putting mutated parts into.
    static func spelled(_ value: CanonicalJSON) -> String { String(decoding: value.encoded, as: UTF8.self) }

    private static func mutations(of value: CanonicalJSON, at path: String) -> [Mutation] {
        switch value {
        case .object(let members): ofObject(members, at: path)
        case .array(let elements): ofArray(elements, at: path)
        case .string, .integer, .boolean: wrongTypes(of: value, at: path)
        }
    }

    private static func ofObject(_ members: OrderedMap<String, CanonicalJSON>, at path: String) -> [Mutation] {
        let spelled = members.map { ($0.key, Self.spelled($0.value)) }
        func object(_ pairs: [(String, String)]) -> String {
            "{" + pairs.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
        }
        var result: [Mutation] = [
            Mutation(description: "\(path) extra first", json: object([("!", "1")] + spelled)),
            Mutation(description: "\(path) extra last", json: object(spelled + [("zzz", "1")])),
        ]
        for index in spelled.indices {
            let name = "\(path).\(spelled[index].0)"
            var without = spelled
            without.remove(at: index)
            result.append(Mutation(description: "\(name) missing", json: object(without)))
            var twice = spelled
            twice.insert(spelled[index], at: index)
            result.append(Mutation(description: "\(name) twice", json: object(twice)))
            if index > 0 {
                var swapped = spelled
                swapped.swapAt(index, index - 1)
                result.append(Mutation(description: "\(name) reordered", json: object(swapped)))
            }
            for inner in mutations(of: members.values[index], at: name) {
                var changed = spelled
                changed[index].1 = inner.json
                result.append(Mutation(description: inner.description, json: object(changed)))
            }
        }
        return result + [Mutation(description: "\(path) is an array", json: "[]")]
    }

    private static func ofArray(_ elements: [CanonicalJSON], at path: String) -> [Mutation] {
        let spelled = elements.map(Self.spelled)
        var result = wrongTypes(of: .array(elements), at: path)
        for index in spelled.indices {
            for inner in mutations(of: elements[index], at: "\(path)[\(index)]") {
                var changed = spelled
                changed[index] = inner.json
                result.append(
                    Mutation(description: inner.description, json: "[" + changed.joined(separator: ",") + "]")
                )
            }
        }
        return result
    }

    private static func wrongTypes(of value: CanonicalJSON, at path: String) -> [Mutation] {
        let others: [CanonicalJSON] = [.string("\u{1}"), .integer(0), .boolean(true), .array([]), .object([:])]
        let wrong = others.filter { sort(of: $0) != sort(of: value) }.map(Self.spelled)
        let spelled = Self.spelled(value)
        let alwaysWrong = ["null", "-1", "1.0", "1e3", " " + spelled, "\"\\u0041\"", "9007199254740992"]
        return (wrong + alwaysWrong).map { Mutation(description: "\(path) is \($0)", json: $0) }
    }

    private static func sort(of value: CanonicalJSON) -> Int {
        switch value {
        case .string: 0
        case .integer: 1
        case .boolean: 2
        case .array: 3
        case .object: 4
        }
    }
}

/// A compact JWS with any header and payload, signed by a party of the pilot.
func forged(header: String, payload: String, by party: String) -> String {
    let input = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    return input + "." + Base64URL.encode(Pilot.signingKey(of: party).sign(Array(input.utf8)))
}

/// Another character that base64url allows as well, so that a changed text is refused for more than its alphabet.
func successor(of byte: UInt8) -> UInt8 {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    guard let index = alphabet.firstIndex(of: byte) else { return UInt8(ascii: "A") }
    return alphabet[(index + 1) % alphabet.count]
}
