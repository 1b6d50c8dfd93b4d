internal import Logging
internal import NodeStore
internal import PauseAgreement
internal import PeerProtocol

/// A node that cannot remember any more: it signs, takes in and sends nothing new, stays up, serves its peers what is on
/// its disk, and tells its operator why.
extension NodeLoop {
    /// Why the node is impaired, until its next start, and what to do; nil while all is well.
    var impairment: String? { journal.failure?.impairment }

    /// A start from a journal that can only be read: the replay is never ended, so that nothing is owed.
    mutating func beginImpaired() async {
        announceImpairment()
        await updateAddresses()
    }

    /// An append or the high-water file failed; rows up to `last` are durable and may have been sent.
    ///
    /// What the core took in beyond them is forgotten: it is read again from the disk, without an end of the replay.
    mutating func impair(because cause: StoreError, keeping last: Int) {
        journal.stop(after: last, because: cause)
        let isAbstaining = participant.agreement.isAbstaining
        participant.beginReplay()
        _ = NodeStart.replay(journal, into: &participant)
        if isAbstaining { participant.suspect() }
        announceImpairment()
    }

    private mutating func announceImpairment() {
        dissemination.stopReading()
        listeners.isStale = true
        logger.critical("\(impairment ?? "")")
    }
}
