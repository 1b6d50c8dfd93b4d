internal import CryptoPrimitives
internal import Foundation
internal import NodeStore
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// One operator's request and where its answer goes.
struct OperatorTicket: Sendable {
    let line: String
    let answer: AsyncStream<String>.Continuation
}

extension NodeLoop {
    /// Answers an operator.
    ///
    /// A wish that cannot be met changes nothing and says why.
    mutating func answer(_ ticket: OperatorTicket) async throws(NodeFailure) {
        beginEvent()
        // Before anything that could make this node answer: its memory may be an old one.
        if impairment == nil { try await watchForJump() }
        let request: OperatorRequest
        do {
            request = try JSONDecoder().decode(OperatorRequest.self, from: Data(ticket.line.utf8))
        } catch {
            return finish(
                ticket,
                OperatorReply(error: "the request cannot be read; is the command of the same version?")
            )
        }
        if let impairment, request.isWish { return finish(ticket, OperatorReply(error: impairment)) }
        switch request {
        case .status: finish(ticket, OperatorReply(status: status))
        case .watch: listeners.addWatcher(ticket.answer, first: status)
        case .follow: listeners.addFollower(ticket.answer)
        case .items(let motion): finish(ticket, items(of: motion))
        case .ratify:
            try await attempt(ticket) { participant, now throws(ParticipantError) in
                (try participant.ratify(at: now), OperatorReply(done: "the charter is ratified"))
            }
        case .retryCeremony:
            try await attempt(ticket) { participant, now throws(ParticipantError) in
                let (attempt, outputs) = try participant.retryCeremony(at: now)
                return (outputs, OperatorReply(done: "this party takes part in attempt \(attempt)"))
            }
        case .stopCeremony(let blame): try await stopCeremony(blaming: blame, ticket)
        case .propose(let request): try await propose(request, ticket)
        case .cast(let request): try await cast(request, ticket)
        case .lodge(let request): try await lodge(request, ticket)
        case .revoke(let serial):
            try await attempt(ticket) { participant, now throws(ParticipantError) in
                let outputs = try participant.revoke(standingBallot: serial, at: now)
                return (outputs, OperatorReply(done: "standing ballot \(serial) is taken back"))
            }
        case .evidence(let request): try await exportEvidence(request, ticket)
        case .acknowledge(let request): try await acknowledge(ticket, request)
        }
    }

    func finish(_ ticket: OperatorTicket, _ reply: OperatorReply) {
        ticket.answer.yield(reply.line)
        ticket.answer.finish()
    }

    /// Does what the operator wants, and answers when everything that follows is durable.
    mutating func attempt(
        _ ticket: OperatorTicket,
        _ body: (inout Participant, Moment) throws(ParticipantError) -> ([Participant.Output], OperatorReply)
    ) async throws(NodeFailure) {
        let outputs: [Participant.Output]
        let reply: OperatorReply
        do throws(ParticipantError) {
            (outputs, reply) = try body(&participant, now)
        } catch {
            return finish(ticket, OperatorReply(error: error.description))
        }
        try await carryOut(outputs)
        finish(ticket, impairment.map { OperatorReply(error: $0) } ?? reply)
    }

    /// What the operator's words mean; nil when they mean nothing, and then the operator is told why.
    private func understand<Meaning>(
        _ ticket: OperatorTicket,
        _ read: () throws(RequestError) -> Meaning
    ) -> Meaning? {
        do throws(RequestError) {
            return try read()
        } catch {
            finish(ticket, OperatorReply(error: error.description))
            return nil
        }
    }

    private mutating func stopCeremony(blaming name: String, _ ticket: OperatorTicket) async throws(NodeFailure) {
        let culprit = try? PartyName(name)
        guard name.isEmpty || culprit != nil else {
            let error = "\"\(name)\" is no party's name; `standstill status` lists the parties"
            return finish(ticket, OperatorReply(error: error))
        }
        try await attempt(ticket) { participant, now throws(ParticipantError) in
            let attempt = participant.agreement.ceremony.attempt
            let outputs = try participant.stopCeremony(blaming: culprit, at: now)
            return (outputs, OperatorReply(done: "attempt \(attempt) of the key ceremony is given up"))
        }
    }

    private mutating func propose(_ request: MotionRequest, _ ticket: OperatorTicket) async throws(NodeFailure) {
        let proposal = understand(ticket) { () throws(RequestError) in
            try request.proposal(under: charter, at: now.instant)
        }
        guard let proposal else { return }
        try await attempt(ticket) { participant, now throws(ParticipantError) in
            let (motion, outputs) = try participant.propose(proposal, at: now)
            return (outputs, OperatorReply(motion: motion.description))
        }
    }

    private mutating func cast(_ request: BallotRequest, _ ticket: OperatorTicket) async throws(NodeFailure) {
        let read = understand(ticket) { () throws(RequestError) in
            (try request.ballot(under: charter), try find(request.motion))
        }
        guard let (ballot, motion) = read else { return }
        try await attempt(ticket) { participant, now throws(ParticipantError) in
            let outputs = try participant.cast(ballot, on: motion, at: now)
            return (outputs, OperatorReply(done: "the ballot on motion \(motion) is sealed"))
        }
    }

    private mutating func lodge(_ request: StandingRequest, _ ticket: OperatorTicket) async throws(NodeFailure) {
        let read = understand(ticket) { () throws(RequestError) in
            (try request.ballot(under: charter), try request.proposal())
        }
        guard let (ballot, proposal) = read else { return }
        try await attempt(ticket) { participant, now throws(ParticipantError) in
            let (serial, outputs) = try participant.lodge(ballot, for: proposal, at: now)
            return (outputs, OperatorReply(done: "standing ballot \(serial) is lodged", serial: serial))
        }
    }

    /// Nothing may be signed before every statement this party is known to have made is here again.
    private func find(_ prefix: String) throws(RequestError) -> StatementID {
        let known = participant.agreement.motionIDs
        let found = known.filter { $0.description.hasPrefix(prefix) }
        guard prefix.utf8.count >= 6, let motion = found.first else { throw .unknownMotion(prefix) }
        guard found.count == 1 else { throw .ambiguousMotion(prefix, found.count) }
        return motion
    }

    /// The key record's statements and proofs, and everything that belongs to one motion and to the standing ballots that
    /// serve it.
    private func items(of motion: String) -> OperatorReply {
        let id: StatementID
        do throws(RequestError) { id = try find(motion) } catch { return OperatorReply(error: error.description) }
        do {
            var rows = try journal.entries(about: charter.id.bytes) + journal.entries(about: id.bytes)
            for ballot in participant.agreement.standingBallots(on: id) {
                rows += try journal.entries(about: ballot.bytes)
            }
            if let position = participant.agreement.position(of: id) {
                rows += try journal.entries(about: position.subject)
            }
            return OperatorReply(items: rows.map { String(decoding: $0.entry.bytes, as: UTF8.self) })
        } catch {
            return OperatorReply(error: error.description)
        }
    }
}

extension OperatorRequest {
    /// Whether the operator wants something done, not only told.
    fileprivate var isWish: Bool {
        switch self {
        case .ratify, .retryCeremony, .stopCeremony, .propose, .cast, .lodge, .revoke, .acknowledge: true
        case .evidence(let request): request.isSigned
        case .status, .watch, .follow, .items: false
        }
    }
}
