internal import Foundation
internal import Logging
internal import NodeStore
internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

extension Backup {
    /// Makes a directory for a new machine, mode 0700, in which a node abstains until its operator acknowledges.
    ///
    /// Holds key file, configuration, and, if there was a charter, that and the high-water number; no journal. Fails when
    /// anything stands at the path. What fails half-way leaves nothing behind.
    package func restore(to directory: NodeDirectory) throws(NodeFailure) {
        do {
            try Directories.create(directory.path)
        } catch {
            if error.reason == .alreadyExists { throw .setup(.exists(path: directory.path)) }
            throw .setup(.cannotCreate(error))
        }
        do throws(NodeFailure) {
            try fill(directory)
        } catch {
            // Made a moment ago and by nobody else.
            try? FileManager.default.removeItem(atPath: directory.path)
            throw error
        }
    }

    private func fill(_ directory: NodeDirectory) throws(NodeFailure) {
        do throws(SystemError) {
            // First of all, so that no crash leaves a directory whose node would sign.
            try RestorationMark.make(in: directory)
            try AtomicFile.create(directory.key, content: Array(KeyFileText.text(of: keyFile).utf8))
            if let charter { try AtomicFile.create(directory.charter, content: charter.bytes) }
            try AtomicFile.create(directory.configuration, content: Array(configuration.restoredText.utf8))
        } catch {
            throw .setup(.cannotCreate(error))
        }
        guard let charter else { return }
        do throws(StoreError) {
            let owner = JournalOwner(party: party, charter: charter.id)
            try HighWater.restore(highWater, owner: owner, at: directory.highWater)
        } catch {
            throw .store(error)
        }
    }
}

extension NodeConfiguration {
    /// The configuration of a restored directory: every path is the directory's own, everything else as it was.
    var restoredText: String {
        var lines = ["# Restored from a backup. Paths are those of this directory, whatever they were before.", ""]
        lines += ["party: \(party)", "charter: charter", "listen: \"\(listen)\""]
        if !announce.isEmpty { lines += ["announce:"] + announce.map { "  - \"\($0)\"" } }
        if !peers.isEmpty { lines += ["peers:"] + peers.map { "  \($0.key): \"\($0.value)\"" } }
        lines += ["log-level: \(logLevel.rawValue)", "log-format: \(logFormat.rawValue)"]
        if let metrics { lines.append("metrics: \"\(metrics)\"") }
        if let metricsHost { lines.append("metrics-host: \"\(metricsHost)\"") }
        if passphraseFile != nil {
            lines += ["", "# passphrase-file was set; put the file here and say so.", "# passphrase-file: passphrase"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
