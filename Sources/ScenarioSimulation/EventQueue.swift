internal import PauseAgreement

/// What is to happen, by time and, at one time, in the order it was added: a binary heap of the moments at which anything happens.
///
/// Many events share a moment, since moments are whole milliseconds.
struct EventQueue<Event> {
    /// The earliest moment and its events, nil where they were taken; nil itself when nothing is to happen.
    private var present: (moment: Moment, events: [Event?], taken: Int)?
    /// The later moments.
    private var moments: [Moment] = []
    private var events: [Moment: [Event?]] = [:]

    var nextMoment: Moment? { present?.moment }

    mutating func add(_ event: Event, at moment: Moment) {
        guard let earliest = present?.moment else { return present = (moment, [event], 0) }
        if moment == earliest {
            present?.events.append(event)
        } else if moment > earliest {
            wait(event, until: moment)
        } else if let later = present {
            events[later.moment] = Array(later.events[later.taken...])
            raise(later.moment)
            present = (moment, [event], 0)
        }
    }

    mutating func removeFirst() -> (at: Moment, event: Event)? {
        guard let moment = present?.moment, let taken = present?.taken else { return nil }
        let event = present?.events[taken].take()
        present?.taken += 1
        if taken + 1 == present?.events.count { present = takeNext() }
        return event.map { (moment, $0) }
    }

    private mutating func wait(_ event: Event, until moment: Moment) {
        guard events[moment]?.append(event) == nil else { return }
        events[moment] = [event]
        raise(moment)
    }

    private mutating func takeNext() -> (Moment, [Event?], Int)? {
        guard let moment = moments.first, let next = events.removeValue(forKey: moment) else { return nil }
        let last = moments.removeLast()
        if !moments.isEmpty { sink(last) }
        return (moment, next, 0)
    }

    /// Adds a moment, and lets it rise to its level.
    private mutating func raise(_ moment: Moment) {
        moments.append(moment)
        var index = moments.count - 1
        while index > 0, moment < moments[(index - 1) / 2] {
            moments[index] = moments[(index - 1) / 2]
            index = (index - 1) / 2
        }
        moments[index] = moment
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
