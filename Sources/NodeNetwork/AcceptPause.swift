internal import NIOCore

/// Stops accepting for a while when the system cannot hand over a connection, such as for want of descriptors.
///
/// Waiting callers stay in the backlog. NIO's own handler for this postpones its next read, but leaves the listening socket
/// registered, so that the event loop would wake at once again and again.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let wait: TimeAmount
    private var isPaused = false

    init(milliseconds: Int64 = NetworkLimits().acceptPauseMilliseconds) {
        wait = .milliseconds(milliseconds)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError else { return context.fireErrorCaught(error) }
        guard !isPaused else { return }
        isPaused = true
        setReading(false, context.channel)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: wait) {
            let (handler, context) = bound.value
            handler.isPaused = false
            handler.setReading(true, context.channel)
        }
    }

    private func setReading(_ reads: Bool, _ channel: any Channel) {
        // A listener that is closed meanwhile accepts nothing anyway.
        try? channel.syncOptions?.setOption(.autoRead, value: reads)
    }
}
