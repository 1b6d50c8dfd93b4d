public import CryptoPrimitives
public import QuorumPolicy

/// The founding document: parties, rules and limits (Protocol §3).
///
/// Compares by id, the SHA-256 of the file's bytes.
public struct Charter: Hashable, Sendable {
    /// A document that belongs to the charter.
    public struct Annex: Hashable, Sendable {
        /// 1 to 32 characters of A-Z, a-z, 0-9, - and `.`.
        public let label: String
        /// SHA-256 of the document's bytes.
        public let digest: Bytes32
        /// The title, 1 to 256 bytes.
        public let title: PlainText

        /// A label is 1 to 32 characters of A-Z, a-z, 0-9, - and `.`.
        public init(label: String, digest: Bytes32, title: PlainText) {
            self.label = label
            self.digest = digest
            self.title = title
        }
    }

    /// A kind of party; parties of the class `observer` have no vote.
    public struct PartyClass: Hashable, Sendable {
        /// The name, unique in its list.
        public let name: PartyName
        /// What one party of it is called, such as "frontier AI developer".
        public let description: PlainText
    }

    /// Who takes part, and with which keys.
    public struct Party: Hashable, Sendable {
        /// The name, unique in its list.
        public let name: PartyName
        /// The name of the class.
        public let partyClass: PartyName
        /// Ed25519, signs statements.
        public let identityKey: Element
        /// X25519, the static key of the transport.
        public let transportKey: Bytes32
        /// The point P = dB of the ceremony.
        public let ceremonyKey: Element
        /// What the party is called in law, 1 to 256 bytes.
        public let legalName: PlainText
        /// What the tag line says, such as jurisdiction and hosting.
        public let tags: OrderedMap<String, String>
    }

    /// A named threshold over parties and earlier groups.
    public struct Group: Hashable, Sendable {
        /// The name, unique in its list.
        public let name: PartyName
        /// How many members are needed.
        public let threshold: Int
        /// Parties and groups, in the order of the line.
        public let members: [PartyName]
        /// The threshold over parties that the group stands for.
        public let tree: ThresholdTree
    }

    /// A named quorum expression.
    public struct Rule: Hashable, Sendable {
        /// The name, unique among rules.
        public let name: RuleName
        /// The group that the rule stands on.
        public let group: PartyName
        /// The threshold over parties that the group stands for.
        public let tree: ThresholdTree
        /// The 1-based line of the file.
        public let line: Int
    }

    /// Which rule decides an action, and for how long at most.
    public struct Action: Hashable, Sendable {
        /// What the order does.
        public let action: OrderAction
        /// The rule that this is about.
        public let rule: RuleName
        /// The longest time from effective to end; nil without a limit.
        public let atMost: Seconds?
    }

    /// How ballots become readable.
    public enum OpeningMode: String, CaseIterable, Hashable, Sendable {
        /// Each party opens its own ballot; one that is silent does not count.
        case own = "self"
        /// A quorum of the rule `open` opens every certified ballot, whether or not its author still likes it.
        case guaranteed
    }

    /// The numbers of the `limit` lines.
    public struct Limits: Hashable, Sendable {
        /// How many lying parties simultaneity and uniqueness survive.
        public let faultBound: Int
        /// The shortest and the longest time from proposal to commit deadline.
        public let commitWindow: ClosedRange<Seconds>
        /// How far two honest clocks may be apart.
        public let clockTolerance: Seconds
        /// Motions that one party may have open.
        public let openMotions: Int
        /// How long a standing ballot still binds after it was revoked; nil where parties cannot vote in advance.
        public let standingNotice: Seconds?

        /// By how much deadlines must be apart so that honest clocks agree which comes first: twice the clock tolerance.
        public var margin: Seconds { 2 * clockTolerance }
        /// From proposal to publish-by at most: three times the longest commit window.
        public var longestMotion: Seconds { 3 * commitWindow.upperBound }
    }

    /// SHA-256 of the file's bytes.
    public let id: CharterID
    /// The file, byte for byte.
    public let bytes: [UInt8]
    /// The title, 1 to 256 bytes.
    public let title: PlainText
    /// 1 to 64 characters of a-z, 0-9 and -.
    public let network: String
    /// 1 for the first charter of a network.
    public let version: Int
    /// The charter that this one amends; nil exactly for version 1.
    public let previous: CharterID?
    /// When the charter ends.
    public let expires: Instant
    /// In the order of the file.
    public let annexes: [Annex]
    /// In the order of the file.
    public let classes: [PartyClass]
    /// In the order of the file.
    public let parties: [Party]
    /// In the order of the file.
    public let groups: [Group]
    /// In the order of the file.
    public let rules: [Rule]
    /// In the order start, renew, lift.
    public let actions: [Action]
    /// How ballots become readable.
    public let opening: OpeningMode
    /// Bounds that every motion keeps.
    public let limits: Limits
    /// Whether one class may meet a rule by itself.
    public let allowsSingleClass: Bool
    /// The rule for receipts, close and publication.
    public let recordRule: Rule
    /// The rules that have a group key, in the order of their lines: those that sign orders, and the one that opens ballots.
    public let keyedRules: [Rule]
    /// The rule whose quorums can open ballots, and whose key never signs; nil under `opening self`.
    public let openRule: Rule?
    /// The parties with a share in any rule.
    public let voters: PartySet
    /// The names that a ballot's condition may use.
    public let vocabulary: Vocabulary
    let partyIndices: OrderedMap<PartyName, Int>

    /// The rules that sign orders, in the order of their lines.
    public var signingRules: [Rule] { keyedRules.filter { $0 != openRule } }

    /// A party by its name.
    public func party(_ name: PartyName) -> Party? { partyIndices[name].map { parties[$0] } }

    /// A rule by its name.
    public func rule(_ name: RuleName) -> Rule? { rules.first { $0.name == name } }

    /// Which rule decides an action; nil if the charter does not provide for it.
    public func action(_ action: OrderAction) -> Action? { actions.first { $0.action == action } }

    /// The threshold that decides an action; nil if the charter does not provide for it.
    public func decision(on action: OrderAction) -> ThresholdTree? {
        self.action(action).flatMap { rule($0.rule)?.tree }
    }

    /// Every party, voters and observers.
    public var partyNames: PartySet { PartySet(partyIndices.keys) }

    /// Whether a text can name a network: 1 to 64 characters of a-z, 0-9 and -.
    public static func isNetworkName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    public static func == (left: Charter, right: Charter) -> Bool { left.id == right.id }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
