internal import NIOCore

/// Cuts a byte stream into lines of UTF-8 without their line feeds, each at most ``maximumLineBytes`` long.
struct LineDecoder: ByteToMessageDecoder {
    typealias InboundOut = String

    static let maximumLineBytes = 1 << 20

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else {
            guard buffer.readableBytes <= Self.maximumLineBytes else { throw NetworkError.malformedLine }
            return .needMoreData
        }
        let count = end - buffer.readerIndex
        guard count <= Self.maximumLineBytes, let bytes = buffer.readBytes(length: count) else {
            throw NetworkError.malformedLine
        }
        buffer.moveReaderIndex(forwardBy: 1)
        guard let line = String(validating: bytes, as: UTF8.self) else { throw NetworkError.malformedLine }
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> DecodingState {
        // A last line without its line feed was cut off, and is nobody's answer.
        .needMoreData
    }
}
