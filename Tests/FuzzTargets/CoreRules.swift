internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// What one party must never sign, whatever the others do (Protocol §10, rules 2, 3, 6 and 9).
struct CoreRules {
    private let charter: Charter
    private let victim: PartyName
    private var approved: [StatementID] = []
    private var signed: OrderedMap<Int, StatementID> = [:]
    private var commitments: OrderedMap<StatementID, StatementID> = [:]
    private var receipts: [String] = []
    private var closed: [StatementID] = []
    private var closers: OrderedMap<StatementID, PartySet> = [:]
    private var ownOffers: [StatementID] = []
    private var offersOfThisRun: [StatementID] = []
    private var packages: OrderedMap<StatementID, [StatementID]> = [:]
    private var answered: OrderedMap<StatementID, StatementID> = [:]
    private var published: OrderedMap<String, OrderDigest> = [:]
    private var lapsed: [String] = []
    private var recorded: [StatementID] = []
    /// What others made with the victim's key, which its node is not to blame for.
    private var forged: [StatementID] = []
    private(set) var ceremony = CeremonyRules()

    init(charter: Charter, victim: PartyName) {
        self.charter = charter
        self.victim = victim
    }

    /// The operator agreed to a motion.
    mutating func approve(_ motion: StatementID) { approved.append(motion) }

    /// The operator joined an attempt of the ceremony.
    mutating func join(_ attempt: Int) { ceremony.join(attempt) }

    /// The operator wanted to give up an attempt of the ceremony.
    mutating func stop(_ attempt: Int) { ceremony.stop(attempt) }

    /// Whether the victim's key was used by somebody else.
    var isForged: Bool { !forged.isEmpty }

    /// Nonces are gone with the process that made them.
    mutating func restarted() {
        offersOfThisRun = []
        ceremony.restarted()
    }

    /// Something was said, by anybody, whether the node takes it or not.
    mutating func heard(_ item: Item) {
        guard case .statement(let statement) = item else { return }
        if case .package(let package) = statement.body { packages[statement.id] = package.commitments }
        if statement.head.party == victim, !recorded.contains(statement.id) { forged.append(statement.id) }
    }

    /// The node wrote an item to its journal: from here on others may read it.
    mutating func recorded(_ item: Item) throws {
        recorded.append(item.id)
        guard case .statement(let statement) = item else { return }
        if case .package(let package) = statement.body { packages[statement.id] = package.commitments }
        if case .close(let close) = statement.body {
            closers[close.motion, default: []].insert(statement.head.party)
        }
        guard statement.head.party == victim, !forged.contains(statement.id) else { return }
        try judge(statement)
    }

    /// The node sends an item.
    mutating func sent(_ item: Item) throws {
        try hold(recorded.contains(item.id), "an item was sent before it was written")
    }

    private mutating func judge(_ statement: Statement) throws {
        let number = statement.head.number
        try hold(signed[number] == nil, "number \(number) was signed twice")
        signed[number] = statement.id
        switch statement.body {
        case .commitment(let body):
            try hold(commitments[body.motion] == nil, "two commitments on one motion")
            try hold(!closed.contains(body.motion), "a commitment after its own CLOSE")
            commitments[body.motion] = statement.id
        case .receipt(let body):
            try hold(!closed.contains(body.motion), "a receipt after its own CLOSE")
            for committer in body.commitments.keys {
                let receipt = "\(body.motion) \(committer)"
                try hold(!receipts.contains(receipt), "two receipts for \(committer)")
                receipts.append(receipt)
            }
        case .close(let body):
            try hold(!closed.contains(body.motion), "two CLOSEs on one motion")
            closed.append(body.motion)
        case .opening(let body): try judge(body)
        case .nonceCommitment:
            ownOffers.append(statement.id)
            offersOfThisRun.append(statement.id)
        case .signatureShare(let body): try judge(body)
        case .publicationReceipt(let body):
            let place = "\(body.position.seq) \(body.position.round)"
            try hold(published[place] == nil, "two publication receipts for one place")
            try hold(!lapsed.contains(place), "a publication receipt after its own LAPSE")
            published[place] = body.order
        case .lapse(let body):
            let place = "\(body.position.seq) \(body.position.round)"
            try hold(!lapsed.contains(place), "two LAPSEs for one place")
            lapsed.append(place)
        default: try ceremony.judge(statement)
        }
    }

    private func judge(_ opening: Opening) throws {
        let quorum = closers[opening.motion] ?? []
        try hold(charter.recordRule.tree.isSatisfied(by: quorum), "a ballot was opened when only \(quorum) had closed")
    }

    private mutating func judge(_ share: OrderShare) throws {
        try hold(approved.contains(share.motion), "a share for a motion that nobody here agreed to")
        guard let offers = packages[share.package] else { throw Finding("a share for a package that nobody made") }
        let own = offers.filter { ownOffers.contains($0) }
        try hold(own.count == 1, "a share that spends \(own.count) nonces")
        for offer in own {
            try hold(offersOfThisRun.contains(offer), "a nonce of an earlier run was answered")
            try hold(answered[offer] == nil, "a nonce was answered twice")
            answered[offer] = share.package
        }
    }
}

/// What a node knows of the ceremony, which follows from the statements it holds, in whatever order they came.
struct CeremonyFacts: Hashable, CustomStringConvertible {
    private let lines: [String]

    init(_ status: CeremonyStatus) {
        var lines = ["ceremony \(status.stage) \(status.attempt) \(status.missing) \(status.problems)"]
        lines += status.failures.map { "\($0)" } + status.earlier.map { "\($0)" }
        lines += status.keys.map { "key \($0.key) \($0.value)" }.sorted()
        self.lines = lines
    }

    var description: String { lines.joined(separator: "\n") }
}

/// What a node knows, without the times at which it noticed.
struct CoreFacts: Hashable, CustomStringConvertible {
    private let lines: [String]

    init(_ status: AgreementStatus) {
        var lines = ["abstains \(status.isAbstaining)", "number \(status.statementNumber)"]
        lines.append("\(CeremonyFacts(status.ceremony))")
        lines += status.parties.map { "\($0)" }
        lines += status.orders.map { "\($0)" }
        lines.append("equivocators \(status.equivocators)")
        lines += status.motions.map { motion in
            "\(motion.id) \(motion.phase) \(motion.missing) \(motion.shortfall) \(motion.voters) \(motion.agreeing) "
                + "\(motion.order) \(motion.coordinators)"
        }
        self.lines = lines
    }

    var description: String { lines.joined(separator: "\n") }
}
