internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// Reads the words in which `charter new` is told of classes and parties.
struct CharterDraft {
    private(set) var classes: [CharterText.PartyClass] = []

    /// Adds a class, such as `lab:5:frontier AI developer`; without a number between the colons it decides nothing.
    mutating func add(partyClass text: String) throws(CommandFailure) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let description = PlainText(parts[2]), !parts[2].isEmpty else {
            throw Self.failure(
                "--class \"\(text)\" has not three parts",
                "write name:threshold:description, such as lab:5:laboratory"
            )
        }
        guard let name = try? PartyName(parts[0]) else {
            throw Self.failure("\"\(parts[0])\" cannot be a class's name", "use a-z, 0-9 and - . _ /")
        }
        guard !classes.contains(where: { $0.name == name }) else {
            throw Self.failure("there are two classes \(name)", "give every class a name of its own")
        }
        classes.append(
            CharterText.PartyClass(
                name: name,
                description: description,
                threshold: try Self.threshold(parts[1]),
                parties: []
            )
        )
    }

    /// Adds a party: `NAME CLASS ed25519:... x25519:... ceremony:... "Legal name" [key=value ...]`.
    mutating func add(party text: String, from place: String) throws(CommandFailure) {
        let line = try PartyLine(text, from: place)
        guard let index = classes.firstIndex(where: { $0.name.text == line.className }) else {
            let near = suggestion(for: line.className, among: classes.map(\.name.text))
            throw Self.failure(
                "\(place): there is no class \"\(line.className)\"",
                near.map { "did you mean \($0)?" } ?? "declare it with --class"
            )
        }
        classes[index].parties.append(line.party)
    }

    private static func threshold(_ text: String) throws(CommandFailure) -> Int? {
        if text.isEmpty || text == "none" { return nil }
        guard let number = Int(text), number > 0, String(number) == text else {
            throw failure(
                "\"\(text)\" is not a number of parties",
                "write how many parties of the class must agree, or none"
            )
        }
        return number
    }

    private static func failure(_ what: String, _ hint: String) -> CommandFailure {
        CommandFailure(what, hint: hint, exitStatus: ExitStatus.usage)
    }
}

/// One party's line.
private struct PartyLine {
    let party: CharterText.Party
    let className: String

    private static let form = #"write NAME CLASS ed25519:... x25519:... ceremony:... "Legal name""#

    init(_ text: String, from place: String) throws(CommandFailure) {
        let words = Self.words(text)
        guard words.count >= 6, let name = try? PartyName(words[0]) else {
            throw Self.failure("\(place): this is not a party's line", Self.form)
        }
        guard let legalName = PlainText(words[5]), !words[5].isEmpty else {
            throw Self.failure(
                "\(place): the legal name of \(name) is empty or has characters no screen shows",
                Self.form
            )
        }
        className = words[1]
        party = CharterText.Party(
            name: name,
            identityKey: try Self.point("ed25519", words[2], place),
            transportKey: try Self.key("x25519", words[3], place),
            ceremonyKey: try Self.point("ceremony", words[4], place),
            legalName: legalName,
            tags: try Self.tags(words[6...], place)
        )
    }

    private static func key(_ prefix: String, _ word: String, _ place: String) throws(CommandFailure) -> Bytes32 {
        guard word.hasPrefix(prefix + ":"),
            let key = Base64URL.decode(word.dropFirst(prefix.utf8.count + 1)).flatMap({ Bytes32($0) })
        else {
            throw failure(
                "\(place): \"\(word)\" is not the \(prefix) key",
                "copy the three keys that `standstill party init` printed"
            )
        }
        return key
    }

    private static func point(_ prefix: String, _ word: String, _ place: String) throws(CommandFailure) -> Element {
        guard let point = Element(encoding: try key(prefix, word, place)) else {
            throw failure(
                "\(place): the \(prefix) key is no point of the curve",
                "copy the three keys that `standstill party init` printed"
            )
        }
        return point
    }

    private static func tags(
        _ words: ArraySlice<String>,
        _ place: String
    ) throws(CommandFailure) -> OrderedMap<String, String> {
        var tags: OrderedMap<String, String> = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw failure(
                    "\(place): \"\(word)\" is not a tag",
                    "write tags as key=value, such as jurisdiction=Arland"
                )
            }
            tags[parts[0]] = parts[1]
        }
        return tags
    }

    /// Words between blanks; what stands between quotation marks is one word.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while let first = rest.first {
            if first == " " {
                rest.removeFirst()
            } else if first == "\"" {
                let content = rest.dropFirst().prefix { $0 != "\"" }
                words.append(String(content))
                rest = rest[content.endIndex...].dropFirst()
            } else {
                let word = rest.prefix { $0 != " " }
                words.append(String(word))
                rest = rest[word.endIndex...]
            }
        }
        return words
    }

    private static func failure(_ what: String, _ hint: String) -> CommandFailure {
        CommandFailure(what, hint: hint, exitStatus: ExitStatus.data)
    }
}
