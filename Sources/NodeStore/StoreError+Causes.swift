internal import GRDB
internal import SystemCalls

extension StoreError {
    /// What an error of the database means to the person who runs the node.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        case let error as SystemError: self.init(error, writing: path)
        default: self = .inputOutput(path: path, detail: "\(error)")
        }
    }

    /// What a failed call of the system means when a file was to be written.
    init(_ error: SystemError, writing path: String) {
        self =
            switch error.reason {
            case .diskFull: .diskFull(path: path)
            case .accessDenied: .readOnly(path: path)
            case .readOnlyFileSystem: .readOnlyDisk(path: path)
            case .other where error.isDeviceFailure: .inputOutput(path: path, detail: "\(error)")
            case .notFound, .alreadyExists, .symbolicLink, .notADirectory, .noTerminal, .other: .inaccessible(error)
            }
    }

    private init(_ error: DatabaseError, path: String) {
        let detail = "\(Self.oneLine(error.message ?? "no reason given")) (SQLite \(error.extendedResultCode.rawValue))"
        self =
            switch error.resultCode {
            case .SQLITE_FULL: .diskFull(path: path)
            case .SQLITE_READONLY, .SQLITE_PERM: .readOnly(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .journalInUse(path: path)
            case .SQLITE_NOTADB: .unreadableJournal(path: path, detail: JournalHeader.foreign)
            case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_NOMEM: .inputOutput(path: path, detail: detail)
            // A table or column that is not there, a value of the wrong kind: the schema is no longer what was written.
            default: .damaged(path: path, detail: detail)
            }
    }

    /// A message of the database, whose lines would break a table.
    static func oneLine(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
