internal import NIOCore
internal import NIOPosix

/// Free TCP ports of this machine, chosen by the system.
enum DemoPorts {
    /// Holds all ports at once before it gives them back, so that no two are the same.
    static func choose(_ count: Int) async throws -> [Int] {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        var channels: [any Channel] = []
        for _ in 0..<count {
            channels.append(try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
        }
        let ports = channels.compactMap { $0.localAddress?.port }
        for channel in channels {
            try await channel.close()
        }
        return ports
    }
}
