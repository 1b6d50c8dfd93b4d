import Testing

extension EndToEnd {
    /// The scenarios that packet filters can make, with real packets.
    @Suite(.serialized, .enabled(if: Namespaces.obstacle == nil, "no network namespaces: \(Namespaces.obstacle ?? "")"))
    struct NamespaceTests {
        @Test(.timeLimit(.minutes(30)), arguments: Scenario.all.filter(\.isForPackets))
        func `a bad network delays an order and changes nothing else`(scenario: Scenario) async throws {
            let village = try Village(scenario.size)
            defer { village.remove() }
            let namespaces = try await Namespaces(village.names)
            defer { namespaces.remove() }
            village.listen = { "\(namespaces.address(of: $0)):7411" }
            village.dialled = { "\(namespaces.address(of: $1)):7411" }
            village.launcher = { namespaces.launcher($0) }
            try await Passage(scenario, village, namespaces).run()
        }
    }
}
