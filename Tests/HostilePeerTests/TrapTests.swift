import CryptoPrimitives
import Foundation
import Testing

@Suite("A crash tells nobody a secret", .timeLimit(.minutes(3)))
struct TrapTests {
    private static let secret = Array("the-secret-of-32-bytes-in-memory".utf8)

    @Test func `a trap prints neither a secret nor a backtrace, and leaves no core file`() async throws {
        // No SWIFT_BACKTRACE in the environment: the program must see to it itself.
        let run = try ProgramRun("trap", [], input: Self.secret)
        #expect(await run.wait(seconds: 60))
        #expect(run.process.terminationReason == .uncaughtSignal)
        expectSilence(run, about: [Self.secret])
    }

    @Test func `without the precautions the same trap prints a backtrace`() async throws {
        let isInstalled = [
            "/usr/libexec/swift/linux/swift-backtrace", "/opt/swift/usr/libexec/swift/linux/swift-backtrace",
        ]
        .contains { FileManager.default.isExecutableFile(atPath: $0) }
        let environment = ["SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no,registers=all,timeout=30s"]
        let run = try ProgramRun("trap", ["unprotected"], input: Self.secret, environment: environment)
        #expect(await run.wait(seconds: 60))
        guard isInstalled else {
            print("skipped: swift-backtrace is not installed, so there is nothing to prevent")
            return
        }
        #expect(Self.isBacktrace(run.text))
        let leaks = Self.spellings(of: Self.secret).filter { run.text.contains($0) }
        print("an unprotected trap prints \(run.text.utf8.count) bytes, the secret as: \(leaks)")
    }

    @Test func `a node that crashes in the middle of its work prints no secret`() async throws {
        let siege = try await Siege.arrange(withKeys: false)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
            let victim = try siege.startVictim()
            try await siege.waitForVictim(victim)
            kill(victim.identifier, number)
            #expect(await victim.wait(seconds: 60), "signal \(number)")
            #expect(victim.process.terminationReason == .uncaughtSignal)
            #expect(victim.process.terminationStatus == number)
            expectSilence(victim, about: [siege.seed(of: Siege.victim), Siege.passphrase])
        }
        siege.remove()
    }

    private func expectSilence(_ run: ProgramRun, about secrets: [[UInt8]]) {
        #expect(!Self.isBacktrace(run.text), "\(run.text)")
        for secret in secrets {
            for spelling in Self.spellings(of: secret) { #expect(!run.text.contains(spelling), "\(spelling)") }
            #expect(!run.bytes.contains(secret))
        }
        #expect(run.leftovers.isEmpty, "\(run.leftovers)")
    }

    static func isBacktrace(_ text: String) -> Bool {
        ["Backtrace", "Thread 0", "crashed at", "Registers:", "Program crashed"].contains { text.contains($0) }
    }

    /// The beginning of a secret, as backtraces, logs and files would spell it.
    static func spellings(of secret: [UInt8]) -> [String] {
        let start = secret.prefix(12)
        let spaced = start.prefix(8).map { String(format: "%02x", $0) }.joined(separator: " ")
        return [Hex.encode(start), spaced, String(Base64URL.encode(start)), Data(start).base64EncodedString()]
    }
}
