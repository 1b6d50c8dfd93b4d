import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(2))) struct MetricsServerTests {
    /// What a caller got: everything the server said until it hung up.
    private func exchange(_ request: String, with server: MetricsServer) async throws -> String {
        let client = try await RawClient.connect(to: server.port)
        try? await client.send(Array(request.utf8))
        try await eventually("the connection is closed") { client.isClosed }
        return String(decoding: client.received, as: UTF8.self)
    }

    private func status(_ request: String, with server: MetricsServer) async throws -> Int? {
        let answer = try await exchange(request, with: server)
        guard answer.hasPrefix("HTTP/1.1 ") else { return nil }
        return Int(answer.dropFirst(9).prefix(3))
    }

    private static func start(
        other: String? = nil,
        exchangeMilliseconds: Int64 = MetricsLimits.exchangeMilliseconds,
        handler: @escaping MetricsServer.Handler = { path in
            path == "/metrics" ? MetricsServer.Page(status: 200, text: "value 1\n") : nil
        }
    ) async throws -> MetricsServer {
        try await MetricsServer.listen(
            host: "127.0.0.1",
            port: 0,
            hosts: MetricsHost(other: other),
            exchangeMilliseconds: exchangeMilliseconds,
            handler: handler
        )
    }

    @Test func `GET shows a page and HEAD its headers, each once`() async throws {
        let server = try await Self.start()
        let shown = try await exchange("GET /metrics HTTP/1.1\r\nHost: localhost:1\r\n\r\n", with: server)
        #expect(shown.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(shown.contains("\r\ncontent-length: 8\r\n") && shown.hasSuffix("\r\n\r\nvalue 1\n"))
        let head = try await exchange("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", with: server)
        #expect(head.contains("\r\ncontent-length: 8\r\n") && head.hasSuffix("\r\n\r\n"))
        let two = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let pipelined = try await exchange(two + two, with: server)
        #expect(pipelined.split(separator: "value 1").count == 2)
        await server.close()
    }

    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        ("GET /metrics HTTP/1.1\r\nHost: evil.example:9464\r\n\r\n", 421),
        ("GET /metrics HTTP/1.1\r\n\r\n", 421),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 421),
        ("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        ("GET /metrics?a=b HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        ("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405),
        ("DELETE /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx", 413),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 413),
        ("STSL\u{1}\r\n\r\n", 400),
        ("GET /metrics HTTP/1.1\r\nno colon\r\n\r\n", 400),
    ])
    func `everything else is refused with a status of its own`(request: String, status: Int) async throws {
        let server = try await Self.start()
        #expect(try await self.status(request, with: server) == status)
        let good = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        #expect(try await self.status(good, with: server) == 200)
        await server.close()
    }

    @Test func `a request of 8192 bytes is read and one of 8193 is refused`() async throws {
        let server = try await Self.start()
        let empty = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: \r\n\r\n"
        let room = MetricsLimits.requestBytes - empty.utf8.count
        for (size, status) in [(room, 200), (room + 1, 431)] {
            let request = empty.replacing("X: ", with: "X: " + String(repeating: "x", count: size))
            #expect(try await self.status(request, with: server) == status)
        }
        await server.close()
    }

    @Test func `a caller that sends a byte now and then is cut off in time`() async throws {
        let server = try await Self.start(exchangeMilliseconds: 500)
        let slow = try await RawClient.connect(to: server.port)
        for byte in "GET /metrics HTTP/1.1\r\nHost: loc".utf8 where !slow.isClosed {
            try? await slow.send([byte])
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(slow.isClosed && slow.received.isEmpty)
        await server.close()
    }

    @Test func `eight callers are served at once, the ninth is hung up on, and places come back`() async throws {
        let server = try await Self.start(exchangeMilliseconds: 60_000)
        var held: [RawClient] = []
        for _ in 0..<MetricsLimits.callers { held.append(try await RawClient.connect(to: server.port)) }
        let ninth = try await RawClient.connect(to: server.port)
        try await eventually("the ninth is hung up on") { ninth.isClosed }
        #expect(ninth.received.isEmpty && held.allSatisfy { !$0.isClosed })
        held.forEach { $0.close() }
        try await eventually("a place is free again") {
            try await status("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", with: server) == 200
        }
        await server.close()
    }

    @Test func `a port that is taken is named`() async throws {
        let server = try await Self.start()
        await #expect(throws: NetworkError.portTaken(host: "127.0.0.1", port: server.port)) {
            _ = try await MetricsServer.listen(
                host: "127.0.0.1",
                port: server.port,
                hosts: MetricsHost(other: nil),
                handler: { _ in nil }
            )
        }
        await server.close()
    }
}

@Suite struct MetricsHostTests {
    @Test(arguments: ["127.0.0.1", "127.255.0.9", "::1"])
    func `loopback addresses are this machine's`(address: String) {
        #expect(MetricsHost.isLoopback(address))
    }

    @Test(arguments: [
        "0.0.0.0", "127.1", "127.0.0.256", "127.0.0.01", "128.0.0.1", "::", "localhost", "127.0.0.1.example", "",
    ])
    func `nothing else is taken for loopback`(address: String) {
        #expect(!MetricsHost.isLoopback(address))
    }

    @Test func `a header names this machine or the configured host, with or without a port`() {
        let hosts = MetricsHost(other: "Monitor.example")
        for header in [
            "localhost", "LOCALHOST:9464", "127.0.0.1:80", "[::1]:1", "[::1]", "monitor.example:9464",
            "MONITOR.example",
        ] {
            #expect(hosts.allows(header), "\(header)")
        }
        for header in [
            "", ":80", "evil.example", "localhost.evil.example", "localhost:80:80", "localhost:x", "[::1",
            "a@localhost",
        ] {
            #expect(!hosts.allows(header), "\(header)")
        }
        #expect(!MetricsHost(other: nil).allows("monitor.example"))
    }
}
