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
/// Measures also how a node starts from a journal of 100,000 statements, and how long a charter of 100 parties takes to analyse;
/// `--restart` and `--charters` measure only that.
///
/// Prints tables, or one JSON object with `--json`. Exits with 1 when a step misses its target and is also more than a
/// quarter above its bare libsodium calls, measured in the same run, or when start or analysis take longer than their targets.
@main
enum Benchmarks {
    static func main() throws {
        if let directory = RestartProbe.directory { return print(try RestartProbe.measure(in: directory).line) }
        if CommandLine.arguments.contains("--restart") { exit(try showRestart().isGood ? 0 : 1) }
        if CommandLine.arguments.contains("--charters") { exit(try showCharters() ? 0 : 1) }
        let session = try Session(signingSteps() + ceremonySteps())
        if CommandLine.arguments.contains("--json") {
            print(session.json)
        } else {
            print("libsodium \(Sodium.version), microseconds of processor time, minimum of many short runs\n")
            print(session.table)
        }
        let restart = try showRestart()
        let areChartersGood = try showCharters()
        exit(restart.isGood && areChartersGood && session.findings.allSatisfy(\.isGood) ? 0 : 1)
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

    private static func showRestart() throws -> Restart {
        let restart = try Restart.measure(statements: 100_000)
        print(CommandLine.arguments.contains("--json") ? restart.json : restart.table)
        return restart
    }
}
