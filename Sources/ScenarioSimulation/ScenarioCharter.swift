internal import CryptoPrimitives
internal import PauseAgreement
package import QuorumPolicy
package import SignedStatements

/// Charters as simulations use them: real rules, and keys that follow from the parties' names.
package enum ScenarioCharter {
    /// Makes a charter from its short form, such as `5 labs 3, 4 governments 2, 1 observer`.
    ///
    /// Each part is how many parties, of which class, and how many of them have to agree; observers decide nothing. Parties are
    /// called after their class: `lab.1`, `government.2`. Without a fault bound, it is 1 if the rules survive that, else 0.
    package static func short(
        _ text: String,
        faultBound: Int? = nil,
        clockTolerance: Int64 = 5,
        opening: Charter.OpeningMode = .own,
        standingNotice: Int64? = nil
    ) throws(ScenarioCharterError) -> Charter {
        let classes = try text.split(separator: ",", omittingEmptySubsequences: false).map {
            part throws(ScenarioCharterError) in
            try partyClass(String(part))
        }
        for (index, one) in classes.enumerated() where classes[..<index].contains(where: { $0.name == one.name }) {
            throw .twice(one.name.text)
        }
        func charter(faultBound: Int) throws(ScenarioCharterError) -> Charter {
            try Self.charter(classes, faultBound, clockTolerance, opening, standingNotice)
        }
        if let faultBound { return try charter(faultBound: faultBound) }
        if let charter = try? charter(faultBound: 1) { return charter }
        return try charter(faultBound: 0)
    }

    /// Reads a charter file and gives every party the keys of its name, since nobody's real keys are at hand.
    package static func rekeyed(_ bytes: [UInt8]) throws(CharterError) -> Charter {
        try rekeyed(bytes) { "\(PreparedKeys.secrets(of: $0).publicKeys)" }
    }

    /// The same charter with other keys, each party's three as a charter's party line has them.
    package static func rekeyed(
        _ bytes: [UInt8],
        keys: (PartyName) -> String
    ) throws(CharterError) -> Charter {
        // What is wrong with the file is said of the file.
        _ = try Charter(bytes)
        var lines: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(rekeyed(String(line), keys))
        }
        return try Charter(Array(lines.joined(separator: "\n").utf8))
    }

    private static func rekeyed(_ line: String, _ keys: (PartyName) -> String) -> String {
        let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: true)
        guard words.count == 7, words[0] == "party", let name = try? PartyName(String(words[1])) else { return line }
        return "party \(name) \(words[2]) \(keys(name)) \(words[6])"
    }

    private static func partyClass(_ part: String) throws(ScenarioCharterError) -> CharterText.PartyClass {
        let words = part.split(separator: " ").map(String.init)
        guard words.count >= 2, let count = Int(words[0]), count > 0, count <= CharterLimits.parties else {
            throw .malformed(part)
        }
        let className = count == 1 ? words[1] : singular(words[1])
        guard let name = try? PartyName(className), let description = PlainText(className) else {
            throw .malformed(part)
        }
        let isObserver = className == CharterLimits.observerClass
        guard words.count == (isObserver ? 2 : 3) else { throw .malformed(part) }
        var threshold: Int?
        if !isObserver {
            guard let number = Int(words[2]), (1...count).contains(number) else { throw .threshold(part) }
            threshold = number
        }
        return CharterText.PartyClass(
            name: name,
            description: description,
            threshold: threshold,
            parties: try (1...count).map { number throws(ScenarioCharterError) in try party(className, number) }
        )
    }

    private static func party(_ className: String, _ number: Int) throws(ScenarioCharterError) -> CharterText.Party {
        guard let name = try? PartyName("\(className).\(number)"),
            let legal = PlainText("\(className) number \(number)")
        else {
            throw .malformed(className)
        }
        let keys = PreparedKeys.secrets(of: name).publicKeys
        return CharterText.Party(
            name: name,
            identityKey: keys.identity,
            transportKey: keys.transport,
            ceremonyKey: keys.ceremony,
            legalName: legal
        )
    }

    /// `laboratories` is written `laboratory` in names, `labs` is `lab`.
    private static func singular(_ word: String) -> String {
        if word.hasSuffix("ies") { return String(word.dropLast(3)) + "y" }
        return word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : word
    }

    private static func charter(
        _ classes: [CharterText.PartyClass],
        _ faultBound: Int,
        _ clockTolerance: Int64,
        _ opening: Charter.OpeningMode,
        _ standingNotice: Int64?
    ) throws(ScenarioCharterError) -> Charter {
        guard
            let title = PlainText("Scenario"), let expires = Instant(seconds: 2_100_000_000), let shortest = Seconds(5),
            let longest = Seconds(14 * 86_400), let tolerance = Seconds(clockTolerance),
            let atMost = Seconds(365 * 86_400)
        else { throw .malformed("clock tolerance \(clockTolerance)") }
        var text = CharterText(
            title: title,
            network: "scenario",
            expires: expires,
            classes: classes,
            opening: opening,
            commitWindow: shortest...longest,
            clockTolerance: tolerance
        )
        text.atMost = atMost
        text.faultBound = faultBound
        text.standingNotice = standingNotice.flatMap { Seconds($0) }
        do throws(CharterError) {
            return try text.charter()
        } catch {
            throw .refused("\(error)")
        }
    }
}

/// Why a short form is no charter.
package enum ScenarioCharterError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    case threshold(String)
    case twice(String)
    case refused(String)

    package var description: String {
        switch self {
        case .malformed(let part):
            "\"\(part)\" is not how many parties, of which class, and how many must agree; hint: write \"5 labs 3, 4 governments 2\""
        case .threshold(let part):
            "in \"\(part)\" the last number is not between 1 and the number of parties; hint: \"5 labs 3\" is 3 of 5"
        case .twice(let name): "the class \(name) is named twice; hint: write each class once"
        case .refused(let why): "such a charter would be refused: \(why)"
        }
    }
}
