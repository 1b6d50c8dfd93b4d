internal import SignedStatements

extension OrderJudgement {
    var report: OrderReport {
        let facts = (
            pin: pinFact, charter: charterFact, keyRecord: keyRecordFact, signature: signatureFact, claims: claimsFact
        )
        let state = state
        return OrderReport(
            verdict: Verdict(
                pin: facts.pin,
                proof: [facts.signature, facts.claims],
                background: [facts.charter, facts.keyRecord],
                state: state.name
            ),
            order: OrderReport.OrderContent(order),
            at: instant.description,
            pin: facts.pin,
            charter: facts.charter,
            keyRecord: facts.keyRecord,
            signature: facts.signature,
            claims: facts.claims,
            roll: record.value.map { RollCount($0).roll } ?? .unknown,
            publication: publication?.publication ?? .unknown,
            state: state,
            misconduct: record.value?.misconduct ?? [],
            ignored: record.value?.ignored ?? [],
            caveats: OrderReport.caveats
        )
    }
}

extension Verdict {
    /// Neither roll nor misconduct enters: the signature proves assent, and contradictions take nothing away.
    ///
    /// What is in `background` must not be wrong, but may be missing; what is in `proof` must hold.
    fileprivate init(
        pin: OrderReport.Fact,
        proof: [OrderReport.Fact],
        background: [OrderReport.Fact],
        state: OrderState
    ) {
        if (proof + background + [pin]).contains(where: { $0.status == .fails }) {
            self = .invalid
        } else if pin.status != .holds {
            self = .unpinned
        } else if proof.contains(where: { $0.status != .holds }) {
            self = .insufficientEvidence
        } else {
            self.init(proven: state)
        }
    }

    private init(proven state: OrderState) {
        self =
            switch state {
            case .notYet: .notYetEffective
            case .inForce: .inForce
            case .ended: .ended
            case .late: .void
            case .unpublished: .insufficientEvidence
            }
    }
}

extension OrderReport.OrderContent {
    fileprivate init(_ order: Order) {
        let claims = order.claims
        self.init(
            digest: claims.digest.description,
            charter: claims.charter.description,
            motion: claims.motion.description,
            action: claims.action.rawValue,
            rule: claims.rule.text,
            seq: claims.position.seq,
            round: claims.position.round,
            previous: claims.position.previous?.description ?? "none",
            proposed: claims.proposed.description,
            effective: claims.effective.description,
            end: claims.end.description,
            summary: claims.summary.text
        )
    }
}

extension OrderReport {
    fileprivate static let caveats = [
        "a later order of the chain may have renewed, replaced or lifted this one: ask a party for the newest",
        "dates of receipts are by their signers' clocks; they hold while at most fault-bound parties lie",
    ]

    static func unreadable(_ error: EvidenceError, at instant: Instant) -> OrderReport {
        let nothing = Fact.unknown("not judged, because the order cannot be read")
        return OrderReport(
            verdict: .invalid,
            order: nil,
            at: instant.description,
            pin: nothing,
            charter: nothing,
            keyRecord: nothing,
            signature: .fails("\(error)"),
            claims: nothing,
            roll: .unknown,
            publication: .unknown,
            state: State(name: .unpublished, isNearBoundary: false, clockTolerance: 0, sentence: nothing.sentence),
            misconduct: [],
            ignored: [],
            caveats: []
        )
    }
}

extension OrderReport.Roll {
    fileprivate static let unknown = OrderReport.Roll(
        fact: .unknown("without charter and record nobody's ballot can be judged"),
        isClosed: false,
        agreeing: [],
        ballots: [],
        withdrawn: [],
        namedByReceiptsOnly: []
    )
}

extension OrderReport.Publication {
    fileprivate static let unknown = OrderReport.Publication(
        fact: .unknown("without charter and motion no receipt can be judged"),
        publishBy: "",
        onTime: [],
        late: [],
        missing: [],
        gaveToAnother: [],
        gaveUp: []
    )
}
