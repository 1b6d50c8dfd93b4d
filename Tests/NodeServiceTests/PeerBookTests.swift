import AssemblySupport
import CryptoPrimitives
import NodeNetwork
import PeerProtocol
import QuorumPolicy
import SignedStatements
import Testing

@testable import NodeService

@Suite struct PeerBookTests {
    private static let wall: Int64 = 1_900_000_000_000
    private static let moment = MonotonicInstant(milliseconds: 10_000)

    /// A book of six peers, of whom some are connected with clocks that many seconds ahead of this node's.
    private func book(ahead clocks: [Int64], charter other: Bytes32? = nil, faultBound: Int = 0) throws -> PeerBook {
        let charter = try Assembly.makeCharter((3, 4), (2, 3), faultBound: faultBound)
        let own = try PartyName("lab.p1")
        var book = PeerBook(charter: charter, own: own, at: .earliest)
        for (party, ahead) in zip(charter.parties.filter { $0.name != own }, clocks) {
            let hello = try #require(
                Hello(
                    charter: other ?? charter.id.bytes,
                    charterVersion: 1,
                    runEpoch: 1,
                    clockSeconds: UInt64(Self.wall / 1000 + ahead),
                    software: "test"
                )
            )
            let arrival = HelloArrival(asked: Self.moment, received: Self.moment)
            book.connected(PeerKey(party.transportKey), hello, arrival, at: .earliest)
        }
        book.compareClocks(wallMilliseconds: Self.wall, monotonic: Self.moment)
        return book
    }

    @Test func `the median is that of the connected peers of this charter`() throws {
        #expect(try book(ahead: []).medianClockOffset == nil)
        #expect(try book(ahead: [7]).medianClockOffset == 7_000)
        #expect(try book(ahead: [7, 7, 90_000]).medianClockOffset == 7_000)
        #expect(try book(ahead: [7, 8, 9, 90_000]).medianClockOffset == 8_000)
        #expect(try book(ahead: [7, 7, 7], charter: .zero).medianClockOffset == nil)
    }

    /// The charter tolerates a second, and HELLO is good to two.
    @Test func `too few for a median count when all agree with this node and one of them must be honest`() throws {
        #expect(try book(ahead: [0], faultBound: 1).medianClockOffset == nil)
        #expect(try book(ahead: [0, 0], faultBound: 1).medianClockOffset == 0)
        #expect(try book(ahead: [0, 7], faultBound: 1).medianClockOffset == nil)
        #expect(try book(ahead: [7, 7], faultBound: 1).medianClockOffset == nil)
        #expect(try book(ahead: [0, 7, 7], faultBound: 1).medianClockOffset == 7_000)
    }

    @Test func `a connection brings one answer to the question at the start, and none after the memory was lost`()
        throws
    {
        var book = try book(ahead: [0, 0])
        let (first, second) = (try #require(book.connected.first), try #require(book.connected.last))
        let all = book.unasked.count
        let taken1 = book.takeHead(from: first)
        #expect(taken1)
        book.hasToldHead(first)
        let taken2 = book.takeHead(from: first)
        #expect(!taken2)
        #expect(book.unasked.count == all - 1)
        // What was on its way when this node started over is no answer.
        book.forgetHeads()
        let taken3 = book.takeHead(from: second)
        #expect(!taken3)
        #expect(book.unasked.count == all)
    }

    @Test func `after a jump of this node's clocks only what peers say from then on tells the time`() throws {
        var book = try book(ahead: [7, 7, 7])
        #expect(book.medianClockOffset == 7_000)
        book.forgetHeads()
        #expect(book.medianClockOffset == nil)
        book.compareClocks(wallMilliseconds: Self.wall, monotonic: Self.moment)
        #expect(book.medianClockOffset == nil)
    }

    @Test func `a report of a second node stands until its peer is connected again`() throws {
        var book = try book(ahead: [0])
        let peer = try #require(book.connected.first)
        let start = try #require(Instant(seconds: 1_900_000_000))
        let late = try #require(Instant(seconds: start.seconds + HealthLimits.twinSeconds))
        let party = try #require(book.party(of: peer))
        _ = book.twinReported(by: peer, at: start)
        // The first of the two stays connected, and its peers tell it again and again.
        #expect(book.twinReporters(at: start) == [party] && book.twinReporters(at: late).isEmpty)
        book.disconnected(peer, "gone", at: .earliest)
        #expect(book.twinReporters(at: late) == [party])
        let hello = try #require(
            Hello(charter: .zero, charterVersion: 1, runEpoch: 2, clockSeconds: 0, software: "test")
        )
        book.connected(peer, hello, HelloArrival(asked: Self.moment, received: Self.moment), at: .earliest)
        #expect(book.twinReporters(at: start).isEmpty)
    }

    @Test func `a lost connection takes its clock out of the median`() throws {
        var book = try book(ahead: [7, 7, 7])
        let (first, rest) = (try #require(book.connected.first), book.connected.dropFirst())
        for peer in rest { book.disconnected(peer, "gone", at: .earliest) }
        #expect(book.connected == [first])
        #expect(book.medianClockOffset == 7_000)
        book.disconnected(first, "gone", at: .earliest)
        #expect(book.medianClockOffset == nil)
    }

    @Test func `a peer's word of a second node is shown for five minutes, and is news once in that time`() throws {
        var book = try book(ahead: [7, 7, 7])
        let peer = try #require(book.connected.first)
        let start = try #require(Instant(seconds: 1_900_000_000))
        let just = try #require(Instant(seconds: start.seconds + HealthLimits.twinSeconds - 1))
        let late = try #require(Instant(seconds: start.seconds + HealthLimits.twinSeconds))
        #expect(book.twinWitnesses(at: start).isEmpty)
        let isNews = book.twinReported(by: peer, at: start)
        #expect(book.twinWitnesses(at: just) == [book.name(of: peer)])
        #expect(book.twinWitnesses(at: late).isEmpty)
        let isNewsAgain = book.twinReported(by: peer, at: just)
        #expect(isNews && !isNewsAgain)
        #expect(book.twinWitnesses(at: late) == [book.name(of: peer)])
    }
}
