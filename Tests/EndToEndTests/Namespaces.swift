import Foundation

/// A network of its own for every party, joined by a bridge in one more, with packet filters for bad weather.
///
/// The namespaces have no names: each belongs to a process that waits for the end of its standard input, so all of them
/// are gone when this process is, however it ends.
final class Namespaces: Wires {
    private final class Holder {
        let process = Process()
        private let leash = Pipe()

        init() throws {
            process.executableURL = URL(filePath: Tool.path(of: "unshare") ?? "unshare")
            process.arguments = ["--net", "cat"]
            process.environment = ["PATH": "/usr/bin:/bin"]
            process.standardInput = leash.fileHandleForReading
            process.standardOutput = FileHandle.nullDevice
            try process.run()
        }

        func end() {
            try? leash.fileHandleForWriting.close()
            process.waitUntilExit()
        }

        /// Runs a program in the namespace.
        func run(_ words: [String], input: String = "") throws {
            try Tool.run(["nsenter", "--target", "\(process.processIdentifier)", "--net"] + words, input: input)
        }

        /// Whether the process is in its own namespace by now.
        var isReady: Bool {
            let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
            let path = "/proc/\(process.processIdentifier)/ns/net"
            let other = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            return other != nil && other != own
        }
    }

    private let names: [String]
    private let bridge: Holder
    private let holders: [String: Holder]
    private var weather: [Way: Weather] = [:]

    /// Why there are no namespaces here; nil when there are.
    static let obstacle: String? = {
        for tool in ["unshare", "nsenter", "ip", "nft"] where Tool.path(of: tool) == nil {
            return "there is no program \(tool)"
        }
        do {
            try Tool.run(["unshare", "--net", "ip", "link", "add", "name", "probe", "type", "bridge"])
            try Tool.run(
                ["unshare", "--net", "nft", "--file", "-"],
                input: Namespaces.ruleset(["ip saddr 10.77.0.1 drop"])
            )
            return nil
        } catch {
            return "\(error)"
        }
    }()

    init(_ names: [String]) async throws {
        self.names = names
        bridge = try Holder()
        var holders: [String: Holder] = [:]
        for name in names { holders[name] = try Holder() }
        self.holders = holders
        do {
            for holder in holders.values + [bridge] {
                while !holder.isReady { try await Task.sleep(for: .milliseconds(5)) }
            }
            try connect()
        } catch {
            remove()
            throw error
        }
    }

    /// Ends the processes that hold the namespaces.
    func remove() { for holder in holders.values + [bridge] { holder.end() } }

    private func connect() throws {
        try bridge.run(["ip", "link", "add", "name", "bridge", "type", "bridge"])
        try bridge.run(["ip", "link", "set", "bridge", "up"])
        for (index, name) in names.enumerated() {
            guard let holder = holders[name] else { continue }
            let process = "\(holder.process.processIdentifier)"
            try bridge.run(
                ["ip", "link", "add", "party\(index)", "type", "veth", "peer", "name", "net", "netns", process]
            )
            try bridge.run(["ip", "link", "set", "party\(index)", "master", "bridge", "up"])
            try holder.run(["ip", "address", "add", "\(address(of: name))/24", "dev", "net"])
            try holder.run(["ip", "link", "set", "net", "up"])
            try holder.run(["ip", "link", "set", "lo", "up"])
        }
    }

    func address(of name: String) -> String { "10.77.0.\((names.firstIndex(of: name) ?? 0) + 1)" }

    /// The words before a command that shall run in a party's network.
    func launcher(_ name: String) -> [String] {
        let process = holders[name].map { "\($0.process.processIdentifier)" } ?? ""
        return [Tool.path(of: "nsenter") ?? "nsenter", "--target", process, "--net"]
    }

    func set(_ weather: Weather, on ways: [Way]) throws {
        for way in ways { self.weather[way] = weather }
        for receiver in Set(ways.map(\.receiver)) {
            let rules = names.compactMap { sender in
                rule(self.weather[Way(sender: sender, receiver: receiver)] ?? .clear, from: address(of: sender))
            }
            try holders[receiver]?.run(["nft", "--file", "-"], input: Self.ruleset(rules))
        }
    }

    /// What a party's own filter does to packets from an address.
    private func rule(_ weather: Weather, from address: String) -> String? {
        if weather.isDark { return "ip saddr \(address) drop" }
        if weather.isCut { return "ip saddr \(address) meta l4proto tcp reject with tcp reset" }
        guard weather.lossPercent > 0 else { return nil }
        return "ip saddr \(address) numgen random mod 100 < \(weather.lossPercent) drop"
    }

    private static func ruleset(_ rules: [String]) -> String {
        """
        flush ruleset
        table inet weather {
            chain input {
                type filter hook input priority 0; policy accept;
                \(rules.joined(separator: "\n        "))
            }
        }

        """
    }
}
