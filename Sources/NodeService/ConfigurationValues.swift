internal import Logging
internal import QuorumPolicy
internal import SignedStatements

/// Turns the lines of a configuration into values, with defaults for those that are absent.
struct ConfigurationValues {
    let mapping: ConfigurationMapping
    /// The directory of the file, for relative paths.
    let directory: String

    func configuration() throws(SetupError) -> NodeConfiguration {
        let data = try path(.data) ?? directory
        let everywhere = "0.0.0.0:\(NodeConfiguration.defaultPort)"
        return NodeConfiguration(
            party: try require(.party, party(.party)),
            charter: try require(.charter, path(.charter)),
            key: try path(.key) ?? NodeDirectory(path: directory).key,
            data: data,
            listen: try require(.listen, address(.listen) ?? PeerAddress(everywhere)),
            announce: try announced(),
            peers: try peers(),
            socket: try socket() ?? NodeDirectory(path: data).socket,
            logLevel: try choice(.logLevel, Logger.Level.allCases) ?? .info,
            logFormat: try choice(.logFormat, NodeConfiguration.LogFormat.allCases) ?? .text,
            passphraseFile: try path(.passphraseFile),
            metrics: try metrics(),
            metricsHost: try metricsHost()
        )
    }

    private func require<Value>(_ key: NodeConfiguration.Key, _ value: Value?) throws(SetupError) -> Value {
        guard let value else {
            throw .configuration(file: mapping.file, line: nil, problem: .missingKey(key.rawValue))
        }
        return value
    }

    private func text(_ key: NodeConfiguration.Key) throws(SetupError) -> (line: Int, text: String)? {
        guard let entry = mapping[key] else { return nil }
        guard case .text(let text) = entry.value, !text.isEmpty else {
            throw error(entry.line, .wrongKind(key: key.rawValue, expected: "one value on its line"))
        }
        return (entry.line, text)
    }

    private func party(_ key: NodeConfiguration.Key) throws(SetupError) -> PartyName? {
        guard let (line, text) = try text(key) else { return nil }
        return try party(text, key, line)
    }

    private func party(_ text: String, _ key: NodeConfiguration.Key, _ line: Int) throws(SetupError) -> PartyName {
        guard let name = try? PartyName(text) else {
            throw wrong(line, key, text, "a party's name in lower-case letters, digits and - . _ /")
        }
        return name
    }

    private func path(_ key: NodeConfiguration.Key) throws(SetupError) -> String? {
        guard let (line, text) = try text(key) else { return nil }
        guard text.utf8.count <= 1024, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            throw wrong(line, key, text, "a path of at most 1024 bytes")
        }
        return text.hasPrefix("/") ? text : "\(directory)/\(text)"
    }

    private func socket() throws(SetupError) -> String? {
        guard let path = try path(.socket), let line = mapping[.socket]?.line else { return nil }
        guard path.utf8.count <= NodeConfiguration.maximumSocketPathBytes else {
            let expected = "a path of at most \(NodeConfiguration.maximumSocketPathBytes) bytes, as the system wants it"
            throw wrong(line, .socket, path, expected)
        }
        return path
    }

    /// An address of this machine alone, unless the operator has named the host that others use.
    private func metrics() throws(SetupError) -> PeerAddress? {
        guard let (line, text) = try text(.metrics) else { return nil }
        let address = try address(text, .metrics, line)
        guard try metricsHost() != nil || NodeConfiguration.isThisMachine(address.host) else {
            throw wrong(
                line,
                .metrics,
                text,
                "an address of this machine such as 127.0.0.1:9464, or set `metrics-host`"
            )
        }
        return address
    }

    private func metricsHost() throws(SetupError) -> String? {
        guard let (line, text) = try text(.metricsHost) else { return nil }
        guard NodeConfiguration.isHost(text) else {
            throw wrong(line, .metricsHost, text, "a host name without a port, such as monitor.example.org")
        }
        return text
    }

    private func address(_ key: NodeConfiguration.Key) throws(SetupError) -> PeerAddress? {
        guard let (line, text) = try text(key) else { return nil }
        return try address(text, key, line)
    }

    private func address(_ text: String, _ key: NodeConfiguration.Key, _ line: Int) throws(SetupError) -> PeerAddress {
        guard let address = PeerAddress(text) else {
            throw wrong(line, key, text, "a host and a port such as node.example.org:7411 or \"[2001:db8::1]:7411\"")
        }
        return address
    }

    private func announced() throws(SetupError) -> [PeerAddress] {
        guard let entry = mapping[.announce] else { return [] }
        guard case .list(let items) = entry.value else {
            let expected = "a list of addresses, one `- host:port` a line"
            throw error(entry.line, .wrongKind(key: "announce", expected: expected))
        }
        guard items.count <= NodeConfiguration.maximumAnnounced else {
            throw error(entry.line, .tooMany(key: "announce", maximum: NodeConfiguration.maximumAnnounced))
        }
        var addresses: [PeerAddress] = []
        for item in items {
            let address = try address(item.text, .announce, item.line)
            guard !addresses.contains(address) else { throw wrong(item.line, .announce, item.text, "listed only once") }
            addresses.append(address)
        }
        return addresses
    }

    private func peers() throws(SetupError) -> OrderedMap<PartyName, PeerAddress> {
        guard let entry = mapping[.peers] else { return [:] }
        guard case .table(let items) = entry.value else {
            throw error(entry.line, .wrongKind(key: "peers", expected: "a list of `party: host:port` lines"))
        }
        guard items.count <= NodeConfiguration.maximumPeers else {
            throw error(entry.line, .tooMany(key: "peers", maximum: NodeConfiguration.maximumPeers))
        }
        var pairs: [(PartyName, PeerAddress)] = []
        for item in items {
            pairs.append((try party(item.key, .peers, item.line), try address(item.text, .peers, item.line)))
        }
        return OrderedMap(pairs)
    }

    private func choice<Value: RawRepresentable<String>>(
        _ key: NodeConfiguration.Key,
        _ values: [Value]
    ) throws(SetupError) -> Value? {
        guard let (line, text) = try text(key) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw wrong(line, key, text, "one of \(values.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    private func wrong(_ line: Int, _ key: NodeConfiguration.Key, _ value: String, _ expected: String) -> SetupError {
        let value = ConfigurationMapping.printable(value)
        return error(line, .wrongValue(key: key.rawValue, value: value, expected: expected))
    }

    private func error(_ line: Int, _ problem: ConfigurationProblem) -> SetupError {
        .configuration(file: mapping.file, line: line, problem: problem)
    }
}
