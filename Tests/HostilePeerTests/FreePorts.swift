import NIOCore
import NIOPosix
import Synchronization

/// Ports of this machine that nobody listens on, below those that the system gives to callers; no two tests get the same.
enum FreePorts {
    private static let next = Mutex(Int.random(in: 20_000..<31_000))

    static func take(_ count: Int) async throws -> [Int] {
        var ports: [Int] = []
        while ports.count < count {
            let port = next.withLock { next in
                next = next < 32_000 ? next + 1 : 20_000
                return next
            }
            if await isFree(port) { ports.append(port) }
        }
        return ports
    }

    private static func isFree(_ port: Int) async -> Bool {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else { return false }
        try? await channel.close().get()
        return true
    }
}
