public import CryptoPrimitives
public import QuorumPolicy

/// One party's answer to a motion, as it is sealed and opened.
public struct Ballot: Hashable, Sendable {
    /// Agree, agree on a condition, decline or abstain.
    public let answer: Answer

    public init(_ answer: Answer) {
        self.answer = answer
    }

    /// The digest that seals a ballot under `opening self`.
    ///
    /// SHA-256 of "STANDSTILL-BALLOT-v1" and the canonical JSON of ballot, charter, motion, party and 32 random bytes. It binds the
    /// party, so that nobody can copy it, and the salt hides which of the few possible ballots it is (Protocol §7.2).
    public func digest(charter: CharterID, motion: StatementID, party: PartyName, salt: Bytes32) -> Bytes32 {
        let content = CanonicalJSON.object([
            "ballot": .object(members),
            "charter": .digest(charter),
            "motion": .digest(motion),
            "party": .name(party),
            "salt": .base64(salt),
        ])
        return SHA256.hash(Array("STANDSTILL-BALLOT-v1".utf8) + content.encoded)
    }

    /// The canonical JSON of the ballot.
    public var encoding: [UInt8] { CanonicalJSON.object(members).encoded }

    /// Reads canonical JSON in its only spelling.
    public init(encoding: [UInt8]) throws(StatementError) {
        var reader = try MemberReader(try CanonicalJSON(decoding: encoding))
        try self.init(from: &reader)
        try reader.finish()
    }

    var members: OrderedMap<String, CanonicalJSON> {
        switch answer {
        case .agree: Self.members(.agree)
        case .agreeIf(let condition): Self.members(.agree, condition: condition.canonicalText)
        case .decline: Self.members(.decline)
        case .abstain: Self.members(.abstain)
        }
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        let word: Word = try reader.word("answer")
        let text = try reader.string("condition")
        guard !text.isEmpty else {
            answer = word.answer
            return
        }
        guard word == .agree else { throw reader.invalid("condition", "stands beside an answer that is not agree") }
        do {
            answer = .agreeIf(try Condition(canonicalText: text))
        } catch {
            throw reader.invalid("condition", "is not a condition: \(error)")
        }
    }

    private enum Word: String, CaseIterable {
        case agree
        case decline
        case abstain

        var answer: Answer {
            switch self {
            case .agree: .agree
            case .decline: .decline
            case .abstain: .abstain
            }
        }
    }

    private static func members(_ word: Word, condition: String = "") -> OrderedMap<String, CanonicalJSON> {
        ["answer": .string(word.rawValue), "condition": .string(condition)]
    }
}
