internal import ArgumentParser
internal import CryptoPrimitives
internal import Foundation
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// How a run treats signatures.
enum Cryptography: String, CaseIterable, ExpressibleByArgument {
    /// Every node decodes and verifies what it receives.
    case real
    /// A statement is decoded and verified by the first node that meets it, for all.
    case standIn = "stand-in"

    /// What a report must say of it.
    var label: String {
        switch self {
        case .real: "real cryptography: every node verifies every statement"
        case .standIn: "stand-in cryptography: each statement is verified once for all nodes"
        }
    }
}

/// Plays scenarios, with keys made once for each charter, and randomness that follows from a seed.
struct ScenarioRunner {
    private var keys: OrderedMap<CharterID, (made: PreparedKeys, signers: SignerPool)> = [:]
    let cryptography: Cryptography

    init(_ cryptography: Cryptography) {
        self.cryptography = cryptography
    }

    mutating func run(_ scenario: Scenario, seed: UInt64) throws(SimulationError) -> ScenarioRun {
        let (keys, signers) = try keys(of: scenario.charter)
        Self.begin(seed)
        return ScenarioRun(scenario, seed: seed, keys: keys, readsOnce: cryptography == .standIn, signers: signers)
    }

    mutating func explore(_ scenario: Scenario, seed: UInt64) throws(SimulationError) -> Exploration {
        let (keys, signers) = try keys(of: scenario.charter)
        Self.begin(seed)
        return Exploration(scenario, seed: seed, keys: keys, readsOnce: cryptography == .standIn, signers: signers)
    }

    /// The shortest replay of what went wrong that can be found.
    mutating func shrink(_ exploration: Exploration) throws(SimulationError) -> Exploration {
        let (keys, signers) = try keys(of: exploration.scenario.charter)
        let readsOnce = cryptography == .standIn
        return exploration.shrunk { scenario in
            Self.begin(exploration.seed)
            return Exploration(
                drawn: scenario,
                seed: exploration.seed,
                keys: keys,
                readsOnce: readsOnce,
                signers: signers
            )
        }
    }

    private mutating func keys(of charter: Charter) throws(SimulationError) -> (PreparedKeys, SignerPool) {
        if let known = keys[charter.id] { return known }
        Self.begin(0)
        let made = try PreparedKeys(charter: charter)
        let signers = SignerPool()
        keys[charter.id] = (made, signers)
        return (made, signers)
    }

    /// Nothing but this makes randomness follow from a seed: this process holds nobody's keys.
    private static func begin(_ seed: UInt64) {
        SeededRandomness.begin(SHA256.hash(Array("standstill scenario seed \(seed)".utf8)))
    }

    /// Reads a scenario file, and the charter file that it may name.
    static func read(_ path: String) throws(CommandFailure) -> ScenarioFile {
        let bytes = try InputFile.read(path, limit: ScenarioText.limit)
        do throws(ScenarioFileError) {
            return try ScenarioFile(bytes) { charter in
                let directory = URL(filePath: path).deletingLastPathComponent()
                let file = charter.hasPrefix("/") ? charter : directory.appending(path: charter).path()
                return try InputFile.read(file, limit: CharterLimits.size)
            }
        } catch {
            throw error.failure(in: path)
        }
    }
}
