import PeerProtocol
import Testing

@testable import NodeService

@Suite struct ClockWatchTests {
    private func instant(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(milliseconds: UInt64(milliseconds))
    }

    @Test func `clocks that go together are no jump, however long nobody looks`() {
        var watch = ClockWatch()
        for elapsed: Int64 in [0, 100, 60_000, 86_400_000] {
            let hasJumped = watch.look(
                wallMilliseconds: 1_900_000_000_000 + elapsed,
                monotonic: instant(5_000 + elapsed)
            )
            #expect(!hasJumped)
        }
    }

    @Test(arguments: [Int64(-2_001), 2_001, 3_600_000])
    func `a clock that jumps by more than two seconds is noticed once`(jump: Int64) {
        var watch = ClockWatch()
        _ = watch.look(wallMilliseconds: 1_900_000_000_000, monotonic: instant(5_000))
        let isNoticed = watch.look(wallMilliseconds: 1_900_000_000_100 + jump, monotonic: instant(5_100))
        let isNoticedAgain = watch.look(wallMilliseconds: 1_900_000_000_200 + jump, monotonic: instant(5_200))
        #expect(isNoticed && !isNoticedAgain)
    }

    @Test func `a correction of two seconds is no jump`() {
        var watch = ClockWatch()
        _ = watch.look(wallMilliseconds: 1_900_000_000_000, monotonic: instant(5_000))
        let isNoticed = watch.look(wallMilliseconds: 1_900_000_002_000, monotonic: instant(5_000))
        #expect(!isNoticed)
    }

    /// A peer whose clock is right said 100 s; the true time when it did lay between 100 and 102 s.
    @Test func `what a slow connection explains is no difference`() throws {
        let clock = try #require(PeerClock(seconds: 100, asked: instant(1_000), received: instant(4_000)))
        // It was written somewhere in the 3 s before it was read: this clock may be right.
        #expect(clock.offset(wallMilliseconds: 100_000, monotonic: instant(4_000)) == 0)
        #expect(clock.offset(wallMilliseconds: 105_000, monotonic: instant(4_000)) == 0)
        #expect(clock.offset(wallMilliseconds: 105_001, monotonic: instant(4_000)) == -1)
        #expect(clock.offset(wallMilliseconds: 99_000, monotonic: instant(4_000)) == 1_000)
        // As time passes on both clocks nothing changes.
        #expect(clock.offset(wallMilliseconds: 199_000, monotonic: instant(104_000)) == 1_000)
        // This node's clock is set back an hour.
        #expect(clock.offset(wallMilliseconds: 199_000 - 3_600_000, monotonic: instant(104_000)) == 3_601_000)
    }

    @Test func `a clock that is no time is not compared`() {
        #expect(PeerClock(seconds: .max, asked: instant(0), received: instant(0)) == nil)
        #expect(PeerClock(seconds: UInt64(Int64.max), asked: instant(0), received: instant(0)) == nil)
    }

    @Test func `every run has its own number`() {
        let epoch = RunEpoch()
        let first = epoch.value
        #expect(epoch.value == first)
        epoch.renew()
        #expect(epoch.value != first)
    }
}
