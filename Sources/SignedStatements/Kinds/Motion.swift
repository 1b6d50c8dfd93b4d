internal import QuorumPolicy

/// What an order does to the pause.
public enum OrderAction: String, CaseIterable, Hashable, Sendable {
    case start
    case renew
    case lift
}

/// A proposal under one rule, from which the order follows word for word (Protocol §7.1).
///
/// The reader checks its form only; ``Charter/check(_:)`` compares it with the charter.
public struct Motion: StatementContent {
    /// The absolute instants of a motion's life.
    public struct Schedule: Hashable, Sendable {
        /// The end of committing.
        public let commitBy: Instant
        /// The end of signing.
        public let signBy: Instant
        /// The end of publication receipts.
        public let publishBy: Instant
        /// When the order takes effect.
        public let effective: Instant
        /// When the order ceases to have effect; the interval is half-open.
        public let end: Instant

        public init(commitBy: Instant, signBy: Instant, publishBy: Instant, effective: Instant, end: Instant) {
            self.commitBy = commitBy
            self.signBy = signBy
            self.publishBy = publishBy
            self.effective = effective
            self.end = end
        }
    }

    /// What the order does.
    public let action: OrderAction
    /// The rule that decides, the one that the charter names for the action.
    public let rule: RuleName
    /// The place in the chain of orders.
    public let position: ChainPosition
    /// Scope and authentic texts.
    public let terms: MotionTerms
    /// The deadlines, and from when until when the order has effect.
    public let schedule: Schedule
    /// Which text the summary is made from, such as `pause-1`.
    public let template: String
    /// The sentence that people read and that the order repeats.
    public let summary: PlainText

    /// A motion with a summary made from the current template.
    public init(
        action: OrderAction,
        rule: RuleName,
        position: ChainPosition,
        terms: MotionTerms,
        schedule: Schedule
    ) {
        self.init(
            action: action,
            rule: rule,
            position: position,
            terms: terms,
            schedule: schedule,
            template: MotionSummary.template,
            summary: MotionSummary.text(action: action, terms: terms, effective: schedule.effective, end: schedule.end)
        )
    }

    /// A motion with any summary; one that is not the template's is refused by every peer.
    public init(
        action: OrderAction,
        rule: RuleName,
        position: ChainPosition,
        terms: MotionTerms,
        schedule: Schedule,
        template: String,
        summary: PlainText
    ) {
        self.action = action
        self.rule = rule
        self.position = position
        self.terms = terms
        self.schedule = schedule
        self.template = template
        self.summary = summary
    }

    static let kind = StatementKind.motion

    var members: OrderedMap<String, CanonicalJSON> {
        var members = position.members
        members["action"] = .string(action.rawValue)
        members["commitBy"] = .instant(schedule.commitBy)
        members["effective"] = .instant(schedule.effective)
        members["end"] = .instant(schedule.end)
        members["publishBy"] = .instant(schedule.publishBy)
        members["rule"] = .name(rule)
        members["signBy"] = .instant(schedule.signBy)
        members["summary"] = .string(summary.text)
        members["template"] = .string(template)
        members["terms"] = .object(terms.members)
        return members
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        action = try reader.word("action")
        rule = try reader.ruleName("rule")
        position = try ChainPosition(from: &reader)
        terms = try reader.object("terms") { (terms) throws(StatementError) in try MotionTerms(from: &terms) }
        schedule = Schedule(
            commitBy: try reader.instant("commitBy"),
            signBy: try reader.instant("signBy"),
            publishBy: try reader.instant("publishBy"),
            effective: try reader.instant("effective"),
            end: try reader.instant("end")
        )
        template = try reader.string("template")
        summary = try reader.plainText("summary", atMost: StatementLimits.summary)
    }
}
