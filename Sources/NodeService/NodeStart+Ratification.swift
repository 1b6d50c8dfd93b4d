internal import NodeStore
package import PauseAgreement

extension NodeStart {
    /// Records the operator's wish to ratify the charter while the node does not run.
    ///
    /// The node signs when it runs and its peers have said what they hold of this party.
    package mutating func ratify(at now: Moment) throws {
        let outputs = try participant.ratify(at: now)
        var entries: [JournalEntry] = []
        for case .append(let record) in outputs {
            entries.append(JournalRecords.entry(for: record, receivedAt: now.instant))
        }
        _ = try journal.append(entries)
    }
}
