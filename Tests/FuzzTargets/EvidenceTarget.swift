internal import CryptoPrimitives
internal import PauseEvidence
internal import SignedStatements

extension FuzzTarget {
    /// The files of a real order with lines left out, moved, altered and put in, for whoever judges them.
    static let evidence = FuzzTarget(name: "evidence", maximumCount: 2048) { bytes in
        let run = try RecordedRun.stored.get()
        var input = FuzzInput(bytes)
        var record = lines(of: run.record)
        var keys = lines(of: run.keys)
        var order = run.order
        let plan = input.byte()
        var added: [[UInt8]] = []
        while !input.isEmpty {
            switch input.number(below: 6) {
            case 0 where !record.isEmpty: record.remove(at: input.wide() % record.count)
            case 1 where !record.isEmpty: added.append(altered(record[input.wide() % record.count], &input))
            case 2: added.append(input.chunk())
            case 3 where !keys.isEmpty:
                keys[input.wide() % keys.count] = altered(keys[input.wide() % keys.count], &input)
            case 4: order = altered(order, &input)
            default: record.swapAt(input.wide() % max(1, record.count), 0)
            }
            guard added.count <= 64, !record.isEmpty else { break }
        }
        let bundle = EvidenceBundle(
            order: order,
            charter: plan & 1 == 0 ? run.charter.bytes : nil,
            keys: plan & 2 == 0 ? joined(keys) : nil,
            record: plan & 4 == 0 ? joined(record) : nil
        )
        try judge(bundle, with: added, run)
    }

    /// Adding lines never turns a proof into something less, and never makes an order that is not the real one.
    private static func judge(_ bundle: EvidenceBundle, with added: [[UInt8]], _ run: RecordedRun) throws {
        let instant = try during(run)
        let pin = OrderVerification.Pin.charter(run.charter.id)
        let before = OrderVerification.verify(bundle, pin: pin, at: instant)
        if before.verdict.isPositive {
            try hold(bundle.order == run.order, "an altered order is in force")
            try hold(bundle.charter != nil && bundle.keys != nil && bundle.record != nil, "proven without its files")
        }
        guard let record = bundle.record, !added.isEmpty else { return }
        var more = bundle
        more.record = record + joined(added.filter { !$0.contains(UInt8(ascii: "\n")) })
        let after = OrderVerification.verify(more, pin: pin, at: instant)
        if before.verdict.isPositive {
            try hold(after.verdict.isPositive, "a line more turned a proof into \(after.verdict)")
        }
        // Nothing that was added is signed, but for lines that are in the record already.
        try hold(after.misconduct.count <= before.misconduct.count, "an unsigned line accuses somebody")
    }

    private static func during(_ run: RecordedRun) throws -> Instant {
        let order = try Order(decoding: String(decoding: run.order, as: UTF8.self))
        guard let hour = Seconds(3600) else { throw Finding("no hour") }
        return order.claims.effective + hour
    }

    private static func altered(_ line: [UInt8], _ input: inout FuzzInput) -> [UInt8] {
        guard !line.isEmpty else { return line }
        var line = line
        let place = input.wide() % line.count
        switch input.number(below: 4) {
        case 0: line[place] ^= 1 << UInt8(input.number(below: 8))
        case 1: line.removeSubrange(place...)
        case 2: line.insert(contentsOf: input.take(input.number(below: 16)), at: place)
        default: line.replaceSubrange(place..<min(line.count, place + 16), with: input.take(16))
        }
        return line
    }

    private static func lines(of file: [UInt8]) -> [[UInt8]] {
        file.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    private static func joined(_ lines: [[UInt8]]) -> [UInt8] {
        lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }
}
