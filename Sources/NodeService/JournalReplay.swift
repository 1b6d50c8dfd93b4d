internal import Dispatch
internal import NodeStore
internal import PauseAgreement
internal import SignedStatements
internal import Synchronization

/// Reads a journal from its start: rows are read and taken in one after the other, and decoded in between on all
/// processors, a bounded number of batches ahead.
struct JournalReplay {
    private let journal: Journal
    private let decoders = DispatchQueue(label: "standstill.replay", attributes: .concurrent)
    private var ahead: [DecodedBatch] = []
    private var position = 0
    /// What ended the reading early; told when everything read before has been handed over.
    private var failure: StoreError?

    /// Rows decoded as one piece of work.
    private static let rowsPerBatch = 256
    /// Batches read and not yet taken in; a batch holds ``JournalLimits/bytesPerBatch`` at most.
    private static let batchesAhead = 4

    init(_ journal: Journal) {
        self.journal = journal
    }

    /// The next records with their positions, in order; empty at the end.
    ///
    /// Throws at the first row that is not what was written, after everything before it.
    mutating func next() throws(StoreError) -> [(position: Int, at: Instant, record: DecodedBatch.Record)] {
        while failure == nil, ahead.count < Self.batchesAhead {
            do throws(StoreError) {
                let rows = try journal.entries(after: position, limit: Self.rowsPerBatch)
                guard let last = rows.last else { break }
                position = last.position
                ahead.append(DecodedBatch(rows, on: decoders))
            } catch {
                failure = error
            }
        }
        if !ahead.isEmpty { return ahead.removeFirst().wait() }
        if let failure { throw failure }
        return []
    }
}

/// Rows on their way from bytes to records.
final class DecodedBatch: Sendable {
    typealias Record = Result<Participant.Record, ParticipantError>

    private let rows: [JournalRow]
    private let records = Mutex<[Record]>([])
    private let isDone = DispatchSemaphore(value: 0)

    init(_ rows: [JournalRow], on queue: DispatchQueue) {
        self.rows = rows
        queue.async { [self] in
            let decoded = rows.map { row in
                Record { () throws(ParticipantError) in try JournalRecords.record(in: row.entry) }
            }
            records.withLock { $0 = decoded }
            isDone.signal()
        }
    }

    /// What the rows hold, once they are decoded; called once.
    func wait() -> [(position: Int, at: Instant, record: Record)] {
        isDone.wait()
        return zip(rows, records.withLock(\.self)).map { row, record in
            (row.position, Instant(seconds: Int64(row.entry.receivedAt)) ?? .earliest, record)
        }
    }
}
