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
/// Prints tables, or one JSON object with `--json`. Exits with 1 when a step misses its target and is also more than a
/// quarter above its bare libsodium calls, measured in the same run.
@main
enum Benchmarks {
    static func main() throws {
        let session = try Session(signingSteps() + ceremonySteps())
        if CommandLine.arguments.contains("--json") {
            print(session.json)
        } else {
            print("libsodium \(Sodium.version), microseconds of processor time, minimum of many short runs\n")
            print(session.table)
        }
        exit(session.findings.allSatisfy(\.isGood) ? 0 : 1)
    }
}
