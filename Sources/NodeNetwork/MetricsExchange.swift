internal import NIOCore
internal import NIOHTTP1

/// A request is longer than any that a monitor sends.
struct RequestTooLong: Error {}

/// Lets a bounded number of bytes through to the HTTP parser, whatever they are.
final class RequestBudget: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var left: Int

    init(bytes: Int) {
        left = bytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        left -= unwrapInboundIn(data).readableBytes
        if left >= 0 {
            context.fireChannelRead(data)
        } else {
            context.fireErrorCaught(RequestTooLong())
        }
    }
}

/// One request and its answer, after which the connection is closed.
final class MetricsExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case waiting
        case received(HTTPRequestHead)
        case answering
    }

    private let hosts: MetricsHost
    private let time: TimeAmount
    private let handler: MetricsServer.Handler
    private var state = State.waiting
    private var deadline: Scheduled<Void>?

    init(_ hosts: MetricsHost, _ time: TimeAmount, _ handler: @escaping MetricsServer.Handler) {
        self.hosts = hosts
        self.time = time
        self.handler = handler
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        // However slowly a caller sends or reads, its slot is free again after this.
        deadline = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting):
            if let refusal = refusal(of: head) { return answer(refusal, head, context) }
            state = .received(head)
        case (.body, .received(let head)):
            answer(Self.page(413, "a request has no body"), head, context)
        case (.end, .received(let head)): ask(head, context)
        // What comes after the answer has begun is not read any more.
        case (.head, .received), (_, .answering), (.body, .waiting), (.end, .waiting): break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .answering = state else {
            let isTooLong = error is RequestTooLong
            let page = isTooLong ? Self.page(431, "the request is too long") : Self.page(400, "this is not HTTP/1.1")
            return answer(page, nil, context)
        }
        context.close(promise: nil)
    }

    /// Why a request is not even looked up.
    private func refusal(of head: HTTPRequestHead) -> MetricsServer.Page? {
        let names = head.headers["host"]
        guard names.count == 1, hosts.allows(names[0]) else { return Self.page(421, "this host name is not served") }
        guard head.method == .GET || head.method == .HEAD else { return Self.page(405, "only GET and HEAD are served") }
        let hasBody =
            head.headers.contains(name: "transfer-encoding") || head.headers["content-length"].contains { $0 != "0" }
        return hasBody ? Self.page(413, "a request has no body") : nil
    }

    private func ask(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .answering
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let handler = handler
        context.eventLoop.makeFutureWithTask { await handler(head.uri) }.whenComplete { result in
            let (exchange, context) = bound.value
            let page = (try? result.get()).flatMap(\.self)
            exchange.answer(page ?? Self.page(404, "there is /metrics, /healthz and /readyz"), head, context)
        }
    }

    private func answer(_ page: MetricsServer.Page, _ head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
        state = .answering
        guard context.channel.isActive else { return }
        let body = ByteBuffer(string: page.text)
        var headers = HTTPHeaders([
            ("content-type", page.contentType), ("content-length", "\(body.readableBytes)"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"), ("connection", "close"),
        ])
        if page.status == 405 { headers.add(name: "allow", value: "GET, HEAD") }
        let status = HTTPResponseStatus(statusCode: page.status)
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
            promise: nil
        )
        if head?.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }

    private static func page(_ status: Int, _ text: String) -> MetricsServer.Page {
        MetricsServer.Page(status: status, text: text + "\n")
    }
}
