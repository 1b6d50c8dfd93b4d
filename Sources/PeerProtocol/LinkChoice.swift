/// Which of several connections to one peer goes on, decided alike at both ends and without a gap.
///
/// Both nodes dial, so two connections can come up at once. The one dialled by the node with the smaller key survives; of
/// two dialled by the same node the newer one does, since a node dials only when it sees no connection. The loser is closed
/// only after the winner has taken over. A connection from another run of the peer (another run epoch) is a restart if the
/// earlier one is dead, and a second node with the same key if the earlier one still answers: the earlier one is asked,
/// the newer one waits, and a twin is reported, refused and never silently preferred.
package struct LinkChoice: Hashable, Sendable {
    /// A connected session.
    package struct Link: Hashable, Sendable {
        /// The shell's own number for the connection, growing with every one.
        package let number: UInt64
        /// Whether this node dialled it.
        package let isDialledHere: Bool
        /// The peer's run epoch from its HELLO on this connection.
        package let runEpoch: UInt64

        package init(number: UInt64, isDialledHere: Bool, runEpoch: UInt64) {
            self.number = number
            self.isDialledHere = isDialledHere
            self.runEpoch = runEpoch
        }
    }

    package enum Effect: Hashable, Sendable {
        /// Use this connection from now on.
        case adopt(UInt64)
        /// Say BYE on this connection and close it.
        case close(UInt64, Bye.Reason)
        /// PING this connection and report its answer with ``LinkChoice/answered(_:)``.
        case probe(UInt64)
        /// Two nodes with the peer's key are alive, with these run epochs.
        case twin(UInt64, UInt64)
    }

    /// How long a connection has to answer a probe, in milliseconds.
    package static let probeMilliseconds: UInt64 = 5_000

    private struct Contender: Hashable, Sendable {
        let link: Link
        let deadline: MonotonicInstant
    }

    private let ownKeyIsSmaller: Bool
    private var contender: Contender?

    /// The connection in use.
    package private(set) var current: Link?

    package init(own: PeerKey, peer: PeerKey) {
        ownKeyIsSmaller = own < peer
    }

    /// When ``tick(at:)`` has something to do.
    package var nextDeadline: MonotonicInstant? { contender?.deadline }

    /// Another connection to the peer has exchanged HELLOs.
    package mutating func opened(_ link: Link, at now: MonotonicInstant) -> [Effect] {
        guard let current else {
            self.current = link
            return [.adopt(link.number)]
        }
        guard link.runEpoch == current.runEpoch else {
            return contest(link, against: current, at: now)
        }
        guard isPreferred(link, over: current) else {
            return [.close(link.number, .superseded)]
        }
        self.current = link
        return [.adopt(link.number), .close(current.number, .superseded)]
    }

    /// A connection has ended.
    package mutating func closed(_ number: UInt64) -> [Effect] {
        if contender?.link.number == number { contender = nil }
        guard current?.number == number else { return [] }
        current = contender?.link
        contender = nil
        return current.map { [.adopt($0.number)] } ?? []
    }

    /// A probed connection has answered.
    package mutating func answered(_ number: UInt64) -> [Effect] {
        guard let current, current.number == number, let rival = contender?.link else { return [] }
        contender = nil
        return [.twin(current.runEpoch, rival.runEpoch), .close(rival.number, .twin)]
    }

    /// Gives a silent connection up for the one that waits.
    package mutating func tick(at now: MonotonicInstant) -> [Effect] {
        guard let current, let contender, now >= contender.deadline else { return [] }
        self.current = contender.link
        self.contender = nil
        return [.adopt(contender.link.number), .close(current.number, .superseded)]
    }

    private mutating func contest(_ link: Link, against current: Link, at now: MonotonicInstant) -> [Effect] {
        // The last of several that wait is the peer's newest run.
        let earlier = contender.map { [Effect.close($0.link.number, .superseded)] } ?? []
        contender = Contender(link: link, deadline: now.after(milliseconds: Self.probeMilliseconds))
        return earlier + [.probe(current.number)]
    }

    private func isPreferred(_ link: Link, over current: Link) -> Bool {
        guard link.isDialledHere != current.isDialledHere else { return link.number > current.number }
        return link.isDialledHere == ownKeyIsSmaller
    }
}
