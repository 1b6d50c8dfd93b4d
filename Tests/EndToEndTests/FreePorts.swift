import Foundation
import Synchronization

/// TCP ports of this machine that nobody uses.
///
/// They lie below the range from which the system takes ports for outgoing connections: a node that restarts must find its
/// own port free.
enum FreePorts {
    static func choose(_ count: Int) -> [Int] {
        chosen.withLock { chosen in
            let taken = taken
            var ports: [Int] = []
            while ports.count < count {
                let port = Int.random(in: 10_000..<firstEphemeral)
                if !taken.contains(port), chosen.insert(port).inserted { ports.append(port) }
            }
            return ports
        }
    }

    /// What was given to anybody in this process; not given twice, since a node may be dead when the ports are looked at.
    private static let chosen = Mutex<Set<Int>>([])

    private static let firstEphemeral: Int = {
        let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let first = text?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32_768
        return first > 12_000 ? first : 32_768
    }()

    /// The local ports of all sockets of the machine.
    private static var taken: Set<Int> {
        var ports: Set<Int> = []
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 1, let port = fields[1].split(separator: ":").last else { continue }
                if let number = Int(port, radix: 16) { ports.insert(number) }
            }
        }
        return ports
    }
}
