internal import PauseAgreement

/// What is to happen, by time and, at one time, in the order it was added: a binary heap.
struct EventQueue<Event> {
    private struct Entry {
        let at: Moment
        let order: UInt64
        let event: Event

        func precedes(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
    }

    private var heap: [Entry] = []
    private var added: UInt64 = 0

    var nextMoment: Moment? { heap.first?.at }

    mutating func add(_ event: Event, at moment: Moment) {
        heap.append(Entry(at: moment, order: added, event: event))
        added += 1
        var place = heap.count - 1
        while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() -> (at: Moment, event: Event)? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return (last.at, last.event) }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            guard least != place else { break }
            heap.swapAt(place, least)
            place = least
        }
        return (first.at, first.event)
    }
}
