internal import CryptoPrimitives
internal import SystemCalls

/// What a process that holds keys does first, before it reads anything.
package enum ProcessHardening {
    /// A precaution that this system does not allow; a node runs without it, unless it ``Shortfall/endsNode``.
    package enum Shortfall: Hashable, Sendable {
        case coreFilesAllowed(reason: String)
        case memoryReadable(reason: String)
        case memoryNotLocked
        case fewOpenFiles(limit: Int)

        /// Whether a node would rather not start: strangers could end it.
        package var endsNode: Bool {
            if case .fewOpenFiles = self { true } else { false }
        }
    }

    /// Connections, the database and its log, standard streams, and room for a rush of strangers.
    package static let wantedOpenFiles = 4096
    /// Below this a node with a hundred peers runs out.
    package static let neededOpenFiles = 512

    /// Takes every precaution and returns those that failed, to be told once there is a log.
    ///
    /// Crash signals do what the system does by default, so that no backtrace prints memory; no core files; no reading of
    /// this process's memory by others of the same user; new files are closed to others; more files may be open.
    package static func apply() -> [Shortfall] {
        CurrentProcess.resetCrashSignals()
        CurrentProcess.closeNewFilesToOthers()
        var shortfalls: [Shortfall] = []
        do {
            try CurrentProcess.forbidCoreFiles()
        } catch {
            shortfalls.append(.coreFilesAllowed(reason: error.description))
        }
        do {
            try CurrentProcess.forbidDumps()
        } catch {
            shortfalls.append(.memoryReadable(reason: error.description))
        }
        if !SecretBytes.canBeLocked {
            shortfalls.append(.memoryNotLocked)
        }
        let limit = (try? CurrentProcess.raiseOpenFileLimit(to: wantedOpenFiles)) ?? 0
        if limit < neededOpenFiles {
            shortfalls.append(.fewOpenFiles(limit: limit))
        }
        return shortfalls
    }
}

extension ProcessHardening.Shortfall: CustomStringConvertible {
    /// A warning for the operator.
    package var description: String {
        switch self {
        case .coreFilesAllowed(let reason):
            "a crash may write keys into a core file (\(reason)); hint: set LimitCORE=0 for the service"
        case .memoryReadable(let reason):
            "other processes of this user may read the keys (\(reason)); hint: give the node a user of its own"
        case .memoryNotLocked:
            "keys may be written to the swap device; hint: set LimitMEMLOCK=64M for the service, or run without swap"
        case .fewOpenFiles(let limit):
            "only \(limit) files may be open at once, and a node needs \(ProcessHardening.neededOpenFiles): the system's "
                + "libraries end a process that has none left; hint: set LimitNOFILE=4096 for the service"
        }
    }
}
