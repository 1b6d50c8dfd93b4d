internal import NodeStore
internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

/// What can be said of a node's files without its passphrase, whether or not it runs; looking changes nothing.
struct DirectoryHealth {
    let configuration: NodeConfiguration
    /// nil when it cannot be read.
    let charter: Charter?
    let now: Instant

    private var data: NodeDirectory { NodeDirectory(path: configuration.data) }

    /// One finding for each check of files.
    var findings: [HealthFinding] {
        [directory, disk, room, keyFile, journal, highWater, backup]
    }

    private var directory: HealthFinding {
        do throws(SetupError) {
            try data.check()
            return .ok(.directory, "\(data.path) is closed to others")
        } catch {
            return HealthFinding(.directory, .failure, parting: error.description)
        }
    }

    private var disk: HealthFinding {
        guard let facts = try? FileSystemFacts(ofPath: data.path) else {
            return .warning(.disk, "the disk of \(data.path) cannot be examined", remedy: "check the path of `data`")
        }
        switch facts.place {
        case .disk: return .ok(.disk, "the data lies on a local file system")
        case .network(let kind):
            return .failure(
                .disk,
                "the data lies on a network share (\(kind)), which may not keep its promises about flushing",
                remedy: "stop the node and move the directory to a local disk"
            )
        case .memory:
            return .warning(
                .disk,
                "the data lies in memory and is lost with the power",
                remedy: "stop the node and move the directory to a local disk"
            )
        }
    }

    private var room: HealthFinding {
        guard let facts = try? FileSystemFacts(ofPath: data.path) else {
            return .warning(.room, "the room in \(data.path) is not known", remedy: "check the path of `data`")
        }
        return Self.room(freeBytes: facts.freeBytes, freeFiles: facts.freeFiles)
    }

    /// Judges the room that is left.
    static func room(freeBytes: Int, freeFiles: Int?) -> HealthFinding {
        let found = "\(freeBytes >> 20) MiB" + (freeFiles.map { " and \($0) files" } ?? "") + " are free"
        let remedy = "make room: a node whose disk is full signs nothing"
        if freeBytes < HealthLimits.neededFreeBytes || (freeFiles ?? .max) < HealthLimits.neededFreeFiles {
            return .failure(.room, found, remedy: remedy)
        }
        if freeBytes < HealthLimits.wantedFreeBytes { return .warning(.room, found, remedy: remedy) }
        return .ok(.room, found)
    }

    private var keyFile: HealthFinding {
        do throws(SetupError) {
            let file = try KeyFile.read(at: configuration.key)
            guard file.party == configuration.party else {
                let failure = NodeFailure.keyOfAnother(
                    file.party,
                    expected: configuration.party,
                    path: configuration.key
                )
                return HealthFinding(.keyFile, .failure, parting: failure.description)
            }
            return .ok(.keyFile, "\(configuration.key) is the encrypted key of \(file.party), closed to others")
        } catch {
            return HealthFinding(.keyFile, .failure, parting: error.description)
        }
    }

    private var journal: HealthFinding {
        let path = data.journal
        do throws(SystemError) {
            let facts = try FileFacts(ofPath: path)
            if let problem = Self.problem(of: facts, path) {
                return HealthFinding(.journal, .failure, parting: problem)
            }
            if let fault = try JournalHeader.fault(atPath: path) {
                let damage = StoreError.unreadableJournal(path: path, detail: fault)
                return HealthFinding(.journal, .failure, parting: damage.description)
            }
            return .ok(.journal, "\(facts.size >> 10) KiB; its pages and chain are checked whenever the node starts")
        } catch {
            guard error.reason == .notFound else {
                return HealthFinding(.journal, .failure, parting: StoreError.inaccessible(error).description)
            }
            return .ok(.journal, "there is none yet; the node makes it")
        }
    }

    private static func problem(of facts: FileFacts, _ path: String) -> String? {
        if facts.kind != .regularFile { return StoreError.notAFile(path: path).description }
        if facts.owner != CurrentProcess.user {
            return SetupError.foreign(path: path, owner: facts.owner, user: CurrentProcess.user).description
        }
        if !facts.isClosedToOthers {
            return StoreError.exposed(path: path, permissions: facts.permissionsText).description
        }
        return nil
    }

    private var highWater: HealthFinding {
        let hasJournal = ((try? FileFacts(ofPath: data.journal))?.size ?? 0) > 0
        if let facts = try? FileFacts(ofPath: data.highWater), let problem = Self.problem(of: facts, data.highWater) {
            return HealthFinding(.highWater, .failure, parting: problem)
        }
        guard let charter else {
            return .notice(
                .highWater,
                "without its charter the high-water file cannot be judged",
                remedy: "see the check of the charter"
            )
        }
        do throws(StoreError) {
            let owner = JournalOwner(party: configuration.party, charter: charter.id)
            if let number = try HighWater.stored(at: data.highWater, owner: owner) {
                return .ok(.highWater, "\(number) is the highest number known to be signed")
            }
        } catch {
            return HealthFinding(.highWater, .failure, parting: error.description)
        }
        guard hasJournal else { return .ok(.highWater, "there is none yet; the node makes it") }
        return .warning(
            .highWater,
            "the high-water file is gone although there is a journal: the node will abstain when it starts",
            remedy:
                "be sure that no other node has this key, start the node, and acknowledge when the peers have answered"
        )
    }

    private var backup: HealthFinding {
        let key = (try? KeyFile.read(at: configuration.key)).map(BackupRecord.digest)
        return BackupHealth(
            record: BackupRecord.read(from: data),
            key: key,
            charter: charter?.id,
            highWater: charter.flatMap {
                (try? HighWater.stored(
                    at: data.highWater,
                    owner: JournalOwner(party: configuration.party, charter: $0.id)
                )) ?? nil
            } ?? 0,
            now: now
        ).finding
    }
}
