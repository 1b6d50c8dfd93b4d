import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(2))) struct LocalSocketTests {
    @Test func `a request gets its lines, and the connection is the user's alone`() async throws {
        let path = socketPath()
        let server = try await serve(path) { request in LocalSocketServer.answer(["you said", request]) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try await ask("status", path) == ["you said", "status"])
        #expect(try await ask("größe", path) == ["you said", "größe"])
        server.cancel()
        await server.value
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `an answer may be empty, large, or broken into lines`() async throws {
        let path = socketPath()
        let large = String(repeating: "x", count: 1 << 20)
        let server = try await serve(path) { request in
            switch request {
            case "large": LocalSocketServer.answer([large])
            case "broken": LocalSocketServer.answer(["a\n\nb\n"])
            default: LocalSocketServer.answer([])
            }
        }
        #expect(try await ask("nothing", path) == [])
        #expect(try await ask("large", path) == [large])
        #expect(try await ask("broken", path) == ["a", "b"])
        server.cancel()
        await server.value
    }

    @Test func `lines come as they are made, and leaving ends their making`() async throws {
        let path = socketPath()
        let ended = Flag()
        let server = try await serve(path) { _ in
            AsyncStream { continuation in
                let task = Task {
                    var number = 0
                    while !Task.isCancelled {
                        continuation.yield("\(number)")
                        number += 1
                        try? await Task.sleep(for: .milliseconds(5))
                    }
                }
                continuation.onTermination = { _ in
                    task.cancel()
                    ended.raise()
                }
            }
        }
        var seen: [String] = []
        for try await line in LocalSocketClient.ask("watch", at: path) {
            seen.append(line)
            if seen.count == 3 { break }
        }
        #expect(seen == ["0", "1", "2"])
        try await eventually("the stream ends") { ended.isRaised }
        server.cancel()
        await server.value
    }

    @Test func `a request of 1 MiB is served and one byte more is refused`() async throws {
        let path = socketPath()
        let server = try await serve(path) { LocalSocketServer.answer(["\($0.utf8.count)"]) }
        #expect(try await ask(String(repeating: "a", count: 1 << 20), path) == ["1048576"])
        await #expect(throws: NetworkError.malformedLine) {
            try await ask(String(repeating: "a", count: (1 << 20) + 1), path)
        }
        await #expect(throws: NetworkError.malformedLine) { try await ask("two\nlines", path) }
        await #expect(throws: NetworkError.malformedLine) { try await ask("", path) }
        server.cancel()
        await server.value
    }

    @Test func `a live socket is not replaced, and a dead one is`() async throws {
        let path = socketPath()
        let first = try await serve(path) { _ in LocalSocketServer.answer(["first"]) }
        await #expect(throws: NetworkError.socketServed(path: path)) {
            _ = try await LocalSocketServer.listen(at: path, logger: .silent) { _ in LocalSocketServer.answer([]) }
        }
        #expect(try await ask("who", path) == ["first"])
        // A node that is killed leaves its file behind: moved out of the way of the orderly end, this one stays too.
        let left = path + ".left"
        try FileManager.default.moveItem(atPath: path, toPath: left)
        first.cancel()
        await first.value
        #expect(FileManager.default.fileExists(atPath: left))
        await #expect(throws: NetworkError.nobodyServes(path: left)) { try await ask("who", left) }
        let second = try await serve(left) { _ in LocalSocketServer.answer(["second"]) }
        #expect(try await ask("who", left) == ["second"])
        second.cancel()
        await second.value
    }

    @Test func `a file that is no socket is left alone`() async throws {
        let path = socketPath()
        try Data("precious".utf8).write(to: URL(filePath: path))
        await #expect(throws: NetworkError.self) {
            _ = try await LocalSocketServer.listen(at: path, logger: .silent) { _ in LocalSocketServer.answer([]) }
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `an answer that breaks off is not taken for a whole one`() async throws {
        let path = socketPath()
        let server = try await serve(path) { _ in
            AsyncStream { $0.yield("half") }
        }
        var seen: [String] = []
        await #expect(throws: NetworkError.answerCutShort(path: path)) {
            for try await line in LocalSocketClient.ask("x", at: path) {
                seen.append(line)
                server.cancel()
            }
        }
        #expect(seen == ["half"])
        await server.value
    }

    @Test func `a path nobody ever served and one that is too long are named`() async throws {
        let path = socketPath()
        await #expect(throws: NetworkError.nobodyServes(path: path)) { try await ask("x", path) }
        let long = "/tmp/" + String(repeating: "x", count: 120)
        await #expect(throws: NetworkError.self) {
            _ = try await LocalSocketServer.listen(at: long, logger: .silent) { _ in LocalSocketServer.answer([]) }
        }
    }

    @Test func `sixteen operators are served at once and the next is turned away`() async throws {
        let path = socketPath()
        let server = try await serve(path) { _ in AsyncStream { $0.yield("here") } }
        let served = Tally()
        let tasks = (0..<16).map { _ in
            Task {
                for try await _ in LocalSocketClient.ask("stay", at: path) { served.add() }
            }
        }
        try await eventually("all are served") { served.count == 16 }
        await #expect(throws: NetworkError.answerCutShort(path: path)) { try await ask("one more", path) }
        for task in tasks { task.cancel() }
        try await eventually("there is room again") {
            // Until the server has noticed that one hung up, the next is turned away.
            do {
                for try await line in LocalSocketClient.ask("again", at: path) { return line == "here" }
            } catch is NetworkError {}
            return false
        }
        server.cancel()
        await server.value
    }

    private func socketPath() -> String {
        "/tmp/standstill-\(UInt64.random(in: 0...(.max))).sock"
    }

    private func ask(_ request: String, _ path: String) async throws -> [String] {
        var lines: [String] = []
        for try await line in LocalSocketClient.ask(request, at: path) { lines.append(line) }
        return lines
    }

    private func serve(_ path: String, _ handler: @escaping LocalSocketServer.Handler) async throws -> Task<Void, Never>
    {
        let server = try await LocalSocketServer.listen(at: path, logger: .silent, handler: handler)
        return Task { await server.run() }
    }
}

private final class Flag: Sendable {
    private let raised = Mutex(false)
    var isRaised: Bool { raised.withLock { $0 } }
    func raise() { raised.withLock { $0 = true } }
}

private final class Tally: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
