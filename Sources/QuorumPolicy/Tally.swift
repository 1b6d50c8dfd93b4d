/// What a party's opened ballot says.
///
/// Protocol §7.
public enum Answer: Hashable, Sendable {
    case agree
    case agreeIf(Condition)
    case decline
    case abstain

    /// agree, decline or abstain.
    public var word: String {
        switch self {
        case .agree, .agreeIf: "agree"
        case .decline: "decline"
        case .abstain: "abstain"
        }
    }

    /// The canonical text of its condition; empty without one.
    public var conditionText: String {
        if case .agreeIf(let condition) = self { condition.canonicalText } else { "" }
    }

    /// The answer as people read it, such as `agree if lab.aster`.
    public var words: String { conditionText.isEmpty ? word : "\(word) if \(conditionText)" }
}

/// The result of counting opened ballots: the greatest set of agreeing parties whose conditions the set itself meets.
///
/// Conditions are monotone, so the greatest set is unique, grows with every opening and does not depend on the order of
/// ballots. A party that opened several ballots is bound by each: it agrees if any of them does. Protocol §7.6.
public struct Tally: Hashable, Sendable {
    /// An opened ballot: who answered, and what.
    public struct OpenedAnswer: Hashable, Sendable {
        public let party: PartyName
        public let answer: Answer

        public init(_ party: PartyName, _ answer: Answer) {
            self.party = party
            self.answer = answer
        }
    }

    /// A party whose conditions turned out not to hold.
    public struct Withdrawal: Hashable, Sendable {
        public let party: PartyName
        /// What each of its conditional answers lacked in that round, in the canonical order of the conditions.
        public let missing: [Shortfall]
    }

    /// The agreeing set.
    public let agreeing: PartySet

    /// Who fell out in which round, in byte order, each round judged against the set that the round began with.
    public let rounds: [[Withdrawal]]

    /// Counts opened ballots given in any order.
    public init(_ answers: some Sequence<OpenedAnswer>) {
        var assents = Tally.assents(in: answers)
        var rounds: [[Withdrawal]] = []
        var agreeing = PartySet(assents.keys)
        while true {
            let withdrawals = assents.compactMap { party, assent in
                assent.shortfalls(in: agreeing).map { Withdrawal(party: party, missing: $0) }
            }
            guard !withdrawals.isEmpty else { break }
            for withdrawal in withdrawals { assents[withdrawal.party] = nil }
            agreeing = PartySet(assents.keys)
            rounds.append(withdrawals)
        }
        self.agreeing = agreeing
        self.rounds = rounds
    }

    /// Counts one ballot per party.
    public init(_ answers: OrderedMap<PartyName, Answer>) {
        self.init(answers.map { OpenedAnswer($0.key, $0.value) })
    }

    /// Everything one party said in favour.
    private struct Assent {
        var isUnconditional = false
        var conditions = OrderedMap<String, Condition>()

        /// What each condition lacks, or nil if the party agrees with this set.
        func shortfalls(in set: PartySet) -> [Shortfall]? {
            guard !isUnconditional, !conditions.values.contains(where: { $0.isSatisfied(by: set) }) else { return nil }
            return conditions.values.compactMap { $0.missing(from: set) }
        }
    }

    private static func assents(in answers: some Sequence<OpenedAnswer>) -> OrderedMap<PartyName, Assent> {
        var assents = OrderedMap<PartyName, Assent>()
        for opened in answers {
            switch opened.answer {
            case .agree: assents[opened.party, default: Assent()].isUnconditional = true
            case .agreeIf(let condition):
                assents[opened.party, default: Assent()].conditions[condition.canonicalText] = condition
            case .decline, .abstain: break
            }
        }
        return assents
    }
}
