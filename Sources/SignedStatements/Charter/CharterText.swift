public import CryptoPrimitives
public import QuorumPolicy

/// Writes a charter from parties and thresholds: one group per class, and a rule that needs all of these groups.
///
/// If two quorums of that rule always share more parties than may be faulty, it is the record rule as well; otherwise the
/// thresholds of the record rule are raised until they do. Where openings are guaranteed, whoever can decide can open.
public struct CharterText: Hashable, Sendable {
    /// A class, its parties, and how many of them have to agree.
    public struct PartyClass: Hashable, Sendable {
        /// The name in the charter.
        public var name: PartyName
        /// What one party of the class is called, such as "government".
        public var description: PlainText
        /// How many of the parties have to agree; nil for observers.
        public var threshold: Int?
        /// In the order of the file.
        public var parties: [Party]

        public init(name: PartyName, description: PlainText, threshold: Int?, parties: [Party]) {
            self.name = name
            self.description = description
            self.threshold = threshold
            self.parties = parties
        }
    }

    /// A party with its three public keys.
    public struct Party: Hashable, Sendable {
        /// The name in the charter.
        public var name: PartyName
        /// Ed25519, signs statements.
        public var identityKey: Element
        /// X25519, the static key of the transport.
        public var transportKey: Bytes32
        /// The point P = dB of the ceremony.
        public var ceremonyKey: Element
        /// What the party is called in law, 1 to 256 bytes.
        public var legalName: PlainText
        /// Keys and values of the tag line, such as jurisdiction and hosting.
        public var tags: OrderedMap<String, String>

        public init(
            name: PartyName,
            identityKey: Element,
            transportKey: Bytes32,
            ceremonyKey: Element,
            legalName: PlainText,
            tags: OrderedMap<String, String> = [:]
        ) {
            self.name = name
            self.identityKey = identityKey
            self.transportKey = transportKey
            self.ceremonyKey = ceremonyKey
            self.legalName = legalName
            self.tags = tags
        }
    }

    /// The title, 1 to 256 bytes.
    public var title: PlainText
    /// 1 to 64 characters of a-z, 0-9 and -.
    public var network: String
    /// When the charter ends.
    public var expires: Instant
    /// In the order of the file.
    public var classes: [PartyClass]
    /// Documents that belong to the charter.
    public var annexes: [Charter.Annex] = []
    /// 1 for the first charter of a network.
    public var version = 1
    /// The charter that this one amends; nil for version 1.
    public var previous: CharterID?
    /// How ballots become readable.
    public var opening: Charter.OpeningMode
    /// The longest time that one order to start or renew a pause lasts; nil without a limit.
    public var atMost: Seconds?
    /// How many lying parties simultaneity and uniqueness survive.
    public var faultBound = 0
    /// The shortest and the longest time from proposal to commit deadline.
    public var commitWindow: ClosedRange<Seconds>
    /// How far two honest clocks may be apart.
    public var clockTolerance: Seconds
    /// Motions that one party may have open.
    public var openMotions = CharterLimits.openMotionsByDefault
    /// How long a standing ballot still binds after it was revoked; nil where parties cannot vote in advance.
    public var standingNotice: Seconds?

    public init(
        title: PlainText,
        network: String,
        expires: Instant,
        classes: [PartyClass],
        opening: Charter.OpeningMode,
        commitWindow: ClosedRange<Seconds>,
        clockTolerance: Seconds
    ) {
        self.title = title
        self.network = network
        self.expires = expires
        self.classes = classes
        self.opening = opening
        self.commitWindow = commitWindow
        self.clockTolerance = clockTolerance
    }

    /// The file, which has been read back; what the reader refuses is thrown.
    public func charter() throws(CharterError) -> Charter {
        try Charter(Array(text.utf8))
    }

    /// The file as it stands, whether or not its rules are safe.
    public var text: String {
        let sections = [heading, classLines, partyLines, tagLines, ruleLines, limitLines]
        return sections.flatMap(\.self).map { $0 + "\n" }.joined()
    }

    private var heading: [String] {
        [
            CharterLimits.header,
            line("title", "\"\(title)\""),
            line("network", network),
            line("version", "\(version)"),
            line("previous", previous.map { "sha256:\($0)" } ?? "none"),
            line("expires", "\(expires)"),
        ] + annexes.map { line("annex", "\($0.label) sha256:\($0.digest) \"\($0.title)\"") }
    }

    private var classLines: [String] {
        classes.map { line("class", "\($0.name) \"\($0.description)\"") }
    }

    private var partyLines: [String] {
        classes.flatMap { partyClass in
            partyClass.parties.map { party in
                let keys =
                    "ed25519:\(Base64URL.encode(party.identityKey.bytes.array)) "
                    + "x25519:\(Base64URL.encode(party.transportKey.array)) "
                    + "ceremony:\(Base64URL.encode(party.ceremonyKey.bytes.array))"
                return line("party", "\(party.name) \(partyClass.name) \(keys) \"\(party.legalName)\"")
            }
        }
    }

    private var tagLines: [String] {
        classes.flatMap(\.parties).filter { !$0.tags.isEmpty }.map { party in
            line("tag", "\(party.name) " + party.tags.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
        }
    }

    private var ruleLines: [String] {
        let decision = quorums
        let record = RecordProposal.thresholds(for: decision, faultBound: faultBound)
        let decide = groupLines(decision, suffix: "")
        guard record != decision else {
            return decide.lines + rules(decide: decide.name, record: decide.name)
        }
        let recording = groupLines(record, suffix: "-record")
        return decide.lines + recording.lines + rules(decide: decide.name, record: recording.name)
    }

    private func rules(decide: String, record: String) -> [String] {
        let limit = atMost.map { " at-most \($0)" } ?? ""
        let single = quorums.count == 1 ? ["allow-single-class"] : []
        return [
            line("rule", "decide \(decide)"),
            line("rule", "\(CharterLimits.recordRule) \(record)"),
        ] + (opening == .guaranteed ? [line("rule", "\(CharterLimits.openRule) \(decide)")] : []) + [
            line("action", "start decide\(limit)"),
            line("action", "renew decide\(limit)"),
            line("action", "lift decide"),
        ] + single
    }

    private var limitLines: [String] {
        [
            line("opening", opening.rawValue),
            line("limit", "fault-bound \(faultBound)"),
            line("limit", "commit-window \(commitWindow.lowerBound)..\(commitWindow.upperBound)"),
            line("limit", "clock-tolerance \(clockTolerance)"),
            line("limit", "open-motions \(openMotions)"),
        ] + (standingNotice.map { [line("limit", "standing-notice \($0)")] } ?? [])
    }

    /// The groups of one rule, and the name of the one that the rule stands on.
    private func groupLines(_ quorums: [ClassQuorum], suffix: String) -> (name: String, lines: [String]) {
        var lines: [String] = []
        var names: [String] = []
        for quorum in quorums {
            guard quorum.parties.count > 1 else {
                names += quorum.parties.map(\.text)
                continue
            }
            let name = CharterProse.plural(quorum.className.text) + suffix
            let members = quorum.parties.map(\.text).joined(separator: " ")
            lines.append(line("group", "\(name) \(quorum.threshold) \(members)"))
            names.append(name)
        }
        guard names.count > 1 else { return (names.first ?? "", lines) }
        let name = "together" + suffix
        return (name, lines + [line("group", "\(name) all " + names.joined(separator: " "))])
    }

    private var quorums: [ClassQuorum] {
        classes.compactMap { partyClass in
            partyClass.threshold.map {
                ClassQuorum(className: partyClass.name, parties: partyClass.parties.map(\.name), threshold: $0)
            }
        }
    }

    private func line(_ keyword: String, _ rest: String) -> String {
        keyword + String(repeating: " ", count: max(1, 12 - keyword.utf8.count)) + rest
    }
}

/// How many parties of a class a rule needs.
struct ClassQuorum: Hashable {
    let className: PartyName
    let parties: [PartyName]
    var threshold: Int

    /// The fewest parties that two such choices share.
    var overlap: Int { max(0, 2 * threshold - parties.count) }
}

/// Finds thresholds for the record rule.
enum RecordProposal {
    /// The thresholds themselves if their quorums overlap enough, else the smallest raise that does.
    ///
    /// Raises the class in which the largest part may be missing, because that costs the least ability to go on without somebody.
    static func thresholds(for quorums: [ClassQuorum], faultBound: Int) -> [ClassQuorum] {
        var quorums = quorums
        while quorums.map(\.overlap).reduce(0, +) <= faultBound {
            let raisable = quorums.indices.filter { quorums[$0].threshold < quorums[$0].parties.count }
            let slack = { (index: Int) in quorums[index].parties.count - quorums[index].threshold }
            guard
                let next = raisable.max(by: { left, right in
                    slack(left) * quorums[right].parties.count < slack(right) * quorums[left].parties.count
                })
            else { break }
            quorums[next].threshold += 1
        }
        return quorums
    }
}
