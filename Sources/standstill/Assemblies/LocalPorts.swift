internal import NIOCore
internal import NIOPosix

/// Free TCP ports of this machine.
enum LocalPorts {
    /// Below the ports that systems give to outgoing connections: a node that starts again must find its own port free.
    private static let range = 10_000..<32_000
    private static let tries = 1000

    /// Holds all ports at once before it gives them back, so that no two are the same.
    static func choose(_ count: Int) async throws -> [Int] {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        var channels: [any Channel] = []
        for _ in 0..<tries where channels.count < count {
            let channel = bootstrap.bind(host: "127.0.0.1", port: Int.random(in: range))
            if let bound = try? await channel.get() { channels.append(bound) }
        }
        let ports = channels.compactMap { $0.localAddress?.port }
        for channel in channels {
            try await channel.close()
        }
        guard ports.count == count else {
            throw AssemblyFailure("this machine has no \(count) free ports on 127.0.0.1")
        }
        return ports
    }
}
