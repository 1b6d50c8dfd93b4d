internal import QuorumPolicy

extension Charter {
    /// Every rule and action in plain English, one paragraph per line; the same text for the same charter everywhere.
    public func prose() -> String {
        let lines = [introduction] + actionSentences + ruleSentences + [openingSentence] + limitSentences
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a rule requires, such as "at least 4 of the 5 labs together with all 3 governments"; no full stop.
    public func requirement(of rule: Rule) -> String {
        CharterProse(charter: self).requirement(ofGroup: rule.group)
    }

    private var introduction: String {
        let previous = previous.map { ", which replaces charter \($0)" } ?? ""
        return "Charter \"\(title)\" of network \(network), version \(version)\(previous), valid until \(expires)."
    }

    private var actionSentences: [String] {
        var sentences: [String] = []
        var told: [OrderAction] = []
        for action in actions where !told.contains(action.action) {
            let alike = actions.filter { $0.rule == action.rule && $0.atMost == action.atMost }
            told += alike.map(\.action)
            guard let rule = rule(action.rule) else { continue }
            let verbs = alike.map(\.action.rawValue).joined(separator: " or ")
            let limit = action.atMost.map { " One order lasts at most \(CharterProse.words($0))." } ?? ""
            sentences.append("To \(verbs) a pause: \(requirement(of: rule)).\(limit)")
        }
        for action in OrderAction.allCases where self.action(action) == nil {
            sentences.append("To \(action.rawValue) a pause: nobody can, this charter names no rule for it.")
        }
        return sentences
    }

    private var ruleSentences: [String] {
        var sentences = [
            "To record (receipts for ballots, the close of voting, publication of orders): \(requirement(of: recordRule))."
        ]
        if let amend = rules.first(where: { $0.name.text == CharterLimits.amendRule }) {
            sentences.append("To amend this charter: \(requirement(of: amend)).")
        }
        let observers = PartySet(parties.map(\.name)).subtracting(voters)
        if !observers.isEmpty {
            sentences.append("Without a vote: \(observers).")
        }
        return sentences
    }

    private var openingSentence: String {
        switch opening {
        case .own: "Ballots: each party opens its own sealed ballot once voting is closed."
        case .guaranteed:
            "Ballots: every sealed ballot is opened once voting is closed, whether or not its author still likes it, by "
                + "\(openRule.map { requirement(of: $0) } ?? "nobody"). So many could also read ballots before that, if they "
                + "joined to break this charter."
        }
    }

    private var limitSentences: [String] {
        let window = limits.commitWindow
        let low = CharterProse.words(window.lowerBound)
        let high = CharterProse.words(window.upperBound)
        return [
            "Voting is open for \(low) to \(high) from the proposal.",
            "A party may have \(CharterProse.counted(limits.openMotions, "motion")) open at a time.",
            "Clocks of honest parties may differ by \(CharterProse.words(limits.clockTolerance)).",
            "No order is contradicted by another as long as \(faultBoundWords) "
                + "\(limits.faultBound == 1 ? "is" : "are") dishonest.",
        ] + (limits.standingNotice.map { [noticeSentence($0)] } ?? [])
    }

    private func noticeSentence(_ notice: Seconds) -> String {
        "A party may vote in advance, on every motion with stated terms, by a sealed standing ballot; one that it takes back "
            + "binds it for another \(CharterProse.words(notice))."
    }

    private var faultBoundWords: String {
        limits.faultBound == 0
            ? "no parties" : "at most \(CharterProse.counted(limits.faultBound, "party"))"
    }
}

/// Turns groups and lengths of time into words.
struct CharterProse {
    let charter: Charter

    func requirement(ofGroup name: PartyName) -> String {
        guard let group = charter.groups.first(where: { $0.name == name }) else { return member(name) }
        let areParties = group.members.allSatisfy { charter.party($0) != nil }
        return areParties ? count(of: group) : combination(of: group)
    }

    /// "90 days", "1 minute".
    static func words(_ duration: Seconds) -> String {
        let text = duration.description
        let unit =
            switch text.utf8.last {
            case UInt8(ascii: "d"): "day"
            case UInt8(ascii: "h"): "hour"
            case UInt8(ascii: "m"): "minute"
            default: "second"
            }
        return counted(Int(text.dropLast()) ?? 0, unit)
    }

    /// "1 party", "2 parties".
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(number) \(number == 1 ? noun : plural(noun))"
    }

    static func plural(_ noun: String) -> String {
        let vowelBefore = noun.utf8.dropLast().last.map { "aeiou".utf8.contains($0) } ?? true
        if noun.hasSuffix("y"), !vowelBefore { return noun.dropLast() + "ies" }
        let needsE = ["s", "x", "z", "ch", "sh"].contains { noun.hasSuffix($0) }
        return noun + (needsE ? "es" : "s")
    }

    private func count(of group: Charter.Group) -> String {
        let noun = noun(for: group)
        let total = group.members.count
        switch group.threshold {
        case total: return "all \(total) \(noun)"
        default: return "at least \(group.threshold) of the \(total) \(noun)"
        }
    }

    /// The class's plural if the group is the whole class, else the plural with the names.
    private func noun(for group: Charter.Group) -> String {
        let parties = group.members.compactMap { charter.party($0) }
        let names = group.members.map(\.text).joined(separator: ", ")
        guard let first = parties.first, parties.allSatisfy({ $0.partyClass == first.partyClass }),
            let partyClass = charter.classes.first(where: { $0.name == first.partyClass })
        else { return "parties \(names)" }
        let plural = Self.plural(partyClass.description.text)
        let size = charter.parties.count { $0.partyClass == first.partyClass }
        return size == parties.count ? plural : "\(plural) \(names)"
    }

    private func combination(of group: Charter.Group) -> String {
        let parts = group.members.map { member in
            let text = requirement(ofGroup: member)
            return isCombination(member) ? "(\(text))" : text
        }
        switch group.threshold {
        case parts.count: return parts.joined(separator: " together with ")
        case 1: return "either " + parts.joined(separator: " or ")
        default: return "at least \(group.threshold) of these \(parts.count): " + parts.joined(separator: "; ")
        }
    }

    private func isCombination(_ name: PartyName) -> Bool {
        charter.groups.first { $0.name == name }?.members.contains { charter.party($0) == nil } ?? false
    }

    private func member(_ name: PartyName) -> String {
        charter.party(name).map { "\($0.legalName) (\(name))" } ?? name.text
    }
}
