internal import Foundation
internal import NodeStore
internal import PauseAgreement
internal import PauseEvidence
internal import QuorumPolicy
internal import SignedStatements

/// Why a proof cannot be written; each text ends with what to do.
enum EvidenceRequestError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownOffence(String)
    case nothingKnown(party: String, offence: String)
    case incomplete(party: String, offence: String)
    case journal(StoreError)
    case participant(ParticipantError)

    var description: String {
        switch self {
        case .unknownOffence(let code):
            "there is no offence \"\(code)\"; `standstill evidence list` shows those that this node can prove"
        case .nothingKnown(let party, let offence):
            "this node knows no \(offence) of \(party); `standstill evidence list` shows what it can prove"
        case .incomplete(let party, let offence):
            "the statements stored here do not prove \(offence) of \(party) in one file; ask another party to export it"
        case .journal(let error): error.description
        case .participant(let error): error.description
        }
    }
}

extension NodeLoop {
    /// How many bytes of a file one answer holds: a line of the socket has at most 1 MiB.
    private static let pieceCount = 256 << 10

    /// Writes a proof for the operator, piece by piece, and signs the accusation if that is wanted.
    mutating func exportEvidence(_ request: EvidenceRequest, _ ticket: OperatorTicket) async throws(NodeFailure) {
        let proof: (file: ProofFile, accusation: Accusation)
        let earlier: Statement?
        do throws(EvidenceRequestError) {
            (proof, earlier) = try gather(request)
        } catch {
            return finish(ticket, OperatorReply(error: error.description))
        }
        guard request.isSigned else { return send(proof.file, ticket) }
        if let earlier { return send(proof.file.with(earlier), ticket) }
        let outputs: [Participant.Output]
        do throws(ParticipantError) {
            outputs = try participant.accuse(proof.accusation, at: now)
        } catch {
            return finish(ticket, OperatorReply(error: error.description))
        }
        try await carryOut(outputs)
        let signed = outputs.compactMap { output -> Statement? in
            if case .send(.statement(let statement)) = output, statement.kind == .accusation { statement } else { nil }
        }
        guard let accusation = signed.first else {
            return finish(ticket, OperatorReply(error: "the accusation could not be signed; see the node's log"))
        }
        send(proof.file.with(accusation), ticket)
    }

    // Inlined, or the optimizer of Swift 6.3 makes it report errors it never threw: docs/decisions/0025-phantom-throws.md.
    /// The proof from the journal, and the accusation if this party has signed it before.
    @inline(__always)
    private func gather(
        _ request: EvidenceRequest
    ) throws(EvidenceRequestError) -> ((file: ProofFile, accusation: Accusation), earlier: Statement?) {
        guard let offence = Offence(rawValue: request.offence) else { throw .unknownOffence(request.offence) }
        let known = participant.agreement.provenOffences.first { proven in
            proven.party.text == request.party && proven.offence == offence
                && proven.statements.contains { $0.description.hasPrefix(request.statement) }
        }
        guard let known else { throw .nothingKnown(party: request.party, offence: request.offence) }
        var selection = ProofSelection(of: offence, by: known.party, shown: known.statements, motion: known.motion)
        var own: [Statement] = []
        do throws(StoreError) {
            try journal.replay { row in
                guard row.entry.kind == .item else { return }
                let text = String(decoding: row.entry.bytes, as: UTF8.self)
                guard case .statement(let statement)? = try? Item(decoding: text) else { return }
                if statement.kind == .accusation, statement.head.party == participant.agreement.party {
                    own.append(statement)
                }
                selection.take(statement)
            }
        } catch {
            throw .journal(error)
        }
        guard let proof = selection.proof(under: charter) else {
            throw .incomplete(party: request.party, offence: request.offence)
        }
        return (proof, own.first { $0.body == .accusation(proof.accusation) })
    }

    private func send(_ file: ProofFile, _ ticket: OperatorTicket) {
        var rest = file.bytes[...]
        while !rest.isEmpty {
            // Pieces end between characters, so that each is text by itself.
            var count = min(Self.pieceCount, rest.count)
            while count < rest.count, rest[rest.startIndex + count] & 0xC0 == 0x80 { count -= 1 }
            let piece = String(decoding: rest.prefix(count), as: UTF8.self)
            rest = rest.dropFirst(count)
            ticket.answer.yield(OperatorReply(piece: piece).line)
        }
        finish(ticket, OperatorReply(done: "the proof is complete"))
    }
}
