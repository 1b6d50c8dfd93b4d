/// Something that goes wrong in a node under test at a chosen call, in the words of Tests/FaultInjection.
struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The calls that are counted.
    enum Call: String, CaseIterable, Sendable {
        case journalWrite = "journal-write"
        case journalSync = "journal-sync"
        case fileWrite = "file-write"
        case fileSync = "file-sync"
        case entry
        case directorySync = "directory-sync"
        case send
    }

    /// Several classes counted together.
    enum Group: String, Sendable {
        case disk
        case any
    }

    enum Action: String, CaseIterable, Sendable {
        case killBefore = "kill-before"
        case killAfter = "kill-after"
        case cutBefore = "cut-before"
        case cutAfter = "cut-after"
        case inputOutput = "eio"
        case noSpace = "enospc"
        case noSpaceFromThere = "enospc-on"
        case readOnlyFromThere = "erofs-on"
        case shortWrite = "short"

        /// Whether the node ends with it.
        var isDeath: Bool { [.killBefore, .killAfter, .cutBefore, .cutAfter].contains(self) }
    }

    /// The class of calls, or several.
    let calls: String
    /// Which of these calls, from 1 at every start.
    let number: Int
    let action: Action
    /// What a power cut takes back.
    let seed: Int

    init(_ call: Call, _ number: Int, _ action: Action, seed: Int = 1) {
        calls = call.rawValue
        self.number = number
        self.action = action
        self.seed = seed
    }

    init(_ group: Group, _ number: Int, _ action: Action, seed: Int = 1) {
        calls = group.rawValue
        self.number = number
        self.action = action
        self.seed = seed
    }

    var description: String { "\(calls):\(number):\(action.rawValue):\(seed)" }
}
