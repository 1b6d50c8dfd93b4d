internal import QuorumPolicy

/// The lines `group`, `rule` and `action`.
extension CharterBuilder {
    mutating func addGroup(_ fields: inout CharterFields) throws(CharterError) {
        let name = try declare(.group, &fields)
        guard groups.count < CharterLimits.groups else {
            throw fields.invalid("group", name.text, "is one too many: use \(CharterLimits.groups) at most")
        }
        let count = try fields.word("the number of members that are needed, or all or any")
        var members: [PartyName] = []
        while !fields.isAtEnd {
            let member = try known("party or group", &fields) { $0 != .partyClass }
            // The group's own name is declared by now, but stands for nothing yet.
            guard member != name else {
                throw .unknownName(name.text, kind: "party or group", suggestion: nil, line: fields.line)
            }
            try requireVote(member, fields)
            members.append(member)
        }
        let threshold = try threshold(count, of: members.count, fields)
        let root = ThresholdTree.Node.gate(threshold: threshold, children: members.map(node))
        let tree: ThresholdTree
        do { tree = try ThresholdTree(root) } catch { throw .policy(error, line: fields.line) }
        if let twice = tree.participants.first(where: { $0.leaves.count > 1 }) {
            throw .repeatedMember(twice.party.text, group: name.text, line: fields.line)
        }
        groups.append(.init(name: name, threshold: threshold, members: members, tree: tree))
    }

    mutating func addRule(_ fields: inout CharterFields) throws(CharterError) {
        let name = try fields.ruleName("the name")
        if let first = rules.first(where: { $0.name == name })?.line {
            throw .repeatedName(name.text, first: first, line: fields.line)
        }
        guard rules.count < CharterLimits.rules else {
            throw fields.invalid("rule", name.text, "is one too many: use \(CharterLimits.rules) at most")
        }
        let groupName = try known("group", &fields) { $0 == .group }
        guard let group = groups.first(where: { $0.name == groupName }) else {
            preconditionFailure("a known group is in the list")
        }
        rules.append(.init(name: name, group: groupName, tree: group.tree, line: fields.line))
    }

    mutating func addAction(_ fields: inout CharterFields) throws(CharterError) {
        let action: OrderAction = try fields.choice("action")
        try once("action \(action.rawValue)", fields)
        let rule = try fields.ruleName("the rule")
        guard rules.contains(where: { $0.name == rule }) else {
            let nearest = suggestion(for: rule.text, among: rules.map(\.name.text))
            throw .unknownName(rule.text, kind: "rule", suggestion: nearest, line: fields.line)
        }
        guard rule.text != CharterLimits.openRule else {
            throw fields.invalid(
                "rule",
                rule.text,
                "opens ballots and signs nothing: give the action a rule of another name"
            )
        }
        var atMost: Seconds?
        if !fields.isAtEnd {
            let word = try fields.word("at-most")
            guard word == "at-most" else { throw fields.invalid("word", word, "must be at-most, or nothing") }
            atMost = try fields.duration("the longest time")
            guard atMost != .zero else { throw fields.invalid("longest time", "0s", "must be longer than nothing") }
        }
        actions.append(.init(action: action, rule: rule, atMost: atMost))
    }

    private func node(_ name: PartyName) -> ThresholdTree.Node {
        groups.first { $0.name == name }?.tree.root ?? .leaf(name)
    }

    private func requireVote(_ name: PartyName, _ fields: CharterFields) throws(CharterError) {
        guard let party = parties.first(where: { $0.name == name }) else { return }
        guard party.partyClass.text != CharterLimits.observerClass else {
            throw fields.invalid("member", name.text, "is an observer, which decides nothing: leave it out")
        }
    }

    private func threshold(_ word: String, of count: Int, _ fields: CharterFields) throws(CharterError) -> Int {
        guard count >= 2 else {
            throw fields.invalid("group", word, "counts \(count) members: a group needs at least 2")
        }
        switch word {
        case "all": return count
        case "any": return 1
        default:
            guard let number = Int(word), String(number) == word, (1...count).contains(number) else {
                throw fields.invalid("threshold", word, "must be all, any or a number from 1 to \(count)")
            }
            return number
        }
    }
}
