import PauseAgreement
import SeededNumbers
import Testing

@testable import ScenarioSimulation

@Suite struct EventQueueTests {
    /// Takes events in turn with adding some, as a run does: each at the moment that is being played or a little later.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `events come by moment and, at one moment, in the order in which they were added`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = EventQueue<Int>()
        var expected: [(at: Int64, event: Int)] = []
        var now: Int64 = 0
        var added = 0
        for _ in 0..<300 {
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let moment = now + Int64.random(in: 0...6, using: &random)
                queue.add(added, at: Moment(milliseconds: moment))
                expected.insert((moment, added), at: expected.firstIndex { $0.at > moment } ?? expected.endIndex)
                added += 1
            }
            #expect(queue.nextMoment?.milliseconds == expected.first?.at)
            guard let next = queue.removeFirst() else {
                #expect(expected.isEmpty)
                continue
            }
            now = next.at.milliseconds
            #expect((now, next.event) == expected.removeFirst())
        }
        while let next = queue.removeFirst() { #expect((next.at.milliseconds, next.event) == expected.removeFirst()) }
        #expect(expected.isEmpty)
    }
}
