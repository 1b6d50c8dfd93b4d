/// The names that a condition may use: a charter's parties, groups and classes.
public struct Vocabulary: Hashable, Sendable {
    /// What a name stands for.
    enum Meaning: Hashable, Sendable {
        case party(PartyName)
        case group(ThresholdTree)
        case partyClass([PartyName])
    }

    private let meanings: OrderedMap<PartyName, Meaning>

    /// Collects names; a name used twice or equal to a word of the language is an error.
    ///
    /// A group's name stands for its whole rule; a class inside a gate stands for all its parties.
    public init(
        parties: some Sequence<PartyName>,
        groups: OrderedMap<PartyName, ThresholdTree> = [:],
        classes: OrderedMap<PartyName, [PartyName]> = [:]
    ) throws(PolicyError) {
        let all =
            parties.map { ($0, Meaning.party($0)) }
            + groups.map { ($0.key, Meaning.group($0.value)) }
            + classes.map { ($0.key, Meaning.partyClass($0.value)) }
        var meanings = OrderedMap<PartyName, Meaning>()
        for (name, meaning) in all {
            guard !Vocabulary.isReserved(name.text) else { throw .reservedName(name.text) }
            guard meanings[name] == nil else { throw .repeatedName(name.text) }
            meanings[name] = meaning
        }
        self.meanings = meanings
    }

    /// Whether a word belongs to the language, so that nothing a condition refers to may be called so.
    public static func isReserved(_ word: String) -> Bool {
        grammarWords.contains(word) || withdrawingWords.contains(word)
    }

    /// Words with a meaning in a condition.
    static let grammarWords = ["all", "and", "any", "at", "least", "of", "or"]

    /// Words that would let one more agreement undo a result.
    static let withdrawingWords = ["but", "except", "if", "not", "unless", "until", "without"]

    func meaning(of name: PartyName) -> Meaning? { meanings[name] }

    var names: [PartyName] { meanings.keys }
}
