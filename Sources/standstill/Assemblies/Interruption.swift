internal import UnixSignals

/// Lets a command that has started other processes end them when it is interrupted itself.
enum Interruption {
    /// Does something; on SIGINT or SIGTERM it calls `end`, which must make the work stop, and throws.
    static func guarding<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result,
        end: @escaping @Sendable () -> Void
    ) async throws -> Result {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in signals {
                    end()
                    throw CommandFailure("interrupted", exitStatus: ExitStatus.interrupted)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
