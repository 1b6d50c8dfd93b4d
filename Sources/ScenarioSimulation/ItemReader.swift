internal import PauseAgreement
internal import PeerProtocol
internal import SignedStatements

/// Reads what peers send: at every node anew, or once for all nodes of a run.
///
/// Reading once is the fast stand-in: a statement's text and signature are judged by whoever meets it first, and what a party of
/// the run has signed is not judged again. Nothing is taken that would be refused otherwise, since the judgement is a function of
/// the bytes and the charter.
struct ItemReader {
    enum Reading {
        case statement(Verified<Statement>)
        /// An order or key proof, which each node verifies under the keys it knows.
        case item(Item)
        case invalid(String)
    }

    /// An item as it passes over a line.
    struct Parcel {
        let bytes: [UInt8]
        /// nil where every node has to find it out.
        let identifier: StatementIdentifier?
    }

    private struct Known {
        let text: String
        let bytes: [UInt8]
        let reading: Reading
    }

    /// What the nodes find out for each other; nil where everybody reads for itself.
    let shared: CommonFindings?
    private let charter: Charter
    private var known: [StatementIdentifier: Known] = [:]

    init(charter: Charter, readsOnce: Bool) {
        self.charter = charter
        shared = readsOnce ? CommonFindings() : nil
    }

    /// What is sent of an item.
    mutating func parcel(_ item: Item) -> Parcel {
        guard let shared else { return Parcel(bytes: Array(item.text.utf8), identifier: nil) }
        let identifier = item.id.bytes
        if let known = known[identifier], known.text == item.text {
            return Parcel(bytes: known.bytes, identifier: identifier)
        }
        let bytes = Array(item.text.utf8)
        if let statement = shared.statement(item.id, text: item.text) {
            known[identifier] = Known(text: item.text, bytes: bytes, reading: .statement(statement))
        }
        return Parcel(bytes: bytes, identifier: identifier)
    }

    mutating func read(_ parcel: Parcel) -> Reading {
        guard let identifier = parcel.identifier else { return judge(String(decoding: parcel.bytes, as: UTF8.self)) }
        if let known = known[identifier], known.bytes == parcel.bytes { return known.reading }
        let text = String(decoding: parcel.bytes, as: UTF8.self)
        let reading = judge(text)
        known[identifier] = Known(text: text, bytes: parcel.bytes, reading: reading)
        return reading
    }

    private func judge(_ text: String) -> Reading {
        do {
            let item = try Item(decoding: text)
            guard case .statement(let statement) = item else { return .item(item) }
            return .statement(try charter.verify(statement))
        } catch {
            return .invalid("\(error)")
        }
    }
}
