internal import NodeStore

extension NodeConfiguration {
    /// The process that runs in the node's directory, whether or not it answers, as people call it; nil when none does.
    package var runningProcess: String? {
        let lock = NodeDirectory(path: data).lock
        guard let holder = try? DirectoryLock.holder(file: lock), holder.isHeld else { return nil }
        return holder.process.map { "process \($0)" } ?? "another process"
    }
}
