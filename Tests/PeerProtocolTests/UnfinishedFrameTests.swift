import CryptoPrimitives
import Testing

@testable import PeerProtocol

@Suite struct UnfinishedFrameTests {
    private let alice = Node.alice
    private let bob = Node.bob
    private let bound = SessionTiming().unfinishedMilliseconds

    private func later(_ milliseconds: UInt64) -> MonotonicInstant { .start.after(milliseconds: milliseconds) }

    @Test func `a frame that trickles is cut 20 s after its first byte, and not a moment before`() throws {
        var connection = try Connection.established()
        let frame = connection.dialler.send(.subscribe(after: 1), at: .start)
        for second in 0..<20 as Range<UInt64> {
            connection.fromDialler([frame[Int(second)]], at: later(second * 1_000))
        }
        #expect(connection.responder.nextDeadline == later(bound))
        #expect(connection.responder.tick(at: later(bound - 1)).events.isEmpty)
        let output = connection.responder.tick(at: later(bound))
        #expect(output.events == [.closed(.fault(.unfinished(milliseconds: bound), alice.key))])
        connection.fromResponder(output.bytes)
        guard case .closed(.byeReceived(let bye, _)) = connection.diallerEvents.last else {
            Issue.record("the peer is told why")
            return
        }
        #expect(bye.reason == .violation)
    }

    @Test func `a message of many frames has the time anew for each of them`() throws {
        var connection = try Connection.established()
        let bytes = connection.dialler.send(.item([UInt8](repeating: 1, count: 200_000)), at: .start)
        let frame = 65_298
        for index in 0..<3 as Range<Int> {
            let now = later(UInt64(index) * (bound - 1))
            connection.fromDialler(Array(bytes[index * frame..<(index + 1) * frame]), at: now)
            #expect(connection.responder.tick(at: now).events.isEmpty)
        }
        let stopped = later(2 * (bound - 1))
        #expect(connection.responder.tick(at: stopped.after(milliseconds: bound - 1)).events.isEmpty)
        let end = connection.responder.tick(at: stopped.after(milliseconds: bound)).events
        #expect(end == [.closed(.fault(.unfinished(milliseconds: bound), alice.key))])
    }

    @Test func `whoever has finished everything may be silent until the next PING`() throws {
        var connection = try Connection.established()
        connection.fromDialler(connection.dialler.send(.subscribe(after: 1), at: .start))
        #expect(connection.responder.nextDeadline == later(SessionTiming().pingMilliseconds))
        #expect(connection.responder.tick(at: later(bound)).events.isEmpty)
    }

    @Test func `what is unfinished because this node does not read is not the peer's fault`() throws {
        var connection = try Connection.established()
        let frame = connection.dialler.send(.subscribe(after: 1), at: .start)
        connection.fromDialler(Array(frame.prefix(100)))
        connection.responder.pauseReading()
        #expect(connection.responder.tick(at: later(bound * 2)).events.isEmpty)
        connection.responder.resumeReading(at: later(bound * 2))
        #expect(connection.responder.tick(at: later(bound * 3 - 1)).events.isEmpty)
        #expect(connection.responder.tick(at: later(bound * 3)).events.count == 1)
    }
}
