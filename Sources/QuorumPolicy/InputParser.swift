/// Reads rules and conditions as people write them and compiles them to a tree over parties.
///
///     expression = operand *("and" operand) / operand *("or" operand)
///     operand    = name / "(" expression ")" / count counted
///     count      = [ "at least" ] K "of" / Kof / ( "all" / "any" ) [ "of" ]
///     counted    = name of a group or class / "(" member *("," member) ")"
///     member     = name of a class, standing for all its parties / expression
struct InputParser {
    private var scanner: InputScanner
    private let vocabulary: Vocabulary?
    private var leafCount = 0
    private var nesting = 0

    /// Parentheses inside parentheses; more than any tree within the limits needs.
    private static let deepestNesting = 64

    /// Without a vocabulary every name is a party's.
    static func parse(_ text: String, vocabulary: Vocabulary?) throws(PolicyError) -> ThresholdTree.Node {
        var parser = try InputParser(scanner: InputScanner(text), vocabulary: vocabulary)
        let node = try parser.parseExpression()
        guard parser.scanner.next == .end else { throw parser.unexpected("\"and\", \"or\" or the end of the text") }
        return node
    }

    private init(scanner: InputScanner, vocabulary: Vocabulary?) {
        self.scanner = scanner
        self.vocabulary = vocabulary
    }

    private mutating func parseExpression() throws(PolicyError) -> ThresholdTree.Node {
        var operands = [try parseOperand()]
        var conjunction: String?
        while case .word(let word) = scanner.next, word == "and" || word == "or" {
            guard conjunction == nil || conjunction == word else { throw .mixedAndOr(at: scanner.place) }
            conjunction = word
            scanner.advance()
            operands.append(try parseOperand())
        }
        guard operands.count > 1 else { return operands[0] }
        return .gate(threshold: conjunction == "and" ? operands.count : 1, children: operands)
    }

    private mutating func parseOperand() throws(PolicyError) -> ThresholdTree.Node {
        let place = scanner.place
        switch scanner.next {
        case .open:
            scanner.advance()
            try enter()
            let node = try parseExpression()
            try expectClose()
            return node
        case .word(let word):
            if let count = try parseCount() { return try parseCounted(count, at: place) }
            scanner.advance()
            return try resolve(word, at: place)
        case .comma, .close, .end: throw unexpected("a name, a count such as \"2 of\" or a parenthesis")
        }
    }

    /// How many members a gate wants.
    private enum Count {
        case all
        case number(Int)

        func threshold(of members: Int) -> Int {
            switch self {
            case .all: members
            case .number(let number): number
            }
        }
    }

    private mutating func parseCount() throws(PolicyError) -> Count? {
        guard case .word(let word) = scanner.next else { return nil }
        if word == "at" {
            scanner.advance()
            guard scanner.skip(word: "least") else { throw unexpected("\"least\"") }
            guard case .word(let number) = scanner.next, !Vocabulary.isReserved(number), let count = try parseCount()
            else {
                throw unexpected("a count such as \"2 of\"")
            }
            return count
        }
        if word == "all" || word == "any" {
            scanner.advance()
            _ = scanner.skip(word: "of")
            return word == "all" ? .all : .number(1)
        }
        let bytes = Array(word.utf8)
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let rest = bytes.dropFirst(digits.count)
        guard !digits.isEmpty, rest.isEmpty ? scanner.following == .word("of") : isGateWord(word, rest) else {
            return nil
        }
        let number = try GateWord.count(of: digits, at: scanner.offset)
        scanner.advance()
        if rest.isEmpty { scanner.advance() }
        return .number(number)
    }

    /// `2of` in front of a parenthesis is a gate; elsewhere only if nobody is called so.
    private func isGateWord(_ word: String, _ rest: ArraySlice<UInt8>) -> Bool {
        guard rest.elementsEqual("of".utf8) else { return false }
        guard scanner.following != .open, let name = try? PartyName(word) else { return true }
        return vocabulary?.meaning(of: name) == nil
    }

    private mutating func parseCounted(
        _ count: Count,
        at place: PolicyError.Place
    ) throws(PolicyError) -> ThresholdTree.Node {
        let members: [ThresholdTree.Node]
        switch scanner.next {
        case .open: members = try parseMembers()
        case .word(let word): members = try membersOfNamed(word)
        case .comma, .close, .end: throw unexpected("a group, a class or a list in parentheses")
        }
        let threshold = count.threshold(of: members.count)
        guard threshold <= members.count else {
            throw .invalidThreshold("\(threshold)", members: members.count, at: place)
        }
        return members.count == 1 ? members[0] : .gate(threshold: threshold, children: members)
    }

    private mutating func parseMembers() throws(PolicyError) -> [ThresholdTree.Node] {
        var members: [ThresholdTree.Node] = []
        try enter()
        repeat {
            scanner.advance()
            let place = scanner.place
            if let parties = partiesOfClassAhead() {
                scanner.advance()
                for party in parties { members.append(try leaf(party, at: place)) }
            } else {
                members.append(try parseExpression())
            }
        } while scanner.next == .comma
        try expectClose()
        return members
    }

    private func partiesOfClassAhead() -> [PartyName]? {
        guard case .word(let word) = scanner.next, scanner.following == .comma || scanner.following == .close,
            let name = try? PartyName(word), case .partyClass(let parties)? = vocabulary?.meaning(of: name)
        else { return nil }
        return parties
    }

    private mutating func membersOfNamed(_ word: String) throws(PolicyError) -> [ThresholdTree.Node] {
        let (name, place) = (try PartyName(bytes: word.utf8, at: scanner.offset), scanner.place)
        scanner.advance()
        switch vocabulary?.meaning(of: name) {
        case .partyClass(let parties)?:
            var members: [ThresholdTree.Node] = []
            for party in parties { members.append(try leaf(party, at: place)) }
            guard !members.isEmpty else { throw .tooFewMembers(0, at: place) }
            return members
        case .group(let tree)?:
            try count(leaves: tree.leaves.count, at: place)
            return tree.gates[0].children.map { tree.node($0) }
        case .party?: throw .countOfAParty(word, at: place)
        case nil:
            if vocabulary == nil { throw .countOfAParty(word, at: place) }
            throw unknown(word, at: place)
        }
    }

    private mutating func resolve(_ word: String, at place: PolicyError.Place) throws(PolicyError) -> ThresholdTree.Node
    {
        if Vocabulary.withdrawingWords.contains(word) { throw .notMonotone(word: word, at: place) }
        if Vocabulary.grammarWords.contains(word) {
            throw .unexpected(found: "\"\(word)\"", expected: "a name", at: place)
        }
        guard case .byte(let offset) = place else { preconditionFailure("the scanner counts bytes") }
        let name = try PartyName(bytes: word.utf8, at: offset)
        guard let vocabulary else { return try leaf(name, at: place) }
        switch vocabulary.meaning(of: name) {
        case .party(let party)?: return try leaf(party, at: place)
        case .group(let tree)?:
            try count(leaves: tree.leaves.count, at: place)
            return tree.root
        case .partyClass?: throw .classWithoutCount(word, at: place)
        case nil: throw unknown(word, at: place)
        }
    }

    private func unknown(_ word: String, at place: PolicyError.Place) -> PolicyError {
        let names = vocabulary?.names ?? []
        return .unknownName(word, suggestion: suggestion(for: word, among: names.lazy.map(\.text)), at: place)
    }

    private mutating func leaf(
        _ party: PartyName,
        at place: PolicyError.Place
    ) throws(PolicyError) -> ThresholdTree.Node {
        try count(leaves: 1, at: place)
        return .leaf(party)
    }

    private mutating func count(leaves: Int, at place: PolicyError.Place) throws(PolicyError) {
        leafCount += leaves
        guard leafCount <= ThresholdTree.Limits.leaves else { throw .tooManyLeaves(at: place) }
    }

    private mutating func enter() throws(PolicyError) {
        nesting += 1
        guard nesting <= InputParser.deepestNesting else { throw .tooDeep(at: scanner.place) }
    }

    private mutating func expectClose() throws(PolicyError) {
        guard scanner.next == .close else { throw unexpected("\"and\", \"or\", a comma or a closing parenthesis") }
        scanner.advance()
        nesting -= 1
    }

    /// The error for what stands next; a withdrawing word gets its explanation wherever it stands.
    private func unexpected(_ expected: String) -> PolicyError {
        if case .word(let word) = scanner.next, Vocabulary.withdrawingWords.contains(word) {
            return .notMonotone(word: word, at: scanner.place)
        }
        return .unexpected(found: scanner.next.description, expected: expected, at: scanner.place)
    }
}
