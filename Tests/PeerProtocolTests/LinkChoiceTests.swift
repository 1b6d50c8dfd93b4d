import Testing

@testable import PeerProtocol

@Suite struct LinkChoiceTests {
    let small = min(PeerKey.of(1), PeerKey.of(2))
    let large = max(PeerKey.of(1), PeerKey.of(2))

    @Test func `of two simultaneous dials both ends keep the one of the smaller key, in either order`() {
        for isReversed in [false, true] {
            // Connection 1 is dialled by the smaller key, connection 2 by the larger.
            var atSmall = LinkChoice(own: small, peer: large)
            var atLarge = LinkChoice(own: large, peer: small)
            let order: [UInt64] = isReversed ? [2, 1] : [1, 2]
            for number in order {
                _ = atSmall.opened(link(number, dialledHere: number == 1), at: .start)
            }
            for number in order.reversed() {
                _ = atLarge.opened(link(number, dialledHere: number == 2), at: .start)
            }
            #expect(atSmall.current?.number == 1)
            #expect(atLarge.current?.number == 1)
        }
    }

    @Test func `the winner takes over before the loser is closed`() {
        var choice = LinkChoice(own: small, peer: large)
        #expect(choice.opened(link(1, dialledHere: false), at: .start) == [.adopt(1)])
        #expect(choice.opened(link(2, dialledHere: true), at: .start) == [.adopt(2), .close(1, .superseded)])
        #expect(choice.closed(1) == [])
        #expect(choice.opened(link(3, dialledHere: false), at: .start) == [.close(3, .superseded)])
        #expect(choice.current?.number == 2)
    }

    @Test func `of two dials by one node the newer survives`() {
        var choice = LinkChoice(own: small, peer: large)
        _ = choice.opened(link(1, dialledHere: false), at: .start)
        #expect(choice.opened(link(2, dialledHere: false), at: .start) == [.adopt(2), .close(1, .superseded)])
    }

    @Test func `a peer that restarted takes over when its earlier connection does not answer`() {
        var choice = LinkChoice(own: small, peer: large)
        _ = choice.opened(link(1, dialledHere: true), at: .start)
        #expect(choice.opened(link(2, dialledHere: false, epoch: 2), at: .start) == [.probe(1)])
        #expect(choice.current?.number == 1)
        let deadline = MonotonicInstant.start.after(milliseconds: LinkChoice.probeMilliseconds)
        #expect(choice.nextDeadline == deadline)
        #expect(choice.tick(at: .start.after(milliseconds: LinkChoice.probeMilliseconds - 1)) == [])
        #expect(choice.tick(at: deadline) == [.adopt(2), .close(1, .superseded)])
        #expect(choice.nextDeadline == nil)
    }

    @Test func `a peer that restarted takes over as soon as its earlier connection is gone`() {
        var choice = LinkChoice(own: small, peer: large)
        _ = choice.opened(link(1, dialledHere: true), at: .start)
        _ = choice.opened(link(2, dialledHere: false, epoch: 2), at: .start)
        #expect(choice.closed(1) == [.adopt(2)])
    }

    @Test func `two living nodes with one key are reported and the newcomer refused`() {
        var choice = LinkChoice(own: small, peer: large)
        _ = choice.opened(link(1, dialledHere: true), at: .start)
        _ = choice.opened(link(2, dialledHere: true, epoch: 2), at: .start)
        #expect(choice.answered(1) == [.twin(1, 2), .close(2, .twin)])
        #expect(choice.current?.number == 1)
        #expect(choice.answered(1) == [])
    }

    @Test func `only the newest of several newcomers waits`() {
        var choice = LinkChoice(own: small, peer: large)
        _ = choice.opened(link(1, dialledHere: true), at: .start)
        _ = choice.opened(link(2, dialledHere: false, epoch: 2), at: .start)
        let effects = choice.opened(link(3, dialledHere: false, epoch: 3), at: .start)
        #expect(effects == [.close(2, .superseded), .probe(1)])
        #expect(choice.closed(2) == [])
        #expect(choice.closed(3) == [])
        #expect(choice.answered(1) == [])
        #expect(choice.closed(1) == [])
        #expect(choice.current == nil)
    }

    private func link(_ number: UInt64, dialledHere: Bool, epoch: UInt64 = 1) -> LinkChoice.Link {
        LinkChoice.Link(number: number, isDialledHere: dialledHere, runEpoch: epoch)
    }
}
