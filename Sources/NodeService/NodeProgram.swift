internal import AsyncAlgorithms
internal import CryptoPrimitives
package import Logging
internal import NodeNetwork
internal import NodeStore
internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import ServiceLifecycle
internal import SignedStatements

/// A node from its first connection to its orderly end, as a service.
package struct NodeProgram: Service {
    private let start: NodeStartBox
    private let logger: Logger
    private let shortfalls: [ProcessHardening.Shortfall]

    /// `shortfalls` is what the process found out about itself, for the operator's questions.
    package init(
        _ start: consuming sending NodeStart,
        shortfalls: [ProcessHardening.Shortfall] = [],
        logger: Logger
    ) {
        self.start = NodeStartBox(start)
        self.shortfalls = shortfalls
        self.logger = logger
    }

    package func run() async throws {
        guard let start = start.take() else { preconditionFailure("a node runs once") }
        let configuration = start.configuration
        let peers = PeerBook(charter: start.charter, own: configuration.party, at: .now)
        let epoch = RunEpoch()
        let network = try await PeerNetwork.start(
            Self.settings(configuration, start.charter, epoch),
            staticKey: start.transportKey.duplicate(),
            logger: logger
        )
        let (tickets, inbox) = AsyncStream.makeStream(of: OperatorTicket.self, bufferingPolicy: .bufferingOldest(64))
        let socket: LocalSocketServer?
        do {
            socket = try await Self.listen(at: configuration.socket, inbox, logger)
        } catch {
            // On a disk that is mounted read-only no socket can be made; peers are served all the same.
            guard start.journal.failure != nil else { throw error }
            logger.error("no commands are answered: \(error)")
            socket = nil
        }
        let board = configuration.metrics.map { _ in HealthBoard() }
        let metrics = try await Self.serve(board, configuration)
        logger.notice(
            "node runs",
            metadata: [
                "party": "\(configuration.party)", "charter": "\(start.charter.id)", "port": "\(network.port)",
                "journal": "\(start.restored)",
            ]
        )
        var loop = NodeLoop(start, network: network, peers: peers, epoch: epoch, logger: logger)
        (loop.board, loop.shortfalls) = (board, shortfalls)
        let outcome: Result<Void, any Error>
        do {
            try await withGracefulShutdownHandler {
                try await Self.serve(&loop, network: network, socket: socket, tickets)
            } onGracefulShutdown: {
                inbox.finish()
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        loop.listeners.close()
        await metrics?.close()
        await network.close()
        await socket?.close()
        logger.notice("node stopped")
        try outcome.get()
    }

    private enum Event: Sendable {
        case network(PeerNetworkEvent)
        case ticket(OperatorTicket)
        case tick
        case stop
    }

    private static func serve(
        _ loop: inout NodeLoop,
        network: PeerNetwork,
        socket: LocalSocketServer?,
        _ tickets: AsyncStream<OperatorTicket>
    ) async throws {
        async let serving: Void? = socket?.run()
        try await loop.begin()
        let ended = tickets.map(Event.ticket)
        let events = merge(
            network.events.map(Event.network),
            chain(ended, [Event.stop].async),
            AsyncTimerSequence(interval: .milliseconds(100), clock: .continuous).map { _ in Event.tick }
        )
        events: for await event in events {
            switch event {
            case .network(let event): try await loop.receive(event)
            case .ticket(let ticket): try await loop.answer(ticket)
            case .tick: try await loop.tick()
            case .stop: break events
            }
        }
        await socket?.close()
        _ = await serving
    }

    /// Shows monitors what the loop leaves on the board, if the configuration says where.
    private static func serve(_ board: HealthBoard?, _ configuration: NodeConfiguration) async throws -> MetricsServer?
    {
        guard let board, let address = configuration.metrics else { return nil }
        let pages = HealthPages(board: board)
        let hosts = MetricsHost(other: configuration.metricsHost)
        return try await MetricsServer.listen(host: address.host, port: address.port, hosts: hosts) { path in
            await pages.page(at: path)
        }
    }

    private static func listen(
        at path: String,
        _ inbox: AsyncStream<OperatorTicket>.Continuation,
        _ logger: Logger
    ) async throws -> LocalSocketServer {
        try await LocalSocketServer.listen(at: path, logger: logger) { line in
            let (answer, continuation) = AsyncStream.makeStream(
                of: String.self,
                bufferingPolicy: .bufferingNewest(OperatorListeners.eventsHeld)
            )
            if case .enqueued = inbox.yield(OperatorTicket(line: line, answer: continuation)) { return answer }
            return LocalSocketServer.answer([OperatorReply(error: "the node is busy or stopping; try again").line])
        }
    }

    private static func settings(
        _ configuration: NodeConfiguration,
        _ charter: Charter,
        _ epoch: RunEpoch
    ) -> NetworkSettings {
        let others = charter.parties.filter { $0.name != configuration.party }
        var addresses: [PeerKey: [NodeNetwork.PeerAddress]] = [:]
        for party in others {
            guard let address = configuration.peers[party.name] else { continue }
            addresses[PeerKey(party.transportKey)] = [try? NodeNetwork.PeerAddress(address.description)].compactMap(
                \.self
            )
        }
        return NetworkSettings(
            network: SHA256.hash(Array(charter.network.utf8)),
            roster: PeerRoster(others.map { (PeerKey($0.transportKey), $0.name.text) }),
            listenHost: configuration.listen.host,
            listenPort: configuration.listen.port,
            addresses: addresses
        ) {
            let hello = Hello(
                charter: charter.id.bytes,
                charterVersion: UInt32(clamping: charter.version),
                runEpoch: epoch.value,
                clockSeconds: UInt64(clamping: Instant.now.seconds),
                software: NodeVersion.text,
                features: [Hello.twinNotice]
            )
            guard let hello else { preconditionFailure("a HELLO with one feature is well-formed") }
            return hello
        }
    }
}
