import Foundation
import NodeService
import PauseAgreement
import Testing

extension EndToEnd {
    /// A node is killed and its power is cut; what it said to anybody must be in its journal (Protocol §10, rules 3 and 7).
    @Suite(.serialized) struct CrashTests {
        /// The classes of calls in turn, each with as many calls as a life needs to get anywhere.
        private static let turns: [(call: Fault.Call, number: Int)] = [
            (.journalWrite, 11), (.send, 9), (.journalSync, 3), (.fileSync, 2), (.entry, 4), (.directorySync, 3),
            (.fileWrite, 2), (.send, 17), (.journalSync, 4), (.journalWrite, 16), (.send, 23),
        ]

        /// The turn of a life, and a death among its sends for a node that never makes the call it should die at.
        private func faults(_ life: Int, idle: Int, _ actions: [Fault.Action]) -> [Fault] {
            let turn = Self.turns[life % Self.turns.count]
            let round = life / Self.turns.count
            let action = actions[life % actions.count]
            return [
                Fault(turn.call, (turn.number + round) << idle, action, seed: life),
                Fault(.send, 60 << idle, action, seed: life),
            ]
        }

        /// One victim dies at every kind of call, before and after it, in turn, until the order is there.
        @Test(.timeLimit(.minutes(30)))
        func `a node killed at writes, flushes, renames and sends goes on where it was`() async throws {
            let village = try Village()
            defer { village.remove() }
            let ordeal = try Ordeal(village, victim: "lab.a", proposer: "lab.a")
            try await ordeal.run { faults($0, idle: ordeal.idleLives, [.killBefore, .killAfter]) }
            #expect(Set(ordeal.deaths.map { $0.split(separator: " ")[0] }).count == 7, "\(ordeal.deaths)")
            print("killed \(ordeal.deaths.count) times")
        }

        @Test(.timeLimit(.minutes(30)))
        func `a power cut that loses unflushed writes loses nothing that was said`() async throws {
            let village = try Village()
            defer { village.remove() }
            let ordeal = try Ordeal(village, victim: "gov.b", proposer: "lab.a")
            try await ordeal.run { faults($0, idle: ordeal.idleLives, [.cutAfter, .cutBefore]) }
            #expect(Set(ordeal.deaths.map { $0.split(separator: " ")[0] }).count == 7, "\(ordeal.deaths)")
            #expect(ordeal.deaths.allSatisfy { $0.hasSuffix("cut") })
            print("without power \(ordeal.deaths.count) times")
        }

        /// Every start goes one call further than the one before, in the files that one has left.
        @Test(.timeLimit(.minutes(30)), arguments: [Fault.Action.killBefore, .cutAfter])
        func `a node that dies at every call of its first start comes up in the end`(action: Fault.Action) async throws
        {
            let village = try Village()
            defer { village.remove() }
            var deaths = 0
            while true {
                try village.start("lab.a", [Fault(.disk, deaths + 1, action, seed: deaths)])
                try await village.until("the node answers or dies") {
                    let answers = await village.status(of: "lab.a") != nil
                    return answers || village.nodes["lab.a"]?.isRunning == false
                }
                guard village.nodes["lab.a"]?.isRunning == false else { break }
                try #require(village.nodes["lab.a"]?.wasKilled == true, "\(village.failure("it ended by itself"))")
                deaths += 1
            }
            let status = try #require(await village.status(of: "lab.a"))
            #expect(status.agreement.statementNumber == 0)
            #expect(!status.agreement.isAbstaining)
            #expect(deaths >= 10)
            try await village.stopAll()
        }

        /// The fault injection itself: without it the tests above would show nothing.
        @Test func `a node whose starter is gone ends`() async throws {
            let village = try Village()
            defer { village.remove() }
            try village.configure("lab.a", in: village.home("lab.a"), listening: village.listen("lab.a"))
            let node = try village.process("lab.a", in: village.home("lab.a"))
            try await village.until("the node answers") { await village.status(of: "lab.a") != nil }
            node.letGo()
            try await village.until("the node ends") { !node.isRunning }
            #expect(node.wasKilled)
        }
    }

    /// The same at every single call; for `make crash`.
    @Suite(.enabled(if: CrashBudget.minutes != nil, "`make crash` runs these"))
    struct EveryCallTests {
        /// Of one class: a victim dies at every `stride`th call, in as many journeys, each of which begins one call later.
        private struct Sweep: Sendable {
            let call: Fault.Call
            let stride: Int
            let actions: [Fault.Action]
        }

        /// Killed after a call is killed before the next one, but for what others hear in between.
        private static let sweeps = [
            Sweep(call: .journalWrite, stride: 24, actions: [.killBefore, .cutAfter]),
            Sweep(call: .journalSync, stride: 6, actions: [.killBefore, .killAfter, .cutBefore, .cutAfter]),
            Sweep(call: .fileWrite, stride: 3, actions: [.killBefore, .cutAfter]),
            Sweep(call: .fileSync, stride: 3, actions: [.killBefore, .cutBefore, .cutAfter]),
            Sweep(call: .entry, stride: 6, actions: [.killBefore, .cutAfter]),
            Sweep(call: .directorySync, stride: 4, actions: [.killBefore, .cutBefore, .cutAfter]),
            Sweep(call: .send, stride: 24, actions: [.killBefore, .killAfter, .cutAfter]),
        ]

        private struct Trip: Sendable {
            let sweep: Sweep
            let action: Fault.Action
            let offset: Int
        }

        /// Nodes wait more than they work.
        private static let tripsAtOnce = 3

        @Test func `a node that dies at any call at all loses and repeats nothing`() async throws {
            let end = ContinuousClock.now + .seconds(60 * (CrashBudget.minutes ?? 0))
            var trips = (0..<24).flatMap { offset in
                Self.sweeps.filter { offset < $0.stride }.flatMap { sweep in
                    sweep.actions.map { Trip(sweep: sweep, action: $0, offset: offset) }
                }
            }[...]
            let all = trips.count
            var deaths: [String: Int] = [:]
            var done = 0
            try await withThrowingTaskGroup(of: (Trip, [String]).self) { group in
                func depart() {
                    guard ContinuousClock.now < end, let trip = trips.popFirst() else { return }
                    group.addTask { (trip, try await Self.travel(trip)) }
                }
                for _ in 0..<Self.tripsAtOnce { depart() }
                while let (trip, died) = try await group.next() {
                    done += 1
                    for death in died { deaths[death, default: 0] += 1 }
                    let sum = deaths.values.reduce(0, +)
                    print(
                        "journey \(done) of \(all): \(trip.sweep.call.rawValue) \(trip.action.rawValue),",
                        terminator: " "
                    )
                    print("\(died.count) deaths, \(sum) in all")
                    depart()
                }
            }
            if !trips.isEmpty { print("the time is over; raise CRASH_MINUTES for the other \(trips.count) journeys") }
            for (death, count) in deaths.sorted(by: { $0.key < $1.key }) { print("\(count) x \(death)") }
            #expect(!deaths.isEmpty)
        }

        private static func travel(_ trip: Trip) async throws -> [String] {
            let village = try Village()
            defer { village.remove() }
            let (offset, stride) = (trip.offset, trip.sweep.stride)
            let victim = village.names[offset % village.names.count]
            let ordeal = try Ordeal(village, victim: victim, proposer: offset % 2 == 0 ? victim : "lab.b")
            try await ordeal.run { life in
                // Where a life is too short to settle anything, each one is longer, so that all offsets meet every call.
                let idle = ordeal.idleLives
                let number = life == 0 || idle > 0 ? idle * stride + offset + 1 : stride
                return [Fault(trip.sweep.call, number, trip.action, seed: offset << 16 + life)]
            }
            return ordeal.deaths
        }
    }
}

/// How long `make crash` may take.
enum CrashBudget {
    static let minutes = ProcessInfo.processInfo.environment["STANDSTILL_CRASH_MINUTES"].flatMap { Int($0) }
}
