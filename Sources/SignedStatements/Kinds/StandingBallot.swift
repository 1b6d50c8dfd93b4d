public import CryptoPrimitives
internal import QuorumPolicy

/// Which motions a standing ballot is for: their terms word for word, and for how long and until when (Protocol §7.11).
public struct StandingPattern: Hashable, Sendable {
    /// What the order does.
    public let action: OrderAction
    /// The rule that decides, the one that the charter names for the action.
    public let rule: RuleName
    /// Scope and authentic texts.
    public let terms: MotionTerms
    /// The longest time from effective to end.
    public let longest: Seconds
    /// The last instant at which a motion's commit deadline may lie.
    public let until: Instant
    /// Tells a party's standing ballots apart, from 1; of those recorded at one instant the lowest that is left serves first.
    public let serial: Int

    public init(
        action: OrderAction,
        rule: RuleName,
        terms: MotionTerms,
        longest: Seconds,
        until: Instant,
        serial: Int
    ) {
        self.action = action
        self.rule = rule
        self.terms = terms
        self.longest = longest
        self.until = until
        self.serial = serial
    }

    /// Whether a motion is one that the pattern describes.
    public func matches(_ motion: Motion) -> Bool {
        let schedule = motion.schedule
        guard let length = schedule.end.elapsed(since: schedule.effective) else { return false }
        return action == motion.action && rule == motion.rule && terms == motion.terms && length <= longest
            && schedule.commitBy <= until
    }

    /// SHA-256 of the canonical JSON of the pattern; what the ballot's label binds (Protocol §11.2).
    public var digest: Bytes32 { SHA256.hash(CanonicalJSON.object(members).encoded) }

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "action": .string(action.rawValue), "longest": .integer(longest.count), "rule": .name(rule),
            "serial": .count(serial), "terms": .object(terms.members), "until": .instant(until),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        action = try reader.word("action")
        rule = try reader.ruleName("rule")
        terms = try reader.object("terms") { (terms) throws(StatementError) in try MotionTerms(from: &terms) }
        guard let longest = Seconds(Int64(try reader.count("longest"))) else {
            throw reader.invalid("longest", "is no length of time")
        }
        self.longest = longest
        until = try reader.instant("until")
        serial = try reader.count("serial")
    }
}

/// A ballot that a party lodges in advance, for every motion that a pattern describes (kind `standing-ballot`, Protocol §7.11).
public struct StandingBallot: StatementContent {
    /// The motions that it is for.
    public let pattern: StandingPattern
    /// The ballot, sealed to the charter's `open` key (Protocol §11).
    public let seal: BallotCommitment.Seal

    public init(pattern: StandingPattern, seal: BallotCommitment.Seal) {
        self.pattern = pattern
        self.seal = seal
    }

    static let kind = StatementKind.standingBallot

    var members: OrderedMap<String, CanonicalJSON> {
        var members = pattern.members
        members["seal"] = seal.spelling
        return members
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        pattern = try StandingPattern(from: &reader)
        seal = try BallotCommitment.Seal(from: &reader)
    }
}
