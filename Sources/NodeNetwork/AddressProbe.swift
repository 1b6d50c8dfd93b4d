package import CryptoPrimitives
internal import NIOCore
internal import NIOPosix
package import PeerProtocol

/// Dials an address in a node's own name, to hear whether that very node answers there.
package enum AddressProbe {
    /// Who answered, as far as an unauthenticated refusal tells.
    package enum Outcome: Hashable, Sendable {
        /// The node whose key it is: it refuses to talk to itself.
        case thisNode
        case anotherNode
        case anotherNetwork
        case anotherVersion
        /// A node with no slot left for strangers; which one it does not say.
        case busy
        /// Something that does not speak the protocol.
        case foreign
        /// The connection came up and nothing, or too little, was said in time.
        case silent
        case unresolved
        case unreachable(String)
    }

    /// For the connection and the answer each.
    package static let timeoutMilliseconds: Int64 = 4_000

    /// Sends a preamble (40 bytes) and reads the first byte of the answer; nothing else goes over the network.
    package static func dial(
        _ address: PeerAddress,
        network: Bytes32,
        own: PeerKey,
        timeoutMilliseconds: Int64 = timeoutMilliseconds
    ) async -> Outcome {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: Outcome.self)
        let preamble = Preamble(network: network, expecting: own, own: own).encoded
        do {
            let channel = try await ClientBootstrap(group: loop)
                .connectTimeout(.milliseconds(timeoutMilliseconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(FirstByte(preamble: preamble, answer: answer))
                    }
                }
                .connect(host: address.host, port: address.port)
                .get()
            let deadline = loop.scheduleTask(in: .milliseconds(timeoutMilliseconds)) { answer.succeed(.silent) }
            defer {
                deadline.cancel()
                channel.close(promise: nil)
            }
            return try await answer.futureResult.get()
        } catch {
            answer.succeed(.silent)
            guard let failure = error as? NIOConnectionError else { return .unreachable("\(error)") }
            if let attempt = failure.connectionErrors.first {
                return .unreachable(PrintableText(escaping: "\(attempt.error)", limit: 120).description)
            }
            return .unresolved
        }
    }

    static func outcome(of code: UInt8) -> Outcome {
        switch Refusal.Reason(rawValue: code) {
        case .oneself?: .thisNode
        case .someoneElse?: .anotherNode
        case .network?: .anotherNetwork
        case .version?: .anotherVersion
        case .busy?: .busy
        case nil: .foreign
        }
    }
}

/// Says the preamble and keeps the first byte that comes back.
private final class FirstByte: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let preamble: [UInt8]
    private let answer: EventLoopPromise<AddressProbe.Outcome>

    init(preamble: [UInt8], answer: EventLoopPromise<AddressProbe.Outcome>) {
        self.preamble = preamble
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: preamble)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if let code = buffer.readInteger(as: UInt8.self) { answer.succeed(AddressProbe.outcome(of: code)) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(.silent)
    }
}
