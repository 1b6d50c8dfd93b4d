internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// What two charters say in single lines, beside their rules.
enum CharterLines {
    /// The lines that differ, in the order in which a charter has them.
    static func changes(from old: Charter, to new: Charter) -> [CharterComparison.Line] {
        let (before, after) = (facts(of: old), facts(of: new))
        let names = before.map(\.what) + after.map(\.what).filter { name in !before.contains { $0.what == name } }
        return names.compactMap { name in
            let values = [before, after].map { facts in facts.first { $0.what == name }?.value ?? "" }
            return values[0] == values[1] ? nil : .init(what: name, old: values[0], new: values[1])
        } + changedParties(from: old, to: new)
    }

    private static func facts(of charter: Charter) -> [(what: String, value: String)] {
        let limits = charter.limits
        let window = limits.commitWindow
        return [
            ("title", charter.title.text), ("network", charter.network), ("expires", charter.expires.description),
        ] + charter.annexes.map { ("annex \($0.label)", $0.digest.description) }
            + charter.actions.flatMap { action in
                [
                    ("action \(action.action.rawValue)", "rule \(action.rule)"),
                    ("action \(action.action.rawValue) at-most", action.atMost?.description ?? "no limit"),
                ]
            } + [
                ("opening", charter.opening.rawValue), ("limit fault-bound", "\(limits.faultBound)"),
                ("limit commit-window", "\(window.lowerBound)..\(window.upperBound)"),
                ("limit clock-tolerance", limits.clockTolerance.description),
                ("limit open-motions", "\(limits.openMotions)"),
                ("limit standing-notice", limits.standingNotice?.description ?? "nobody can vote in advance"),
                ("allow-single-class", charter.allowsSingleClass ? "yes" : "no"),
            ]
    }

    /// What a party that stays is described by: class, legal name, tags and keys.
    private static func changedParties(from old: Charter, to new: Charter) -> [CharterComparison.Line] {
        old.parties.flatMap { party -> [CharterComparison.Line] in
            guard let successor = new.party(party.name) else { return [] }
            return zip(facts(of: party), facts(of: successor)).compactMap { before, after in
                before.value == after.value
                    ? nil : .init(what: "party \(party.name) \(before.what)", old: before.value, new: after.value)
            }
        }
    }

    private static func facts(of party: Charter.Party) -> [(what: String, value: String)] {
        [
            ("class", party.partyClass.text), ("legal name", party.legalName.text),
            ("tags", party.tags.map { "\($0.key)=\($0.value)" }.joined(separator: " ")),
            ("identity key", Base64URL.encode(party.identityKey.bytes.array)),
            ("transport key", Base64URL.encode(party.transportKey.array)),
            ("ceremony key", Base64URL.encode(party.ceremonyKey.bytes.array)),
        ]
    }
}
