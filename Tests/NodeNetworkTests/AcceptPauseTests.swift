import NIOCore
import NIOEmbedded
import Testing

@testable import NodeNetwork

@Suite struct AcceptPauseTests {
    @Test func `a listener that gets no descriptor is not read for a while, and then again`() throws {
        let channel = EmbeddedChannel(handler: AcceptPause(milliseconds: 1_000))
        defer { _ = try? channel.finish() }
        func reads() -> Bool? {
            channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
        }
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
        #expect(reads() == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
        #expect(reads() == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(reads() == true)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
        #expect(reads() == false)
        try channel.throwIfErrorCaught()
    }

    @Test func `what else goes wrong with a listener is passed on`() {
        let channel = EmbeddedChannel(handler: AcceptPause(milliseconds: 1_000))
        defer { _ = try? channel.finish() }
        channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
        #expect(throws: ChannelError.self) { try channel.throwIfErrorCaught() }
    }
}
