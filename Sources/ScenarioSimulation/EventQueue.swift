internal import PauseAgreement

/// What is to happen, by time and, at one time, in the order it was added: a binary heap of the moments at which anything happens.
///
/// Many events share a moment, since moments are whole milliseconds.
struct EventQueue<Event> {
    private struct Bucket {
        /// nil where it was taken.
        var events: [Event?]
        var taken = 0
    }

    private var moments: [Moment] = []
    private var buckets: [Moment: Bucket] = [:]

    var nextMoment: Moment? { moments.first }

    mutating func add(_ event: Event, at moment: Moment) {
        guard buckets[moment]?.events.append(event) == nil else { return }
        buckets[moment] = Bucket(events: [event])
        moments.append(moment)
        var index = moments.count - 1
        while index > 0, moment < moments[(index - 1) / 2] {
            moments[index] = moments[(index - 1) / 2]
            index = (index - 1) / 2
        }
        moments[index] = moment
    }

    mutating func removeFirst() -> (at: Moment, event: Event)? {
        guard let first = moments.first, let bucket = buckets.index(forKey: first) else { return nil }
        let taken = buckets.values[bucket].taken
        let event = buckets.values[bucket].events[taken].take()
        buckets.values[bucket].taken += 1
        if taken + 1 == buckets.values[bucket].events.count {
            buckets.remove(at: bucket)
            let last = moments.removeLast()
            if !moments.isEmpty { sink(last) }
        }
        return event.map { (first, $0) }
    }

    /// Puts a moment where the first one was, and lets it sink to its level.
    private mutating func sink(_ moment: Moment) {
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < moments.count else { break }
            if child + 1 < moments.count, moments[child + 1] < moments[child] { child += 1 }
            guard moments[child] < moment else { break }
            moments[index] = moments[child]
            index = child
        }
        moments[index] = moment
    }
}
