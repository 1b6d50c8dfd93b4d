public import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements

extension Agreement {
    /// What happened, as the shell observed it.
    public enum Event: Sendable {
        /// A party's statement, its signature already checked; the node's own statements return this way too.
        case statement(Verified<Statement>)
        /// An order, verified under the key of the motion's rule.
        indirect case order(Verified<Order>)
        /// The proof that a rule's key works, verified under that key.
        indirect case keyProof(Verified<KeyProof>)
        /// The operator cast this node's ballot on a motion, or lodged the standing ballot of that id; the salt is 32 fresh
        /// bytes.
        case ballot(Ballot, motion: StatementID, salt: Bytes32)
        /// Time has passed.
        case time
    }

    /// What the shell must do next, in order.
    public enum Effect: Sendable {
        /// Make the item durable before carrying out the effects after it.
        case persist(Item)
        /// Make the node's own sealed ballot durable, encrypted, before the effects after it.
        case persistBallot(HeldBallot)
        /// Sign, persist and record this node's next statement, then send it.
        indirect case issue(StatementBody)
        /// Tell the peers of an item that nobody signed alone: an order or a key proof, already persisted.
        case publish(Item)
        /// Work that needs this party's secrets; its result is usually a statement to issue.
        indirect case perform(SecretWork)
        /// Keep the item aside and offer it again when something new has been taken: what it refers to is not here yet.
        case park(Item, as: Event)
        /// What is kept aside may be welcome now.
        case retryParked
        /// Tell the operator; the agreement is unaffected.
        case report(Observation)
    }
}

/// A ballot this node has sealed and not yet opened; it leaves the node only as an opening.
public struct HeldBallot: Hashable, Sendable {
    /// The `motion` or `standing-ballot` statement.
    public let motion: StatementID
    public let ballot: Ballot
    /// 32 fresh bytes that hide the ballot inside its seal.
    public let salt: Bytes32

    public init(motion: StatementID, ballot: Ballot, salt: Bytes32) {
        self.motion = motion
        self.ballot = ballot
        self.salt = salt
    }
}

extension HeldBallot {
    /// The plaintext of the private journal record: motion, answer, condition and salt, one a line.
    var encoding: [UInt8] {
        let lines = [motion.description, ballot.answer.word, ballot.answer.conditionText, salt.description]
        return Array(lines.joined(separator: "\n").utf8)
    }

    init?(encoding: [UInt8]) {
        let lines = String(decoding: encoding, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard
            lines.count == 4, let motion = StatementID(lines[0]),
            let answer = Answer(word: lines[1], condition: lines[2]),
            let salt = Hex.decode(lines[3]).flatMap({ Bytes32($0) })
        else { return nil }
        self.init(motion: motion, ballot: Ballot(answer), salt: salt)
    }
}

extension Answer {
    fileprivate init?(word: String, condition: String) {
        switch (word, condition) {
        case ("agree", ""): self = .agree
        case ("decline", ""): self = .decline
        case ("abstain", ""): self = .abstain
        case ("agree", _):
            guard let condition = try? Condition(canonicalText: condition) else { return nil }
            self = .agreeIf(condition)
        default: return nil
        }
    }
}

/// What became of a verified item.
enum Reception: Hashable {
    case taken
    /// What it refers to is not here yet.
    case early
    case refused(Refusal)
}
