/// What a party wants to see before its agreement counts: a monotone expression over parties.
///
/// Protocol §7. More agreement can only make a condition true, never false, so every tally has one greatest result. There is no
/// way to write "unless".
public struct Condition: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case party(PartyName)
        case tree(ThresholdTree)
    }

    private let form: Form

    /// Builds a condition from a tree, which may be a single leaf.
    public init(_ node: ThresholdTree.Node) throws(PolicyError) {
        switch node {
        case .leaf(let party): self.form = .party(party)
        case .gate: self.form = .tree(try ThresholdTree(node))
        }
    }

    /// Reads the canonical text, a single name or `Kof(...)` over parties, and nothing else.
    public init(canonicalText: String) throws(PolicyError) {
        try self.init(CanonicalTextParser.parse(canonicalText))
    }

    /// Compiles what a person wrote, such as `3 of lab and lab.cygnus and gov.union`.
    ///
    /// A group's name stands for its rule, a class inside a gate for its parties; unknown names are refused with the
    /// nearest known one.
    public init(parsingInput text: String, with vocabulary: Vocabulary) throws(PolicyError) {
        try self.init(InputParser.parse(text, vocabulary: vocabulary))
    }

    /// The one spelling that a ballot carries, ASCII, over parties only.
    public var canonicalText: String {
        switch form {
        case .party(let party): party.text
        case .tree(let tree): tree.canonicalText
        }
    }

    /// Every party that the condition mentions.
    public var parties: PartySet {
        switch form {
        case .party(let party): [party]
        case .tree(let tree): tree.parties
        }
    }

    /// Whether the condition holds when exactly these parties agree.
    public func isSatisfied(by set: PartySet) -> Bool {
        switch form {
        case .party(let party): set.contains(party)
        case .tree(let tree): tree.isSatisfied(by: set)
        }
    }

    /// What is missing, or nil when the condition holds.
    public func missing(from set: PartySet) -> Shortfall? {
        switch form {
        case .party(let party): set.contains(party) ? nil : .party(party)
        case .tree(let tree): tree.missing(from: set)
        }
    }
}

extension Condition: CustomStringConvertible {
    public var description: String { canonicalText }
}
