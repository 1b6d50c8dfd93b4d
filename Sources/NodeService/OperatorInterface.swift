package import PauseAgreement

/// What an operator can ask a running node, one JSON line on the node's own socket.
package enum OperatorRequest: Codable, Sendable {
    /// A ``NodeStatus`` now.
    case status
    /// A ``NodeStatus`` now and again whenever it changes.
    case watch
    /// A ``NodeEvent`` whenever something happens.
    case follow
    /// Sign the charter in the party's name.
    case ratify
    /// Join the next attempt of the key ceremony.
    case retryCeremony
    /// Give up the present attempt, because the party does nothing or, with an empty name, for reasons of one's own.
    case stopCeremony(blame: String)
    case propose(MotionRequest)
    case cast(BallotRequest)
    /// Lodge a standing ballot.
    case lodge(StandingRequest)
    /// Take back the standing ballot with this serial.
    case revoke(serial: Int)
    /// The items that belong to a motion and to the charter's keys, for files and verification.
    case items(motion: String)
    /// A proof of misconduct as the text of a file, in pieces; the last reply has no piece.
    case evidence(EvidenceRequest)
    /// The operator has dealt with a second node or an old copy.
    case acknowledge(AcknowledgeRequest)
}

/// What an operator gives up when a node is to sign again.
package struct AcknowledgeRequest: Codable, Sendable {
    /// As many statements as nobody can send are written off.
    package var writingOff: Int?
    /// Parties that cannot be asked for them.
    package var withoutAsking: [String]?

    package init(writingOff: Int? = nil, withoutAsking: [String]? = nil) {
        self.writingOff = writingOff
        self.withoutAsking = withoutAsking
    }
}

/// A motion as an operator states it: lengths of time, which become absolute instants when it is signed.
package struct MotionRequest: Codable, Sendable {
    /// start, renew or lift.
    package var action: String
    /// Machine-readable scope: name to value.
    package var scope: [ScopeEntry]
    /// Authentic texts: name and SHA-256, hexadecimal.
    package var texts: [AuthenticText]
    /// From the proposal to the commit deadline, such as `14d`.
    package var commitWithin: String
    /// From the commit deadline to sign-by; empty for the shortest the charter allows.
    package var signWithin: String
    /// From sign-by to publish-by; empty for the shortest.
    package var publishWithin: String
    /// RFC 3339 instant, or empty for the earliest the charter allows.
    package var effective: String
    /// How long the order lasts, such as `90d`.
    package var duration: String

    package struct ScopeEntry: Codable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct AuthenticText: Codable, Sendable {
        package var name: String
        package var sha256: String

        package init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    package init(
        action: String,
        scope: [ScopeEntry],
        texts: [AuthenticText],
        commitWithin: String,
        signWithin: String = "",
        publishWithin: String = "",
        effective: String = "",
        duration: String
    ) {
        self.action = action
        self.scope = scope
        self.texts = texts
        self.commitWithin = commitWithin
        self.signWithin = signWithin
        self.publishWithin = publishWithin
        self.effective = effective
        self.duration = duration
    }
}

/// A ballot as an operator states it.
package struct BallotRequest: Codable, Sendable {
    /// The motion's id, or a unique beginning of it with at least 6 digits.
    package var motion: String
    /// agree, decline or abstain.
    package var answer: String
    /// A rule expression over parties and classes; empty for none.
    package var condition: String

    package init(motion: String, answer: String, condition: String) {
        self.motion = motion
        self.answer = answer
        self.condition = condition
    }
}

/// A standing ballot as an operator states it.
package struct StandingRequest: Codable, Sendable {
    /// start, renew or lift.
    package var action: String
    /// Machine-readable scope of the motions: name to value.
    package var scope: [MotionRequest.ScopeEntry]
    /// Authentic texts of the motions: name and SHA-256, hexadecimal.
    package var texts: [MotionRequest.AuthenticText]
    /// How long an order may last, such as `90d`.
    package var longest: String
    /// RFC 3339 instant, the last at which ballots on the motion may be due.
    package var until: String
    /// agree, decline or abstain.
    package var answer: String
    /// A rule expression over parties and classes; empty for none.
    package var condition: String

    package init(
        action: String,
        scope: [MotionRequest.ScopeEntry],
        texts: [MotionRequest.AuthenticText],
        longest: String,
        until: String,
        answer: String,
        condition: String
    ) {
        self.action = action
        self.scope = scope
        self.texts = texts
        self.longest = longest
        self.until = until
        self.answer = answer
        self.condition = condition
    }
}

/// Which proof of misconduct an operator wants.
package struct EvidenceRequest: Codable, Sendable {
    package var party: String
    /// The offence's code.
    package var offence: String
    /// The beginning of the id of a statement that shows it; empty for any.
    package var statement: String
    /// Whether the party accuses, and answers for it.
    package var isSigned: Bool

    package init(party: String, offence: String, statement: String = "", isSigned: Bool = true) {
        self.party = party
        self.offence = offence
        self.statement = statement
        self.isSigned = isSigned
    }
}

/// A node's answer: exactly one member is there, and a serial with `done`.
package struct OperatorReply: Codable, Sendable {
    package var status: NodeStatus?
    package var event: NodeEvent?
    /// The id of a motion that was proposed.
    package var motion: String?
    /// Compact JWS texts in journal order.
    package var items: [String]?
    /// A piece of a file's text.
    package var piece: String?
    package var done: String?
    /// The serial of a standing ballot that was lodged.
    package var serial: Int?
    /// What was wrong and what to do.
    package var error: String?

    package init(
        status: NodeStatus? = nil,
        event: NodeEvent? = nil,
        motion: String? = nil,
        items: [String]? = nil,
        piece: String? = nil,
        done: String? = nil,
        serial: Int? = nil,
        error: String? = nil
    ) {
        self.status = status
        self.event = event
        self.motion = motion
        self.items = items
        self.piece = piece
        self.done = done
        self.serial = serial
        self.error = error
    }
}

/// One thing that happened, as a stable key, the party it is about and a sentence.
package struct NodeEvent: Codable, Hashable, Sendable {
    /// RFC 3339, by this node's clock.
    package let at: String
    package let key: String
    /// Empty where it is about no one party.
    package let party: String
    /// Empty where it is about no motion.
    package let motion: String
    package let text: String
}

/// A node's whole state for screens: the agreement, its peers and itself.
package struct NodeStatus: Codable, Hashable, Sendable {
    package let software: String
    /// RFC 3339, by this node's clock.
    package let now: String
    /// Where it listens, `host:port`.
    package let listen: String
    package let agreement: AgreementStatus
    package let peers: [PeerLine]
    /// Sentences that ask for the operator's attention, each with what to do.
    package let warnings: [String]
    package let journalEntries: Int
    /// When the node started, RFC 3339.
    package let started: String
    /// The median of the connected peers' clocks minus this node's, in seconds; nil with fewer than three peers.
    package let clockOffsetSeconds: Int?
    /// How far the charter lets two honest clocks be apart, in seconds.
    package let clockToleranceSeconds: Int
    /// What the node finds at those checks that it can make by itself, one for each.
    package let health: [HealthFinding]

    package struct PeerLine: Codable, Hashable, Sendable {
        package let name: String
        package let isConnected: Bool
        /// same, other or unknown: the peer's charter compared with this node's.
        package let charter: String
        package let software: String
        /// The peer's clock minus this node's, at its last HELLO; nil before the first.
        package let clockOffsetSeconds: Int?
        /// Since when it is connected or missing, RFC 3339.
        package let since: String
        /// Why it is not connected, as far as this node knows.
        package let reason: String
    }
}
