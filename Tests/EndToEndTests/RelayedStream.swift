import NIOCore
import Synchronization
import TestSupport

/// One direction of one connection through a relay.
struct RelayedStream {
    private struct Piece {
        let bytes: ByteBuffer
        let due: ContinuousClock.Instant
    }

    private enum Half {
        case taken
        case given
    }

    private struct Lost: Error {}

    private let way: Way
    private let ledger: RelayLedger
    private let recording: Int?
    private let random: SeededRandom

    /// How long nothing is done while the way is dark.
    private static let doze = Duration.milliseconds(10)

    init(_ way: Way, _ ledger: RelayLedger) {
        self.way = way
        self.ledger = ledger
        (recording, random) = ledger.begin(way)
    }

    /// Passes everything on until the source ends, the target is gone, chance ends the connection, or the task is cancelled.
    func run(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ target: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async {
        let (pieces, queue) = AsyncStream.makeStream(of: Piece.self)
        await withTaskGroup(of: Half.self) { group in
            group.addTask {
                await take(source, queue)
                return .taken
            }
            group.addTask {
                try? await give(pieces, target)
                return .given
            }
            // What was taken is still given; once nothing can be given, nothing need be taken.
            while let half = await group.next(), half == .taken {}
            group.cancelAll()
        }
    }

    private func take(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ queue: AsyncStream<Piece>.Continuation
    ) async {
        var random = random
        do {
            for try await bytes in source {
                ledger.record(bytes, in: recording)
                let weather = ledger.weather(on: way)
                var rest = bytes
                while rest.readableBytes > 0 {
                    let length = weather.pieces.map { Int.random(in: $0, using: &random) } ?? rest.readableBytes
                    guard let piece = rest.readSlice(length: min(length, rest.readableBytes)) else { break }
                    let delay = Int.random(in: weather.delayMilliseconds, using: &random)
                    let due = ContinuousClock.now + .milliseconds(delay)
                    if case .terminated = queue.yield(Piece(bytes: piece, due: due)) { return }
                }
            }
        } catch {}
        queue.finish()
    }

    private func give(_ pieces: AsyncStream<Piece>, _ target: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        var random = random
        var count = 0
        for await piece in pieces {
            if piece.due > .now { try await Task.sleep(until: piece.due, clock: .continuous) }
            while ledger.weather(on: way).isDark { try await Task.sleep(for: Self.doze) }
            let weather = ledger.weather(on: way)
            if let rate = weather.bytesPerSecond {
                try await Task.sleep(for: .seconds(Double(piece.bytes.readableBytes) / Double(rate)))
            }
            count += 1
            let isMoment = count.isMultiple(of: 8)
            if isMoment, Int.random(in: 0..<100, using: &random) < weather.lossPercent {
                ledger.noteLoss()
                throw Lost()
            }
            try await target.write(piece.bytes)
            if isMoment, Int.random(in: 0..<100, using: &random) < weather.repeatPercent {
                ledger.noteRepetition()
                try await target.write(piece.bytes)
            }
        }
    }
}
