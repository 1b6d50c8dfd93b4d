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
/// Measures also how a node starts from a journal of 100,000 statements; `--restart` measures only that.
///
/// Prints tables, or one JSON object with `--json`. Exits with 1 when a step misses its target and is also more than a
/// quarter above its bare libsodium calls, measured in the same run, or when the start takes longer than its target.
@main
enum Benchmarks {
    static func main() throws {
        if let directory = RestartProbe.directory { return print(try RestartProbe.measure(in: directory).line) }
        if CommandLine.arguments.contains("--restart") { exit(try showRestart().isGood ? 0 : 1) }
        let session = try Session(signingSteps() + ceremonySteps())
        if CommandLine.arguments.contains("--json") {
            print(session.json)
        } else {
            print("libsodium \(Sodium.version), microseconds of processor time, minimum of many short runs\n")
            print(session.table)
        }
        let restart = try showRestart()
        exit(restart.isGood && session.findings.allSatisfy(\.isGood) ? 0 : 1)
    }

    private static func showRestart() throws -> Restart {
        let restart = try Restart.measure(statements: 100_000)
        print(CommandLine.arguments.contains("--json") ? restart.json : restart.table)
        return restart
    }
}
