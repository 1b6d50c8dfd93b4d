internal import CryptoPrimitives
internal import QuorumPolicy

extension Charter {
    /// Reads a charter file and refuses what is malformed or unsafe; the error gives the line and what to do.
    ///
    /// ``CharterCheck`` lists all refusals of a well-formed file.
    public init(_ bytes: [UInt8]) throws(CharterError) {
        let check = try CharterCheck(bytes)
        if let refusal = check.refusals.first { throw .refused(refusal) }
        self = check.charter
    }

    /// Reads the form of a charter file; its rules may be unsafe.
    init(formOf bytes: [UInt8]) throws(CharterError) {
        do throws(CharterError) {
            self = try Self.parse(bytes)
        } catch .text(.noFinalLineFeed, let line) where (try? Self.parse(bytes + [UInt8(ascii: "\n")])) == nil {
            throw .text(.cutShort, line: line)
        }
    }

    private static func parse(_ bytes: [UInt8]) throws(CharterError) -> Charter {
        var builder = CharterBuilder()
        for line in try CharterLine.lines(of: bytes) { try builder.add(line) }
        return try builder.charter(bytes)
    }
}

extension CharterBuilder {
    /// Looks for what is missing or unused and puts everything together.
    fileprivate func charter(_ bytes: [UInt8]) throws(CharterError) -> Charter {
        let title = try require(title, "title")
        let network = try require(network, "network")
        let version = try require(version, "version")
        guard isPresent("previous") else { throw .missingLine("previous") }
        guard (version == 1) == (previous == nil) else {
            throw .invalidField(
                "version",
                text: "\(version)",
                reason: "does not fit \"previous\": version 1 has none, every later one names its predecessor",
                line: line(of: "version")
            )
        }
        let expires = try require(expires, "expires")
        guard let record = rules.first(where: { $0.name.text == CharterLimits.recordRule }) else {
            throw .missingLine("rule \(CharterLimits.recordRule)")
        }
        guard actions.contains(where: { $0.action == .start }) else { throw .missingLine("action start") }
        let opening = try require(opening, "opening")
        let open = try openRule(opening)
        let limits = Charter.Limits(
            faultBound: try require(faultBound, "limit fault-bound"),
            commitWindow: try require(commitWindow, "limit commit-window"),
            clockTolerance: try require(clockTolerance, "limit clock-tolerance"),
            openMotions: openMotions,
            standingNotice: try notice(under: opening)
        )
        try requireUse(open)
        return Charter(
            id: CharterID(SHA256.hash(bytes)),
            bytes: bytes,
            title: title,
            network: network,
            version: version,
            previous: previous,
            expires: expires,
            annexes: annexes,
            classes: classes,
            parties: parties,
            groups: groups,
            rules: rules,
            actions: OrderAction.allCases.compactMap { action in actions.first { $0.action == action } },
            opening: opening,
            limits: limits,
            allowsSingleClass: allowsSingleClass,
            recordRule: record,
            keyedRules: rules.filter { rule in rule == open || actions.contains { $0.rule == rule.name } },
            openRule: open,
            voters: PartySet(rules.flatMap(\.tree.parties)),
            vocabulary: try vocabulary(),
            partyIndices: OrderedMap(parties.enumerated().map { ($0.element.name, $0.offset) })
        )
    }

    private func require<Value>(_ value: Value?, _ line: String) throws(CharterError) -> Value {
        guard let value else { throw .missingLine(line) }
        return value
    }

    /// A promise that its author could take back by silence would be none, so it needs ballots that open for a quorum.
    private func notice(under opening: Charter.OpeningMode) throws(CharterError) -> Seconds? {
        guard let standingNotice, opening != .guaranteed else { return standingNotice }
        throw .invalidField(
            "standing-notice",
            text: "\(standingNotice)",
            reason: "lets parties vote in advance, which needs \"opening guaranteed\"",
            line: line(of: "limit standing-notice")
        )
    }

    /// The rule that opens ballots: required where opening is guaranteed, and without use elsewhere.
    private func openRule(_ opening: Charter.OpeningMode) throws(CharterError) -> Charter.Rule? {
        guard opening == .guaranteed else { return nil }
        guard let rule = rules.first(where: { $0.name.text == CharterLimits.openRule }) else {
            throw .missingLine("rule \(CharterLimits.openRule)")
        }
        return rule
    }

    private func requireUse(_ open: Charter.Rule?) throws(CharterError) {
        for partyClass in classes where !parties.contains(where: { $0.partyClass == partyClass.name }) {
            throw unused(partyClass.name, "add a party of this class or delete the line")
        }
        let used = usedNames
        for group in groups where !used.contains(group.name) {
            throw unused(group.name, "name it in a group or a rule, or delete the line")
        }
        for party in parties where party.partyClass.text != CharterLimits.observerClass {
            guard used.contains(party.name) else {
                throw unused(party.name, "add it to a group that a rule uses, or make it an observer")
            }
        }
        let ownUse = [CharterLimits.recordRule, CharterLimits.amendRule]
        for rule in rules where !ownUse.contains(rule.name.text) && !actions.contains(where: { $0.rule == rule.name }) {
            guard rule != open else { continue }
            let advice =
                rule.name.text == CharterLimits.openRule
                ? "write \"opening guaranteed\" or delete the line" : "name it in an action or delete the line"
            throw .unusedName(rule.name.text, advice: advice, line: rule.line)
        }
    }

    private func unused(_ name: PartyName, _ advice: String) -> CharterError {
        .unusedName(name.text, advice: advice, line: names[name]?.line ?? 0)
    }

    /// The groups that rules stand on, and everything in them.
    private var usedNames: PartySet {
        var used = PartySet(rules.map(\.group))
        // A group's members are declared above it, so that one pass from the end reaches everything.
        for group in groups.reversed() where used.contains(group.name) {
            used = used.union(PartySet(group.members))
        }
        return used
    }

    private func vocabulary() throws(CharterError) -> Vocabulary {
        do {
            return try Vocabulary(
                parties: parties.map(\.name),
                groups: OrderedMap(groups.map { ($0.name, $0.tree) }),
                classes: OrderedMap(
                    classes.map { partyClass in
                        (partyClass.name, parties.filter { $0.partyClass == partyClass.name }.map(\.name))
                    }
                )
            )
        } catch {
            // Names were checked line by line; the vocabulary may only be stricter.
            throw .policy(error, line: 1)
        }
    }
}
