import AssemblySupport
import Foundation
import QuorumPolicy
import TestSupport
import Testing

@testable import PauseAgreement

/// The real core with real keys, seed by seed: whatever a minority does, everybody honest ends with the order, published.
///
/// A seed picks habits, crashes and the order of delivery. Keys, nonces, and so ids and whose turn is first, are new in
/// every run: a failure prints what is needed to understand it, and does not replay. To measure, with more than the
/// usual few:
///
///     STANDSTILL_SIGNING_RUNS=450 swift test -Xswiftc -O --disable-xctest --filter SigningRunTests
///
/// `STANDSTILL_SIGNING_SEED` is the first seed, for measuring in several processes.
@Suite("Signing, whatever a minority does")
struct SigningRunTests {
    static let runs = number("STANDSTILL_SIGNING_RUNS", or: 6)
    static let firstSeed = UInt64(number("STANDSTILL_SIGNING_SEED", or: 1))
    /// Labs and governments: how many are needed, of how many.
    static let rules: [(labs: (Int, Int), governments: (Int, Int))] = [
        ((2, 3), (1, 2)), ((3, 4), (2, 3)), ((3, 5), (2, 4)),
    ]
    /// The key ceremony takes as long as several signings.
    static let motionsPerAssembly = min(5, max(1, runs / rules.count))

    @Test func `everybody honest ends with the order, within the bound of packages`() throws {
        var measured = Array(repeating: Measured(), count: Self.rules.count)
        for turn in 0..<max(Self.rules.count, Self.runs / Self.motionsPerAssembly) {
            let (labs, governments) = Self.rules[turn % Self.rules.count]
            let seed = Self.firstSeed + UInt64(turn)
            let assembly = try Assembly(
                labs: labs.0,
                of: labs.1,
                governments: governments.0,
                of: governments.1,
                seed: seed
            )
            try assembly.makeKeys()
            for motion in 0..<Self.motionsPerAssembly {
                let saboteurs = try Saboteurs(assembly, seed: seed * 1_000 + UInt64(motion))
                try saboteurs.run(into: &measured[turn % Self.rules.count])
            }
        }
        for (rule, found) in zip(Self.rules, measured) {
            print(
                "\(rule.labs.0) of \(rule.labs.1) labs, \(rule.governments.0) of \(rule.governments.1) governments: \(found)"
            )
        }
    }

    private static func number(_ name: String, or usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
    }
}

/// What the runs with one rule have shown.
struct Measured: CustomStringConvertible {
    var runs = 0
    var crashes = 0
    var lapses = 0
    var habits: OrderedMap<String, Int> = [:]
    /// The most packages of one honest coordinator, and the bound, n - q + 1.
    var packages: [Int] = []
    var bound = 0
    /// Attempts that had begun when everybody honest had the order.
    var attempts: [Int] = []
    /// From the vote until everybody honest shows the order as published.
    var milliseconds: [Int64] = []

    var description: String {
        let faulty = habits.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return """
            \(runs) runs, in \(crashes) of them an honest party restarts three times; \(lapses) lapses
              faulty parties: \(faulty)
              packages of one honest coordinator: at most \(packages.max() ?? 0) of \(bound), mean \(mean(packages))
              attempts begun: at most \(attempts.max() ?? 0), mean \(mean(attempts))
              seconds until published: at most \(Double(milliseconds.max() ?? 0) / 1000), mean \(mean(milliseconds) / 1000)
            """
    }

    private func mean(_ numbers: [some BinaryInteger]) -> Double {
        (Double(numbers.reduce(0, +)) / Double(max(1, numbers.count)) * 100).rounded() / 100
    }
}
