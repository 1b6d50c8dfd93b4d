internal import PauseAgreement

/// What is to happen, by time and, at one time, in the order it was added: a binary heap of places, so that events lie still.
struct EventQueue<Event> {
    private struct Entry {
        let at: Moment
        let order: UInt64
        let place: Int

        func precedes(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
    }

    private var heap: [Entry] = []
    private var events: [Event?] = []
    private var free: [Int] = []
    private var added: UInt64 = 0

    var nextMoment: Moment? { heap.first?.at }

    mutating func add(_ event: Event, at moment: Moment) {
        let place = free.popLast() ?? events.count
        if place == events.count { events.append(event) } else { events[place] = event }
        let entry = Entry(at: moment, order: added, place: place)
        added += 1
        heap.append(entry)
        var index = heap.count - 1
        while index > 0, entry.precedes(heap[(index - 1) / 2]) {
            heap[index] = heap[(index - 1) / 2]
            index = (index - 1) / 2
        }
        heap[index] = entry
    }

    mutating func removeFirst() -> (at: Moment, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        free.append(first.place)
        return events[first.place].take().map { (first.at, $0) }
    }

    /// Puts an entry where the first one was, and lets it sink to its level.
    private mutating func sink(_ entry: Entry) {
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(entry) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = entry
    }
}
