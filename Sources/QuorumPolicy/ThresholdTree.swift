/// A rule: a tree of k-of-m gates whose leaves are parties.
///
/// Gates and leaves are numbered from 0 in pre-order, each kind by itself; a child's coordinate `x` is its 1-based
/// position in its gate; participants are numbered 1...n by first appearance. A party may stand in several leaves.
/// Protocol §4.
public struct ThresholdTree: Hashable, Sendable {
    /// What a rule may measure at most.
    ///
    /// Protocol §4.
    public enum Limits {
        /// Gates on the way from the root to any leaf.
        public static let depth = 8
        /// Leaves, repeated parties counted each time.
        public static let leaves = 1024
        /// Bytes of a text before it is read at all; no valid canonical text is longer.
        public static let textLength = 131_072
        /// Steps times the square of the number of parties that an exact analysis may take, about a second's work,
        /// before it answers with bounds instead.
        public static let searchEffort = 25_000_000
    }

    /// A tree as it is written down, for building rules and taking them apart.
    public indirect enum Node: Hashable, Sendable {
        case leaf(PartyName)
        case gate(threshold: Int, children: [Node])
    }

    /// A gate's child, by its number.
    public enum Child: Hashable, Sendable {
        case gate(Int)
        case leaf(Int)
    }

    /// A k-of-m gate.
    public struct Gate: Hashable, Sendable {
        /// Pre-order number; the root is 0.
        public let number: Int
        /// How many children must be satisfied, 1...m.
        public let threshold: Int
        /// The children in order; the one at index `i` has coordinate `i + 1`.
        public let children: [Child]
        /// The k - 1 columns of the share matrix that belong to this gate; never column 0.
        public let columns: Range<Int>
    }

    /// One step of the way from the root to a leaf: which gate, and which of its children.
    public struct Step: Hashable, Sendable {
        public let gate: Int
        /// 1-based position of the child in the gate.
        public let x: Int
    }

    /// A place where a party stands in the rule.
    public struct Leaf: Hashable, Sendable {
        /// Pre-order number among the leaves.
        public let number: Int
        public let party: PartyName
        /// The participant's number, 1...n.
        public let identifier: Int
        /// From the root down, at least one step.
        public let path: [Step]
    }

    /// A party with a place in the rule.
    public struct Participant: Hashable, Sendable {
        /// 1...n by first appearance; the identifier of RFC 9591.
        public let identifier: Int
        public let party: PartyName
        /// The numbers of its leaves, ascending, at least one.
        public let leaves: [Int]
    }

    /// All gates in pre-order; at least one.
    public let gates: [Gate]
    /// All leaves in pre-order; at least two.
    public let leaves: [Leaf]
    /// All participants; the one at index `i` has identifier `i + 1`.
    public let participants: [Participant]
    /// The length of a dealer's commitment, `D = 1 + sum(k - 1)`.
    ///
    /// Column 0 is the secret.
    public let columnCount: Int
    /// All parties with a place in the rule.
    public let parties: PartySet
    private let identifiers: OrderedMap<PartyName, Int>

    /// Checks and numbers a tree; errors name the gate or leaf by its pre-order number.
    public init(_ root: Node) throws(PolicyError) {
        var numbering = TreeNumbering()
        guard case .gate = root else { throw .notAGate(name: root.description) }
        _ = try numbering.add(root, path: [])
        let participants = numbering.participants()
        self.gates = numbering.gates.compactMap(\.self)
        self.leaves = numbering.leaves
        self.participants = participants
        self.columnCount = numbering.columnCount
        self.parties = PartySet(participants.map(\.party))
        self.identifiers = OrderedMap(participants.map { ($0.party, $0.identifier) })
    }

    /// Reads the canonical text and nothing else; errors give the byte and what was expected there.
    public init(canonicalText: String) throws(PolicyError) {
        try self.init(CanonicalTextParser.parse(canonicalText))
    }

    /// Reads what people write: blanks, `all(...)`, `any(...)`, `2 of (a, b, c)`, `a and b`, `a or b`.
    ///
    /// Every name is taken for a party. Never use this for a text that was signed or hashed.
    public init(parsingInput text: String) throws(PolicyError) {
        try self.init(InputParser.parse(text, vocabulary: nil))
    }

    /// The tree in nested form.
    public var root: Node { node(.gate(0)) }

    /// The subtree under a child, in nested form.
    public func node(_ child: Child) -> Node {
        switch child {
        case .leaf(let number): .leaf(leaves[number].party)
        case .gate(let number):
            .gate(threshold: gates[number].threshold, children: gates[number].children.map { node($0) })
        }
    }

    /// The one spelling that is hashed and signed, ASCII.
    public var canonicalText: String { root.description }

    /// The participant's number 1...n, or nil for a party without a place; O(log n).
    public func identifier(of party: PartyName) -> Int? { identifiers[party] }

    /// In how many leaves a party stands.
    public func leafCount(of party: PartyName) -> Int {
        identifier(of: party).map { participants[$0 - 1].leaves.count } ?? 0
    }

    /// Whether every party stands in one leaf only, which makes all analysis exact.
    public var isReadOnce: Bool { participants.count == leaves.count }

    /// The rule whose quorums are the blocking sets of this one: every k-of-m becomes (m-k+1)-of-m.
    public var dual: ThresholdTree {
        guard let dual = try? ThresholdTree(root.dual) else {
            preconditionFailure("the dual has the shape of a checked tree and thresholds in 1...m")
        }
        return dual
    }
}

extension ThresholdTree: CustomStringConvertible {
    public var description: String { canonicalText }
}

extension ThresholdTree.Node: CustomStringConvertible {
    /// The canonical text of the subtree.
    public var description: String {
        switch self {
        case .leaf(let party): party.text
        case .gate(let threshold, let children):
            "\(threshold)of(" + children.map(\.description).joined(separator: ",") + ")"
        }
    }

    var dual: ThresholdTree.Node {
        switch self {
        case .leaf: self
        case .gate(let threshold, let children):
            .gate(threshold: children.count - threshold + 1, children: children.map(\.dual))
        }
    }
}
