internal import PauseAgreement
internal import SignedStatements

/// Reads what peers send: at every node anew, or once for all nodes of a run.
///
/// Reading once is the fast stand-in: a statement's text and signature are judged by whoever meets it first. Nothing is taken
/// that would be refused otherwise, since the judgement is a function of the bytes and the charter.
struct ItemReader {
    enum Reading {
        case statement(Verified<Statement>)
        /// An order or key proof, which each node verifies under the keys it knows.
        case item(Item)
        case invalid(String)
    }

    private let charter: Charter
    private let readsOnce: Bool
    private var known: [[UInt8]: Reading] = [:]

    init(charter: Charter, readsOnce: Bool) {
        self.charter = charter
        self.readsOnce = readsOnce
    }

    mutating func read(_ bytes: [UInt8]) -> Reading {
        if readsOnce, let reading = known[bytes] { return reading }
        let reading = judge(bytes)
        if readsOnce { known[bytes] = reading }
        return reading
    }

    private func judge(_ bytes: [UInt8]) -> Reading {
        do {
            let item = try Item(decoding: String(decoding: bytes, as: UTF8.self))
            guard case .statement(let statement) = item else { return .item(item) }
            return .statement(try charter.verify(statement))
        } catch {
            return .invalid("\(error)")
        }
    }
}
