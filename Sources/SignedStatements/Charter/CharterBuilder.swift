internal import CryptoPrimitives
internal import QuorumPolicy

/// Collects what the lines of a charter file declare, each line checked against those above it.
struct CharterBuilder {
    /// The words that lines start with.
    enum Keyword: String, CaseIterable {
        case title, network, version, previous, expires, annex
        case partyClass = "class"
        case party, tag, group, rule, action, opening, limit
        case allowSingleClass = "allow-single-class"
    }

    enum Limit: String, CaseIterable {
        case faultBound = "fault-bound"
        case commitWindow = "commit-window"
        case clockTolerance = "clock-tolerance"
        case openMotions = "open-motions"
        case standingNotice = "standing-notice"
    }

    /// What a name of the common name space stands for.
    enum Meaning {
        case partyClass, party, group
    }

    var title: PlainText?
    var network: String?
    var version: Int?
    var previous: CharterID?
    var expires: Instant?
    var annexes: [Charter.Annex] = []
    var classes: [Charter.PartyClass] = []
    var parties: [Charter.Party] = []
    var groups: [Charter.Group] = []
    var rules: [Charter.Rule] = []
    var actions: [Charter.Action] = []
    var opening: Charter.OpeningMode?
    var faultBound: Int?
    var commitWindow: ClosedRange<Seconds>?
    var clockTolerance: Seconds?
    var openMotions = CharterLimits.openMotionsByDefault
    var standingNotice: Seconds?
    var allowsSingleClass = false

    /// Where each class, party and group is declared.
    var names = OrderedMap<PartyName, (meaning: Meaning, line: Int)>()
    /// Where each line that may stand once stands, by what it is.
    private var singles = OrderedMap<String, Int>()
    private var keys = OrderedMap<Bytes32, Int>()

    mutating func add(_ line: CharterLine) throws(CharterError) {
        var fields = CharterFields(line)
        let word = try fields.word("the first word")
        guard let keyword = Keyword(rawValue: word) else {
            let known = Keyword.allCases.map(\.rawValue)
            throw .unknownKeyword(word, suggestion: suggestion(for: word, among: known), line: line.number)
        }
        try add(keyword, &fields)
        try fields.finish()
    }

    private mutating func add(_ keyword: Keyword, _ fields: inout CharterFields) throws(CharterError) {
        switch keyword {
        case .title, .network, .version, .previous, .expires, .opening, .allowSingleClass:
            try once(keyword.rawValue, fields)
            try addSingle(keyword, &fields)
        case .annex: try addAnnex(&fields)
        case .partyClass: try addClass(&fields)
        case .party: try addParty(&fields)
        case .tag: try addTag(&fields)
        case .group: try addGroup(&fields)
        case .rule: try addRule(&fields)
        case .action: try addAction(&fields)
        case .limit: try addLimit(&fields)
        }
    }

    private mutating func addSingle(_ keyword: Keyword, _ fields: inout CharterFields) throws(CharterError) {
        switch keyword {
        case .title: title = try fields.quotation("the title")
        case .network:
            let text = try fields.word("the network")
            guard Charter.isNetworkName(text) else {
                throw fields.invalid("network", text, "must be 1 to 64 characters of a-z, 0-9 and -")
            }
            network = text
        case .version: version = try fields.number("version", in: 1...Int(Int32.max))
        case .previous: previous = try addPrevious(&fields)
        case .expires:
            let text = try fields.word("the time")
            guard let instant = Instant(text) else {
                throw fields.invalid("time", text, "must be written like 2027-12-01T00:00:00Z")
            }
            expires = instant
        case .opening: opening = try fields.choice("way of opening")
        case .allowSingleClass: allowsSingleClass = true
        case .annex, .partyClass, .party, .tag, .group, .rule, .action, .limit:
            preconditionFailure("these lines may stand several times")
        }
    }

    private func addPrevious(_ fields: inout CharterFields) throws(CharterError) -> CharterID? {
        var copy = fields
        guard try copy.word("the previous charter") == "none" else {
            return CharterID(try fields.digest("the previous charter"))
        }
        fields = copy
        return nil
    }

    private mutating func addAnnex(_ fields: inout CharterFields) throws(CharterError) {
        let label = try fields.word("the label")
        guard (1...32).contains(label.utf8.count), label.utf8.allSatisfy(Self.isInLabel) else {
            throw fields.invalid("label", label, "must be 1 to 32 characters of A-Z, a-z, 0-9, - and .")
        }
        try once("annex \(label)", fields)
        guard annexes.count < CharterLimits.annexes else {
            throw fields.invalid("annex", label, "is one too many: list \(CharterLimits.annexes) at most")
        }
        let digest = try fields.digest("the digest")
        annexes.append(.init(label: label, digest: digest, title: try fields.quotation("the title")))
    }

    private mutating func addLimit(_ fields: inout CharterFields) throws(CharterError) {
        let limit: Limit = try fields.choice("limit")
        try once("limit \(limit.rawValue)", fields)
        switch limit {
        case .faultBound: faultBound = try fields.number("fault-bound", in: 0...CharterLimits.parties)
        case .commitWindow: commitWindow = try fields.durations("commit-window")
        case .clockTolerance: clockTolerance = try fields.duration("clock-tolerance")
        case .openMotions: openMotions = try fields.number("open-motions", in: 1...CharterLimits.openMotions)
        case .standingNotice: standingNotice = try fields.duration("standing-notice")
        }
    }

    mutating func once(_ what: String, _ fields: CharterFields) throws(CharterError) {
        if let first = singles[what] { throw .repeatedLine("\"\(what)\"", first: first, line: fields.line) }
        singles[what] = fields.line
    }

    func isPresent(_ what: String) -> Bool { singles[what] != nil }

    func line(of what: String) -> Int { singles[what] ?? 1 }

    /// Takes a name of the name space that classes, parties and groups share.
    mutating func declare(_ meaning: Meaning, _ fields: inout CharterFields) throws(CharterError) -> PartyName {
        let name = try fields.name("the name")
        guard !Vocabulary.isReserved(name.text), name.text != "none" else {
            throw .reservedName(name.text, line: fields.line)
        }
        if let first = names[name]?.line { throw .repeatedName(name.text, first: first, line: fields.line) }
        names[name] = (meaning, fields.line)
        return name
    }

    /// A name of one of these meanings that a line above declares.
    func known(
        _ what: String,
        _ fields: inout CharterFields,
        is isMeant: (Meaning) -> Bool
    ) throws(CharterError) -> PartyName {
        let name = try fields.name("the \(what)")
        if let meaning = names[name]?.meaning, isMeant(meaning) { return name }
        let known = names.filter { isMeant($0.value.meaning) }.map(\.key.text)
        throw .unknownName(
            name.text,
            kind: what,
            suggestion: suggestion(for: name.text, among: known),
            line: fields.line
        )
    }

    mutating func takeKey(_ prefix: String, _ fields: inout CharterFields) throws(CharterError) -> Bytes32 {
        let key = try fields.key(prefix)
        if let first = keys[key] { throw .repeatedKey(prefix, first: first, line: fields.line) }
        keys[key] = fields.line
        return key
    }

    private static func isInLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
