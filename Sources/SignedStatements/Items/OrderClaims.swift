public import CryptoPrimitives
internal import QuorumPolicy

/// What an order says: a pure function of the motion, so that there is one payload whoever signs (Protocol §8).
public struct OrderClaims: Hashable, Sendable {
    /// Claim `iss`.
    public let charter: CharterID
    /// Claim `jti`.
    public let motion: StatementID
    /// What the order does.
    public let action: OrderAction
    /// The rule that this is about.
    public let rule: RuleName
    /// The place in the chain of orders.
    public let position: ChainPosition
    /// Claim `iat`: when the motion was proposed.
    public let proposed: Instant
    /// Claim `nbf`.
    public let effective: Instant
    /// Claim `exp`.
    public let end: Instant
    /// ``MotionTerms/digest``.
    public let terms: Bytes32
    /// The sentence that people read.
    public let summary: PlainText

    /// The order that a motion asks for; nil if the statement is not a motion.
    public init?(_ statement: Statement) {
        guard case .motion(let motion) = statement.body else { return nil }
        self.init(motion: motion, head: statement.head, id: statement.id)
    }

    /// The order that a motion asks for, from the parts of its statement.
    public init(motion: Motion, head: StatementHead, id: StatementID) {
        self.charter = head.charter
        self.motion = id
        self.action = motion.action
        self.rule = motion.rule
        self.position = motion.position
        self.proposed = head.at
        self.effective = motion.schedule.effective
        self.end = motion.schedule.end
        self.terms = motion.terms.digest
        self.summary = motion.summary
    }

    /// The payload bytes, canonical JSON.
    public var payload: [UInt8] { CanonicalJSON.object(members).encoded }

    /// SHA-256 of the payload; what publication receipts and the next order name.
    public var digest: OrderDigest { OrderDigest(SHA256.hash(payload)) }

    /// The ASCII bytes that the group signs.
    public func signingInput(for groupKey: Element) -> [UInt8] {
        CompactJWS.signingInput(header: Order.header(for: groupKey), payload: payload)
    }

    private var members: OrderedMap<String, CanonicalJSON> {
        var members = position.members
        members["action"] = .string(action.rawValue)
        members["exp"] = .instant(end)
        members["iat"] = .instant(proposed)
        members["iss"] = .digest(charter)
        members["jti"] = .digest(motion)
        members["nbf"] = .instant(effective)
        members["rule"] = .name(rule)
        members["summary"] = .string(summary.text)
        members["terms"] = .hex(terms)
        return members
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        charter = try reader.digest("iss")
        motion = try reader.digest("jti")
        action = try reader.word("action")
        rule = try reader.ruleName("rule")
        position = try ChainPosition(from: &reader)
        proposed = try reader.instant("iat")
        effective = try reader.instant("nbf")
        end = try reader.instant("exp")
        terms = try reader.digestBytes("terms")
        summary = try reader.plainText("summary", atMost: StatementLimits.summary)
        guard effective < end else { throw reader.invalid("exp", "does not lie after nbf") }
    }
}
