internal import QuorumPolicy

/// What the parties said in one step of a ceremony's attempt: of each the message that came first, one that differs from it
/// and so convicts its author, and those of an equivocator that a certificate shows to count.
struct Said<Content: Hashable & Sendable>: Sendable {
    /// What a message adds.
    enum Novelty: Hashable {
        case first
        /// The author has said something else in this step.
        case conflicting
        case repeated
        /// The author is convicted already, and nothing shows that the message counts.
        case superfluous
    }

    private var messages: OrderedMap<PartyName, [Content]> = [:]

    /// The party's message that came first at this node; all nodes have the same one unless the party equivocates.
    subscript(party: PartyName) -> Content? { messages[party]?.first }

    /// How many parties have said something.
    var count: Int { messages.count }

    var parties: PartySet { PartySet(messages.keys) }

    /// Everything kept of a party in the order in which it came: ``Limits/messagesPerStep``, and what was let in beyond that.
    func all(of party: PartyName) -> [Content] { messages[party, default: []] }

    /// Everything kept, by author.
    var everything: [(party: PartyName, content: Content)] {
        messages.flatMap { party, contents in contents.map { (party, $0) } }
    }

    /// How many of those kept are such as is asked for.
    func count(where isMeant: (Content) -> Bool) -> Int {
        messages.reduce(0) { $0 + $1.value.count(where: isMeant) }
    }

    /// Adds a message; `isLetIn` says that no limit keeps it out.
    mutating func add(_ content: Content, by party: PartyName, isLetIn: Bool = false) -> Novelty {
        let known = all(of: party)
        guard !known.contains(content) else { return .repeated }
        guard isLetIn || known.count < Limits.messagesPerStep else { return .superfluous }
        messages[party] = known + [content]
        return known.isEmpty ? .first : .conflicting
    }
}
