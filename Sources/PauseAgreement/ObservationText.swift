package import QuorumPolicy
package import SignedStatements

extension Observation {
    /// A stable key for logs and counters.
    package var key: String {
        switch self {
        case .refused: "item-refused"
        case .equivocation: "equivocation"
        case .misconduct: "misconduct"
        case .accused: "accused"
        case .twin: "twin"
        case .behind: "behind"
        case .twinReported: "twin-reported"
        case .interrupted: "interrupted"
        case .clock: "clock"
        case .ratified: "ratified"
        case .ceremonyStage: "ceremony-stage"
        case .ceremonyAborted: "ceremony-aborted"
        case .keysReady: "keys-ready"
        case .lodged: "lodged"
        case .revoked: "revoked"
        case .proposed: "proposed"
        case .committed: "committed"
        case .certified: "certified"
        case .closed: "closed"
        case .opened: "opened"
        case .openedByQuorum: "opened-by-quorum"
        case .unreadable: "unreadable"
        case .agreed: "agreed"
        case .offered: "offered"
        case .packaged: "packaged"
        case .signed: "signed"
        case .faultySigner: "faulty-signer"
        case .ordered: "ordered"
        case .published: "published"
        case .failed: "failed"
        case .superseded: "superseded"
        case .void: "void"
        case .lapsed: "lapsed"
        case .noncesLost: "nonces-lost"
        case .unable: "unable"
        }
    }

    /// Whether an operator should look.
    package var isAlarming: Bool {
        switch self {
        case .refused, .equivocation, .misconduct, .accused, .twin, .ceremonyAborted, .faultySigner, .unable,
            .noncesLost, .behind, .twinReported, .interrupted, .unreadable:
            true
        case .clock(_, let isTrusted): !isTrusted
        case .ratified, .ceremonyStage, .keysReady, .lodged, .revoked, .proposed, .committed, .certified,
            .closed, .opened, .openedByQuorum, .agreed, .offered, .packaged, .signed, .ordered, .published, .failed,
            .superseded, .lapsed,
            .void:
            false
        }
    }

    package var party: PartyName? {
        switch self {
        case .refused(_, let party, _), .equivocation(let party, _, _), .misconduct(let party, _, _),
            .accused(let party, _, _), .behind(let party, _, _), .ratified(let party),
            .lodged(_, let party), .revoked(_, let party), .proposed(_, let party), .committed(_, let party),
            .certified(_, let party), .opened(_, let party), .openedByQuorum(_, let party, _),
            .unreadable(_, let party), .offered(_, let party), .packaged(_, _, let party),
            .signed(_, let party), .faultySigner(_, let party):
            party
        case .ceremonyAborted(_, let party, _): party
        case .twin, .twinReported, .interrupted, .clock, .ceremonyStage, .keysReady, .closed, .agreed, .ordered,
            .published, .failed, .superseded, .lapsed,
            .void, .noncesLost, .unable:
            nil
        }
    }

    package var motion: StatementID? {
        switch self {
        case .proposed(let id, _), .committed(let id, _), .certified(let id, _), .closed(let id), .opened(let id, _),
            .openedByQuorum(let id, _, _), .unreadable(let id, _),
            .agreed(let id), .offered(let id, _), .packaged(let id, _, _), .signed(let id, _), .faultySigner(let id, _),
            .ordered(let id),
            .published(let id), .failed(let id, _), .superseded(let id), .void(let id), .noncesLost(let id):
            id
        case .refused, .equivocation, .misconduct, .accused, .twin, .behind, .twinReported, .interrupted, .clock,
            .ratified, .ceremonyStage, .ceremonyAborted, .keysReady, .lodged, .revoked, .lapsed, .unable:
            nil
        }
    }

    /// One sentence for a person.
    package var sentence: String {
        switch self {
        case .refused(let id, let party, let why): "an item of \(party) is refused (\(id)): \(why)"
        case .equivocation(let party, let one, let other):
            "\(party) signed two statements with one number (\(one) and \(other)): proof of misconduct is kept"
        case .misconduct(let party, let offence, _):
            "\(party) \(offence.sentence): the proof is kept, see `standstill evidence list`"
        case .accused(let party, let offence, let accuser): "\(accuser) accuses \(party) of \(offence.rawValue)"
        case .twin(let id, let number):
            "statement \(number) of this party was made elsewhere (\(id)): this node signs nothing until the operator "
                + "has stopped the other node and run `standstill node acknowledge`"
        case .behind(let party, let says, let known):
            "the node of \(party) stands at its statement \(says), but \(known) is known here: an old copy of it runs, "
                + "or a new machine is catching up"
        case .twinReported(let parties):
            "another node with this party's key is alive, say \(parties.map(\.text).joined(separator: ", ")): this node "
                + "signs nothing until the operator has stopped the other one and run `standstill node acknowledge`"
        case .interrupted:
            "the clock jumped, so this machine may have been put back into an earlier state: nonces are dropped, and the "
                + "peers are asked before anything is signed"
        case .clock(let offset, let isTrusted):
            isTrusted
                ? "this node's clock agrees with its peers' again: it gives receipts"
                : "this node's clock differs by \(offset / 1000) s from the median of its peers, more than the charter "
                    + "tolerates: it gives no receipts until the clock is right"
        case .ratified(let party): "\(party) has ratified the charter"
        case .ceremonyStage(let stage, let attempt):
            "key ceremony: \(stage.rawValue)" + (attempt > 1 ? ", attempt \(attempt)" : "")
        case .ceremonyAborted(let attempt, let culprit, let failure):
            "attempt \(attempt) of the key ceremony failed, \(failure.code): \(culprit?.text ?? "the parties together") "
                + "\(failure.what); \(failure.remedy)"
        case .keysReady: "the group keys are made: every share is proven and every party has signed the key record"
        case .lodged(_, let party): "\(party) lodges a standing ballot for motions to come"
        case .revoked(_, let party):
            "\(party) takes a standing ballot back: it binds until the charter's notice has run out"
        case .proposed(_, let party): "\(party) proposes a motion"
        case .committed(_, let party): "\(party) has sealed its ballot"
        case .certified(_, let party): "the ballot of \(party) is certified by a record quorum"
        case .closed: "the motion is closed: a record quorum will receipt nothing more"
        case .opened(_, let party): "\(party) has opened its ballot"
        case .openedByQuorum(_, let party, let speaker):
            "the ballot of \(party) is open without it: a quorum of rule open has read it, says \(speaker)"
        case .unreadable(_, let party): "the ballot of \(party) holds nothing that can be read: it counts as abstaining"
        case .agreed: "the opened ballots satisfy the rule; the agreeing parties sign"
        case .offered(_, let party): "\(party) offers nonces for the signature"
        case .packaged(_, let attempt, let party):
            "\(party) coordinates signing attempt \(attempt + 1) and chose the signers"
        case .signed(_, let party): "\(party) has given its share of the signature"
        case .faultySigner(_, let party): "the signature share of \(party) is wrong; the others sign without it"
        case .ordered: "the order exists: one signature of the rule's group key"
        case .published: "the order counts: a record quorum has receipted its publication"
        case .failed(_, let missing): "the motion has ended without an order: \(missing)"
        case .superseded: "the motion is superseded: its place in the chain is taken"
        case .void: "an order of this motion exists, but no record quorum saw it before publish-by: it never counts"
        case .lapsed(let position): "round \(position.round) of position \(position.seq) has lapsed"
        case .noncesLost: "this node restarted in mid-signing: it answers only with new nonces"
        case .unable(let why): why
        }
    }
}
