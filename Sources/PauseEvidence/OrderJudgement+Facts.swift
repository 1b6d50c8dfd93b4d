internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// What each file and the caller's pin say about the order.
extension OrderJudgement {
    var pinFact: OrderReport.Fact {
        switch pin {
        case nil:
            return .unknown(
                "UNPINNED: charter and keys come from the files themselves, which anyone could have made; "
                    + "pin the charter's digest or the group key from another source"
            )
        case .charter(let id):
            guard id == claims.charter else {
                return .fails("the order is under charter \(claims.charter), not under the pinned \(id)")
            }
            return .holds("the order is under the pinned charter \(id)")
        case .groupKey(let key):
            let thumbprint = GroupKeyText(key).thumbprint
            guard thumbprint == order.kid else {
                return .fails("the order names group key \(order.kid), not the pinned \(thumbprint)")
            }
            guard let recorded = keyRecord.value, recorded.groupKey(of: claims.rule) != key else {
                return .holds("the order names the pinned group key \(thumbprint)")
            }
            return .fails("the pinned group key \(thumbprint) is not the key of rule \(claims.rule)")
        }
    }

    var charterFact: OrderReport.Fact {
        switch charter {
        case .missing: .unknown("charter was not supplied")
        case .refused(let error): .fails("\(error)")
        case .read(let charter): .read(charter)
        }
    }

    var keyRecordFact: OrderReport.Fact { keyRecord.fact }

    var signatureFact: OrderReport.Fact {
        guard let key = groupKey else {
            guard keyRecord.value == nil else { return .fails("rule \(claims.rule) has no group key in this charter") }
            return .unknown("the group key is not known: supply charter and keys.jws, or pin the group key")
        }
        do {
            _ = try order.verified(by: key)
            return .holds("a quorum of rule \(claims.rule) assented: its group key \(order.kid) signed the order")
        } catch {
            return .fails("\(EvidenceError.order(error))")
        }
    }

    /// The pinned key before the bundle's own.
    private var groupKey: Element? {
        if case .groupKey(let key) = pin { return key }
        return keyRecord.value?.groupKey(of: claims.rule)
    }

    var claimsFact: OrderReport.Fact {
        if let charter = charter.value, charter.action(claims.action)?.rule != claims.rule {
            return .fails("the charter does not let rule \(claims.rule) decide on \(claims.action.rawValue)")
        }
        switch record {
        case .missing: return .unknown("record.jws was not supplied, or cannot be read without the charter")
        case .refused(let error): return .unknown("\(error)")
        case .read(let record): return fact(of: record.motion)
        }
    }

    private func fact(
        of motion: (head: StatementHead, motion: Motion, refusal: StatementError?)?
    ) -> OrderReport.Fact {
        guard let motion else { return .unknown("record.jws does not hold motion \(claims.motion)") }
        if let refusal = motion.refusal { return .fails("the motion is against the charter: \(refusal)") }
        guard OrderClaims(motion: motion.motion, head: motion.head, id: claims.motion) == claims else {
            return .fails("the order does not say what its motion proposed")
        }
        return .holds("the order says what \(motion.head.party) proposed, and the summary follows from the terms")
    }

    var state: OrderReport.State {
        let tolerance = charter.value?.limits.clockTolerance ?? .zero
        let period = OrderPeriod(claims, tolerance: tolerance)
        let name: OrderState
        let sentence: String
        switch publication {
        case let count? where count.isPublished:
            (name, sentence) = (period.state(at: instant), period.sentence(at: instant))
        case let count? where count.isVoid:
            (name, sentence) = (.late, "void: no record quorum gave receipts before publish-by, and none can have")
        case .some, nil:
            (name, sentence) = (.unpublished, "the files do not show that the order was published in time")
        }
        return OrderReport.State(
            name: name,
            isNearBoundary: period.isNearBoundary(instant),
            clockTolerance: tolerance.count,
            sentence: sentence
        )
    }
}

extension Supplied<VerifiedKeyRecord> {
    /// What keys.jws says of the group keys.
    var fact: OrderReport.Fact {
        switch self {
        case .missing: .unknown("keys.jws was not supplied, or cannot be read without the charter")
        case .refused(.missingKeyRecords(let parties)): .unknown("\(EvidenceError.missingKeyRecords(parties))")
        case .refused(.missingKeyProof(let rule)): .unknown("\(EvidenceError.missingKeyProof(rule))")
        case .refused(let error): .fails("\(error)")
        case .read(let record):
            .holds(
                "every party signed the same group keys, and each has proven itself: rule "
                    + record.keys.map(\.rule.text).joined(separator: ", rule ")
            )
        }
    }
}

extension OrderReport.Fact {
    /// Which charter the files are under.
    static func read(_ charter: Charter) -> Self {
        .holds("the charter is \"\(charter.title)\", version \(charter.version), \(charter.id)")
    }
}
