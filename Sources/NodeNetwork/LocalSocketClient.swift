internal import NIOCore
internal import NIOPosix

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The operator's end of a node's socket.
package enum LocalSocketClient {
    /// Asks a node one thing and yields the lines of its answer as they come.
    ///
    /// The stream ends with the answer, or throws a ``NetworkError``: nobody serves the path, or the answer broke off.
    /// Leaving the loop hangs up.
    package static func ask(_ request: String, at path: String) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await exchangeLines(request, path) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Whether somebody accepts connections at the path.
    package static func isServed(_ path: String) async -> Bool {
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path)
                .get()
            channel.close(promise: nil)
            return true
        } catch {
            return false
        }
    }

    private static func exchangeLines(
        _ request: String,
        _ path: String,
        _ each: @Sendable (String) -> Void
    ) async throws {
        let count = request.utf8.count
        guard !request.utf8.contains(UInt8(ascii: "\n")), (1...LineDecoder.maximumLineBytes).contains(count) else {
            throw NetworkError.malformedLine
        }
        do {
            try await connect(path).executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: request + "\n"))
                for try await line in inbound {
                    if line.isEmpty { return }
                    each(line)
                }
                // A cancelled reader ends the loop as well, and nobody is left to be told.
                if !Task.isCancelled { throw NetworkError.answerCutShort(path: path) }
            }
        } catch let error where error is IOError || error is ChannelError {
            // Who is turned away before its request was read meets a reset instead of an end.
            throw NetworkError.answerCutShort(path: path)
        }
    }

    private static func connect(_ path: String) async throws -> NIOAsyncChannel<String, ByteBuffer> {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture { try LocalSocketServer.lines(on: channel) }
                }
        } catch let error as IOError where [ENOENT, ECONNREFUSED].contains(error.errnoCode) {
            throw NetworkError.nobodyServes(path: path)
        } catch {
            throw NetworkError.cannotOpenSocket(path: path, reason: "\(error)")
        }
    }
}
