internal import CSystemCalls
internal import Glibc

/// What the system says of the file system that a path lies on (`statfs`).
package struct FileSystemFacts: Hashable, Sendable {
    /// Where the bytes are, as far as the kind of the file system tells.
    package enum Place: Hashable, Sendable {
        case disk
        /// On another machine, with the protocol's name.
        case network(String)
        /// In memory, lost with the power.
        case memory
    }

    package let place: Place
    /// Bytes that this process may still take.
    package let freeBytes: Int
    /// Files that may still be made; nil where their number has no limit.
    package let freeFiles: Int?

    /// The facts of what a path leads to.
    package init(ofPath path: String) throws(SystemError) {
        var facts = standstill_file_system()
        guard unsafe standstill_examine_file_system(path, &facts) == 0 else {
            throw SystemError(attempt: "examine the disk of", object: path, code: errno)
        }
        place = Self.place(UInt32(truncatingIfNeeded: facts.type))
        freeBytes = Int(clamping: facts.free_bytes)
        freeFiles = facts.files == 0 ? nil : Int(clamping: facts.free_files)
    }

    /// After the magic numbers of statfs(2).
    private static func place(_ type: UInt32) -> Place {
        switch type {
        case 0x6969: .network("NFS")
        case 0x517b, 0xff53_4d42, 0xfe53_4d42: .network("SMB")
        case 0x0102_1997: .network("9P")
        case 0x00c3_6400: .network("Ceph")
        case 0x5346_414f, 0x6b41_4653: .network("AFS")
        case 0x0102_1994, 0x8584_58f6: .memory
        default: .disk
        }
    }
}
