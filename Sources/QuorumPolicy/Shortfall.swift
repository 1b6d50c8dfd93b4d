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
    ///
    /// Parties that are absent for good are no candidates; nil as well when the rule cannot be met without them.
    public func missing(from set: PartySet, absent: PartySet = []) -> Shortfall? {
        let present = presence(of: set)
        let possible = presence(of: parties.subtracting(absent).union(set))
        let (met, reachable) = (satisfiedGates(by: present), satisfiedGates(by: possible))
        return missing(at: .gate(0), met: { isSatisfied($0, present: present, satisfied: met) }) {
            isSatisfied($0, present: possible, satisfied: reachable)
        }
    }

    private func missing(
        at child: Child,
        met isMet: (Child) -> Bool,
        reachable canBeMet: (Child) -> Bool
    ) -> Shortfall? {
        guard !isMet(child), canBeMet(child) else { return nil }
        switch child {
        case .leaf(let number): return .party(leaves[number].party)
        case .gate(let number):
            let gate = gates[number]
            return .gate(
                number: number,
                threshold: gate.threshold,
                satisfied: gate.children.count(where: isMet),
                candidates: gate.children.compactMap { missing(at: $0, met: isMet, reachable: canBeMet) }
            )
        }
    }
}
