/// What a set of parties still lacks to meet a rule, gate by gate, and how to say it.
public indirect enum Shortfall: Hashable, Sendable {
    /// This party is not there.
    case party(PartyName)
    /// A gate lacks `threshold - satisfied` of its unsatisfied children, each of which lacks what it says.
    case gate(number: Int, threshold: Int, satisfied: Int, candidates: [Shortfall])

    /// The parties whose joining could help, in byte order.
    public var parties: PartySet {
        switch self {
        case .party(let party): [party]
        case .gate(_, _, _, let candidates): PartySet(candidates.flatMap { Array($0.parties) })
        }
    }

    /// A plain sentence without a full stop, such as
    /// "2 of 3 governments still missing: any 2 of gov.a, gov.b, gov.c".
    ///
    /// `groupNames` says what the members of a gate are called, in the plural, by gate number.
    public func sentence(groupNames: OrderedMap<Int, String> = [:]) -> String {
        switch self {
        case .party(let party): return "\(party) still missing"
        case .gate(let number, let threshold, let satisfied, let candidates):
            let lacking = threshold - satisfied
            let onlyParties = candidates.allSatisfy(\.isParty)
            if lacking == candidates.count, !onlyParties {
                return candidates.map { $0.sentence(groupNames: groupNames) }.joined(separator: "; and ")
            }
            let name = groupNames[number] ?? (onlyParties ? "parties" : "groups")
            let choices = candidates.map { $0.choice(groupNames: groupNames) }
            let list = choices.joined(separator: onlyParties ? ", " : "; or ")
            let which = lacking == candidates.count ? list : "any \(lacking) of \(onlyParties ? list : "(\(list))")"
            return "\(lacking) of \(threshold) \(name) still missing: \(which)"
        }
    }

    private var isParty: Bool {
        switch self {
        case .party: true
        case .gate: false
        }
    }

    private func choice(groupNames: OrderedMap<Int, String>) -> String {
        switch self {
        case .party(let party): party.text
        case .gate: sentence(groupNames: groupNames)
        }
    }
}

extension Shortfall: CustomStringConvertible {
    public var description: String { sentence() }
}

extension ThresholdTree {
    /// What the set still lacks, or nil when it meets the rule.
    public func missing(from set: PartySet) -> Shortfall? {
        missing(from: set, at: .gate(0))
    }

    private func missing(from set: PartySet, at child: Child) -> Shortfall? {
        switch child {
        case .leaf(let number):
            let party = leaves[number].party
            return set.contains(party) ? nil : .party(party)
        case .gate(let number):
            let gate = gates[number]
            let candidates = gate.children.compactMap { missing(from: set, at: $0) }
            let satisfied = gate.children.count - candidates.count
            guard satisfied < gate.threshold else { return nil }
            return .gate(number: number, threshold: gate.threshold, satisfied: satisfied, candidates: candidates)
        }
    }
}
