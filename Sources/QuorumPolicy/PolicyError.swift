/// Why a rule, a condition or a name was refused; the author of the text is always the one to correct it.
public enum PolicyError: Error, Hashable, Sendable {
    /// Where in a text (0-based byte) or in a tree built by code (pre-order number) the fault is.
    public enum Place: Hashable, Sendable {
        case byte(Int)
        case gate(Int)
        case leaf(Int)
    }

    /// A name without a single byte.
    case emptyName(at: Place)
    /// A name longer than `PartyName.maximumLength`.
    case nameTooLong(length: Int, at: Place)
    /// A byte that names may not contain.
    case invalidNameByte(UInt8, at: Place)
    /// Something else stood where the grammar wants this.
    case unexpected(found: String, expected: String, at: Place)
    /// `k` of `k-of-m` outside 1...m, with zeros in front, or too large to be a number.
    case invalidThreshold(String, members: Int?, at: Place)
    /// A gate with fewer than two members.
    case tooFewMembers(Int, at: Place)
    /// Gates inside gates beyond `ThresholdTree.Limits.depth`.
    case tooDeep(at: Place)
    /// More leaves than `ThresholdTree.Limits.leaves`.
    case tooManyLeaves(at: Place)
    /// A text longer than `ThresholdTree.Limits.textLength` bytes.
    case textTooLong(length: Int)
    /// A rule that is a bare name: a group key needs a gate.
    case notAGate(name: String)
    /// A name that the charter does not declare, with the nearest one it does.
    case unknownName(String, suggestion: String?, at: Place)
    /// A class named where only a count of its members makes sense.
    case classWithoutCount(String, at: Place)
    /// "K of" a single party.
    case countOfAParty(String, at: Place)
    /// A word that would make support withdraw assent, such as `unless`.
    case notMonotone(word: String, at: Place)
    /// `and` and `or` side by side without parentheses.
    case mixedAndOr(at: Place)
    /// A party, group or class of a vocabulary that is declared twice.
    case repeatedName(String)
    /// A party, group or class named like a word of the language.
    case reservedName(String)
}

extension PolicyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .emptyName(let place):
            "empty name \(place): write the party's name there"
        case .nameTooLong(let length, let place):
            "name of \(length) bytes \(place): shorten it to \(PartyName.maximumLength) bytes at most"
        case .invalidNameByte(let byte, let place):
            "\(FoundText.describe([byte], at: 0)) \(place) is not allowed in a name: use only a-z, 0-9 and - . _ /"
        case .unexpected(let found, let expected, let place):
            "found \(found) \(place): write \(expected) there"
        case .invalidThreshold(let text, let members?, let place):
            "threshold \(text) for \(members) members \(place): choose a number from 1 to \(members)"
        case .invalidThreshold(let text, nil, let place):
            "threshold \"\(text)\" \(place): write a number from 1 to \(ThresholdTree.Limits.leaves) without leading zeros"
        case .tooFewMembers(let count, let place):
            "only \(count) member\(count == 1 ? "" : "s") \(place): give the gate at least 2"
        case .tooDeep(let place):
            "gates nested too deeply \(place): nest \(ThresholdTree.Limits.depth) levels at most"
        case .tooManyLeaves(let place):
            "too many names \(place): use \(ThresholdTree.Limits.leaves) at most"
        case .textTooLong(let length):
            "text of \(length) bytes: shorten it to \(ThresholdTree.Limits.textLength) bytes at most"
        case .notAGate(let name):
            "rule consists of the single name \"\(name)\": write a threshold over at least 2 members"
        case .unknownName(let name, let suggestion?, let place):
            "unknown name \"\(name)\" \(place): did you mean \"\(suggestion)\"?"
        case .unknownName(let name, nil, let place):
            "unknown name \"\(name)\" \(place): use a party, group or class that the charter declares"
        case .classWithoutCount(let name, let place):
            "class \"\(name)\" \(place) does not say how many of it: write for example \"2 of \(name)\""
        case .countOfAParty(let name, let place):
            "\"\(name)\" \(place) is a single party: leave the count out, or name a group, a class or a list in parentheses"
        case .notMonotone(let word, let place):
            "\"\(word)\" \(place): a condition may only ask for others to agree, never for somebody to stay away, "
                + "because otherwise one more agreement could undo the result; say who has to agree instead"
        case .mixedAndOr(let place):
            "\"and\" and \"or\" side by side \(place) can be read in two ways: put parentheses around one of them"
        case .repeatedName(let name):
            "name \"\(name)\" is declared twice: give each party, group and class a name of its own"
        case .reservedName(let name):
            "\"\(name)\" is a word of the rule language: choose another name"
        }
    }
}

extension PolicyError.Place: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byte(let offset): "at byte \(offset)"
        case .gate(let number): "in gate \(number)"
        case .leaf(let number): "in leaf \(number)"
        }
    }
}
