/// What a process that holds keys found out about itself when it started.
package enum ProcessHealth {
    /// Memory, core files and open files, in this order.
    package static func findings(_ shortfalls: [ProcessHardening.Shortfall]) -> [HealthFinding] {
        var memory = HealthFinding.ok(.memory, "keys are kept in memory that is locked")
        var coreFiles = HealthFinding.ok(
            .coreFiles,
            "a crash writes no memory to a file, and no other process may read it"
        )
        var openFiles = HealthFinding.ok(.openFiles, "at least \(ProcessHardening.neededOpenFiles) files may be open")
        for shortfall in shortfalls {
            switch shortfall {
            case .memoryNotLocked: memory = HealthFinding(.memory, .warning, parting: shortfall.description)
            case .coreFilesAllowed, .memoryReadable:
                coreFiles = HealthFinding(.coreFiles, .warning, parting: shortfall.description)
            case .fewOpenFiles: openFiles = HealthFinding(.openFiles, .failure, parting: shortfall.description)
            }
        }
        return [memory, coreFiles, openFiles]
    }
}
