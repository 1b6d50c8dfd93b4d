import CryptoPrimitives

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Measures what a node computes for one signature and one ceremony, in processor time, next to libsodium alone.
///
/// Measures also how a hundred sealed ballots are checked and opened, how a node starts from a journal of 100,000 statements, how
/// long a charter of 100 parties takes to analyse, and how many scenarios are played in a second; `--ballots`, `--restart`,
/// `--charters` and `--scenarios` measure only that.
///
/// Prints tables, or one JSON object with `--json`. Exits with 1 when a step misses its target and is also more than a
/// quarter above its bare libsodium calls, measured in the same run, or when start or analysis take longer than their targets.
@main
enum Benchmarks {
    static func main() throws {
        if let directory = RestartProbe.directory { return print(try RestartProbe.measure(in: directory).line) }
        if CommandLine.arguments.contains("--restart") { exit(try showRestart().isGood ? 0 : 1) }
        if CommandLine.arguments.contains("--charters") { exit(try showCharters() ? 0 : 1) }
        if CommandLine.arguments.contains("--ballots") { exit(try showBallots() ? 0 : 1) }
        if CommandLine.arguments.contains("--scenarios") { exit(try showScenarios() ? 0 : 1) }
        let session = try Session(signingSteps() + ceremonySteps())
        show(session)
        let areBallotsGood = try showBallots()
        let restart = try showRestart()
        let areChartersGood = try showCharters()
        let areScenariosGood = try showScenarios()
        let areStepsGood = session.findings.allSatisfy(\.isGood)
        let isRestGood = restart.isGood && areChartersGood && areBallotsGood && areScenariosGood
        exit(areStepsGood && isRestGood ? 0 : 1)
    }

    private static func show(_ session: Session) {
        if CommandLine.arguments.contains("--json") {
            print(session.json)
        } else {
            print("\nlibsodium \(Sodium.version), microseconds of processor time, minimum of several runs\n")
            print(session.table)
        }
    }

    /// Whether all targets are met.
    ///
    /// The last step takes seconds and is measured by itself.
    private static func showBallots() throws -> Bool {
        let steps = try ballotSteps()
        let sessions = try [Session(steps.short), Session(steps.long, rounds: 3)]
        sessions.forEach(show)
        return sessions.allSatisfy { $0.findings.allSatisfy(\.isGood) }
    }

    /// Whether all targets are met.
    private static func showCharters() throws -> Bool {
        let figures = try CharterFigures.measureAll()
        if CommandLine.arguments.contains("--json") {
            print("{\"charters\":[\(figures.map(\.json).joined(separator: ","))]}")
        } else {
            print(([CharterFigures.header] + figures.map(\.row)).joined(separator: "\n"))
        }
        return figures.allSatisfy(\.isGood)
    }

    /// Whether all targets are met.
    private static func showScenarios() throws -> Bool {
        let isJSON = CommandLine.arguments.contains("--json")
        let figures = try ScenarioFigures.measureAll()
        // The large ones take a minute.
        if !isJSON { print(([ScenarioFigures.header] + figures.map(\.row)).joined(separator: "\n")) }
        let large = try LargeScenario.measureAll()
        if isJSON {
            let lists = [figures.map(\.json), large.map(\.json)].map { $0.joined(separator: ",") }
            print("{\"scenarios\":[\(lists[0])],\"large\":[\(lists[1])]}")
        } else {
            print(([LargeScenario.header] + large.map(\.row)).joined(separator: "\n"))
        }
        return figures.allSatisfy(\.isGood) && large.allSatisfy(\.isGood)
    }

    private static func showRestart() throws -> Restart {
        let restart = try Restart.measure(statements: 100_000)
        print(CommandLine.arguments.contains("--json") ? restart.json : restart.table)
        return restart
    }
}
