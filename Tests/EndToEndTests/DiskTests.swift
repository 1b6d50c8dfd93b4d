import NodeService
import PauseAgreement
import QuorumPolicy
import Testing

extension EndToEnd {
    /// A disk that is full, fails or has become read-only under a running node.
    @Suite(.serialized) struct DiskTests {
        /// The first one meets the first start; the others come somewhere between ratification and order.
        private static let faults = [
            Fault(.journalWrite, 12, .noSpaceFromThere),
            Fault(.journalSync, 8, .inputOutput),
            Fault(.fileWrite, 3, .noSpaceFromThere),
            Fault(.journalWrite, 30, .readOnlyFromThere),
            Fault(.fileSync, 3, .inputOutput),
            Fault(.journalWrite, 25, .inputOutput),
            Fault(.directorySync, 3, .inputOutput),
        ]

        @Test(.timeLimit(.minutes(30)))
        func `a node whose disk fails says nothing that it cannot remember, and goes on after a repair`()
            async throws
        {
            let village = try Village()
            defer { village.remove() }
            let victim = "gov.a"
            let journey = Journey(village, proposer: "lab.a")
            var witness = Witness(of: try PartyName(victim))
            try village.startAll(but: [victim])
            var failed: [Fault] = []
            for fault in Self.faults {
                let lines = village.faultsCarriedOut(in: victim).count
                try village.start(victim, [fault])
                guard try await goOn(journey, untilFailureOf: victim, after: lines) else { break }
                failed.append(fault)
                try await observe(journey, victim)
                try await village.kill(victim)
                for name in village.names where name != victim { try witness.hear(name, in: village.home(name)) }
                try witness.look(in: village.home(victim), "after \(fault)")
                try #require(witness.breaches.isEmpty, "\(witness.breaches)")
            }
            #expect(failed.count >= 5, "\(failed)")
            try village.start(victim, [Fault(.journalWrite, 5, .shortWrite)])
            try await journey.finish()
            try await village.stopAll()
            try village.compareWithPeers(victim)
        }

        /// Steps until something has failed for the victim; false when the order came first.
        private func goOn(_ journey: Journey, untilFailureOf victim: String, after count: Int) async throws -> Bool {
            let village = journey.village
            var isDone = false
            try await village.until("the disk of \(victim) fails, or the order is there") {
                if village.faultsCarriedOut(in: victim).count > count { return true }
                isDone = try await journey.step()
                return isDone
            }
            return !isDone
        }

        /// What a node does with a failed disk: it ends and says so, or it answers, its peers stay connected, and its number
        /// stands still.
        private func observe(_ journey: Journey, _ victim: String) async throws {
            let village = journey.village
            try await village.until("\(victim) tells of its disk, or ends") {
                let warnings = await village.status(of: victim)?.warnings ?? []
                return village.nodes[victim]?.isRunning == false || warnings.contains { $0.hasPrefix("the journal") }
            }
            if let node = village.nodes[victim], !node.isRunning {
                try #require(
                    [74, 78].contains(node.status),
                    "\(village.failure("\(victim) ended with \(node.status)"))"
                )
                return
            }
            let before = try #require(await village.status(of: victim))
            for _ in 0..<10 { try await journey.step() }
            try await village.until("\(victim) is connected to everybody", for: [victim]) {
                $0.peers.allSatisfy(\.isConnected)
            }
            let after = try #require(await village.status(of: victim))
            #expect(after.agreement.statementNumber == before.agreement.statementNumber)
        }
    }
}
